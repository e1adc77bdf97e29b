// Who the user is, at real providers: each response type, a renewal, UserInfo, and a logout that ends the session there.
// The page is on the servers' own site, as browsers keep a server's cookies from a frame of another one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLocalApp } from './harness/servers.mjs';
import { answerAt } from './harness/sign-in.mjs';
import { CSP } from './harness/page.mjs';
import { follow, told } from './harness/windows.mjs';

const redirectUri = process.env.CLAVIGER_OPENID_REDIRECT_URI;
const { hostname: host, port } = new URL(redirectUri);

/** The redirect URI's page: a frame that comes back to it is the package's, the page itself is the client's. */
const SERVED = {
  host,
  port,
  head: '<script type="module" src="/in-a-frame.js"></script>',
  scripts: { '/in-a-frame.js': "if (parent !== self) import('/pkg/wasm/callback.js');" },
  headers: { 'Content-Security-Policy': CSP.replace("frame-src 'self'", "frame-src 'self' http://127.0.0.1:*") },
};

const SERVERS = {
  oidcProvider: read('CLAVIGER_OIDC_PROVIDER'),
  doorkeeper: read('CLAVIGER_DOORKEEPER_CORS'),
  django: read('CLAVIGER_DJANGO'),
};

function read(name) {
  const description = process.env[name];
  return description ? JSON.parse(description) : { skip: process.env[`${name}_LEFT_OUT`] ?? `${name} is not set` };
}

/** A page with a client of a server. */
async function openAt(t, name, more) {
  const server = SERVERS[name];
  const app = await openLocalApp(t, SERVED);
  const options = {
    server,
    client_id: server.clients.default,
    redirect_uri: redirectUri,
    post_logout_redirect_uri: redirectUri,
    tokenStore: 'session',
    scope: 'openid profile',
    resources: [server.api],
    ...more,
  };
  const run = (method, ...args) => app.evaluate(({ options, method, args }) => settle(async () => (await clientFor(options))[method](...args)), { options, method, args });

  /** To the server and back: the outcome of the response. */
  async function signIn(parameters) {
    await app.open('/start');
    await Promise.all([app.page.waitForURL(`${server.origin}/**`), run('login', parameters).catch(() => {})]);
    await answerAt(app.page, '#allow', redirectUri);
    const outcome = await app.handleRedirect(options);
    await (await app.client(options)).evaluate(follow);
    return outcome;
  }
  return { app, server, options, run, signIn };
}

const CASES = [
  ['oidcProvider', 'code', { scope: 'openid profile issues offline_access' }, { prompt: 'consent' }],
  ['oidcProvider', 'id_token'],
  ['oidcProvider', 'id_token token', { scope: 'openid profile issues' }],
  ['doorkeeper', 'code'],
  ['doorkeeper', 'id_token'],
  ['doorkeeper', 'id_token token'],
  ['django', 'code'],
  ['django', 'id_token'],
  ['django', 'id_token token'],
];

for (const [name, response_type, more, parameters] of CASES) {
  test(`${name}, ${response_type}: signs in, and says who it is`, { skip: SERVERS[name].skip }, async (t) => {
    const { app, server, run, signIn } = await openAt(t, name, { response_type, ...more });
    const { value, thrown } = await signIn(parameters);
    assert.equal(thrown, undefined, thrown?.stack);
    const { iss, sub, aud } = value.claims;
    assert.deepEqual([iss, sub, [aud].flat()], [server.issuer, '1', [server.clients.default]]);
    assert.equal(Boolean(value.token), response_type !== 'id_token');
    if (response_type === 'id_token') return;
    const asked = await run('userinfo');
    // No CORS for it, as it comes.
    if (name === 'django') assert.equal(asked.thrown?.code, 'userinfo_unreachable', asked.thrown?.stack);
    else assert.equal(asked.value?.sub, '1', asked.thrown?.stack);
    if (response_type !== 'code') return;
    const renewed = await run('renew');
    assert.equal(renewed.thrown, undefined, renewed.thrown?.stack);
    assert.notEqual(renewed.value.access_token, value.token.access_token);
    assert.deepEqual(await told(app), ['renew refresh']);
    assert.equal((await run('claims')).value?.sub, '1');
  });
}

for (const [name, response_type, more] of [
  ['oidcProvider', 'id_token'],
  ['oidcProvider', 'id_token token', { scope: 'openid profile issues' }],
]) {
  test(`${name}, ${response_type}: a frame asks again, and it is the same user`, { skip: SERVERS[name].skip }, async (t) => {
    const { app, run, signIn } = await openAt(t, name, { response_type, ...more });
    assert.equal((await signIn()).thrown, undefined);
    const before = (await run('idToken')).value;
    const { thrown } = await run('renew');
    assert.equal(thrown, undefined, thrown?.stack);
    assert.deepEqual(await told(app), ['renew frame']);
    assert.notEqual((await run('idToken')).value, before);
    assert.equal((await run('claims')).value?.sub, '1');
  });
}

// Both show a page where the user allows again, and let no page be framed.
for (const name of ['doorkeeper', 'django']) {
  for (const response_type of ['id_token', 'id_token token']) {
    test(`${name}, ${response_type}: a frame gets no answer, and who is signed in stays`, { skip: SERVERS[name].skip }, async (t) => {
      const { app, run, signIn } = await openAt(t, name, { response_type });
      assert.equal((await signIn()).thrown, undefined);
      const before = (await run('idToken')).value;
      assert.equal((await run('renew')).thrown?.code, 'interaction_required');
      assert.deepEqual(await told(app), ['renewal-failed frame']);
      assert.equal((await run('idToken')).value, before);
    });
  }
}

test('doorkeeper has no end_session_endpoint: a logout forgets here, and says so', { skip: SERVERS.doorkeeper.skip }, async (t) => {
  const { run, signIn } = await openAt(t, 'doorkeeper', { response_type: 'code' });
  assert.equal((await signIn()).thrown, undefined);
  assert.equal((await run('logout', { endSession: true })).thrown?.code, 'end_session_unavailable');
  assert.equal((await run('claims')).value, null);
});

for (const [name, button] of [['oidcProvider', '#sign-out'], ['django', '[name=allow]']]) {
  test(`${name}: a logout ends the session there, and comes back`, { skip: SERVERS[name].skip }, async (t) => {
    const { app, server, run, signIn } = await openAt(t, name, { response_type: 'code' });
    assert.equal((await signIn()).thrown, undefined);
    run('logout', { endSession: true, appState: 'bye' }).catch(() => {});
    await app.page.waitForURL((url) => url.href.startsWith(server.origin));
    await app.page.locator(button).click();
    await app.page.waitForURL((url) => url.href.startsWith(redirectUri));
    assert.deepEqual(await run('handleLogout'), { value: { appState: 'bye' } });
    assert.equal((await app.place()).url, redirectUri);
    assert.deepEqual(await run('handleLogout'), { value: { appState: 'bye' } });
    assert.equal((await run('claims')).value, null);
  });
}
