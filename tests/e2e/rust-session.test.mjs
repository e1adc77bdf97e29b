// The session of a Rust program in a page: codes, renewals, ends, stores and tabs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { json, SECRET } from './harness/authorization-server.mjs';
import { callsTo, click, giving, newsOf, openOther, openRustPage, renewalsAt, shown, signIn, stateOf, untilShown } from './harness/rust-page.mjs';
import { readStores } from './harness/store.mjs';

const LOCAL = { token_store: 'local' };

test('a code signs in, is told with its cause, and leaves no trace', async (t) => {
  const { tab, server, home } = await openRustPage(t);
  assert.equal(await stateOf(tab), 'signed-out');
  await signIn(tab);
  assert.deepEqual([await newsOf(tab), await stateOf(tab), (await tab.place()).url], ['login by redirect', 'signed-in', home]);
  const [{ grant_type, client_id, redirect_uri, code_verifier }] = server.sent('/token');
  assert.deepEqual([grant_type, client_id, redirect_uri, code_verifier.length], ['authorization_code', 'spa', home, 43]);
  const traces = JSON.stringify([await readStores(tab), await tab.history(), tab.messages]);
  assert.ok(!traces.includes(SECRET));
});

test('a code that the server refuses signs nobody in, and says so', async (t) => {
  const { tab, server } = await openRustPage(t);
  server.instead['/token'] = giving({ status: 400, error: 'invalid_grant' });
  await shown(tab);
  await tab.page.click('#sign-in');
  await tab.page.locator('[data-code=token_error]').waitFor();
  assert.deepEqual([await newsOf(tab), await stateOf(tab)], ['', 'signed-out']);
});

for (const [store, text] of [['memory', 'Signed out'], ['session', 'Ada'], ['local', 'Ada']]) {
  test(`after a reload with the token store ${store}: ${text}`, async (t) => {
    const { tab, server } = await openRustPage(t, { config: { token_store: store } });
    await signIn(tab);
    await tab.open('/');
    assert.equal((await shown(tab)).text, text);
    assert.equal(server.sent('/token').length, 1);
  });
}

test('a session that a storage kept until its token had expired is renewed before it is ready', async (t) => {
  const { tab, server } = await openRustPage(t, { config: { ...LOCAL, auto_renew: true } });
  server.instead['/token'] = giving({ expires_in: 1, refresh_token: `${SECRET}RT` }, { expires_in: 3600 });
  await shown(tab);
  await tab.page.click('#sign-in');
  await tab.page.waitForURL(`${tab.world.origin}/`);
  await untilShown(tab, 'state', 'signed-in');
  await tab.page.goto('about:blank');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await tab.open('/');
  assert.equal((await shown(tab)).text, 'Ada');
  assert.deepEqual(renewalsAt(server), [`${SECRET}RT`]);
});

test('rule T3: renew sends the refresh token, and the next one the token that came', async (t) => {
  const { tab, server } = await openRustPage(t);
  await signIn(tab);
  assert.equal((await click(tab, 'renew')).text, 'Done: renew');
  assert.equal((await click(tab, 'renew')).text, 'Done: renew');
  assert.equal(await newsOf(tab), 'login by redirect, renew by refresh, renew by refresh');
  const [one, two] = renewalsAt(server);
  assert.ok(one && two && one !== two);
});

test('a renewal that the server refuses ends the session, and says whose doing it was', async (t) => {
  const { tab, server } = await openRustPage(t, { config: LOCAL });
  await signIn(tab);
  server.instead['/token'] = giving({ status: 400, error: 'invalid_grant' });
  assert.equal((await click(tab, 'renew')).code, 'token_error');
  assert.deepEqual([await newsOf(tab), await stateOf(tab)], ['login by redirect, revoke by server', 'signed-out']);
  assert.ok(!JSON.stringify(await readStores(tab)).includes(SECRET));
});

test('rule M6: what may pass leaves the session as it is, and the next renewal has its token', async (t) => {
  const { tab, server } = await openRustPage(t, { config: { auto_renew: true } });
  await signIn(tab);
  server.instead['/token'] = giving({ status: 503, error: 'overloaded' });
  assert.equal((await click(tab, 'renew')).code, 'token_error');
  assert.deepEqual([await newsOf(tab), await stateOf(tab)], ['login by redirect, token_error by refresh', 'signed-in']);
  delete server.instead['/token'];
  assert.equal((await click(tab, 'renew')).text, 'Done: renew');
});

