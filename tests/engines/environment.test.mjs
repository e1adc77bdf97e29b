// What surrounds a page and is not of its doing: a page that sleeps or is killed, a service worker, a cache, a clock, a
// store that is written all the time, another site's page around it, and other programs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../e2e/harness/servers.mjs';
import { json } from '../e2e/harness/authorization-server.mjs';
import { until } from './harness/app.mjs';
import { events, listen, told } from './harness/events.mjs';
import { logout, open, outcome, renew, signIn, tokenOf } from './harness/session.mjs';

const stateOf = (tab, options) => tab.evaluate(async (options) => (await clientFor(options)).state(), options);
const call = (tab, options) => tab.evaluate(async (options) => {
  const { value, thrown } = await settle(async () => (await clientFor(options)).fetch(options.resources[0]).then(({ status }) => status));
  return value ?? thrown.code;
}, options);

test('rule F11: a page that the user comes back to is signed out, if another tab has signed out meanwhile', async (t) => {
  const { app, options, server } = await open(t);
  const other = await app.newTab(t);
  await signIn(app, options);
  await until(other, async (options) => (await clientFor(options)).token() !== null, options);
  await app.evaluate(() => void setTimeout(() => location.assign('/elsewhere')));
  await until(app, () => location.pathname === '/elsewhere' && document.readyState === 'complete');
  await logout(other, options);
  // Whether the engine has kept the page or loads it anew, it says the same.
  await app.evaluate(() => void setTimeout(() => history.back()));
  await until(app, () => location.pathname === '/start' && document.readyState === 'complete' && typeof clientFor === 'function');
  await until(app, async (options) => (await clientFor(options)).state() === 'signed-out', options);
  assert.deepEqual([await tokenOf(app, options), await call(app, options), server.sent('/api')], [null, 'login_required', []]);
});

test('a page that is killed during its exchange signs nobody in, and the next login is none of its', async (t) => {
  const { app, options, server } = await open(t);
  const { url } = await app.startLogin(options);
  const response = (await fetch(url, { redirect: 'manual' })).headers.get('location');
  const { arrived } = server.hold('/token');
  await app.evaluate(([options, url]) => void (globalThis.outcome = settle(async () => (await clientFor(options)).handleRedirect(url))), [options, response]);
  const { answer } = await arrived;
  const next = await app.newTab(t);
  // The document goes at once, with all that it waits for.
  await app.page.goto('about:blank');
  answer();
  assert.equal(await tokenOf(next, options), null);
  const { thrown } = await next.handleRedirect(options, response);
  // Its login was in the storage of the tab that is gone.
  assert.equal(thrown?.code, 'unknown_state');
  assert.equal(await tokenOf(next, options), null);
  const token = await signIn(next, options);
  assert.equal(await tokenOf(next, options), token);
});

test('rule M9: a tab that is killed while it renews leaves the session to the others', async (t) => {
  const { app, options, server, renewals } = await open(t);
  const other = await app.newTab(t);
  const first = await signIn(app, options);
  await until(other, async (options) => (await clientFor(options)).token() !== null, options);
  const { arrived } = server.hold('/token');
  await renew(app, options);
  await arrived;
  await app.page.goto('about:blank');
  await renew(other, options);
  const { value, thrown } = await outcome(other);
  assert.deepEqual([thrown, renewals().length], [undefined, 2]);
  assert.notEqual(value.access_token, first);
  assert.equal(await call(other, options), 200);
});

test('attack 13: a response of another program is refused, and disturbs neither login nor session', async (t) => {
  const { app, options } = await open(t);
  await listen(app, options);
  const token = await signIn(app, options);
  const { url } = await app.startLogin(options);
  const forged = { unknown_state: `?code=EVIL&state=${'x'.repeat(43)}`, missing_state: '?code=EVIL' };
  for (const [code, query] of Object.entries(forged)) {
    assert.equal((await app.handleRedirect(options, `${options.redirect_uri}${query}`)).thrown?.code, code);
  }
  assert.equal((await app.handleRedirect(options, `com.example.other:/callback?code=EVIL&state=${'x'.repeat(43)}`)).value, null);
  assert.deepEqual([await tokenOf(app, options), await events(app)], [token, ['login by redirect']]);
  const response = (await fetch(url, { redirect: 'manual' })).headers.get('location');
  assert.ok((await app.handleRedirect(options, response)).value, 'the login is as it was');
});

test('attack 44: fifty calls that are refused together end the session once, and each gets its response', async (t) => {
  const { app, options, server } = await open(t);
  await listen(app, options);
  await signIn(app, options);
  server.instead['/token'] = (_, response) => json(response, 400, { error: 'invalid_grant' });
  server.instead['/api'] = (_, response) => {
    response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
    json(response, 401, {});
  };
  const statuses = await app.evaluate(async (options) => {
    const client = await clientFor(options);
    return Promise.all(Array.from({ length: 50 }, async () => (await client.fetch(options.resources[0])).status));
  }, options);
  assert.deepEqual(statuses, Array(50).fill(401));
  assert.deepEqual([await events(app), await stateOf(app, options)], [['login by redirect', 'revoke by server'], 'signed-out']);
  assert.equal(server.sent('/api').length, 50);
});

