// Who the user is, in a Rust program in a page: OpenID Connect against a provider that signs as a test says.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { json, SECRET } from './harness/authorization-server.mjs';
import { halfHash, jws, keyRequests, makeKey, makeProvider } from './harness/openid-provider.mjs';
import { click, newsOf, openRustPage, shown, stateOf, untilShown } from './harness/rust-page.mjs';
import { readStores } from './harness/store.mjs';

const TYPES = ['code', 'id_token token', 'id_token'];

/** The page as a relying party. */
async function openPage(t, { response_type = 'code', ...config } = {}) {
  const page = await openRustPage(t);
  const provided = makeProvider(page.server);
  Object.assign(page.config, provided, { scope: 'openid', response_type, post_logout_redirect_uri: page.home }, config);
  if (response_type !== 'code') page.config.token_endpoint = null;
  await page.tab.open('/');
  await shown(page.tab);
  return page;
}

const whoIn = (tab) => tab.page.locator('#who').textContent();

/** Signs in by a navigation to the server and back. */
async function signIn(tab) {
  await tab.page.click('#sign-in');
  await untilShown(tab, 'news', 'login by redirect');
  await shown(tab);
}

/** Waits until a new document shows a failure with this code. */
async function untilRefused(tab, code) {
  await tab.page.locator(`[data-code=${code}]`).waitFor({ timeout: 20_000 });
  assert.deepEqual([await whoIn(tab), await stateOf(tab), await newsOf(tab)], ['', 'signed-out', ''], code);
}

for (const response_type of TYPES) {
  test(`rule I1: in Rust ${response_type} says who signed in, and leaves no trace`, async (t) => {
    const { tab, server } = await openPage(t, { response_type });
    await signIn(tab);
    assert.deepEqual([await whoIn(tab), await stateOf(tab)], ['ada', 'signed-in']);
    const { searchParams } = server.log.map(({ path }) => new URL(path, server.origin)).find(({ pathname }) => pathname === '/authorize');
    assert.equal(searchParams.get('response_type'), response_type);
    assert.match(searchParams.get('nonce'), /^[\w-]{43}$/);
    assert.notEqual(searchParams.get('nonce'), searchParams.get('state'));
    assert.equal((await click(tab, 'call')).text, response_type === 'id_token' ? 'Signed out' : 'Ada');
    const traces = JSON.stringify([await readStores(tab), await tab.place(), await tab.history(), tab.messages]);
    for (const secret of [SECRET, 'eyJ']) assert.ok(!traces.includes(secret), traces);
    await click(tab, 'revoke');
    assert.deepEqual([await whoIn(tab), await stateOf(tab)], ['', 'signed-out']);
  });
}

describe('rule I25: in Rust an ID token that is refused signs nobody in', () => {
  for (const response_type of TYPES) {
    test(response_type, async (t) => {
      const { tab, server } = await openPage(t, { response_type });
      for (const [code, change] of Object.entries({
        nonce_mismatch: (claims) => void (claims.nonce = 'x'.repeat(43)),
        id_token_audience_mismatch: (claims) => void (claims.aud = 'other'),
        id_token_signature_invalid: (claims) => jws(makeKey('k1'), claims),
        id_token_key_not_found: (claims) => jws(server.keys[0], claims, { kid: 'k9' }),
        missing_id_token: () => null,
        ...(response_type !== 'id_token' && { at_hash_mismatch: (claims) => void (claims.at_hash = halfHash('another')) }),
      })) {
        server.change = change;
        await tab.open('/');
        await shown(tab);
        await tab.page.click('#sign-in');
        await untilRefused(tab, code);
      }
      server.change = () => {};
      await tab.open('/');
      await signIn(tab);
      assert.equal(await whoIn(tab), 'ada');
    });
  }
});

