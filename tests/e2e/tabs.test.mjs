// A session among the tabs of an origin: what its events come from, a store that refuses, pages that
// slept, and pages that were killed.
import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { json, openClientApp, SECRET, useClientApp } from './harness/authorization-server.mjs';
import { readRecords, readStores } from './harness/store.mjs';

const own = useClientApp();
let app;
let server;
beforeEach(() => ({ app, server } = own));

const LOCAL = { tokenStore: 'local' };
const renewals = (at = server) => at.sent('/token').filter(({ refresh_token }) => refresh_token);
const exchanges = () => server.sent('/token').filter(({ code }) => code);
const renew = (client) => client.evaluate((client) => settle(() => client.renew()));
const tokenOf = (client) => client.evaluate((client) => client.token()?.access_token ?? null);
const sessionsIn = (store) => Object.keys(store).filter((key) => key.startsWith('claviger:session:'));

/** A client that writes down what it is told from now on, in `globalThis.told`. */
async function listening(options, tab = app) {
  const client = await tab.client(options);
  await client.evaluate((client) => {
    globalThis.told = [];
    client.subscribe((event) => told.push(Object.isFrozen(event) ? Object.values(event).join(' ') : 'not frozen'));
  });
  return client;
}

/** The same, signed in without a navigation. */
async function signedIn(options = own.options, { tab = app, at = own } = {}) {
  const client = await listening(options, tab);
  const { url } = await tab.startLogin(options);
  assert.equal((await tab.handleRedirect(options, await at.respond(url))).thrown, undefined);
  return client;
}

const told = (tab = app) => tab.evaluate(() => globalThis.told);

