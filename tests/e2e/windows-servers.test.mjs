// Popups and hidden frames at real servers. The page is on the servers' own site, as browsers keep a
// server's cookies from a frame of another one.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { openLocalApp } from './harness/servers.mjs';
import { follow, framesSeen, outcome, told, watchFrames, WINDOWS } from './harness/windows.mjs';

const redirectUri = process.env.CLAVIGER_WINDOWS_REDIRECT_URI;
const { hostname: host, port } = new URL(redirectUri);

const demo = JSON.parse(process.env.CLAVIGER_DEMO);
const SERVERS = {
  embedded: { ...demo, origin: demo.server, api: `${demo.server}/api/v2`, clients: { default: 'city-issues' } },
  django: read('CLAVIGER_DJANGO'),
  doorkeeper: read('CLAVIGER_DOORKEEPER'),
  oidcProvider: read('CLAVIGER_OIDC_PROVIDER'),
};
const leftOut = {
  django: process.env.CLAVIGER_DJANGO_LEFT_OUT,
  doorkeeper: process.env.CLAVIGER_DOORKEEPER_LEFT_OUT,
  oidcProvider: process.env.CLAVIGER_OIDC_PROVIDER_LEFT_OUT,
};

function read(name) {
  return process.env[name] && JSON.parse(process.env[name]);
}

const skipped = (name) => ({ skip: !SERVERS[name] && leftOut[name] });

/** A page with a client of a server, that knows its popup. */
async function openAt(t, name, more) {
  const server = SERVERS[name];
  const app = await openLocalApp(t, { ...WINDOWS, host, port });
  const options = { server, client_id: server.clients.default, redirect_uri: redirectUri, response_type: 'token', resources: [server.api], ...more };
  await app.open('/start');
  const client = await app.client(options);
  await client.evaluate(follow);
  await app.evaluate(watchFrames);
  return {
    app,
    client,
    options,
    renew: () => client.evaluate((client) => settle(() => client.renew())),
    token: () => client.evaluate((client) => client.token()?.access_token ?? null),
    /** Signs in in a popup, by a button of the server's page; whether the popup seemed closed there. */
    async signIn(button) {
      const opened = app.world.context.waitForEvent('page');
      await client.evaluate((client) => {
        const { open } = globalThis;
        globalThis.open = (...values) => (globalThis.popup = open(...values));
        globalThis.outcome = settle(() => client.loginPopup());
        globalThis.open = open;
      });
      const popup = await opened;
      const form = popup.locator('[name=email]');
      await form.or(popup.locator(button)).first().waitFor();
      if (await form.isVisible()) {
        await form.fill('ada@example.com');
        await popup.fill('[name=password]', 'demo');
        await popup.click('#sign-in');
      }
      await popup.locator(button).waitFor();
      const seemsClosed = await app.evaluate(() => globalThis.popup.closed);
      const closed = popup.waitForEvent('close');
      await popup.click(button, { noWaitAfter: true });
      await closed;
      return { seemsClosed, ...(await outcome(app)) };
    },
  };
}

const POPUPS = [
  ['embedded', 'the embedded server', 'code', false],
  ['embedded', 'the embedded server', 'token', false],
  // It isolates its pages as it comes (Cross-Origin-Opener-Policy): they have no opener.
  ['django', 'django-oauth-toolkit', 'code', true],
  ['django', 'django-oauth-toolkit', 'token', true],
  ['doorkeeper', 'Doorkeeper', 'token', false],
  ['oidcProvider', 'oidc-provider', 'code', false, 'openid profile issues'],
];

for (const [name, title, response_type, isIsolated, scope] of POPUPS) {
  test(`${isIsolated ? 'attack 08: ' : ''}a popup at ${title} as it comes signs in with a ${response_type}, and tells of a denial`, skipped(name), async (t) => {
    const { app, client, signIn } = await openAt(t, name, { response_type, scope });
    const denied = await signIn('#deny');
    assert.deepEqual([denied.thrown?.code, denied.thrown?.error, await told(app)], ['authorization_error', 'access_denied', []]);
    const { seemsClosed, value } = await signIn('#allow');
    assert.deepEqual([seemsClosed, await told(app)], [isIsolated, ['login popup']]);
    assert.ok(value);
    const status = await client.evaluate(async (client, url) => (await client.fetch(url)).status, `${SERVERS[name].api}/profile`);
    assert.equal(status, 200);
  });
}

/** The caller hears of it in time; what the server has said holds (rule M6), and a frame without an answer is tried again. */
async function assertRefused({ app, renew }, error) {
  const from = performance.now();
  const { thrown } = await renew();
  assert.deepEqual([thrown?.code, thrown.error], ['interaction_required', error]);
  assert.ok(performance.now() - from < 11_000);
  assert.equal((await renew()).thrown?.code, 'interaction_required');
  const { urls, left } = await framesSeen(app);
  assert.deepEqual([urls.length, left], [error ? 1 : 2, 0]);
}

/** What django-oauth-toolkit wants, to leave out the page where its user allows again; a server's own parameters can stand in its endpoint. */
const unasked = (server) => ({ ...server, authorization_endpoint: `${server.authorization_endpoint}?approval_prompt=auto` });

test('django-oauth-toolkit renews silently, with its own parameter in the endpoint', skipped('django'), async (t) => {
  const { app, options, signIn } = await openAt(t, 'django');
  assert.ok((await signIn('#allow')).value);
  const client = await app.client({ ...options, server: unasked(options.server) });
  await client.evaluate(follow);
  const tokens = [];
  // Nothing shows that it is the same user (rule M4).
  for (const expected of [['login frame'], ['login frame', 'logout frame', 'login frame']]) {
    const { value, thrown } = await client.evaluate((client) => settle(() => client.renew()));
    assert.deepEqual([thrown?.code, await told(app)], [undefined, expected]);
    tokens.push(value.access_token);
  }
  assert.notEqual(tokens[0], tokens[1]);
});

test('django-oauth-toolkit without it wants its user, and can not be framed', skipped('django'), async (t) => {
  const at = await openAt(t, 'django');
  const { value } = await at.signIn('#allow');
  await assertRefused(at, undefined);
  assert.equal(await at.token(), value.token.access_token);
});

test('django-oauth-toolkit says in the query that nobody is signed in', skipped('django'), async (t) => {
  await assertRefused(await openAt(t, 'django'), 'login_required');
});

test('Doorkeeper as it comes refuses the frame: interaction_required within 11 seconds, and the session stays', skipped('doorkeeper'), async (t) => {
  const at = await openAt(t, 'doorkeeper');
  const { value } = await at.signIn('#allow');
  await assertRefused(at, undefined);
  assert.equal(await at.token(), value.token.access_token);
});

test('oidc-provider says login_required to prompt=none', skipped('oidcProvider'), async (t) => {
  await assertRefused(await openAt(t, 'oidcProvider', { response_type: 'code', scope: 'openid profile' }), 'login_required');
});
