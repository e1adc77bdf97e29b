// Logins under way beside each other: of several tabs, of several clients, and many of one client.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { eachEntry, openApp, OPTIONS, response, useApp } from './harness/page.mjs';
import { readRecords, readStores } from './harness/store.mjs';

const LOCAL = { ...OPTIONS, stateStore: 'local' };
const OTHER = { ...OPTIONS, client_id: 'other' };

eachEntry((entry) => {
  const app = useApp({ entry });

  test('rule S7: two tabs: a login comes back in its own tab alone', async (t) => {
    const other = await app.newTab(t);
    const here = await app.startLogin();
    const there = await other.startLogin();
    const { thrown } = await other.receive(response(here.state));
    assert.equal(thrown?.code, 'unknown_state');
    for (const [tab, { state }] of [[app, here], [other, there]]) {
      assert.equal((await tab.receive(response(state))).value?.token.access_token, 'AT');
    }
  });

  test('rule S2: two tabs: with stateStore local a login comes back in either, once', async (t) => {
    const other = await app.newTab(t);
    const [here, there] = [await app.startLogin(LOCAL), await other.startLogin(LOCAL)];
    for (const [tab, { state }] of [[other, here], [app, there]]) {
      assert.equal((await tab.receive(response(state), LOCAL)).value?.token.access_token, 'AT');
    }
    assert.equal((await app.receive(response(here.state), LOCAL)).thrown?.code, 'state_replayed');
    assert.equal(await app.token(LOCAL), null);
    assert.equal((await other.token(LOCAL)).access_token, 'AT', 'the session of the tab that has it stays');
  });

  test('rule S7: several logins at once finish in any order', async () => {
    const logins = [];
    for (const options of [OPTIONS, OTHER, LOCAL, OPTIONS]) {
      logins.push({ options, ...(await app.startLogin(options, { login: { appState: logins.length } })) });
    }
    for (const { options, state } of logins.reverse()) {
      const { value } = await app.receive(response(state), options);
      assert.equal(logins.find((login) => login.state === state).url.searchParams.get('client_id'), options.client_id);
      assert.equal(value?.appState, logins.length - 1 - logins.findIndex((login) => login.state === state));
    }
  });

  test('rule S4: at most 32 logins of a client are under way; the oldest goes first', async () => {
    const other = await app.startLogin(OTHER);
    // Which is the oldest is known to the second.
    await app.evaluate(() => {
      let now = Date.now();
      Date.now = () => (now += 1000);
    });
    const states = [];
    for (let count = 0; count < 33; count++) {
      states.push((await app.startLogin()).state);
    }
    // A tab has 32 places, of which another client's login keeps its own.
    assert.equal(Object.keys(await readRecords(app)).length, 32);
    for (const state of states.slice(0, 2)) assert.equal((await app.receive(response(state))).thrown?.code, 'unknown_state');
    for (const [state, options] of [[states[2], OPTIONS], [states[32], OPTIONS], [other.state, OTHER]]) {
      assert.ok((await app.receive(response(state), options)).value);
    }
  });

  test('rule S4: three tabs that start 20 logins each at once keep at most 32', async (t) => {
    const tabs = [app, await app.newTab(t), await app.newTab(t)];
    for (let round = 0; round < 10; round++) {
      await app.evaluate(() => localStorage.clear());
      await Promise.all(tabs.map((tab) => tab.evaluate(async (options) => {
        const client = await clientFor(options);
        await Promise.all(Array.from({ length: 20 }, () => client.authorizationUrl()));
      }, LOCAL)));
      assert.ok(Object.keys(await readRecords(app, 'local')).length <= 32);
    }
    const { state } = await app.startLogin(LOCAL);
    assert.ok((await app.receive(response(state), LOCAL)).value, 'the next one works');
  });

  test('rule S7: a record of another client is left to that client, which finishes the login', async () => {
    const { state } = await app.startLogin(OTHER);
    const before = await readStores(app);
    assert.equal((await app.receive(response(state))).thrown?.code, 'state_wrong_client');
    assert.equal((await app.place()).url, OPTIONS.redirect_uri);
    assert.deepEqual(await readStores(app), before);
    assert.equal((await app.handleRedirect(OTHER)).value?.token.access_token, 'AT');
    assert.deepEqual([await app.token(), (await app.token(OTHER)).access_token], [null, 'AT']);
    assert.equal(await app.evaluate(() => Symbol.for('claviger') in globalThis), false, 'nothing waits any more');
  });

  test("another client's response that nobody takes leaves the window after a minute", async (t) => {
    const app = await openApp(t, { entry });
    await app.page.clock.install();
    await app.open('/start');
    const { state } = await app.startLogin(OTHER);
    await app.arrive(response(state));
    assert.equal((await app.handleRedirect()).thrown?.code, 'state_wrong_client');
    const isHeld = () => app.evaluate(() => Symbol.for('claviger') in globalThis);
    await app.page.clock.runFor(59_000);
    assert.equal(await isHeld(), true);
    await app.page.clock.runFor(2_000);
    assert.equal(await isHeld(), false);
  });

  test('a held response does not stand in the way of a later one', async () => {
    const held = await app.startLogin(OTHER);
    const { state } = await app.startLogin();
    assert.equal((await app.receive(response(held.state))).thrown?.code, 'state_wrong_client');
    await app.evaluate((url) => location.assign(url), response(state, { token: 'LATER' }));
    assert.equal((await app.handleRedirect()).value?.token.access_token, 'LATER');
    assert.equal((await app.place()).url, OPTIONS.redirect_uri);
  });
});