test('behind a service worker that answers for the page everything is what it was', async (t) => {
  const worker = `
    addEventListener('install', () => skipWaiting());
    addEventListener('activate', (event) => event.waitUntil(clients.claim()));
    addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));
  `;
  const { app, options, server } = await open(t, {}, { scripts: { '/worker.js': worker }, headers: { 'Content-Security-Policy': '' } });
  const isThere = await app.evaluate(async () => {
    if (!navigator.serviceWorker) return false;
    await navigator.serviceWorker.register('/worker.js');
    await navigator.serviceWorker.ready;
    return true;
  });
  assert.ok(isThere, 'every engine here has service workers');
  await until(app, () => navigator.serviceWorker.controller !== null);
  const token = await signIn(app, options);
  assert.equal(await call(app, options), 200);
  await renew(app, options);
  assert.notEqual((await outcome(app)).value.access_token, token);
  assert.deepEqual(server.log.filter(({ path }) => path === '/api').map(({ headers }) => headers.authorization), [`Bearer ${token}`]);
  // A redirect to another origin carries no token, also where the worker follows it.
  const elsewhere = await startServer(t, (_, response) => json(response, 200, {}), { host: 'localhost' });
  server.instead['/api'] = (_, response) => response.writeHead(302, { location: elsewhere.origin }).end();
  await call(app, options);
  assert.deepEqual(elsewhere.log.filter(({ headers }) => headers.authorization), []);
});

test('rule T2: an answer that says that it may be cached is asked for each time', async (t) => {
  const { app, options, server, renewals } = await open(t);
  await listen(app, options);
  let count = 0;
  server.instead['/token'] = (_, response) => {
    count += 1;
    response.setHeader('cache-control', 'public, max-age=3600, immutable');
    json(response, 200, { access_token: `AT-${count}`, token_type: 'Bearer', expires_in: 3600, refresh_token: `RT-${count}` });
  };
  await signIn(app, options);
  for (const token of ['AT-2', 'AT-3']) {
    await renew(app, options);
    assert.equal((await outcome(app)).value?.access_token, token);
  }
  assert.deepEqual(renewals(), ['RT-1', 'RT-2']);
});

test('a clock that goes wrong ends no session that can be renewed', async (t) => {
  const { app, options, server } = await open(t);
  await listen(app, options);
  await signIn(app, options);
  const turn = (seconds) => app.evaluate((seconds) => {
    const { now } = Date;
    Date.now = () => now() + seconds * 1000;
  }, seconds);
  await turn(2 * 3600);
  assert.deepEqual([await tokenOf(app, options), await stateOf(app, options), await call(app, options)], [null, 'renewable', 'token_expired']);
  assert.deepEqual(server.sent('/api'), [], 'nothing is sent with what has expired');
  await renew(app, options);
  assert.ok((await outcome(app)).value);
  // And back again: the token is from the future by this clock, and the session goes on.
  await turn(-3 * 3600);
  await renew(app, options);
  assert.equal((await outcome(app)).thrown, undefined);
  assert.deepEqual([await stateOf(app, options), await call(app, options)], ['signed-in', 200]);
});

test('rule M17: ten thousand words of the store change nothing, and take the page nothing away', async (t) => {
  const { app, options } = await open(t);
  const other = await app.newTab(t);
  await listen(app, options);
  const token = await signIn(app, options);
  await app.evaluate(() => {
    globalThis.heard = 0;
    addEventListener('storage', () => (globalThis.heard += 1));
  });
  await other.evaluate(() => {
    for (let count = 0; count < 10_000; count += 1) localStorage.setItem(`of-the-page:${count % 7}`, String(count));
  });
  await until(app, () => globalThis.heard === 10_000);
  assert.deepEqual([await tokenOf(app, options), await stateOf(app, options), await events(app)], [token, 'signed-in', ['login by redirect']]);
  assert.equal(await call(app, options), 200);
  await logout(other, options);
  await told(app, 'logout by tab');
});

test("within another site's page a client signs in, or says that it has no storage, and shares nothing with the site's own tabs", async (t) => {
  const script = `
    addEventListener('message', async ({ data, source, origin }) => {
      const [options, response] = data;
      const run = async () => {
        const { createClient } = await import('/pkg/wasm/claviger.js');
        const client = globalThis.client ??= await createClient(options);
        if (response) return (await client.handleRedirect(response)).token.access_token;
        return [client.token(), (await client.authorizationUrl()).href];
      };
      source.postMessage(await run().then((value) => ({ value }), ({ code, message }) => ({ code, message })), origin);
    });
    parent.postMessage('ready', '*');
  `;
  const { app, options } = await open(t, { redirect_uri: 'https://app.example/embedded' }, {
    pages: { '/embedded': '<script type="module" src="/embedded.js"></script>' },
    scripts: { '/embedded.js': script },
  });
  await signIn(app, options);
  const around = await startServer(t, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Another site</title><iframe src="${app.origin}/embedded"></iframe><script>
    globalThis.said = [];
    addEventListener('message', ({ data }) => said.push(data));
  </script>`));
  const site = await app.newTab(t);
  await site.page.goto(around.origin);
  await until(site, () => globalThis.said?.[0] === 'ready');
  const ask = async (...question) => {
    const count = await site.evaluate((question) => {
      document.querySelector('iframe').contentWindow.postMessage(question, '*');
      return said.length;
    }, question);
    await until(site, (count) => said.length > count, count);
    return site.evaluate((count) => said[count], count);
  };
  const begun = await ask(options);
  if (begun.code) {
    assert.equal(begun.code, 'storage_unavailable');
    return;
  }
  const [found, url] = begun.value;
  assert.equal(found, null, "the site's own session is not in another site's page");
  const response = (await fetch(url, { redirect: 'manual' })).headers.get('location');
  const { value } = await ask(options, response);
  assert.ok(value);
  assert.notEqual(await tokenOf(app, options), value, "and the other way round");
});
