// Real sign-ins: at the embedded server, and at Doorkeeper, which is SeeClickFix's own software.
// The page listens where both servers have its redirect URI registered, so all tests that need one are here.
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ENTRIES } from './harness/page.mjs';
import { openLocalApp } from './harness/servers.mjs';
import { answerAt } from './harness/sign-in.mjs';

const redirectUri = process.env.CLAVIGER_REDIRECT_URI;
const { port } = new URL(redirectUri);
const CLIENTS = { default: 'city-issues', short: 'city-issues-short', forever: 'city-issues-forever' };
const embedded = JSON.parse(process.env.CLAVIGER_DEMO);
const SERVERS = [
  { title: 'the embedded server', origin: embedded.server, userName: 'Ada Lovelace' },
  process.env.CLAVIGER_DOORKEEPER
    ? { title: 'Doorkeeper', origin: JSON.parse(process.env.CLAVIGER_DOORKEEPER).origin, userName: 'Ada Lovelace' }
    : { title: 'Doorkeeper', skip: process.env.CLAVIGER_DOORKEEPER_LEFT_OUT },
];

for (const entry of ENTRIES) {
  for (const { title, origin, userName, skip } of SERVERS) {
    test(`${entry}: a sign-in at ${title}`, { skip }, async (t) => {
      const app = await openLocalApp(t, { entry, port });
      const optionsFor = (client_id) => ({
        server: { authorization_endpoint: `${origin}/oauth/authorize` },
        client_id,
        redirect_uri: redirectUri,
        response_type: 'token',
        resources: [`${origin}/api/v2`],
      });
      /** From the page to the server and back, with the user's answer; the client's options. */
      const go = async (kind, button) => {
        const options = optionsFor(CLIENTS[kind]);
        await app.open('/cb');
        const client = await app.client(options);
        await Promise.all([
          app.page.waitForURL(`${origin}/**`),
          client.evaluate((client) => client.login(undefined, { returnTo: '/issues' })),
        ]);
        await answerAt(app.page, button, redirectUri);
        return options;
      };
      const call = (options) =>
        app.evaluate(
          ({ options, url }) =>
            settle(async () => {
              const response = await (await clientFor(options)).fetch(url);
              return { isResponse: response instanceof Response, status: response.status, name: response.ok ? (await response.json()).name : null };
            }),
          { options, url: `${origin}/api/v2/profile` },
        );

      await t.test('allowed: a token, a clean address bar, a call that succeeds, and a 401 once it is revoked', async () => {
        const options = await go('default', '#allow');
        const arrived = new URLSearchParams(new URL(app.page.url()).hash.slice(1));
        const { value } = await app.handleRedirect(options);
        assert.equal(value?.token.access_token, arrived.get('access_token'));
        assert.equal(value.returnTo, '/issues');
        const lifetime = value.token.expires_at - Date.now() / 1000;
        assert.ok(lifetime > 7100 && lifetime < 7201, String(lifetime));
        assert.equal((await app.place()).url, redirectUri);
        assert.ok(!(await app.history()).some((url) => url.includes(value.token.access_token)));
        assert.deepEqual((await call(options)).value, { isResponse: true, status: 200, name: userName });
        const revoked = await fetch(`${origin}/test/revoke`, { method: 'POST', body: new URLSearchParams({ token: value.token.access_token }) });
        assert.ok(revoked.ok);
        assert.deepEqual((await call(options)).value, { isResponse: true, status: 401, name: null });
        // Who sees the reason ends the session: Doorkeeper hides it from CORS, and the small build does not look.
        const isEnded = entry === 'claviger' && origin === embedded.server;
        assert.equal((await app.token(options))?.access_token, isEnded ? undefined : value.token.access_token);
      });

      await t.test('denied: access_denied, in words of the server', async () => {
        const options = await go('default', '#deny');
        const { thrown } = await app.handleRedirect(options);
        assert.deepEqual([thrown?.code, thrown.error], ['authorization_error', 'access_denied']);
        assert.match(thrown.error_description, /denied/);
        assert.equal((await app.place()).url, redirectUri);
        assert.equal((await call(options)).thrown?.code, 'login_required');
      });

      await t.test('a token without expires_in has no known end, and works', async () => {
        const options = await go('forever', '#allow');
        const { value } = await app.handleRedirect(options);
        assert.ok(value && !('expires_at' in value.token));
        assert.equal((await call(options)).value?.status, 200);
      });

      await t.test('a token that lives 3 s is noticed as expired, and not sent', async () => {
        const options = await go('short', '#allow');
        const events = await app.evaluate(async (options) => {
          const client = await clientFor(options);
          const events = [];
          const expired = new Promise((resolve) => client.subscribe(({ type }) => events.push(type) && type === 'expire' && resolve()));
          const { token } = await client.handleRedirect();
          await expired;
          return [...events, token.expires_at - Math.floor(Date.now() / 1000) <= 3, client.token()];
        }, options);
        assert.deepEqual(events, ['login', 'expire', true, null]);
        const sent = app.requests.length;
        assert.equal((await call(options)).thrown?.code, 'token_expired');
        assert.equal(app.requests.length, sent);
      });
    });
  }

  test(`${entry}: the README's example runs as it stands, under the README's headers`, async (t) => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const fenced = (name) => new RegExp(`<!-- ${name} -->\n\`\`\`\\w*\n([^]*?)\n\`\`\`\n<!-- /${name} -->`).exec(readme)[1];
    // Nothing but the three URLs differs: the package's, the server's and the redirect URI.
    const own = (text) => text.replaceAll('https://seeclickfix.com', embedded.server);
    const script = own(fenced('example')).replace("'claviger'", `'/pkg/wasm/${entry}.js'`).replace('https://app.example/', redirectUri);
    assert.ok(script.includes(`/pkg/wasm/${entry}.js`) && script.includes(redirectUri));
    const headers = Object.fromEntries(own(fenced('csp')).split('\n').map((line) => line.split(/: (.*)/, 2)));
    assert.deepEqual(Object.keys(headers), ['Content-Security-Policy', 'Referrer-Policy']);

    const app = await openLocalApp(t, { entry, port, headers, scripts: { '/example.js': script }, body: '<button>Sign in</button><output></output><script type="module" src="/example.js"></script>' });
    const shown = (text) => app.page.locator('output', { hasText: new RegExp(`^${text}$`) }).waitFor();
    await app.open('/cb');
    await shown('Signed out');
    await app.page.click('button');
    await answerAt(app.page, '#allow', redirectUri);
    await shown('Ada Lovelace');
    assert.equal((await app.place()).url, redirectUri);
    assert.deepEqual(app.messages, []);
  });
}