/** Waits until something is so, or for ten seconds. */
async function until(isSo) {
  const end = performance.now() + 10_000;
  while (!(await isSo()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What was told, once there is so much of it, and a moment in which nothing more is to come. */
async function toldAtLast(tab, count) {
  await until(async () => (await told(tab)).length >= count);
  await tab.page.waitForTimeout(50);
  return told(tab);
}

/** What the page hears when it is looked at again, comes back or is online again. */
const WAKES = ['visibilitychange', 'pageshow', 'focus', 'online'];
const wake = (tab, type) => tab.evaluate((type) => (type === 'visibilitychange' ? document : window).dispatchEvent(new Event(type, { bubbles: true })), type);

// Events and their causes

const ENDINGS = {
  'renew refresh': (client) => renew(client),
  'logout caller': (client) => client.evaluate((client) => client.logout()),
  'revoke resource': (client) => {
    server.instead['/api'] = (_, response) => response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
    return client.evaluate((client, url) => Promise.all([1, 2].map(() => client.fetch(url))).then(() => {}), `${server.origin}/api`);
  },
  'revoke server': (client) => {
    server.instead['/token'] = (_, response) => json(response, 400, { error: 'invalid_grant' });
    return renew(client);
  },
};

/** What comes before: a token that a resource refuses is renewed first (rule M7). */
const before = (event, cause) => (event === 'revoke resource' ? [`renew ${cause}`] : []);

for (const [event, run] of Object.entries(ENDINGS)) {
  for (const tokenStore of ['memory', 'local']) {
    test(`${event} is told once, frozen, with the session in ${tokenStore}`, async () => {
      const client = await signedIn(own.with({ tokenStore }));
      await run(client);
      const expected = ['login redirect', ...before(event, 'refresh'), event];
      assert.deepEqual(await toldAtLast(app, expected.length), expected);
    });
  }
}

test('a token that is of no use when it comes is told as expired by its time', async () => {
  server.instead['/token'] = (_, response) => json(response, 200, { access_token: 'AT', token_type: 'Bearer', expires_in: 0 });
  await signedIn();
  assert.deepEqual(await toldAtLast(app, 2), ['login redirect', 'expire time']);
});

test('what another tab did with the shared session is told as its doing, once each', async (t) => {
  const other = await app.newTab(t);
  await listening(own.with(LOCAL), other);
  const client = await signedIn(own.with(LOCAL));
  await until(async () => (await told(other)).length === 1);
  await renew(client);
  await until(async () => (await told(other)).length === 2);
  await client.evaluate((client) => client.logout());
  assert.deepEqual(await toldAtLast(other, 3), ['login tab', 'renew tab', 'logout tab']);
  assert.deepEqual(await told(), ['login redirect', 'renew refresh', 'logout caller']);
});

for (const event of ['revoke resource', 'revoke server']) {
  test(`${event} in one tab is the end of the shared session in the other`, async (t) => {
    const other = await app.newTab(t);
    const client = await signedIn(own.with(LOCAL));
    await untilReadable(other);
    await listening(own.with(LOCAL), other);
    await ENDINGS[event](client);
    const expected = [...before(event, 'tab'), 'logout tab'];
    assert.deepEqual([await toldAtLast(other, expected.length), await other.token(own.with(LOCAL))], [expected, null]);
  });
}

test('logout in one tab is told as another tab\'s doing where each has its own session', async (t) => {
  const other = await app.newTab(t);
  await signedIn(own.options, { tab: other });
  const client = await signedIn();
  await client.evaluate((client) => client.logout());
  assert.deepEqual(await toldAtLast(other, 2), ['login redirect', 'logout tab']);
});

test('what a listener does has its own cause, and so has what the others are told', async () => {
  const client = await signedIn();
  await client.evaluate((client) => {
    client.subscribe(({ type }) => type === 'renew' && client.logout());
    globalThis.last = [];
    client.subscribe(({ type, cause }) => last.push(`${type} ${cause}`));
  });
  await renew(client);
  assert.deepEqual(await told(), ['login redirect', 'renew refresh', 'logout caller']);
  assert.deepEqual((await app.evaluate(() => last)).sort(), ['logout caller', 'renew refresh']);
});

for (const response_type of ['code', 'token']) {
  test(`what a listener does in the middle of a change of users is told after both of its events, and ends the ${response_type}'s login`, async () => {
    const options = own.with({ response_type });
    const client = await signedIn(options);
    await client.evaluate((client) => {
      const end = client.subscribe(({ type }) => {
        if (type !== 'logout') return;
        end();
        client.logout();
      });
    });
    const { url } = await app.startLogin(options);
    const { thrown } = await app.handleRedirect(options, await own.respond(url));
    assert.deepEqual([await told(), await tokenOf(client)], [['login redirect', 'logout redirect', 'login redirect', 'logout caller'], null]);
    assert.equal(thrown?.code, 'session_ended');
  });
}

for (const tokenStore of ['memory', 'local']) {
  test(`token gives one object between two events, and another after each, in ${tokenStore}`, async () => {
    const client = await signedIn(own.with({ tokenStore }));
    const facts = await client.evaluate(async (client, wakes) => {
      const seen = [client.token()];
      client.subscribe(() => seen.push(client.token()));
      const isStill = () => {
        for (const type of wakes) dispatchEvent(new Event(type));
        return client.token() === client.token() && client.token() === seen.at(-1);
      };
      const still = [isStill()];
      for (const run of [client.renew, client.renew, client.logout]) {
        await run();
        still.push(isStill());
      }
      return { still, distinct: new Set(seen).size, frozen: seen.map(Object.isFrozen), last: seen.at(-1) };
    }, WAKES);
    assert.deepEqual(facts, { still: [true, true, true, true], distinct: 4, frozen: [true, true, true, true], last: null });
  });
}

// A store that refuses

/** From now on no session can be kept in the page's stores. */
const REFUSALS = {
  'refuses to write': (tab) =>
    tab.evaluate(() => {
      const { setItem } = Storage.prototype;
      Storage.prototype.setItem = function (key, text) {
        if (key.startsWith('claviger:session:')) throw new DOMException('No.', 'SecurityError');
        return setItem.call(this, key, text);
      };
    }),
  'is full': (tab, tokenStore) =>
    tab.evaluate((tokenStore) => {
      const storage = tokenStore === 'local' ? localStorage : sessionStorage;
      for (let size = 2 ** 22; size >= 1; size /= 2) {
        try {
          for (;;) storage.setItem(`filler ${storage.length}`, 'x'.repeat(size));
        } catch {}
      }
    }, tokenStore),
};

for (const [how, refuse] of Object.entries(REFUSALS)) {
  for (const tokenStore of ['session', 'local']) {
    test(`a ${tokenStore} store that ${how} says so once, and the session lives in memory`, async () => {
      const options = own.with({ tokenStore });
      const client = await listening(options);
      const { url } = await app.startLogin(options);
      const { arrived } = server.hold('/token');
      const outcome = app.handleRedirect(options, await own.respond(url));
      const { answer } = await arrived;
      await refuse(app, tokenStore);
      answer();
      assert.equal((await outcome).thrown, undefined);
      const token = await tokenOf(client);
      assert.ok(token);
      for (const type of WAKES) await wake(app, type);
      assert.deepEqual([await tokenOf(client), await told()], [token, ['login redirect', 'unkept store']]);
      const { status } = await client.evaluate(async (client, url) => ({ status: (await client.fetch(url)).status }), `${server.origin}/api`);
      assert.equal(status, 200);
      assert.ok((await renew(client)).value);
      assert.deepEqual(await toldAtLast(app, 3), ['login redirect', 'unkept store', 'renew refresh']);
      await own.assertNoTrace([], []);
      await app.open('/start');
      assert.equal(await app.token(options), null);
    });
  }
}

test('a session that is no longer kept is none of the shared one, but a logout reaches it', async (t) => {
  const other = await app.newTab(t);
  const options = own.with(LOCAL);
  const elsewhere = await listening(options, other);
  const client = await signedIn(options);
  await until(async () => (await told(other)).length === 1);
  await REFUSALS['refuses to write'](app);
  const { value } = await renew(client);
  // The older one is no longer good: its refresh token was used.
  assert.deepEqual([await toldAtLast(other, 2), await tokenOf(elsewhere)], [['login tab', 'logout tab'], null]);
  assert.deepEqual(sessionsIn((await readStores(app)).local), []);
  await signedIn(options, { tab: other });
  await app.page.waitForTimeout(50);
  assert.equal(await tokenOf(client), value.access_token);
  await elsewhere.evaluate((client) => client.logout());
  assert.deepEqual(await toldAtLast(app, 4), ['login redirect', 'unkept store', 'renew refresh', 'logout tab']);
  assert.equal(await tokenOf(client), null);
  const { thrown } = await client.evaluate((client, url) => settle(() => client.fetch(url)), `${server.origin}/api`);
  assert.deepEqual([thrown?.code, server.sent('/api')], ['login_required', []]);
});

test('the logout of a session that is no longer kept ends what another tab keeps, even of one that hears of nothing', async (t) => {
  const options = own.with(LOCAL);
  const client = await signedIn(options);
  await REFUSALS['refuses to write'](app);
  await renew(client);
  const sleeper = await openSleeper(t);
  const slept = await signedIn(options, { tab: sleeper });
  await untilReadable(app, sleeper);
  assert.equal(sessionsIn((await readStores(app)).local).length, 1);
  await client.evaluate((client) => client.logout());
  await untilReadable(sleeper);
  assert.deepEqual(sessionsIn((await readStores(app)).local), []);
  await wake(sleeper, 'pageshow');
  assert.deepEqual([await tokenOf(slept), await told(sleeper)], [null, ['login redirect', 'logout tab']]);
  await sleeper.open('/start');
  assert.equal(await sleeper.token(options), null);
  assert.deepEqual(await told(), ['login redirect', 'unkept store', 'renew refresh', 'logout caller']);
});

for (const tokenStore of ['session', 'local']) {
  test(`rule M8: another registration's session under this one's name is neither taken nor removed from the ${tokenStore} store`, async () => {
    const options = own.with({ tokenStore });
    await signedIn(options);
    const stores = await readStores(app);
    const [key] = sessionsIn(stores[tokenStore]);
    const record = stores[tokenStore][key];
    const changes = [['client_id=spa', 'client_id=other'], ['%2Fauthorize', '%2Felsewhere'], ['%2Fcb', '%2Felsewhere'], [/access_token=[^&]*/, 'access_token=']];
    for (const [from, to] of changes) {
      const changed = record.replace(from, to);
      assert.notEqual(changed, record, String(from));
      await app.evaluate(({ key, changed, tokenStore }) => {
        (tokenStore === 'local' ? localStorage : sessionStorage).setItem(key, changed);
        forgetClients();
      }, { key, changed, tokenStore });
      assert.equal(await app.token(options), null, to);
      assert.equal((await readStores(app))[tokenStore][key], changed, to);
    }
  });
}

// Pages that slept

/** A tab that hears of nothing that others do, as one that the browser has frozen. */
async function openSleeper(t, at = app) {
  const tab = await at.newTab(t);
  await tab.page.addInitScript(() => {
    addEventListener('storage', (event) => event.stopImmediatePropagation(), true);
    globalThis.BroadcastChannel = class {
      postMessage() {}
      close() {}
    };
  });
  await tab.open('/start');
  return tab;
}

/** What one tab wrote takes a moment until another one can read it. */
async function untilReadable(tab, from = app) {
  const sessions = async (tab) => {
    const { local } = await readStores(tab);
    return sessionsIn(local).map((key) => local[key]).join();
  };
  await until(async () => (await sessions(tab)) === (await sessions(from)));
}

for (const type of WAKES) {
  test(`rule F11: a page that slept reads the shared session again on ${type}: another tab's renewal`, async (t) => {
    const client = await signedIn(own.with(LOCAL));
    const sleeper = await openSleeper(t);
    const slept = await listening(own.with(LOCAL), sleeper);
    const old = await tokenOf(client);
    const { value } = await renew(client);
    await untilReadable(sleeper);
    assert.equal(await tokenOf(slept), old);
    server.log.length = 0;
    await wake(sleeper, type);
    assert.deepEqual([await tokenOf(slept), await told(sleeper)], [value.access_token, ['renew tab']]);
    assert.deepEqual(server.log, []);
    await slept.evaluate((client, url) => client.fetch(url).then(() => {}), `${server.origin}/api`);
    const [{ headers }] = server.log;
    assert.equal(headers.authorization, `Bearer ${value.access_token}`);
    await wake(sleeper, type);
    assert.deepEqual(await told(sleeper), ['renew tab']);
  });

  test(`rule F11: a page that slept reads the shared session again on ${type}: another tab's logout`, async (t) => {
    const client = await signedIn(own.with(LOCAL));
    const sleeper = await openSleeper(t);
    const slept = await listening(own.with(LOCAL), sleeper);
    await client.evaluate((client) => client.logout());
    await untilReadable(sleeper);
    assert.ok(await tokenOf(slept));
    server.log.length = 0;
    const { thrown } = await slept.evaluate((client, { type, url }) => {
      (type === 'visibilitychange' ? document : window).dispatchEvent(new Event(type, { bubbles: true }));
      return settle(() => client.fetch(url));
    }, { type, url: `${server.origin}/api` });
    assert.deepEqual([thrown?.code, await tokenOf(slept), await told(sleeper)], ['login_required', null, ['logout tab']]);
    assert.deepEqual(server.log, []);
  });
}

test('rule F11: a page that slept until after its token had expired hears of the renewal alone', async (t) => {
  const at = await openClientApp(t);
  const { clock } = at.app.page;
  await clock.install({ time: Date.UTC(2026, 10, 21, 12) });
  await at.app.open('/start');
  const options = at.with(LOCAL);
  const client = await signedIn(options, { tab: at.app, at });
  const sleeper = await openSleeper(t, at.app);
  const slept = await listening(options, sleeper);
  await clock.setSystemTime(Date.UTC(2026, 10, 21, 14));
  const { value } = await renew(client);
  await untilReadable(sleeper, at.app);
  await wake(sleeper, 'visibilitychange');
  assert.deepEqual([await told(sleeper), await tokenOf(slept), renewals(at.server).length], [['renew tab'], value.access_token, 1]);
});

test('rule F11: a session whose token has expired says so once, however often its page wakes', async (t) => {
  const at = await openClientApp(t);
  const { clock } = at.app.page;
  await clock.install({ time: Date.UTC(2026, 10, 21, 12) });
  await at.app.open('/start');
  const client = await signedIn(at.with(LOCAL), { tab: at.app, at });
  await clock.setSystemTime(Date.UTC(2026, 10, 21, 14));
  for (const type of [...WAKES, ...WAKES]) await wake(at.app, type);
  assert.deepEqual([await told(at.app), await tokenOf(client)], [['login redirect', 'expire time'], null]);
  assert.ok((await renew(client)).value);
  assert.deepEqual(await told(at.app), ['login redirect', 'expire time', 'renew refresh']);
});

/** A tab that went on to another page, which the browser kept the first one behind, and a client of the same session. */
async function openAndLeave(t, open) {
  const client = await signedIn(own.with(LOCAL));
  const left = await open(t);
  await listening(own.with(LOCAL), left);
  await left.evaluate(() => (globalThis.isKept = true));
  await left.open('/elsewhere');
  return { client, left };
}

test('rule F11: a page from the back/forward cache has what another tab has renewed meanwhile', async (t) => {
  const { client, left } = await openAndLeave(t, openSleeper);
  const { value } = await renew(client);
  await untilReadable(left);
  await left.page.goBack({ waitUntil: 'commit' });
  assert.equal(await left.evaluate(() => globalThis.isKept), true, 'the browser kept the page');
  assert.equal((await left.token(own.with(LOCAL)))?.access_token, value.access_token);
  assert.deepEqual([await told(left), renewals().length], [['renew tab'], 1]);
});

for (const [kind, open] of [['hears of nothing', openSleeper], ['hears of it, if the browser keeps it', (t) => app.newTab(t)]]) {
  test(`rule F11: a page that comes back after a logout in another tab is signed out: one that ${kind}`, async (t) => {
    const { client, left } = await openAndLeave(t, open);
    await client.evaluate((client) => client.logout());
    await untilReadable(left);
    await left.page.goBack({ waitUntil: 'commit' });
    await left.page.waitForFunction(() => globalThis.clientFor);
    if (open === openSleeper) assert.equal(await left.evaluate(() => globalThis.isKept), true, 'the browser kept the page');
    const { thrown } = await left.evaluate(([options, url]) => settle(async () => (await clientFor(options)).fetch(url)), [own.with(LOCAL), `${server.origin}/api`]);
    assert.deepEqual([thrown?.code, server.sent('/api'), await left.token(own.with(LOCAL))], ['login_required', [], null]);
  });
}

// Many at once

test('rule T3: fifty pages whose token is to be renewed at the same moment make one request, and all have the new token', async () => {
  const options = own.with({ ...LOCAL, autoRenew: true, renewAt: 0.1 });
  await app.evaluate(async (options) => {
    globalThis.clientsOfFrames = await Promise.all(
      Array.from({ length: 50 }, () => {
        const frame = document.createElement('iframe');
        frame.src = '/start';
        document.body.append(frame);
        return new Promise((resolve) => (frame.onload = () => resolve(frame.contentWindow.clientFor(options))));
      }),
    );
    globalThis.toldInFrames = clientsOfFrames.map((client) => {
      const told = [];
      client.subscribe(({ type, cause }) => told.push(`${type} ${cause}`));
      return told;
    });
  }, options);
  server.instead['/token'] = (_, response) => {
    delete server.instead['/token'];
    json(response, 200, { access_token: 'AT-1', token_type: 'Bearer', expires_in: 30, refresh_token: 'RT' });
  };
  const { url } = await app.startLogin(options);
  const { value } = await app.handleRedirect(options, await own.respond(url));
  assert.equal(value?.token.access_token, 'AT-1');
  server.instead['/token'] = (_, response) => json(response, 200, { access_token: `AT-${renewals().length + 1}`, token_type: 'Bearer', expires_in: 3600, refresh_token: 'RT-2' });
  const tokens = () => app.evaluate(() => clientsOfFrames.map((client) => client.token()?.access_token));
  await until(async () => (await tokens()).every((token) => token === 'AT-2'));
  assert.deepEqual([new Set(await tokens()), renewals().length], [new Set(['AT-2']), 1]);
  const said = await app.evaluate(() => toldInFrames.map((told) => told.join()));
  assert.deepEqual(said.filter((told) => !/^login tab,renew (tab|refresh)$/.test(told)), []);
  assert.ok(said.filter((told) => told.endsWith('refresh')).length <= 1);
});

// Pages that were killed in the middle of a login

/** For an init script: what both stores hold before and after each step that changes one of them or the address. */
function watchSteps() {
  const steps = (globalThis.steps = []);
  const note = (name) => steps.push({ name, url: location.href, session: { ...sessionStorage }, local: { ...localStorage } });
  for (const [prototype, name] of [[Storage.prototype, 'setItem'], [Storage.prototype, 'removeItem'], [History.prototype, 'replaceState']]) {
    const original = prototype[name];
    prototype[name] = function (...values) {
      note(`before ${name}`);
      const outcome = original.apply(this, values);
      note(`after ${name}`);
      return outcome;
    };
  }
}

/** Loads a page whose script never runs. */
async function withoutScript(tab, load) {
  await tab.page.route('**/in-page.js*', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  await load();
  await tab.page.unroute('**/in-page.js*');
}

/** Ends a page at once, and opens the next one: in the same tab where that one alone has the login's record. */
async function kill(t, tab, { stateStore }) {
  if (stateStore === 'local') {
    await tab.page.close();
    return app.newTab(t);
  }
  // The browser may keep a page that is left, but none that is loaded again.
  await withoutScript(tab, () => tab.page.reload());
  await tab.open('/start');
  return tab;
}

/** The start of an application whose page was killed: no error, no session, and neither code nor token anywhere. */
async function assertClean(tab, options) {
  const client = await listening(options, tab);
  assert.deepEqual([await tab.handleRedirect(options), await tokenOf(client), await told(tab)], [{ value: null }, null, []]);
  assert.ok(!JSON.stringify(await readStores(tab)).includes(SECRET));
}

/** The response is taken once, and then known as used. */
async function assertUsableOnce(tab, options, response) {
  const { value } = await tab.handleRedirect(options, response);
  assert.ok(value?.token);
  await tab.evaluate(() => forgetClients());
  await assertUsed(tab, options, response);
}

async function assertUsed(tab, options, response) {
  assert.equal((await tab.handleRedirect(options, response)).thrown?.code, 'state_replayed');
  assert.ok(!JSON.stringify(await readStores(tab)).includes('code_verifier'));
}

for (const response_type of ['code', 'token']) {
  for (const stateStore of ['session', 'local']) {
    const begin = async (t) => {
      const options = own.with({ response_type, stateStore });
      const tab = await app.newTab(t);
      const { url } = await tab.startLogin(options);
      return { options, tab, url };
    };
    const name = `${response_type}, stateStore ${stateStore}`;

    test(`a page killed after the record was stored leaves a login that can be finished, once: ${name}`, async (t) => {
      const { options, tab, url } = await begin(t);
      const next = await kill(t, tab, options);
      await assertClean(next, options);
      assert.equal(Object.keys(await readRecords(next, stateStore)).length, 1);
      await assertUsableOnce(next, options, await own.respond(url));
      assert.deepEqual(app.messages, []);
    });

    test(`a page killed before its script has seen the response leaves a login that can be finished, once: ${name}`, async (t) => {
      const { options, tab, url } = await begin(t);
      const response = await own.respond(url);
      await withoutScript(tab, () => tab.open(response));
      const next = await kill(t, tab, options);
      await assertClean(next, options);
      assert.deepEqual(server.sent('/token'), []);
      await assertUsableOnce(next, options, response);
    });

    test(`a page killed at any step of its stores and its address leaves a login that is neither lost nor used twice: ${name}`, async (t) => {
      const options = own.with({ response_type, stateStore });
      const tab = await app.newTab(t);
      await tab.page.addInitScript(watchSteps);
      await tab.open('/start');
      const { url } = await tab.startLogin(options);
      const beginning = await tab.evaluate(() => steps);
      await tab.open(await own.respond(url));
      assert.ok((await tab.handleRedirect(options)).value);
      const end = await tab.evaluate(() => steps);
      assert.ok(beginning.length && end.some(({ name }) => name === 'after replaceState'));

      const start = async ({ session, local }) => {
        await tab.evaluate(({ session, local }) => {
          [sessionStorage, localStorage].forEach((storage) => storage.clear());
          Object.assign(sessionStorage, session);
          Object.assign(localStorage, local);
        }, { session, local });
        await tab.open('/start');
        await assertClean(tab, options);
      };
      for (const step of beginning) {
        await start(step);
        const again = await tab.startLogin(options);
        assert.ok((await tab.handleRedirect(options, await own.respond(again.url))).value);
      }
      const outcomes = [];
      for (const step of end) {
        await start(step);
        const { thrown } = await tab.handleRedirect(options, await own.respond(url));
        outcomes.push(thrown?.code ?? 'signed in');
        await tab.evaluate(() => forgetClients());
        await assertUsed(tab, options, await own.respond(url));
        // What was used is so before the response leaves the address; where other tabs see the login, the response leaves
        // first, because its turn may be long in coming.
        if (step.name === 'before replaceState') assert.equal(thrown?.code, stateStore === 'session' ? 'state_replayed' : undefined);
        if (thrown) assert.ok(!JSON.stringify(step).includes('code_verifier'), step.name);
      }
      assert.match(outcomes.join(), /^(signed in,)+state_replayed(,state_replayed)*$/);
    });
  }
}

for (const stateStore of ['session', 'local']) {
  for (const tokenStore of ['memory', 'local']) {
    test(`a page killed in the middle of its exchange leaves nothing, and the code is sent once: stateStore ${stateStore}, tokenStore ${tokenStore}`, async (t) => {
      const options = own.with({ stateStore, tokenStore });
      const tab = await app.newTab(t);
      const { url } = await tab.startLogin(options);
      const response = await own.respond(url);
      const held = server.hold('/token');
      await tab.open(response);
      await tab.evaluate((options) => void clientFor(options).then((client) => client.handleRedirect()), options);
      const { answer } = await held.arrived;
      assert.equal((await tab.place()).url, options.redirect_uri);
      await own.assertNoTrace(['code_verifier'], [], tab);
      const next = await kill(t, tab, options);
      await held.givenUp();
      // Too late for anybody.
      answer();
      await assertClean(next, options);
      await assertUsed(next, options, response);
      assert.equal(exchanges().length, 1);
      const again = await next.startLogin(options);
      assert.ok((await next.handleRedirect(options, await own.respond(again.url))).value);
    });

    test(`a page killed after its login starts again as its tokenStore says, and takes the response no more: stateStore ${stateStore}, tokenStore ${tokenStore}`, async (t) => {
      const options = own.with({ stateStore, tokenStore });
      const tab = await app.newTab(t);
      const { url } = await tab.startLogin(options);
      const response = await own.respond(url);
      await tab.open(response);
      const { value } = await tab.handleRedirect(options);
      const next = await kill(t, tab, options);
      const kept = tokenStore === 'local' ? value.token : null;
      assert.deepEqual([await next.handleRedirect(options), await next.token(options)], [{ value: null }, kept]);
      await assertUsed(next, options, response);
      assert.deepEqual([await next.token(options), exchanges().length], [kept, 1]);
    });
  }
}
