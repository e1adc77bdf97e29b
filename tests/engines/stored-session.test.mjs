// A session that outlives its page or is shared by tabs, by the engine's own stores and channels.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { openApp, until } from './harness/app.mjs';
import { events, listen, told } from './harness/events.mjs';

async function reload(app) {
  await app.evaluate(() => {
    globalThis.isLeft = true;
    setTimeout(() => location.reload());
  });
  await until(app, () => !globalThis.isLeft && document.readyState === 'complete' && typeof clientFor === 'function');
}

// What each store gives after a reload, and in another tab.
for (const [tokenStore, here, there] of [['memory'], ['session', 'AT'], ['local', 'AT', 'AT']]) {
  test(`tokenStore ${tokenStore}: after a reload the session is ${here ? 'there again' : 'forgotten'}, and in another tab it is ${there ? 'the same' : 'none'}`, async (t) => {
    const app = await openApp(t);
    const options = { ...app.options, tokenStore };
    const { value } = await app.signIn(options);
    assert.equal(value?.token.access_token, 'AT');
    await reload(app);
    const again = await app.token(options);
    assert.deepEqual(again, here ? value.token : null);
    const other = await app.newTab(t);
    assert.equal((await other.token(options))?.access_token, there);
  });
}

test('attack 07: tabs that share a store: a login in one is one in all, and so is a logout', async (t) => {
  const app = await openApp(t);
  const other = await app.newTab(t);
  const options = { ...app.options, tokenStore: 'local' };
  for (const tab of [app, other]) await listen(tab, options);
  assert.ok((await app.signIn(options)).value);
  await told(other, 'login by tab');
  assert.deepEqual(await other.token(options), await app.token(options));
  await other.evaluate(async (options) => (await clientFor(options)).logout(), options);
  await told(app, 'logout by tab');
  assert.deepEqual([await app.token(options), await other.token(options)], [null, null]);
  assert.deepEqual([await events(app), await events(other)], [['login by redirect', 'logout by tab'], ['login by tab', 'logout by caller']]);
});
