// Storage that fails, that somebody else wrote into, and what a login costs of it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { CSP, eachEntry, knowsCodes, openApp, OPTIONS, response, useApp } from './harness/page.mjs';
import { countStorage, readRecords, readStores, takeOperations, writeStore } from './harness/store.mjs';

const JUNK = ['', 'null', '{}', '[]', '{"v":1}', 'v=1', 'v=2&state=x', 'used=1', 'v=1&used=x', '%', '\u0000\uffff', '\ud800', 'v=1&v=1', 'x'.repeat(100_000)];
const STORES = ['session', 'local'];
const optionsFor = (stateStore) => ({ ...OPTIONS, stateStore });

eachEntry((entry) => {
  const app = useApp({ entry, init: [countStorage] });

  const recordOf = async (state, store) => {
    const records = await readRecords(app, store);
    return Object.keys(records).find((key) => records[key].includes(`state=${state}`));
  };

  /** Fills a storage down to the last character; gives all that is in it then. */
  const fill = (store) => app.evaluate((store) => {
    const storage = store === 'local' ? localStorage : sessionStorage;
    for (let length = 2 ** 22; length >= 1; ) {
      try {
        storage.setItem(`fill${length}`, (storage.getItem(`fill${length}`) ?? '') + 'x'.repeat(length));
      } catch {
        length = Math.floor(length / 2);
      }
    }
    return { ...storage };
  }, store);

  for (const store of STORES) {
    const options = optionsFor(store);

    test(`rule A6: ${store}: a full store refuses a login, and loses none`, async () => {
      const first = await app.startLogin(options);
      await writeStore(app, { own: 'value' }, store);
      const before = await fill(store);
      const { thrown } = await app.startLogin(options);
      assert.equal(thrown?.code, 'storage_unavailable');
      assert.deepEqual((await readStores(app))[store], before);
      assert.equal((await app.receive(response(first.state), options)).value?.token.access_token, 'AT');
      assert.equal((await app.receive(response(first.state), options)).thrown?.code, 'state_replayed');
    });

    test(`${store}: a login that finds no room pushes none out of the 32`, async () => {
      const states = [];
      for (let count = 0; count < 32; count++) {
        states.push((await app.startLogin(options)).state);
      }
      const before = await fill(store);
      // As large as it may be, so that it fits into no place of a record.
      const { thrown } = await app.startLogin(options, { login: { appState: 'x'.repeat(60_000) } });
      assert.equal(thrown?.code, 'storage_unavailable');
      assert.deepEqual((await readStores(app))[store], before);
      assert.ok((await app.receive(response(states[0]), options)).value);
    });

    test(`${store}: cleared between redirect and return, the response is unknown, and the next login works`, async () => {
      const { state } = await app.startLogin(options);
      await app.evaluate(() => [sessionStorage, localStorage].forEach((storage) => storage.clear()));
      const next = await app.startLogin(options);
      assert.equal((await app.receive(response(state), options)).thrown?.code, 'unknown_state');
      assert.equal((await app.place()).url, OPTIONS.redirect_uri);
      assert.ok((await app.receive(response(next.state), options)).value);
    });

    test(`rule S1: ${store}: junk in the place of a record is no login; it goes, and the others stay`, async () => {
      const other = await app.startLogin(options);
      for (const junk of JUNK) {
        const { state } = await app.startLogin(options);
        const key = await recordOf(state, store);
        await writeStore(app, { [key]: junk }, store);
        assert.equal((await app.receive(response(state), options)).thrown?.code, 'unknown_state', junk.slice(0, 20));
        assert.equal((await app.place()).url, OPTIONS.redirect_uri);
        assert.ok(!(key in (await readRecords(app, store))), `${JSON.stringify(junk.slice(0, 20))} is gone`);
      }
      assert.ok((await app.receive(response(other.state), options)).value);
    });

    test(`${store}: a NUL that somebody put into a record brings nothing into the answer`, async () => {
      const unscoped = { ...options, scope: undefined };
      const { state } = await app.startLogin(unscoped, { login: { appState: 1 } });
      const key = await recordOf(state, store);
      const record = (await readRecords(app, store))[key];
      await writeStore(app, { [key]: record.replace('app_state=1', 'app_state=1%00scope%00all') }, store);
      const { value, thrown } = await app.receive(response(state), unscoped);
      // Its appState is no JSON any more, so it is nobody's.
      assert.deepEqual([value, thrown?.code, thrown?.appState], [undefined, 'unknown_state', undefined]);
    });

    test(`${store}: another login's record in the place of a record is no login`, async () => {
      const [one, two] = [await app.startLogin(options), await app.startLogin(options)];
      const [key, other] = [await recordOf(one.state, store), await recordOf(two.state, store)];
      await writeStore(app, { [key]: (await readRecords(app, store))[other] }, store);
      assert.equal((await app.receive(response(one.state), options)).thrown?.code, 'unknown_state');
      assert.ok((await app.receive(response(two.state), options)).value);
    });

    test(`rule S4: ${store}: a login takes a bounded number of operations with 0 and with 1,000 abandoned ones, on keys of its own`, async () => {
      const measure = async () => {
        await takeOperations(app);
        const { state } = await app.startLogin(options);
        const started = await takeOperations(app);
        await app.arrive(response(state));
        await takeOperations(app);
        assert.ok((await app.handleRedirect(options)).value);
        return { started, finished: await takeOperations(app) };
      };
      await writeStore(app, Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`own${at}`, 'value'])), store);
      const first = await measure();
      await app.evaluate(async (options) => {
        const client = await clientFor(options);
        for (let count = 0; count < 1000; count++) {
          await client.authorizationUrl();
        }
      }, options);
      const last = await measure();
      const names = ({ started, finished }) => [started, finished].map((operations) => operations.map(([name]) => name));
      const all = [first, last].flatMap(({ started, finished }) => [...started, ...finished]);
      assert.deepEqual(all.filter(([, key]) => !key?.startsWith('claviger:')), []);
      const keys = Object.keys((await readStores(app))[store]);
      // Where tabs share the store, a response is looked at before it is claimed.
      const looked = store === 'local' && knowsCodes(entry) ? ['getItem'] : [];
      // One write; and no more reads than there are places, until an empty one is found.
      assert.deepEqual(names(first), [['getItem', 'setItem'], [...looked, 'getItem', 'setItem']]);
      assert.deepEqual(names(last), [[...Array(32).fill('getItem'), 'setItem'], [...looked, 'getItem', 'setItem']]);
      assert.ok(keys.filter((key) => key.startsWith('claviger:')).length <= 32);
      assert.equal(keys.filter((key) => key.startsWith('own')).length, 100);
    });
  }

  /** Pages whose storage is refused, by the browser itself or as older webviews do it. */
  const REFUSED = [
    // A page in a sandbox has an origin of nobody's, and the browser gives such a one no storage.
    ['blocked by the browser', { headers: { 'Content-Security-Policy': `${CSP.replaceAll("'self'", 'https://app.example')}; sandbox allow-scripts` } }],
    ['absent', { init: [() => ['sessionStorage', 'localStorage'].forEach((name) => Object.defineProperty(globalThis, name, { get: () => null }))] }],
    ['a getter that throws', {
      init: [() => ['sessionStorage', 'localStorage'].forEach((name) => Object.defineProperty(globalThis, name, {
        get() { throw new DOMException('Access is denied for this document.', 'SecurityError'); },
      }))],
    }],
    ['methods that throw', {
      init: [() => ['getItem', 'setItem', 'removeItem'].forEach((name) => {
        Storage.prototype[name] = () => { throw new DOMException('The operation is insecure.', 'SecurityError'); };
      })],
    }],
  ];
  for (const [how, served] of REFUSED) {
    test(`storage that is refused, ${how}: a typed error, and a clean address bar`, async (t) => {
      const app = await openApp(t, { entry, ...served });
      await app.open('/start');
      for (const options of STORES.map(optionsFor)) {
        const { thrown } = await app.startLogin(options);
        assert.deepEqual([thrown?.code, thrown?.name], ['storage_unavailable', 'OAuthError']);
        assert.deepEqual(await app.handleRedirect(options), { value: null });
        const handled = await app.receive(response('A'.repeat(43)), options);
        assert.equal(handled.thrown?.code, 'storage_unavailable');
        assert.equal((await app.place()).url, OPTIONS.redirect_uri);
      }
    });
  }

  test('rule S2: a store that refuses to keep the trace of a used login gives the record up', async () => {
    const { state } = await app.startLogin();
    await app.arrive(response(state));
    await app.evaluate(() => {
      Storage.prototype.setItem = () => { throw new DOMException('Full.', 'QuotaExceededError'); };
    });
    assert.ok((await app.handleRedirect()).value);
    assert.deepEqual(await readRecords(app), {});
  });
});