test('rule I14: in Rust a key that has changed is asked for once, and forged tokens make no flood', async (t) => {
  const page = await openPage(t);
  const { tab, server } = page;
  await click(tab, 'sign-in-popup');
  await click(tab, 'sign-in-popup');
  assert.deepEqual([keyRequests(page), await whoIn(tab)], [1, 'ada']);
  server.keys = [makeKey('k2')];
  assert.equal((await click(tab, 'sign-in-popup')).text, 'Done: sign-in-popup');
  assert.equal(keyRequests(page), 2);
  for (const kid of ['k7', 'k8', 'k9']) {
    server.change = (claims) => jws(server.keys[0], claims, { kid });
    assert.equal((await click(tab, 'sign-in-popup')).code, 'id_token_key_not_found');
  }
  assert.deepEqual([keyRequests(page), await whoIn(tab), await stateOf(tab)], [2, 'ada', 'signed-in']);
});

test('rule I16: in Rust, of keys that no page can read, the error says so, and the token endpoint is trusted by name', async (t) => {
  const { tab, server, config } = await openPage(t);
  server.instead['/jwks'] = (_, response) => (response.removeHeader('access-control-allow-origin'), json(response, 200, { keys: [] }));
  await tab.page.click('#sign-in');
  await untilRefused(tab, 'jwks_unreachable');
  config.front_channel = true;
  await tab.open('/');
  await shown(tab);
  await signIn(tab);
  assert.equal(await whoIn(tab), 'ada');
  server.change = (claims) => void (claims.nonce = 'x'.repeat(43));
  assert.equal((await click(tab, 'sign-in-popup')).code, 'nonce_mismatch');
});

test('rule I26: in Rust a renewal keeps the ID token, or takes one of the same user', async (t) => {
  const { tab, server } = await openPage(t);
  await signIn(tab);
  server.change = (claims, header, isRefreshed) => (isRefreshed ? null : undefined);
  assert.equal((await click(tab, 'renew')).text, 'Done: renew');
  assert.equal(await whoIn(tab), 'ada');
  server.change = (claims) => void (claims.name = 'Ada Lovelace');
  assert.equal((await click(tab, 'renew')).text, 'Done: renew');
  assert.equal(await whoIn(tab), 'Ada Lovelace');
  server.change = (claims) => void (claims.sub = 'eve');
  assert.equal((await click(tab, 'renew')).code, 'subject_mismatch');
  assert.deepEqual([await whoIn(tab), await stateOf(tab)], ['Ada Lovelace', 'signed-in']);
  assert.equal(await newsOf(tab), 'login by redirect, renew by refresh, renew by refresh, subject_mismatch by refresh');
});

for (const response_type of TYPES) {
  test(`rule I26: in Rust a frame renews ${response_type} with a fresh nonce, and for the same user alone`, async (t) => {
    const { tab, server } = await openPage(t, { response_type });
    server.grantsNoRefresh = true;
    await signIn(tab);
    const renewed = await click(tab, 'renew');
    // What asked for an ID token alone has a new one, and no token to give.
    assert.equal(renewed.code || renewed.text, response_type === 'id_token' ? 'login_required' : 'Done: renew');
    assert.deepEqual([await whoIn(tab), await newsOf(tab)], ['ada', 'login by redirect, renew by frame']);
    const nonces = server.log.map(({ path }) => new URL(path, server.origin).searchParams.get('nonce')).filter(Boolean);
    assert.deepEqual([nonces.length, new Set(nonces).size], [2, 2]);
    server.user = 'eve';
    assert.equal((await click(tab, 'renew')).code, 'subject_mismatch');
    assert.deepEqual([await whoIn(tab), await stateOf(tab)], ['ada', 'signed-in']);
  });
}

test('rule I28: in Rust who signed in is known after a reload, without a request', async (t) => {
  const page = await openPage(t, { token_store: 'local' });
  const { tab, server } = page;
  await signIn(tab);
  const before = server.log.length;
  await tab.open('/');
  assert.deepEqual([(await shown(tab)).text, await whoIn(tab)], ['Ada', 'ada']);
  assert.deepEqual(server.log.slice(before).map(({ path }) => path), ['/api/profile']);
});

