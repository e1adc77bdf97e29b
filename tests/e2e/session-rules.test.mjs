// The rules of the session where two things happen at once: a logout, another login, a renewal, a network or a clock
// that goes away.
import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { json, openClientApp, SECRET, useClientApp } from './harness/authorization-server.mjs';
import { App } from './harness/page.mjs';
import { readStores } from './harness/store.mjs';
import { follow, told, WINDOWS } from './harness/windows.mjs';

const own = useClientApp(WINDOWS);
let app;
let server;
beforeEach(() => ({ app, server } = own));

const LOCAL = { tokenStore: 'local' };
const renewals = (at = server) => at.sent('/token').flatMap(({ refresh_token }) => refresh_token ?? []);
const tokenOf = (client) => client.evaluate((client) => client.token()?.access_token ?? null);
const stateOf = (client) => client.evaluate((client) => client.state());
const logout = (client, options) => client.evaluate((client, options) => client.logout(options), options);
const call = (client, at = own) => client.evaluate(async (client, url) => {
  const { value, thrown } = await settle(async () => (await client.fetch(url)).status);
  return value ?? thrown.code;
}, `${at.server.origin}/api`);

/** Begins what comes to its end later: `outcome` gives it. */
async function begin(client, method = 'renew', ...values) {
  const waiting = await client.evaluateHandle((client, [method, values]) => ({ outcome: settle(() => client[method](...values)) }), [method, values]);
  return () => waiting.evaluate(({ outcome }) => outcome);
}

/** The page's client, whose events are in `told` from now on. */
async function listening(options, tab = app) {
  const client = await tab.client(options);
  await client.evaluate(follow);
  return client;
}

/** Another login in a tab: what came of it. */
async function logIn(options, tab = app, at = own) {
  const { url } = await tab.startLogin(options);
  const { value, thrown } = await tab.handleRedirect(options, await at.respond(url));
  assert.equal(thrown, undefined);
  return value.token.access_token;
}

async function signedIn(options, tab = app, at = own) {
  const client = await listening(options, tab);
  await logIn(options, tab, at);
  return client;
}