// What real servers say to a token, in the full build. The token is a real one; how it came is tested above.

const described = (name) => (process.env[name] ? JSON.parse(process.env[name]) : undefined);
const doorkeeper = described('CLAVIGER_DOORKEEPER');
const django = described('CLAVIGER_DJANGO');
const oidcProvider = described('CLAVIGER_OIDC_PROVIDER');

/** A token of the client that acts for itself. */
async function ownToken({ token_endpoint, confidential: { client_id, client_secret } }, scope) {
  const answer = await fetch(token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  const { access_token } = await answer.json();
  assert.ok(access_token);
  return access_token;
}

/** A page that has this token for these resources, and calls one URL after the other: status, session and challenges. */
async function openWith(t, token, resources) {
  const app = await openLocalApp(t, { port });
  await app.open('/cb');
  const options = { server: { authorization_endpoint: 'https://as.example/authorize' }, client_id: 'spa', redirect_uri: redirectUri, response_type: 'token', resources };
  const client = await app.signedIn(options, { token });
  await client.evaluate((client) => {
    globalThis.events = [];
    client.subscribe(({ type }) => globalThis.events.push(type));
  });
  const call = (url, init) =>
    client.evaluate(async (client, [url, init]) => {
      const { challenges } = await claviger;
      const response = await client.fetch(url, init);
      return [response.status, challenges(response).map(({ scheme, parameters }) => [scheme, parameters.error].join(' ')), globalThis.events];
    }, [url, init]);
  return { app, client, call };
}

async function revoke({ origin }, token) {
  const { ok } = await fetch(`${origin}/test/revoke`, { method: 'POST', body: new URLSearchParams({ token }) });
  assert.ok(ok);
}

test('Doorkeeper takes the token in the header and in the query, and hides why it refuses', { skip: !doorkeeper && process.env.CLAVIGER_DOORKEEPER_LEFT_OUT }, async (t) => {
  for (const via of ['header', 'query']) {
    await t.test(via, async (t) => {
      const token = await ownToken(doorkeeper, 'issues');
      const { call } = await openWith(t, token, [{ url: doorkeeper.api, via }]);
      const url = `${doorkeeper.api}/issues`;
      assert.deepEqual(await call(url), [200, [], []]);
      await revoke(doorkeeper, token);
      assert.deepEqual(await call(url), [401, [], []]);
    });
  }
});

test('django-oauth-toolkit answers 403 without a challenge, and the session stays', { skip: !django && process.env.CLAVIGER_DJANGO_LEFT_OUT }, async (t) => {
  const token = await ownToken(django, 'issues');
  const { client, call } = await openWith(t, token, [django.api]);
  assert.deepEqual(await call(`${django.api}/issues`), [200, [], []]);
  await revoke(django, token);
  assert.deepEqual(await call(`${django.api}/issues`), [403, [], []]);
  assert.equal(await client.evaluate((client) => client.token()?.access_token), token);
});

test('oidc-provider says why it refuses, at userinfo too, and ends the session of a dead token alone', { skip: !oidcProvider && process.env.CLAVIGER_OIDC_PROVIDER_LEFT_OUT }, async (t) => {
  const { api, userinfo_endpoint } = oidcProvider;
  const token = await ownToken(oidcProvider, 'issues');
  const { call } = await openWith(t, token, [api, userinfo_endpoint]);
  assert.deepEqual(await call(`${api}/issues`), [200, [], []]);
  assert.deepEqual(await call(`${api}/profile`), [403, ['bearer insufficient_scope'], []]);
  await revoke(oidcProvider, token);
  assert.deepEqual(await call(userinfo_endpoint), [401, ['bearer invalid_token'], ['revoke']]);
});

test('the embedded server takes the token in the header, in another, and in the query', async (t) => {
  const app = await openLocalApp(t, { port });
  const options = { server: { authorization_endpoint: `${embedded.server}/oauth/authorize` }, client_id: CLIENTS.default, redirect_uri: redirectUri, response_type: 'token' };
  await app.open('/cb');
  const client = await app.client(options);
  await Promise.all([app.page.waitForURL(`${embedded.server}/**`), client.evaluate((client) => client.login())]);
  await answerAt(app.page, '#allow', redirectUri);
  const { value } = await app.handleRedirect(options);
  const url = `${embedded.server}/api/v2/issues`;
  for (const way of [{}, { header: 'Authentication' }, { via: 'query' }]) {
    const sending = { ...options, resources: [{ url, ...way }] };
    const other = await app.signedIn(sending, { token: value.token.access_token });
    const status = await other.evaluate(async (client, url) => (await client.fetch(url)).status, url);
    assert.equal(status, 200, JSON.stringify(way));
  }
});
