// A session in a store of the page's own, which answers at once, later, or never.
import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { SECRET, useClientApp } from './harness/authorization-server.mjs';

/**
 * In each page: options whose tokenStore is `{ kind }` get a store of that kind. All of them but IndexedDB keep their
 * texts in localStorage, behind `own:`. `globalThis.trouble` has, by the function's name, what it does instead.
 */
function makeStores() {
  const database = () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open('own', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('texts');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const inDatabase = async (mode, run) => {
    const opened = await database();
    try {
      return await new Promise((resolve, reject) => {
        const request = run(opened.transaction('texts', mode).objectStore('texts'));
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    } finally {
      opened.close();
    }
  };
  const plain = {
    get: (name) => localStorage.getItem(`own:${name}`),
    set: (name, text) => localStorage.setItem(`own:${name}`, text),
    remove: (name) => localStorage.removeItem(`own:${name}`),
  };
  const after = (milliseconds) => async (run) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return run();
  };
  class Own {
    #kept = plain;
    get(name) { return this.#kept.get(name); }
    set(name, text) { this.#kept.set(name, text); }
    remove(name) { this.#kept.remove(name); }
  }
  const ways = { 'a sync': (run) => run(), 'an async': async (run) => run(), 'a slow': after(200) };
  globalThis.calls = [];
  const storeOf = ({ kind }) => {
    if (kind === "a class's") return new Own();
    const kept = kind !== 'an IndexedDB' ? plain : {
      get: (name) => inDatabase('readonly', (texts) => texts.get(name)),
      set: (name, text) => inDatabase('readwrite', (texts) => texts.put(text, name)),
      remove: (name) => inDatabase('readwrite', (texts) => texts.delete(name)),
    };
    const way = ways[kind] ?? ((run) => run());
    const entries = Object.entries(kept).map(([name, run]) => [name, (...given) => {
      calls.push(name);
      const instead = globalThis.trouble?.[name];
      return instead ? TROUBLES[instead](() => run(...given)) : way(() => run(...given));
    }]);
    return Object.fromEntries(entries);
  };
  const TROUBLES = {
    throws: () => { throw new Error('No.'); },
    rejects: () => Promise.reject(new Error('No.')),
    hangs: () => new Promise(() => {}),
    'waits until it is told': (run) => new Promise((resolve) => (globalThis.goOn = () => resolve(run()))),
    'gives a number': () => 7,
    'gives an object': () => ({ toString: () => 'v=2' }),
    'gives an empty text': () => '',
    'gives junk': () => 'v=2&server=x&%',
  };
  let loaded;
  Object.defineProperty(globalThis, 'claviger', {
    get: () => loaded,
    set: (loading) => {
      loaded = loading.then((all) => ({
        ...all,
        createClient: (options) => all.createClient(options.tokenStore?.kind ? { ...options, tokenStore: storeOf(options.tokenStore) } : options),
      }));
    },
  });
}

const own = useClientApp({ init: [makeStores] });
let app;
let server;
beforeEach(() => {
  ({ app, server } = own);
  return app.evaluate(() => new Promise((resolve) => Object.assign(indexedDB.deleteDatabase('own'), { onsuccess: resolve, onerror: resolve })));
});

const withStore = (kind, more) => own.with({ tokenStore: { kind }, ...more });
const renew = (client) => client.evaluate((client) => settle(() => client.renew()));
const logout = (client) => client.evaluate((client) => settle(() => client.logout()));
const tokenOf = (client) => client.evaluate((client) => client.token()?.access_token ?? null);
const stateOf = (client) => client.evaluate((client) => client.state());
const trouble = (tab, troubles) => tab.evaluate((troubles) => (globalThis.trouble = troubles), troubles);
const renewals = () => server.sent('/token').filter(({ refresh_token }) => refresh_token);

/** A client that writes down what it is told from now on, in `globalThis.told`. */
async function listening(options, tab = app) {
  const client = await tab.client(options);
  await client.evaluate((client) => {
    globalThis.told = [];
    client.subscribe(({ type, cause }) => told.push(`${type} ${cause}`));
  });
  return client;
}

/** Signs in without a navigation. */
async function signIn(options, tab = app) {
  const { url } = await tab.startLogin(options);
  return tab.handleRedirect(options, await own.respond(url));
}

async function signedIn(options, tab = app) {
  const client = await listening(options, tab);
  assert.equal((await signIn(options, tab)).thrown, undefined);
  return client;
}

const told = (tab = app) => tab.evaluate(() => globalThis.told);

/** Waits until something is so, or for ten seconds. */
async function until(isSo) {
  const end = performance.now() + 10_000;
  while (!(await isSo()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What the stores of the page's own have: names and texts. */
const kept = (tab = app) =>
  tab.evaluate(async () => {
    const texts = Object.entries({ ...localStorage }).map(([name, text]) => [name.replace('own:', ''), text]);
    const databases = (await indexedDB.databases()).filter(({ name }) => name === 'own');
    if (!databases.length) return texts;
    return new Promise((resolve) => {
      const request = indexedDB.open('own');
      request.onsuccess = () => {
        const store = request.result.transaction('texts').objectStore('texts');
        const [names, all] = [store.getAllKeys(), store.getAll()];
        all.onsuccess = () => {
          resolve([...texts, ...names.result.map((name, at) => [name, all.result[at]])]);
          request.result.close();
        };
      };
    });
  });

for (const how of ['a sync', 'an async', 'a slow', 'an IndexedDB', "a class's"]) {
  test(`rule M14: ${how} store keeps a session over a reload`, async () => {
    const options = withStore(how);
    const client = await signedIn(options);
    const [[name, record], ...others] = await kept();
    assert.deepEqual([others, name.startsWith('claviger:session:')], [[], true]);
    assert.ok(record.includes(`${SECRET}RT`), 'the session was there when handleRedirect was fulfilled');
    const { value } = await renew(client);
    assert.ok((await kept())[0][1].includes(value.access_token), 'the new token was there when renew was fulfilled');
    await app.open('/start');
    const again = await listening(options);
    assert.deepEqual([await tokenOf(again), await stateOf(again)], [value.access_token, 'signed-in']);
    assert.ok((await renew(again)).value);
    assert.deepEqual(await logout(again), { value: undefined });
    const left = await kept();
    assert.ok(!JSON.stringify(left).includes(SECRET), 'the tokens were gone when logout was fulfilled');
    assert.deepEqual(await told(), ['renew refresh', 'logout caller']);
    await app.open('/start');
    assert.equal(await app.token(options), null);
  });
}

test('rule M14: with a slow store the session is there when the client is, and ready when it was renewed', async () => {
  const options = withStore('a slow', { autoRenew: true });
  await signedIn(options);
  await app.evaluate(() => {
    for (const [name, text] of Object.entries({ ...localStorage })) {
      localStorage.setItem(name, text.replace(/granted_at=\d+&expires_at=\d+/, 'granted_at=1000&expires_at=2000'));
    }
  });
  await app.open('/start');
  const client = await app.client(options);
  const seen = await client.evaluate(async (client) => {
    const first = client.state();
    await client.ready;
    return [first, client.state()];
  });
  assert.deepEqual(seen, ['renewing', 'signed-in']);
  assert.equal(renewals().length, 1);
});

for (const what of ['throws', 'rejects', 'hangs', 'gives a number', 'gives an object', 'gives an empty text', 'gives junk']) {
  test(`rule M14: a store that ${what} is no yes`, async () => {
    const options = withStore('an async');
    await signedIn(options);
    const before = await kept();
    await app.open('/start');
    await trouble(app, { get: what });
    const client = await listening(options);
    assert.deepEqual([await tokenOf(client), await stateOf(client)], [null, 'signed-out']);
    assert.deepEqual(await kept(), before, 'what could not be read is left');
    // The login works all the same.
    assert.equal((await signIn(options)).thrown, undefined);
    assert.ok(await tokenOf(client));
    assert.deepEqual(await told(), ['login redirect']);
    assert.deepEqual(await logout(client), { value: undefined });
    assert.ok(!JSON.stringify(await kept()).includes(SECRET), 'a logout removes what it could not read, too');
  });
}

for (const what of ['throws', 'rejects', 'hangs']) {
  test(`a store whose set ${what} says so once, and the session lives in memory`, async () => {
    const options = withStore('an async');
    const client = await signedIn(options);
    await trouble(app, { set: what });
    const { value } = await renew(client);
    assert.equal(await tokenOf(client), value.access_token);
    // The older one is no longer good: its refresh token was used.
    assert.deepEqual(await kept(), []);
    assert.ok((await renew(client)).value);
    // The renewal writes first that it is under way.
    const first = what === 'hangs' ? ['renew refresh', 'unkept store'] : ['unkept store', 'renew refresh'];
    assert.deepEqual(await told(), ['login redirect', ...first, 'renew refresh']);
    await app.open('/start');
    assert.equal(await app.token(options), null);
  });

  test(`a logout that a store does not confirm, because its remove ${what}, says so, and forgets here`, async () => {
    const options = withStore('an async');
    const client = await signedIn(options);
    await trouble(app, { set: 'rejects', remove: what });
    const { thrown } = await logout(client);
    assert.deepEqual([thrown?.code, thrown?.message], [
      'storage_unavailable',
      'The session was forgotten here, but the store did not confirm that it removed it; remove it there, or the next page may find it.',
    ]);
    assert.equal(await tokenOf(client), null);
    assert.ok(JSON.stringify(await kept()).includes(SECRET), 'the store has it still');
    await trouble(app, undefined);
    assert.deepEqual(await logout(client), { value: undefined });
    assert.deepEqual(await kept(), []);
  });
}

test('what a store writes after it was given up does not outlive the logout', async () => {
  const options = withStore('an async');
  const client = await signedIn(options);
  await trouble(app, { set: 'waits until it is told' });
  assert.ok((await renew(client)).value);
  assert.deepEqual(await logout(client), { value: undefined });
  assert.deepEqual(await kept(), []);
  await app.evaluate(() => goOn());
  await until(async () => (await app.evaluate(() => calls.at(-1))) === 'remove' && (await kept()).length === 0);
  assert.deepEqual(await kept(), []);
});

test('a store is asked for one thing at a time', async () => {
  const options = withStore('a slow');
  const client = await signedIn(options);
  const most = await client.evaluate(async (client) => {
    const seen = calls.length;
    await Promise.all([client.renew(), client.renew(), client.logout()].map((outcome) => outcome.catch(() => {})));
    return calls.slice(seen);
  });
  assert.match(most.join(' '), /^(get( set| remove)? ?)+$/);
});

for (const how of ['a sync', 'an IndexedDB']) {
  test(`rule M14: ${how} store is one for all tabs: a login, a renewal and a logout in one are one in all`, async (t) => {
    const options = withStore(how);
    const other = await app.newTab(t);
    const elsewhere = await listening(options, other);
    const client = await signedIn(options);
    await until(async () => (await tokenOf(elsewhere)) !== null);
    const renewed = await Promise.all([renew(client), renew(elsewhere)]);
    assert.deepEqual(renewed.map(({ thrown }) => thrown?.message), [undefined, undefined]);
    assert.equal(renewed[0].value.access_token, renewed[1].value.access_token);
    assert.equal(renewals().length, 1);
    await until(async () => (await told(other)).length === 2);
    assert.deepEqual(await logout(elsewhere), { value: undefined });
    await until(async () => (await told()).length === 3);
    assert.equal(await tokenOf(client), null);
    for (const [tab, last] of [[app, 'logout tab'], [other, 'logout caller']]) {
      const heard = await told(tab);
      assert.deepEqual([heard.map((it) => it.split(' ')[0]), heard.at(-1)], [['login', 'renew', 'logout'], last]);
    }
  });
}

test('rule M17: a logout whose trace can be read only after the word of it is heard all the same', async (t) => {
  const options = withStore('a sync');
  const client = await signedIn(options);
  const other = await app.newTab(t);
  const elsewhere = await listening(options, other);
  await app.evaluate(() => {
    const { getItem } = Storage.prototype;
    const before = { ...localStorage };
    Storage.prototype.getItem = function (name) { return before[name] ?? getItem.call(this, name); };
    globalThis.arrive = () => {
      Storage.prototype.getItem = getItem;
      dispatchEvent(new StorageEvent('storage', { key: 'own:' }));
    };
  });
  assert.deepEqual(await logout(elsewhere), { value: undefined });
  await app.page.waitForTimeout(500);
  assert.notEqual(await tokenOf(client), null);
  await app.evaluate(() => arrive());
  await until(async () => (await tokenOf(client)) === null);
  assert.equal(await tokenOf(client), null);
  assert.equal((await told()).at(-1), 'logout tab');
});

test('rule M14: what another tab wrote meanwhile is heard before it is written over', async (t) => {
  const options = withStore('an async');
  const client = await signedIn(options);
  const other = await app.newTab(t);
  const elsewhere = await listening(options, other);
  await until(async () => (await tokenOf(elsewhere)) !== null);
  // This tab hears of nothing, as one that was frozen.
  await app.evaluate(() => (BroadcastChannel.prototype.dispatchEvent = () => true));
  await app.evaluate(() => addEventListener('message', (event) => event.stopImmediatePropagation(), true));
  const { arrived } = server.hold('/token');
  const outcome = renew(client);
  const { answer } = await arrived;
  await trouble(app, { get: 'waits until it is told' });
  answer();
  await until(() => app.evaluate(() => Boolean(globalThis.goOn)));
  assert.deepEqual(await logout(elsewhere), { value: undefined });
  await trouble(app, undefined);
  // Chromium lets a tab read what another has removed from localStorage a moment later.
  await until(async () => !JSON.stringify(await kept()).includes(SECRET));
  await app.evaluate(() => goOn());
  assert.equal((await outcome).thrown?.code, 'session_ended');
  assert.equal(await tokenOf(client), null);
  assert.equal((await told()).at(-1), 'logout tab');
  await until(async () => !JSON.stringify(await kept()).includes(SECRET));
  assert.ok(!JSON.stringify(await kept()).includes(SECRET), 'nothing signs in after the logout');
  await app.open('/start');
  assert.equal(await app.token(options), null);
});

test('a function that a page has added to Object.prototype makes no store', async () => {
  const outcome = await app.evaluate(async (options) => {
    for (const name of ['get', 'set', 'remove']) Object.prototype[name] = () => 'v=2';
    try {
      const { createClient } = await claviger;
      return await settle(() => createClient({ ...options, tokenStore: {} }).then(() => {}));
    } finally {
      for (const name of ['get', 'set', 'remove']) delete Object.prototype[name];
    }
  }, own.options);
  assert.equal(outcome.thrown?.type, 'TypeError');
  assert.match(outcome.thrown.message, /^tokenStore must be /);
});

for (const what of ['a Map', 'a Storage', 'no functions', 'no remove', 'an array']) {
  test(`${what} is no store`, async () => {
    const outcome = await app.evaluate(async ({ options, what }) => {
      const stores = {
        'a Map': new Map(),
        'a Storage': sessionStorage,
        'no functions': { get: 1, set: 2, remove: 3 },
        'no remove': { get() {}, set() {} },
        'an array': [],
      };
      const { createClient } = await claviger;
      return settle(() => createClient({ ...options, tokenStore: stores[what] }).then(() => {}));
    }, { options: own.options, what });
    assert.equal(outcome.thrown?.type, 'TypeError');
  });
}