/** Waits until so much was told, and a moment in which nothing more is to come. */
async function toldAtLast(tab, count) {
  const end = performance.now() + 10_000;
  while ((await told(tab)).length < count && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  await tab.page.waitForTimeout(100);
  return told(tab);
}

/** Waits until so many requests have come to a path: what was sent. */
async function sentAtLast(path, count) {
  const end = performance.now() + 5_000;
  while (server.sent(path).length < count && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  return server.sent(path);
}

/** A client that can renew in a frame alone, because its server gives no refresh token. */
function silent(more) {
  const count = () => server.sent('/token').length;
  server.instead['/token'] = (_, response) => json(response, 200, { access_token: `${SECRET}AT-F${count()}`, token_type: 'Bearer', expires_in: 3600 });
  return own.with({ redirect_uri: `${app.origin}/callback`, ...more });
}

async function assertNobody(tabs, clients) {
  assert.deepEqual(await Promise.all(clients.map(tokenOf)), clients.map(() => null));
  assert.deepEqual(await Promise.all(clients.map(stateOf)), clients.map(() => 'signed-out'));
  for (const tab of tabs) await own.assertNoTrace([], [], tab);
}

// A logout meanwhile

for (const [response_type, path] of [['token', '/authorize'], ['code', '/authorize'], ['code', '/token']]) {
  for (const where of ['this tab', 'another tab']) {
    test(`rules M1, M2: after a logout in ${where} a frame's ${response_type} signs nobody in: its answer of ${path} comes later`, async (t) => {
      const options = silent({ response_type, tokenStore: where === 'this tab' ? 'memory' : 'local' });
      const client = await signedIn(options);
      const other = where === 'this tab' ? app : await app.newTab(t);
      const there = where === 'this tab' ? client : await listening(options, other);
      const held = server.hold(path);
      const outcome = await begin(client);
      const { answer } = await held.arrived;
      await logout(there);
      const expected = ['login redirect', `logout ${where === 'this tab' ? 'caller' : 'tab'}`];
      assert.deepEqual(await toldAtLast(app, 2), expected);
      answer();
      assert.equal((await outcome()).thrown?.code, 'session_ended');
      await app.page.waitForTimeout(300);
      assert.deepEqual(await told(app), expected);
      await assertNobody([app, other], [client, there]);
      assert.equal(await app.evaluate(() => document.querySelectorAll('iframe').length), 0);
    });
  }
}

/** Two tabs with one session, the first of which asks for a new token: the request, and what comes of it. */
async function renewing(t) {
  const options = own.with(LOCAL);
  const tabs = [app, await app.newTab(t)];
  const clients = [await signedIn(options), await listening(options, tabs[1])];
  const { arrived } = server.hold('/token');
  const outcome = await begin(clients[0]);
  return { options, tabs, clients, outcome, answer: (await arrived).answer };
}

test('rule M2: a logout while a renewal waits for the lock ends both renewals, and sends no second request', async (t) => {
  const { tabs, clients, outcome, answer } = await renewing(t);
  const waiting = await begin(clients[1]);
  await tabs[1].page.waitForTimeout(50);
  await logout(clients[1]);
  assert.equal((await waiting()).thrown?.code, 'session_ended');
  assert.deepEqual(await toldAtLast(app, 2), ['login redirect', 'logout tab']);
  answer();
  assert.equal((await outcome()).thrown?.code, 'session_ended');
  await app.page.waitForTimeout(500);
  assert.deepEqual([renewals().length, await told(app), await told(tabs[1])], [1, ['login redirect', 'logout tab'], ['logout caller']]);
  await assertNobody(tabs, clients);
});

test('rule M2: a logout that revokes has what a renewal in flight brings revoked, too', async (t) => {
  const { clients, outcome, answer } = await renewing(t);
  const before = await tokenOf(clients[0]);
  await logout(clients[1], { revoke: true });
  assert.equal(server.sent('/revoke').length, 2);
  answer();
  assert.equal((await outcome()).thrown?.code, 'session_ended');
  const revoked = await sentAtLast('/revoke', 4);
  assert.deepEqual([revoked.length, new Set(revoked.map(({ token }) => token)).size, revoked.some(({ token }) => token === before)], [4, 4, true]);
});

test('rule M2: a logout that revokes has what an exchange in flight brings revoked, too', async () => {
  const client = await listening(own.options);
  const { url } = await app.startLogin(own.options);
  const { arrived } = server.hold('/token');
  const outcome = await begin(client, 'handleRedirect', await own.respond(url));
  const { answer } = await arrived;
  await logout(client, { revoke: true });
  assert.equal((await outcome()).thrown?.code, 'session_ended');
  assert.deepEqual(server.sent('/revoke'), []);
  answer();
  const revoked = await sentAtLast('/revoke', 2);
  assert.deepEqual(revoked.map(({ token }) => token.replace(/\d+/, '')).sort(), [`${SECRET}AT-`, `${SECRET}RT-`]);
  assert.deepEqual(await told(app), []);
  await assertNobody([app], [client]);
});

test("rule M2: a logout in another tab ends a tab's first login, also where no tab keeps its session", async (t) => {
  const client = await signedIn(own.options);
  const other = await app.newTab(t);
  const there = await listening(own.options, other);
  const { url } = await other.startLogin(own.options);
  const { arrived } = server.hold('/token');
  const outcome = await begin(there, 'handleRedirect', await own.respond(url));
  const { answer } = await arrived;
  await logout(client);
  assert.equal((await outcome()).thrown?.code, 'session_ended');
  answer();
  await other.page.waitForTimeout(200);
  assert.deepEqual([await told(app), await told(other)], [['login redirect', 'logout caller'], []]);
  await assertNobody([app, other], [client, there]);
});

test('a listener that logs out when it hears of a logout takes nobody the outcome of the revocation', async () => {
  const client = await signedIn(own.options);
  server.instead['/revoke'] = (_, response) => json(response, 503, '');
  const code = await client.evaluate(async (client) => {
    client.subscribe(({ type }) => type === 'logout' && client.logout());
    return (await settle(() => client.logout({ revoke: true }))).thrown?.code;
  });
  assert.equal(code, 'revocation_unconfirmed');
});

for (const tokenStore of ['memory', 'session', 'local']) {
  test(`where the browser refuses channels, a login, a renewal and a logout are what they were: ${tokenStore}`, async () => {
    await app.evaluate(() => {
      globalThis.BroadcastChannel = class {
        constructor() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        }
      };
    });
    const client = await signedIn(own.with({ tokenStore }));
    const { value } = await (await begin(client))();
    assert.equal(await tokenOf(client), value.access_token);
    await logout(client);
    assert.deepEqual(await told(app), ['login redirect', 'renew refresh', 'logout caller']);
    await assertNobody([app], [client]);
  });
}

// Another login meanwhile

/** What makes a call wait for a renewal: the token's end, or the resource. */
const WAITS = {
  'whose token has expired': async (client) => {
    while ((await stateOf(client)) === 'signed-in') await app.page.waitForTimeout(100);
  },
  'that was refused': () => {
    server.instead['/api'] = ({ headers }, response) => {
      response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
      json(response, headers.authorization.includes('FIRST') ? 401 : 200, {});
    };
  },
};

for (const [what, arrange] of Object.entries(WAITS)) {
  for (const where of ['this tab', 'another tab']) {
    test(`rules M1, M7: a call ${what} is not sent with the token of who signs in meanwhile in ${where}`, async (t) => {
      const options = own.with({ autoRenew: true, ...(where === 'this tab' ? {} : LOCAL) });
      server.instead['/token'] = (_, response) => json(response, 200, {
        access_token: 'FIRST', token_type: 'Bearer', refresh_token: 'RT', expires_in: what.endsWith('expired') ? 1 : 3600,
      });
      const client = await signedIn(options);
      const other = where === 'this tab' ? app : await app.newTab(t);
      await arrange(client);
      const { arrived } = server.hold('/token');
      const waiting = await client.evaluateHandle((client, url) => ({
        outcome: settle(async () => (await client.fetch(url, { method: 'POST', body: "the first user's" })).status),
      }), `${server.origin}/api`);
      const { answer } = await arrived;
      const next = await logIn(options, other);
      while ((await tokenOf(client)) !== next) await app.page.waitForTimeout(20);
      answer();
      const { value, thrown } = await waiting.evaluate(({ outcome }) => outcome);
      assert.equal(value ?? thrown.code, what.endsWith('expired') ? 'token_expired' : 401);
      await app.page.waitForTimeout(200);
      assert.deepEqual(server.log.filter(({ path, headers }) => path === '/api' && headers.authorization !== 'Bearer FIRST'), []);
      assert.equal(await tokenOf(client), next);
    });
  }
}

for (const where of ['this tab', 'another tab']) {
  test(`rules M1, M4: a login in ${where} while a frame is open is not replaced by the frame's answer`, async (t) => {
    const options = silent({ response_type: 'token', ...(where === 'this tab' ? {} : LOCAL) });
    const client = await signedIn(options);
    const other = where === 'this tab' ? app : await app.newTab(t);
    const held = server.hold('/authorize');
    const outcome = await begin(client);
    const { answer } = await held.arrived;
    const next = await logIn(options, other);
    const cause = where === 'this tab' ? 'redirect' : 'tab';
    const expected = ['login redirect', `logout ${cause}`, `login ${cause}`];
    assert.deepEqual(await toldAtLast(app, 3), expected);
    answer();
    assert.equal((await outcome()).thrown?.code, 'session_ended');
    await app.page.waitForTimeout(300);
    assert.deepEqual([await tokenOf(client), await told(app)], [next, expected]);
    assert.equal((await other.token(options)).access_token, next);
  });
}

for (const first of ['is answered last', 'is refused']) {
  test(`rule M3: two exchanges at once come each to its own end: the first ${first}`, async () => {
    const client = await listening(own.options);
    const responses = [];
    for (let count = 0; count < 2; count += 1) {
      const { url } = await app.startLogin(own.options);
      responses.push(await own.respond(url));
    }
    const outcomes = [];
    const answers = [];
    for (const response of responses) {
      const { arrived } = server.hold('/token');
      outcomes.push(await begin(client, 'handleRedirect', response));
      answers.push(await arrived);
    }
    answers[1].answer();
    const { value } = await outcomes[1]();
    assert.equal(await tokenOf(client), value.token.access_token);
    if (first === 'is refused') {
      // Its code is used up by somebody else.
      const { body, headers } = answers[0].request;
      await fetch(`${server.origin}/token`, { method: 'POST', body, headers: { 'content-type': headers['content-type'] } });
    }
    answers[0].answer();
    const last = await outcomes[0]();
    if (first === 'is refused') {
      assert.equal(last.thrown?.error, 'invalid_grant');
      assert.deepEqual([await tokenOf(client), await told(app)], [value.token.access_token, ['login redirect']]);
    } else {
      assert.notEqual(last.value.token.access_token, value.token.access_token);
      assert.deepEqual([await tokenOf(client), await told(app)], [last.value.token.access_token, ['login redirect', 'logout redirect', 'login redirect']]);
    }
  });
}

for (const [what, brings, become] of [
  ['is renewed', 'the new token', async ({ client }) => client.evaluate((client) => client.renew())],
  ['is revoked', 'an error', async ({ client }) => {
    server.instead['/token'] = (_, response) => json(response, 400, { error: 'invalid_grant' });
    await (await begin(client))();
  }],
  ['ends in another tab', 'an error', async ({ options, other }) => logout(await other.client(options))],
  ['is replaced by a login in another tab', 'nothing', async ({ options, other }) => logIn(options, other)],
]) {
  test(`rule M5: once a session ${what}, its response brings ${brings}`, async (t) => {
    const options = own.with(LOCAL);
    const other = await app.newTab(t);
    const client = await listening(options);
    const { url } = await app.startLogin(options);
    const response = await own.respond(url);
    const handle = () => app.handleRedirect(options, response);
    const first = (await handle()).value.token.access_token;
    assert.equal((await handle()).value.token.access_token, first);
    const count = (await told(app)).length;
    await become({ client, options, other });
    await toldAtLast(app, count + 1);
    const now = await tokenOf(client);
    assert.notEqual(now, first);
    const { value, thrown } = await handle();
    // Where nothing is left of a session, its login is one that was finished before.
    assert.deepEqual([thrown?.code, value?.token.access_token], [brings === 'an error' ? 'state_replayed' : undefined, brings === 'the new token' ? now : undefined]);
  });
}

// The network and the clock

/** A client of its own in a page whose clock the tests turn. */
async function openWithClock(t, more, seconds = 60) {
  const at = await openClientApp(t, WINDOWS);
  const { clock } = at.app.page;
  const start = Date.UTC(2026, 10, 21, 12);
  await clock.install({ time: start - 60_000 });
  await at.app.open('/start');
  await clock.pauseAt(start);
  const given = (count) => (_, response) => json(response, 200, { access_token: `AT-${count}`, token_type: 'Bearer', expires_in: seconds, refresh_token: `RT-${count}` });
  at.server.instead['/token'] = given(1);
  const client = await signedIn(at.with(more), at.app, at);
  at.server.instead['/token'] = given(2);
  at.server.instead['/api'] = (_, response) => json(response, 200, {});
  return { at, ...at, client, clock, start: start / 1000, pass: (seconds) => clock.runFor(seconds * 1000), asked: () => renewals(at.server).length };
}

test('rules M6, M13: a network that is gone at the end of the token and back 20 seconds later costs no session', async (t) => {
  const { at, app, client, pass, asked } = await openWithClock(t, { autoRenew: true });
  await app.world.context.setOffline(true);
  await pass(48);
  assert.deepEqual(await toldAtLast(app, 2), ['login redirect', 'renewal-failed refresh']);
  assert.deepEqual([await stateOf(client), await tokenOf(client)], ['signed-in', 'AT-1']);
  await pass(2);
  await toldAtLast(app, 3);
  await pass(4);
  const early = await toldAtLast(app, 5);
  assert.deepEqual(new Set(early.slice(1)), new Set(['renewal-failed refresh', 'expire time']));
  assert.deepEqual([await stateOf(client), await tokenOf(client)], ['renewable', null]);
  await pass(8);
  await toldAtLast(app, early.length + 1);
  assert.equal(await stateOf(client), 'renewable');
  await pass(12);
  const before = await told(app);
  assert.equal(asked(), 0);
  await app.world.context.setOffline(false);
  // A page that comes online does not wait for the pause to end.
  await pass(1);
  assert.deepEqual((await toldAtLast(app, before.length + 1)).slice(before.length), ['renew refresh']);
  assert.deepEqual([asked(), await stateOf(client), await tokenOf(client), await call(client, at)], [1, 'signed-in', 'AT-2', 200]);
});

test('rules M6, M13: a page that starts without its server keeps the session, and has it when the server is back', async (t) => {
  const options = { ...LOCAL, autoRenew: true };
  const { at, app, server, clock, start, pass } = await openWithClock(t, options);
  await clock.setSystemTime((start + 4000) * 1000);
  const answer = server.instead['/token'];
  server.instead['/token'] = (_, response) => response.destroy();
  await app.open('/start');
  const client = await listening(at.with(options), app);
  assert.equal(await client.evaluate((client) => client.ready.then(() => client.state())), 'renewable');
  assert.deepEqual([await tokenOf(client), await app.handleRedirect(at.with(options))], [null, { value: null }]);
  const calling = call(client, at);
  // The lock is given back a moment after the first attempt.
  await pass(1);
  assert.equal(await calling, 'token_expired');
  assert.ok(JSON.stringify(await readStores(app)).includes('RT-1'));
  const before = await told(app);
  server.instead['/token'] = answer;
  await app.evaluate(() => dispatchEvent(new Event('online')));
  await pass(10);
  assert.deepEqual((await toldAtLast(app, before.length + 1)).slice(before.length), ['renew refresh']);
  assert.deepEqual([before.every((event) => event === 'renewal-failed refresh'), await stateOf(client), await tokenOf(client)], [true, 'signed-in', 'AT-2']);
});

test('rule M13: a page that starts with an expired session is ready when that is renewed', async (t) => {
  const options = { ...LOCAL, autoRenew: true };
  const { at, app, clock, start, asked } = await openWithClock(t, options);
  await clock.setSystemTime((start + 4000) * 1000);
  await app.open('/start');
  const facts = await app.evaluate(async (options) => {
    const client = await clientFor(options);
    const first = client.state();
    await client.ready;
    return [first, client.state(), client.token()?.access_token];
  }, at.with(options));
  assert.deepEqual([facts, asked()], [['renewing', 'signed-in', 'AT-2'], 1]);
});

for (const autoRenew of [true, false]) {
  test(`a clock that is set an hour back leaves a session with a refresh token signed in, ${autoRenew ? 'and renews it once' : 'and asks nothing'}`, async (t) => {
    const { at, app, client, clock, start, pass, asked } = await openWithClock(t, { ...LOCAL, autoRenew });
    await clock.setSystemTime((start - 3600) * 1000);
    await app.evaluate(() => dispatchEvent(new Event('focus')));
    const expected = autoRenew ? ['login redirect', 'renew refresh'] : ['login redirect'];
    assert.deepEqual(await toldAtLast(app, expected.length), expected);
    assert.equal(await call(client, at), 200);
    await pass(30);
    assert.deepEqual([await stateOf(client), await call(client, at), asked()], ['signed-in', 200, autoRenew ? 1 : 0]);
  });
}

for (const [life, end] of [[31, 28], [5, 5]]) {
  test(`rule M10: a token of ${life} seconds is of use for ${end}`, async (t) => {
    const { at, app, client, pass } = await openWithClock(t, {}, life);
    assert.equal(await call(client, at), 200);
    await pass(end - 1);
    assert.deepEqual([await call(client, at), await stateOf(client)], [200, 'signed-in']);
    await pass(1);
    assert.deepEqual([await call(client, at), await stateOf(client), await told(app)], ['token_expired', 'renewable', ['login redirect', 'expire time']]);
  });
}

test('rule M11: who gives up a call while its token is renewed gets his reason, nothing is sent, and the renewal goes on', async (t) => {
  const { app, server, client, clock, start, asked } = await openWithClock(t, { autoRenew: true });
  const answer = server.instead['/token'];
  let release;
  const released = new Promise((resolve) => (release = resolve));
  server.instead['/token'] = async (request, response) => {
    await released;
    answer(request, response);
  };
  await clock.setSystemTime((start + 4000) * 1000);
  const calls = await client.evaluateHandle((client, url) => {
    globalThis.caller = new AbortController();
    return [client.fetch(url, { signal: caller.signal }), client.fetch(new Request(url, { signal: caller.signal }))].map((call) => settle(() => call));
  }, `${server.origin}/api`);
  while (asked() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const outcomes = await calls.evaluate(async (calls) => {
    caller.abort(new RangeError('own'));
    return Promise.all(calls);
  });
  assert.deepEqual(outcomes.map(({ thrown }) => thrown?.text), ['RangeError: own', 'RangeError: own']);
  release();
  assert.ok((await toldAtLast(app, 3)).includes('renew refresh'));
  assert.deepEqual([await tokenOf(client), asked(), server.sent('/api')], ['AT-2', 1, []]);
});

// A resource's refusal

for (const when of ['during', 'after']) {
  test(`rule M7: a late refusal of the old token ${when} a renewal costs no session and no second request`, async () => {
    const client = await signedIn(own.options);
    const old = await tokenOf(client);
    const late = server.hold('/api');
    const status = await client.evaluateHandle((client, url) => ({ status: client.fetch(url).then(({ status }) => status) }), `${server.origin}/api`);
    const { answer } = await late.arrived;
    const { arrived } = server.hold('/token');
    const outcome = await begin(client);
    const renewal = await arrived;
    // The server knows the old token no more.
    const refuse = () => {
      const seen = server.log.findLast(({ path }) => path === '/api');
      seen.headers.authorization = 'Bearer gone';
      answer();
    };
    if (when === 'during') refuse();
    await app.page.waitForTimeout(100);
    renewal.answer();
    const { value } = await outcome();
    if (when === 'after') refuse();
    assert.equal(await status.evaluate(({ status }) => status), 200);
    assert.notEqual(value.access_token, old);
    assert.deepEqual([await tokenOf(client), renewals().length, await told(app)], [value.access_token, 1, ['login redirect', 'renew refresh']]);
  });
}

// Who has which session

test('rule M8: clients of one registration with different scopes, redirect URIs and resources have each a session of their own', async () => {
  const each = [
    own.with({ ...LOCAL, scope: 'read' }),
    own.with({ ...LOCAL, scope: 'read write', redirect_uri: `${app.origin}/other` }),
    own.with({ ...LOCAL, scope: 'read', tokenParameters: { resource: 'https://api.example' } }),
  ];
  const tokens = [];
  for (const options of each) tokens.push(await logIn(options));
  await app.open('/start');
  const clients = [];
  for (const options of each) clients.push(await app.client(options));
  assert.deepEqual(await Promise.all(clients.map(tokenOf)), tokens);
  await logout(clients[0]);
  await app.page.waitForTimeout(100);
  const left = [null, ...tokens.slice(1)];
  assert.deepEqual(await Promise.all(clients.map(tokenOf)), left);
  assert.deepEqual([await call(clients[1]), await call(clients[2])], [200, 200]);
  await app.open('/start');
  const found = [];
  for (const options of each) found.push((await app.token(options))?.access_token ?? null);
  assert.deepEqual(found, left);
});

test('rule M17: localStorage.clear() in another tab signs out, and every part of the client says so', async (t) => {
  const options = own.with({ ...LOCAL, autoRenew: true });
  const client = await signedIn(options);
  const other = await app.newTab(t);
  await other.evaluate(() => localStorage.clear());
  assert.deepEqual(await toldAtLast(app, 2), ['login redirect', 'logout tab']);
  assert.deepEqual([await tokenOf(client), await stateOf(client), await call(client)], [null, 'signed-out', 'login_required']);
  assert.deepEqual([renewals(), server.sent('/api')], [[], []]);
  await logIn(options);
  assert.deepEqual([await stateOf(client), (await told(app)).at(-1)], ['signed-in', 'login redirect']);
});

test('rules M9, M17: six tabs at one expiry send one request, and come to rest in the same state', async (t) => {
  const options = own.with({ ...LOCAL, autoRenew: true, renewAt: 0.1 });
  const tabs = [app];
  while (tabs.length < 6) tabs.push(await app.newTab(t));
  const clients = await Promise.all(tabs.map((tab) => listening(options, tab)));
  let count = 0;
  server.instead['/token'] = (_, response) => {
    count += 1;
    json(response, 200, { access_token: `AT-${count}`, token_type: 'Bearer', expires_in: count > 1 ? 3600 : 20, refresh_token: `RT-${count}` });
  };
  await logIn(options);
  const all = await Promise.all(tabs.map((tab) => toldAtLast(tab, 2)));
  assert.deepEqual(all.map((told) => told.map((event) => event.split(' ')[0])), tabs.map(() => ['login', 'renew']));
  assert.deepEqual([renewals(), await Promise.all(clients.map(tokenOf))], [['RT-1'], tabs.map(() => 'AT-2')]);
});

/** A tab that the browser began with a copy of this one's sessionStorage. */
async function duplicate(t) {
  const opened = app.world.context.waitForEvent('page');
  await app.evaluate(() => void open('/start'));
  const page = await opened;
  t.after(() => page.close());
  await page.waitForFunction(() => globalThis.clientFor);
  return new App(app.world, page);
}

for (const when of ['at the same moment', 'later']) {
  test(`rule M9: a duplicated tab that renews ${when} uses no refresh token a second time`, async (t) => {
    const options = own.with({ tokenStore: 'session' });
    const client = await signedIn(options);
    const token = await tokenOf(client);
    const copy = await duplicate(t);
    const there = await listening(options, copy);
    assert.equal(await tokenOf(there), token);
    const outcome = await begin(client);
    const first = when === 'later' && (await outcome());
    if (first) await copy.page.waitForTimeout(100);
    const second = await (await begin(there))();
    const { value } = first || (await outcome());
    assert.deepEqual([Boolean(value), second.thrown?.code], [true, 'interaction_required']);
    // The copy's token is still good for what is left of it.
    assert.deepEqual([renewals().length, await tokenOf(there), await call(there)], [1, token, 200]);
    assert.ok((await (await begin(client))()).value, 'and the server has seen no token twice');
    assert.equal(new Set(renewals()).size, 2);
  });
}