test('rule I29: in Rust userinfo is about the user of the ID token, or refused', async (t) => {
  const { tab, server } = await openPage(t);
  assert.equal((await click(tab, 'userinfo')).code, 'login_required');
  await signIn(tab);
  assert.equal((await click(tab, 'userinfo')).text, 'Ada Lovelace');
  const { headers } = server.log.find(({ path }) => path === '/userinfo');
  assert.ok(headers.authorization.startsWith(`Bearer ${SECRET}`) && !headers.cookie && !headers.referer);
  for (const [code, answer] of [
    ['subject_mismatch', (_, response) => json(response, 200, { sub: 'eve' })],
    ['invalid_userinfo', (_, response) => json(response, 200, { name: 'Ada' })],
    ['invalid_userinfo', (_, response) => json(response, 500, { sub: 'ada' })],
    ['userinfo_unreachable', (_, response) => response.writeHead(302, { location: '/other' }).end()],
  ]) {
    server.instead['/userinfo'] = answer;
    assert.equal((await click(tab, 'userinfo')).code, code);
  }
  assert.deepEqual([await whoIn(tab), await stateOf(tab)], ['ada', 'signed-in']);
});

test('rule I31: in Rust the session ends at the provider, and the way back is known once', async (t) => {
  const { tab, server, home } = await openPage(t, { token_store: 'local' });
  let back;
  server.instead['/end-session'] = ({ path }, response) => {
    const asked = new URL(path, server.origin).searchParams;
    back = new URL(asked.get('post_logout_redirect_uri'));
    back.searchParams.set('state', asked.get('state'));
    response.writeHead(302, { location: back.href }).end();
  };
  await signIn(tab);
  await tab.page.click('#end-session');
  await tab.page.locator('[data-code=logged_out]').waitFor();
  assert.deepEqual([(await shown(tab)).text, await whoIn(tab), await stateOf(tab), (await tab.place()).url], ['left', '', 'signed-out', home]);
  const [asked] = server.log.map(({ path }) => new URL(path, server.origin)).filter(({ pathname }) => pathname === '/end-session');
  const { id_token_hint, state, ...rest } = Object.fromEntries(asked.searchParams);
  assert.deepEqual(rest, { client_id: 'spa', post_logout_redirect_uri: home });
  assert.match(id_token_hint, /^eyJ/);
  assert.match(state, /^[\w-]{43}$/);
  assert.ok(!JSON.stringify(await readStores(tab)).includes(state));
  await tab.page.goto(back.href);
  assert.deepEqual(await shown(tab), { text: 'Signed out', code: '' });
  // Who has left gives no hint any more.
  await tab.page.click('#end-session');
  await tab.page.locator('[data-code=logged_out]').waitFor();
  const [, again] = server.log.map(({ path }) => new URL(path, server.origin)).filter(({ pathname }) => pathname === '/end-session');
  assert.equal(again.searchParams.get('id_token_hint'), null);
});

test('in Rust a server without an end of sessions says so', async (t) => {
  const { tab } = await openPage(t, { end_session_endpoint: null });
  await signIn(tab);
  assert.equal((await click(tab, 'end-session')).code, 'end_session_unavailable');
});

test('rule I32: in Rust resume finds the user without the user, and the page is left for that once', async (t) => {
  const { tab, server } = await openPage(t);
  const refuse = ({ path }, response) => {
    const asked = new URL(path, server.origin).searchParams;
    assert.equal(asked.get('prompt'), 'none');
    const back = new URL(asked.get('redirect_uri'));
    back.search = new URLSearchParams({ error: 'login_required', state: asked.get('state'), iss: server.origin });
    response.writeHead(302, { location: back.href }).end();
  };
  server.instead['/authorize'] = refuse;
  assert.equal((await click(tab, 'resume')).text, 'Nobody');
  await tab.page.click('#resume-by-redirect');
  await tab.page.locator('[data-code=authorization_error]').waitFor();
  assert.equal((await click(tab, 'resume-by-redirect')).text, 'Nobody');
  delete server.instead['/authorize'];
  await tab.open('/');
  await shown(tab);
  assert.equal((await click(tab, 'resume')).text, 'ada');
  assert.deepEqual([await whoIn(tab), await stateOf(tab), await newsOf(tab)], ['ada', 'signed-in', 'login by frame']);
});
