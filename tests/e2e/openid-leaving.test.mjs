// The ways back to the provider: a logout that ends the session there, and the start of a page.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useOpenIdApp } from './harness/openid-provider.mjs';
import { readStores } from './harness/store.mjs';
import { WINDOWS, comingBackTo, follow, told } from './harness/windows.mjs';

const at = useOpenIdApp(WINDOWS);

const own = (more) => at.with({ post_logout_redirect_uri: `${at.app.origin}/bye?from=here`, tokenStore: 'session', ...more });

async function signIn(options, tab = at.app) {
  const { url } = await tab.startLogin(options);
  const { value, thrown } = await tab.handleRedirect(options, await at.respond(url.href.replace('/sign-in', '/authorize')));
  assert.equal(thrown, undefined, thrown?.stack);
  return value;
}

const call = (options, method, ...args) =>
  at.app.evaluate(({ options, method, args }) => settle(async () => (await clientFor(options))[method](...args)), { options, method, args });

const facts = (options) =>
  at.app.evaluate(async (options) => {
    const client = await clientFor(options);
    await client.ready;
    return [client.token()?.access_token ?? null, client.claims()?.sub ?? null, client.state()];
  }, options);

const SIGNED_OUT = [null, null, 'signed-out'];

/** Ends the session and waits for the page of the provider: the parameters that it was asked with. */
async function endSession(options, more) {
  at.server.instead['/end-session'] = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('Signed out');
  await Promise.all([
    at.app.page.waitForURL(`${at.server.origin}/end-session?*`),
    call(options, 'logout', { endSession: true, ...more }).catch(() => {}),
  ]);
  return new URL(at.app.page.url()).searchParams;
}

test('rule I30: endSession forgets everything in every tab, and goes to the provider with the hint and a state of its own', async (t) => {
  const options = own({ tokenStore: 'local' });
  await signIn(options);
  const idToken = await at.app.evaluate(async (options) => (await clientFor(options)).idToken(), options);
  const other = await at.app.newTab(t);
  await (await other.client(options)).evaluate(follow);
  const query = await endSession(options, { parameters: { ui_locales: 'da' }, revoke: true, appState: [1], returnTo: '/?x' });
  const { state, ...rest } = Object.fromEntries(query);
  assert.match(state, /^[\w-]{43}$/);
  assert.deepEqual(rest, { id_token_hint: idToken, client_id: 'spa', post_logout_redirect_uri: `${at.app.origin}/bye?from=here`, ui_locales: 'da' });
  assert.equal(at.server.sent('/revoke').length, 2);
  await other.page.waitForFunction(() => globalThis.told.length > 0);
  assert.deepEqual(await told(other), ['logout tab']);
  await at.app.open(`/bye?from=here&state=${state}&more=1`);
  assert.deepEqual(await facts(options), SIGNED_OUT);
  const back = await call(options, 'handleLogout');
  assert.deepEqual(back, { value: { appState: [1], returnTo: '/?x' } });
  assert.equal((await at.app.place()).url, `${at.app.origin}/bye?from=here&more=1`);
  assert.deepEqual(await call(options, 'handleLogout'), back);
  await at.app.open(`/bye?from=here&state=${state}`);
  assert.deepEqual(await call(options, 'handleLogout'), { value: null });
  assert.ok(!JSON.stringify(await readStores(at.app)).includes(idToken));
});

test('rule I30: parameters of ours are refused, and nothing has changed', async () => {
  const options = own();
  await signIn(options);
  for (const wrong of [{ parameters: { state: 'mine' } }, { parameters: { id_token_hint: 'x' } }, { parameters: { client_id: 'x' } }]) {
    assert.equal((await call(options, 'logout', { endSession: true, ...wrong })).thrown?.name, 'TypeError');
  }
  assert.equal((await facts(options))[1], 'ada');
  assert.equal((await call(options, 'logout', { endSession: true, returnTo: '//evil.example' })).thrown?.code, 'invalid_return_to');
  assert.deepEqual(await facts(options), SIGNED_OUT);
});

test('rule I30: without an endpoint all is forgotten, and the error says so', async () => {
  const { end_session_endpoint, ...server } = at.options.server;
  const options = own({ server });
  await signIn(options);
  assert.equal((await call(options, 'logout', { endSession: true })).thrown?.code, 'end_session_unavailable');
  assert.deepEqual(await facts(options), SIGNED_OUT);
});

