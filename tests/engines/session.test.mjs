// The end of a session by the engine's own timers and channels, and storage that the engine refuses.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ENTRIES, response } from '../e2e/harness/page.mjs';
import { openApp, until } from './harness/app.mjs';

/** From now on the events of the page's client are in `globalThis.events`. */
const listen = (app, options) =>
  app.evaluate(async (options) => {
    globalThis.events = [];
    (await clientFor(options)).subscribe(({ type }) => void globalThis.events.push(type));
  }, options);
const events = (app) => app.evaluate(() => globalThis.events);
const logout = (app, options) => app.evaluate(async (options) => (await clientFor(options)).logout(), options);

for (const entry of ENTRIES) {
  test(`rule F5: ${entry}: a session ends by itself when its token can't be sent any more, and says so once`, async (t) => {
    const app = await openApp(t, { entry });
    await listen(app, app.options);
    const { value } = await app.signIn(app.options, { seconds: 12 });
    await until(app, () => globalThis.events.includes('expire'));
    // A tenth of its life before.
    assert.ok(value.token.expires_at - Date.now() / 1000 <= 1);
    assert.equal(await app.token(app.options), null);
    const { thrown } = await app.evaluate((options) => settle(async () => (await clientFor(options)).fetch('/api/me')), app.options);
    assert.equal(thrown?.code, 'token_expired');
    assert.deepEqual(await events(app), ['login', 'expire']);
  });

  test(`${entry}: a login may come back in another tab, once, with stateStore local`, async (t) => {
    const app = await openApp(t, { entry });
    const other = await app.newTab(t);
    const options = { ...app.options, stateStore: 'local' };
    const { state } = await app.startLogin(options);
    const url = response(state, options);
    assert.equal((await other.receive(url, options)).value?.token.access_token, 'AT');
    assert.equal((await app.receive(url, options)).thrown?.code, 'state_replayed');
    const session = await app.startLogin(app.options);
    assert.equal((await other.receive(response(session.state, app.options), app.options)).thrown?.code, 'unknown_state');
  });

  test(`${entry}: storage that the engine refuses is an error that says so, and the address bar is clean`, async (t) => {
    // A page in a sandbox has an origin of nobody's, and such a one has no storage.
    const app = await openApp(t, { entry, headers: { 'Content-Security-Policy': 'sandbox allow-scripts' } });
    for (const stateStore of ['session', 'local']) {
      const options = { ...app.options, stateStore };
      assert.equal((await app.startLogin(options)).thrown?.code, 'storage_unavailable');
      await app.open('/start');
      await app.open(response('A'.repeat(43), app.options));
      const { thrown } = await app.handleRedirect(options);
      assert.deepEqual([thrown?.code, thrown?.name], ['storage_unavailable', 'OAuthError']);
      assert.equal((await app.place()).url, app.options.redirect_uri);
    }
  });
}

test('attack 07: a logout in one tab is one in all tabs', async (t) => {
  const app = await openApp(t);
  const other = await app.newTab(t);
  for (const tab of [app, other]) {
    await listen(tab, app.options);
    assert.ok((await tab.signIn(app.options)).value);
  }
  await logout(other, app.options);
  await until(app, () => globalThis.events.includes('logout'));
  assert.deepEqual([await app.token(app.options), await other.token(app.options)], [null, null]);
  assert.deepEqual([await events(app), await events(other)], [['login', 'logout'], ['login', 'logout']]);
});
