// What a client takes of its page while it has nothing to do, and while it has: channels, keys and timers.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { json, openClientApp } from './harness/authorization-server.mjs';
import { readStores } from './harness/store.mjs';
import { comingBackTo, openPopup, outcome, WINDOWS } from './harness/windows.mjs';

/** For an init script: what is open and what is to run, in `globalThis.channels` and `globalThis.timers`. */
function count() {
  globalThis.channels = new Set();
  globalThis.BroadcastChannel = class extends BroadcastChannel {
    constructor(name) {
      super(name);
      channels.add(this);
    }
    close() {
      super.close();
      channels.delete(this);
    }
  };
  globalThis.timers = new Set();
  const { setTimeout, setInterval } = globalThis;
  globalThis.setTimeout = (run, ...values) => {
    const timer = setTimeout((...given) => {
      timers.delete(timer);
      run(...given);
    }, ...values);
    timers.add(timer);
    return timer;
  };
  globalThis.setInterval = (...values) => {
    const timer = setInterval(...values);
    timers.add(timer);
    return timer;
  };
  for (const name of ['clearTimeout', 'clearInterval']) {
    const clear = globalThis[name];
    globalThis[name] = (timer) => {
      timers.delete(timer);
      clear(timer);
    };
  }
}

async function open(t) {
  const own = await openClientApp(t, { ...WINDOWS, init: [count] });
  await own.app.open('/start');
  const { app } = own;
  return Object.assign(own, {
    taken: () => app.evaluate(() => [channels.size, timers.size]),
    /** What ends a moment later has ended. */
    idle: () => app.page.waitForFunction(() => timers.size === 0, undefined, { timeout: 5_000 }),
    sessions: async () => {
      const { session, local } = await readStores(app);
      return Object.keys({ ...session, ...local }).filter((key) => key.startsWith('claviger:session:')).length;
    },
  });
}

// Before a login only a client that shares a session listens.
for (const [tokenStore, channels, sessions] of [['memory', 0, 0], ['session', 0, 1], ['local', 1, 1]]) {
  test(`a session in ${tokenStore} takes one channel and ${sessions || 'no'} key, and no timer while nobody is signed in`, async (t) => {
    const own = await open(t);
    const options = own.with({ tokenStore, autoRenew: true });
    await own.app.client(options);
    assert.deepEqual([await own.taken(), await own.sessions()], [[channels, 0], 0]);
    const client = await own.signedIn(options);
    await client.evaluate((client) => client.renew().then(() => {}));
    assert.deepEqual([(await own.taken())[0], await own.sessions()], [1, sessions]);
    await client.evaluate((client) => client.logout());
    await own.idle();
    // Tabs that share a session learn from what stays that there was a logout; it holds no token.
    assert.deepEqual([await own.taken(), await own.sessions()], [[1, 0], tokenStore === 'local' ? 1 : 0]);
    await own.assertNoTrace([], []);
  });
}

test('a popup and a frame leave no channel of their own and no timer', async (t) => {
  const own = await open(t);
  const options = comingBackTo('/callback', own);
  const popup = await openPopup(own.app, options);
  assert.equal((await own.taken())[0], 2, 'its own, and that by which other tabs say that they log out');
  await popup.click('#deny', { noWaitAfter: true });
  assert.equal((await outcome(own.app)).thrown?.code, 'authorization_error');
  await own.idle();
  assert.deepEqual(await own.taken(), [1, 0]);

  options.server.authorization_endpoint = `${own.server.origin}/authorize`;
  own.server.instead['/token'] = (_, response) => json(response, 400, { error: 'invalid_grant' });
  const client = await own.app.client(options);
  const { thrown } = await client.evaluate((client) => settle(() => client.renew()));
  assert.equal(thrown?.code, 'token_error');
  await own.idle();
  // Of either client.
  assert.deepEqual(await own.taken(), [2, 0]);
});