test('rule M6: with auto_renew it is tried again in growing pauses, and at once when the network is back', async (t) => {
  const { tab, server } = await openRustPage(t, { config: { auto_renew: true } });
  const fault = { status: 503, error: 'overloaded' };
  server.instead['/token'] = giving({ expires_in: 3, refresh_token: `${SECRET}RT` }, fault, fault, fault, { expires_in: 3600 });
  await signIn(tab);
  await untilShown(tab, 'news', ['login by redirect', 'token_error by refresh', 'expire by time', 'token_error by refresh', 'token_error by refresh'].join(', '));
  assert.equal(await stateOf(tab), 'renewable');
  // The next one by itself is eight seconds away.
  const began = performance.now();
  await tab.evaluate(() => dispatchEvent(new Event('online')));
  await untilShown(tab, 'state', 'signed-in');
  assert.ok(performance.now() - began < 6000);
});

test('rule M7: a token that a resource refuses is renewed once, and the call is sent again', async (t) => {
  const { tab, server, refused } = await openRustPage(t);
  await signIn(tab);
  const [first] = callsTo(server);
  refused.add(first);
  assert.equal((await click(tab, 'call')).text, 'Ada');
  const [, again, other] = callsTo(server);
  assert.deepEqual([again, other !== first, renewalsAt(server).length], [first, true, 1]);
  assert.equal(await newsOf(tab), 'login by redirect, renew by refresh');
});

test('rule M7: the refusal of a fresh token ends the session', async (t) => {
  const { tab, server } = await openRustPage(t);
  await signIn(tab);
  server.instead['/api/profile'] = (_, response) => {
    response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
    response.writeHead(401).end();
  };
  assert.equal((await click(tab, 'call')).text, 'The server said 401.');
  assert.deepEqual([callsTo(server).length, renewalsAt(server).length], [3, 1]);
  assert.deepEqual([await newsOf(tab), await stateOf(tab)], ['login by redirect, renew by refresh, revoke by resource', 'signed-out']);
});

test('a token that expires is told, and with auto_renew is renewed before', async (t) => {
  const { tab, server } = await openRustPage(t);
  server.instead['/token'] = giving({ expires_in: 3 });
  await signIn(tab);
  await untilShown(tab, 'news', 'login by redirect, expire by time');
  assert.equal((await click(tab, 'call')).text, 'Signed out');
  const renewing = await openRustPage(t, { config: { auto_renew: true } });
  renewing.server.instead['/token'] = giving({ expires_in: 3, refresh_token: `${SECRET}RT` }, { expires_in: 3600 });
  await signIn(renewing.tab);
  await untilShown(renewing.tab, 'news', 'login by redirect, renew by refresh');
  assert.equal(await stateOf(renewing.tab), 'signed-in');
});

test('a logout that revokes has both tokens revoked, and says where the server did not confirm it', async (t) => {
  const { tab, server } = await openRustPage(t, { config: LOCAL });
  await signIn(tab);
  assert.equal((await click(tab, 'revoke')).text, 'Done: revoke');
  assert.deepEqual(server.sent('/revoke').map(({ token_type_hint }) => token_type_hint), ['refresh_token', 'access_token']);
  assert.deepEqual([await newsOf(tab), await stateOf(tab)], ['login by redirect, logout by caller', 'signed-out']);
  server.instead['/revoke'] = giving({ status: 503, error: 'overloaded' });
  await signIn(tab);
  assert.equal((await click(tab, 'revoke')).code, 'revocation_unconfirmed');
  assert.equal(await stateOf(tab), 'signed-out');
});

test('rule M2: a logout while a code is exchanged ends it, and what it brings is revoked', async (t) => {
  const { tab, server } = await openRustPage(t);
  const held = server.hold('/token');
  await shown(tab);
  await tab.page.click('#sign-in');
  const { answer } = await held.arrived;
  // The page waits for the exchange before it listens to its buttons, so another tab signs out.
  const other = await openOther(t, { tab });
  await shown(other);
  await other.page.click('#revoke');
  await tab.page.locator('[data-code=session_ended]').waitFor();
  answer();
  await tab.page.waitForTimeout(300);
  assert.deepEqual([await newsOf(tab), await stateOf(tab)], ['', 'signed-out']);
});

for (const store of ['local', 'memory']) {
  test(`rule M2: a logout in another tab ends the session, with the token store ${store}`, async (t) => {
    const { tab } = await openRustPage(t, { config: { token_store: store } });
    await signIn(tab);
    const other = await openOther(t, { tab });
    await shown(other);
    // In memory nobody is signed in there, and the button for that alone is not enabled.
    await other.page.click('#revoke');
    await untilShown(tab, 'news', 'login by redirect, logout by tab');
    assert.deepEqual([await stateOf(tab), await stateOf(other)], ['signed-out', 'signed-out']);
    assert.ok(!JSON.stringify(await readStores(tab)).includes(SECRET));
  });
}

