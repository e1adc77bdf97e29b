// Secrets are planted wherever a session with a code has any, and looked for wherever a page, a browser or a server keeps
// what was never meant for it. What can't be kept from somewhere is an exception by its name, and stands in SECURITY.md.
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { json, openClientApp, SECRET } from './harness/authorization-server.mjs';
import { readStores } from './harness/store.mjs';
import { startServer } from './harness/servers.mjs';

/** Where a secret is all the same, each with the words of SECURITY.md for it. */
const EXCEPTIONS = {
  'the navigation timing entry': "Chromium keeps the URL that a page was opened with, fragment included, in its navigation timing entry",
  'a report of the Content-Security-Policy': 'A report of a violated Content-Security-Policy names the page by the URL that it was opened with, without its fragment: with a code in the query that is the code and its state',
  'the record of a login under way': 'A record of a login under way, with its state and the application\'s `appState`, stands in session or local storage in the clear, and so does the verifier of PKCE until the response has come',
  'a store that was asked for': 'a session does where `tokenStore` puts it there',
};

/** In the page, before its scripts: writes down what is said to others, and keeps each module's memory. */
function watch() {
  globalThis.said = [];
  globalThis.memories = [];
  for (const { prototype } of [BroadcastChannel, MessagePort, Window]) {
    const { postMessage } = prototype;
    if (postMessage) prototype.postMessage = function (...args) {
      said.push(args[0], typeof args[1] === 'string' ? args[1] : '', this instanceof BroadcastChannel ? this.name : '');
      return postMessage.apply(this, args);
    };
  }
  globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', ({ documentURI, blockedURI, referrer, sourceFile }) => violations.push({ documentURI, blockedURI, referrer, sourceFile }));
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, args) {
      const made = Reflect.construct(target, args);
      memories.push(made.exports);
      return made;
    },
  });
}

/** All that a page can read of what others may keep. */
async function traces() {
  const errors = (globalThis.errors ?? []).flatMap((error) => [String(error), error.stack, String(error.cause), JSON.stringify(error), JSON.stringify(Object.entries(error))]);
  const cloned = [...(globalThis.told ?? []), ...(globalThis.errors ?? [])].map((value) => JSON.stringify(structuredClone(value)));
  const { navigation, ...entries } = Object.groupBy(performance.getEntries(), ({ entryType }) => entryType);
  return {
    errors,
    cloned,
    entries: JSON.stringify(entries),
    navigation: JSON.stringify(navigation),
    said: JSON.stringify(said),
    violations: JSON.stringify(violations),
    cookies: document.cookie,
    caches: JSON.stringify(await caches.keys()),
    databases: JSON.stringify(await indexedDB.databases()),
    document: document.documentElement.outerHTML + document.referrer + document.title + window.name + location.href + JSON.stringify(history.state),
    globals: JSON.stringify(Object.keys(globalThis)),
  };
}

/** Whether a text stands in the memory of a module. */
const inMemory = (text) => memories.some(({ memory, ...exports }) => {
  const found = memory ?? Object.values(exports).find((one) => one instanceof WebAssembly.Memory);
  return new TextDecoder('latin1').decode(found.buffer).includes(text);
});

test('each exception stands in SECURITY.md', () => {
  const security = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
  for (const [name, words] of Object.entries(EXCEPTIONS)) assert.ok(security.includes(words), name);
});

for (const tokenStore of ['memory', 'local']) {
  test(`no secret of a session in ${tokenStore} is anywhere but where it has to be`, async (t) => {
    const reports = await startServer(t, (_, response) => response.writeHead(204).end());
    // The most talkative page that there can be: whatever can be in a Referer is, and a policy reports every request.
    const headers = {
      'referrer-policy': 'unsafe-url',
      'content-security-policy-report-only': `connect-src 'none'; report-uri ${reports.origin}/csp`,
    };
    const { app, server, evil, options: usual } = await openClientApp(t, { headers, init: [watch] });
    server.identify = () => ({ athlete: { id: `${SECRET}further` } });
    const options = { ...usual, tokenStore };
    const secrets = [SECRET];
    const search = (where, ...exceptions) => {
      for (const [place, content] of Object.entries(where)) {
        const text = JSON.stringify(content) ?? '';
        const found = secrets.find((secret) => text.includes(secret));
        const at = text.indexOf(found);
        assert.equal(Boolean(found), exceptions.includes(place), `${place}: ${found ? text.slice(Math.max(0, at - 150), at + 80) : 'the exception is none any more'}`);
      }
    };

    await app.open('/start');
    const { url, state } = await app.startLogin(options, { login: { appState: `${SECRET}app` } });
    secrets.push(state);
    const before = await readStores(app);
    const [verifier] = JSON.stringify(before).match(/(?<=code_verifier=)[\w-]{43}/);
    secrets.push(verifier);
    search({ 'the record of a login under way': before }, 'the record of a login under way');

    const { headers: answered } = await fetch(url, { redirect: 'manual' });
    const back = answered.get('location');
    await app.open(back);
    await app.evaluate(async (options) => {
      globalThis.told = [];
      globalThis.errors = [];
      globalThis.client = await clientFor(options);
      client.subscribe((event) => told.push(event));
      globalThis.attempt = async (work) => {
        try {
          await work();
        } catch (error) {
          errors.push(error);
          console.log(error, error.cause);
        }
      };
      await attempt(() => client.handleRedirect());
    }, options);
    assert.ok(await app.evaluate(() => client.token()), 'it is signed in');
    server.instead['/token'] = (_, response) => json(response, 400, { error: 'temporarily_unavailable', access_token: `${SECRET}AT-refused`, refresh_token: `${SECRET}RT-refused` });
    await app.evaluate(() => attempt(() => client.renew()));
    server.instead['/token'] = (_, response) => json(response, 200, `{"access_token":"${SECRET}broken`);
    await app.evaluate(() => attempt(() => client.renew()));
    server.instead = {};
    await app.evaluate(
      async ([api, foreign, back]) => {
        await attempt(() => client.renew());
        await attempt(() => client.fetch(api));
        for (const input of [foreign, 'http://api.example/v1', 'data:,']) await attempt(() => client.fetch(input));
        await attempt(() => client.handleRedirect(back));
        await attempt(() => client.handleRedirect(back.replace(/code=[^&]*/, 'error=denied')));
        await fetch(`${foreign}/analytics`, { method: 'POST', mode: 'no-cors', body: JSON.stringify([client, errors, told, location.href]) });
        console.log(client, JSON.stringify(client), client.state());
      },
      [`${server.origin}/api`, evil.origin, back],
    );
    assert.ok((await app.evaluate(() => errors.length)) >= 6 && server.sent('/api').length === 1);

    const seen = async () => ({
      ...(await app.evaluate(traces)),
      console: app.messages,
      history: await app.history(),
      referers: [...server.log, ...evil.log].map(({ headers }) => headers.referer),
      'the other origin': evil.log,
      'reports of the policy': reports.log,
    });
    search(await seen(), 'navigation', 'violations', 'reports of the policy');
    search({ 'a store that was asked for': await readStores(app) }, ...(tokenStore === 'local' ? ['a store that was asked for'] : []));

    await app.evaluate(() => client.logout({ revoke: true }));
    search({ ...(await seen()), stores: await readStores(app) }, 'navigation', 'violations', 'reports of the policy');
    for (const secret of secrets) assert.equal(await app.evaluate(inMemory, secret), false, `${secret} is in the module's memory`);
    assert.ok((await app.evaluate(() => memories.length)) > 0 && reports.log.length > 0, 'what is watched was there');
  });
}