test('rule I30: the hint is there after the server has refused the refresh token, too', async () => {
  const options = own();
  await signIn(options);
  const idToken = await at.app.evaluate(async (options) => (await clientFor(options)).idToken(), options);
  at.server.instead['/token'] = (_, response) => response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
  assert.equal((await call(options, 'renew')).thrown?.code, 'token_error');
  assert.deepEqual(await facts(options), SIGNED_OUT);
  assert.equal((await endSession(options)).get('id_token_hint'), idToken);
});

test('rule I31: no other URL is the end of a logout, and none of them is a login\'s response', async () => {
  const options = own();
  await signIn(options);
  const { url } = await at.app.startLogin(options);
  const state = url.searchParams.get('state');
  for (const other of [`/bye?from=here&state=${state}`, `/bye?from=here&state=${'x'.repeat(43)}`, '/bye?from=here', `/cb?state=${state}`]) {
    assert.deepEqual(await call(options, 'handleLogout', at.app.origin + other), { value: null }, other);
  }
  // The login of that state is as good as before.
  const { value } = await at.app.handleRedirect(options, await at.respond(url));
  assert.equal(value.claims.sub, 'ada');
  const query = await endSession(options);
  await at.app.open('/start');
  const forged = `${options.redirect_uri}?code=x&state=${query.get('state')}`;
  assert.equal((await at.app.handleRedirect(options, forged)).thrown?.code, 'unknown_state');
  assert.deepEqual(await call(options, 'handleLogout', `${options.post_logout_redirect_uri}&state=${query.get('state')}`), { value: {} });
});

describe('rule I32: resume', () => {
  test('gives the session that is kept, and asks nobody', async () => {
    const options = own();
    const { token } = await signIn(options);
    await at.app.open('/start');
    at.server.log.length = 0;
    assert.equal((await call(options, 'resume')).value?.access_token, token.access_token);
    assert.deepEqual(at.server.log, []);
  });

  test('renews one whose token has expired, and asks in a frame where the refresh token is refused', async () => {
    const options = comingBackTo('/callback', at, { script: 'allow.click()', tokenStore: 'session' });
    const { token } = await signIn(options);
    const later = () => at.app.evaluate(() => {
      const { now } = Date;
      Date.now = () => now() + 7_200_000;
    });
    await at.app.open('/start');
    await later();
    at.server.change = (claims) => void Object.assign(claims, { iat: claims.iat + 7200, exp: claims.exp + 7200 });
    const renewed = await call(options, 'resume');
    assert.notEqual(renewed.value?.access_token, token.access_token);
    at.server.instead['/token'] = ({ body }, response) => {
      delete at.server.instead['/token'];
      assert.match(body, /refresh_token/);
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
    };
    await later();
    at.server.change = (claims) => void Object.assign(claims, { iat: claims.iat + 14_400, exp: claims.exp + 14_400 });
    const framed = await call(options, 'resume');
    assert.ok(framed.value?.access_token, framed.thrown?.stack);
  });

  test('is null where the server wants the user', async () => {
    const options = comingBackTo('/callback', at, { script: 'deny.click()' });
    assert.deepEqual(await call(options, 'resume'), { value: null });
    assert.deepEqual(await facts(options), SIGNED_OUT);
  });

  test('leaves the page once in a tab until the next login', async () => {
    const options = own({ redirect_uri: `${at.app.origin}/start` });
    const left = at.app.page.waitForURL(`${at.app.origin}/start?*`);
    call(options, 'resume', { via: 'redirect', returnTo: '/here' }).catch(() => {});
    await left;
    const { value } = await at.app.handleRedirect(options);
    assert.deepEqual([value?.claims.sub, value?.returnTo], ['ada', '/here']);
    const [asked] = at.server.log.filter(({ path }) => path.startsWith('/authorize'));
    assert.equal(new URL(asked.path, 'http://localhost').searchParams.get('prompt'), 'none');
    await call(options, 'logout');
    // Nobody is signed in at the server any more.
    at.server.instead['/authorize'] = ({ path }, response) => {
      const state = new URL(path, 'http://localhost').searchParams.get('state');
      response.writeHead(302, { location: `${options.redirect_uri}?error=login_required&state=${state}` }).end();
    };
    const again = at.app.page.waitForURL(`${at.app.origin}/start?error=*`);
    call(options, 'resume', { via: 'redirect' }).catch(() => {});
    await again;
    const { thrown } = await at.app.handleRedirect(options);
    assert.deepEqual([thrown?.code, thrown?.error], ['authorization_error', 'login_required']);
    assert.deepEqual(await call(options, 'resume', { via: 'redirect' }), { value: null });
    assert.equal((await call(options, 'resume', { via: 'magic' })).thrown?.name, 'TypeError');
  });
});