test('rules T3, M9: two tabs that renew at the same moment make one request, and both have the new token', async (t) => {
  const { tab, server } = await openRustPage(t, { config: LOCAL });
  await signIn(tab);
  const other = await openOther(t, { tab });
  assert.equal((await shown(other)).text, 'Ada');
  const held = server.hold('/token');
  await tab.page.click('#renew');
  const { answer } = await held.arrived;
  await other.page.click('#renew');
  answer();
  assert.deepEqual([(await shown(tab)).text, (await shown(other)).text], ['Done: renew', 'Done: renew']);
  assert.equal(renewalsAt(server).length, 1);
  assert.deepEqual([await newsOf(tab), await newsOf(other)], ['login by redirect, renew by refresh', 'renew by tab']);
});

test('rule M17: localStorage.clear() in another tab signs out', async (t) => {
  const { tab } = await openRustPage(t, { config: LOCAL });
  await signIn(tab);
  const other = await openOther(t, { tab });
  await other.evaluate(() => localStorage.clear());
  await untilShown(tab, 'state', 'signed-out');
  assert.equal(await newsOf(tab), 'login by redirect, logout by tab');
});

test('a storage that refuses the session says that it ends with the page', async (t) => {
  const refuse = () => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (name, text) {
      if (name.startsWith('claviger:session:')) throw new DOMException('It is full.', 'QuotaExceededError');
      return setItem.call(this, name, text);
    };
  };
  const { tab } = await openRustPage(t, { config: LOCAL, init: [refuse] });
  await signIn(tab);
  assert.deepEqual([await newsOf(tab), await stateOf(tab)], ['login by redirect, unkept', 'signed-in']);
});

test('a client from within whose own storage it is called refuses, and is of use afterwards', async (t) => {
  const call = () => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (name, text) {
      if (name.startsWith('claviger:session:')) document.querySelector('#renew')?.click();
      return setItem.call(this, name, text);
    };
  };
  const { tab, server } = await openRustPage(t, { config: LOCAL, init: [call] });
  await signIn(tab);
  await click(tab, 'renew');
  assert.equal(await stateOf(tab), 'signed-in');
  assert.ok(renewalsAt(server).length >= 1);
});

test('renew_with asks for something else, once', async (t) => {
  const { tab, server } = await openRustPage(t);
  await signIn(tab);
  assert.equal((await click(tab, 'renew-with')).text, 'Done: renew-with');
  assert.equal((await click(tab, 'renew')).text, 'Done: renew');
  const [, other, usual] = server.sent('/token');
  assert.deepEqual([other.grant_type, other.resource], ['refresh_token', 'https://api.example/reports']);
  assert.deepEqual([usual.grant_type, usual.resource], ['refresh_token', undefined]);
  assert.equal(await newsOf(tab), 'login by redirect, renew by refresh, renew by refresh');
});

test('discover finds the endpoints, and a session begins with a token of another way', async (t) => {
  const own = await openRustPage(t);
  const { tab, server } = own;
  own.config = { ...own.config, discover: server.origin, token_endpoint: undefined, authorization_endpoint: undefined };
  const thrown = tab.page.waitForEvent('pageerror');
  await tab.open('/');
  assert.match((await thrown).message, /^The server's metadata/);
  server.instead['/.well-known/oauth-authorization-server'] = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({
      issuer: server.origin,
      authorization_endpoint: `${server.origin}/authorize`,
      token_endpoint: `${server.origin}/token`,
      response_types_supported: ['code'],
    }));
  };
  await tab.open('/');
  await signIn(tab);
  assert.equal((await click(tab, 'begin')).text, 'Done: begin');
  assert.equal(await newsOf(tab), 'login by redirect, logout by caller, login by caller');
  assert.equal((await click(tab, 'call')).text, 'Ada');
});

test('a resource that takes its token in the query is refused by fetch, and gets what attach gives', async (t) => {
  const { tab, server } = await openRustPage(t);
  await signIn(tab);
  const [token] = callsTo(server);
  server.log.length = 0;
  server.instead['/api/profile'] = (_, response) => json(response, 200, { name: 'Ada by query' });
  assert.deepEqual(await click(tab, 'call-by-query'), { text: 'Ada by query', code: '' });
  assert.deepEqual(server.log.map(({ path, headers }) => [path, headers.authorization]), [[`/api/profile?access_token=${token}`, undefined]]);
});

test('rule F7: a browser that may leave the token on a redirect to another origin follows none', async (t) => {
  const old = () => {
    globalThis.RegExp = new Proxy(RegExp, {
      construct(target, given, ...more) {
        if (given[0] === '(?<a>a)|(?<a>b)') throw new SyntaxError('Duplicate capture group name');
        return Reflect.construct(target, given, ...more);
      },
    });
  };
  for (const [init, code] of [[[], ''], [[old], 'platform']]) {
    const { tab, server, evil } = await openRustPage(t, { init });
    await signIn(tab);
    server.instead['/api/profile'] = (_, response) => response.writeHead(302, { location: `${evil.origin}/` }).end();
    assert.equal((await click(tab, 'call')).code, code);
    assert.deepEqual(evil.log.map(({ headers }) => headers.authorization), code ? [] : [undefined]);
  }
});
