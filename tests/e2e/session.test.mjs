// The session in a page: the copy of its token, who is told of it, and its end.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { eachEntry, knowsCodes, openApp, OPTIONS, response, useApp } from './harness/page.mjs';

const OTHER = { ...OPTIONS, client_id: 'other' };

/** In the page: writes down the events of a client, in `globalThis.events`. */
function listen(client) {
  globalThis.events = [];
  client.subscribe((event) => globalThis.events.push(event.type));
}

eachEntry((entry) => {
  const app = useApp({ entry });
  const events = (tab = app) => tab.evaluate(() => globalThis.events);

  test('token gives the same frozen copy for as long as the token is the same', async () => {
    const client = await app.client();
    assert.equal(await client.evaluate((client) => client.token()), null);
    const { value } = await app.signIn(OPTIONS, { more: '&scope=read' });
    const facts = await client.evaluate((client) => {
      const token = client.token();
      let isRefused = false;
      try {
        Object.defineProperty(token, 'access_token', { value: 'changed' });
      } catch {
        isRefused = true;
      }
      return { token, isRefused, isFrozen: Object.isFrozen(token), isSame: client.token() === token, isPlain: Object.getPrototypeOf(token) === Object.prototype };
    });
    assert.deepEqual(facts, { token: value.token, isRefused: true, isFrozen: true, isSame: true, isPlain: true });
    assert.deepEqual(Object.keys(value.token).sort(), ['access_token', 'expires_at', 'scope', 'token_type']);
    await app.signIn(OPTIONS, { token: 'NEXT' });
    assert.equal((await app.token()).access_token, 'NEXT');
  });

  test('the redirect is frozen, and holds the token that token gives', async () => {
    const { state } = await app.startLogin(OPTIONS, { login: { appState: 1 } });
    const client = await app.client();
    const facts = await client.evaluate(async (client, url) => {
      const redirect = await client.handleRedirect(url);
      return [Object.isFrozen(redirect), redirect.token === client.token(), Object.keys(redirect).sort()];
    }, response(state));
    assert.deepEqual(facts, [true, true, ['appState', 'token']]);
  });

  test('listeners are told of login and logout, and of nothing that failed', async () => {
    const client = await app.client();
    await client.evaluate(listen);
    await client.evaluate((client) => client.logout());
    await app.handleRedirect(OPTIONS, response('attacker'));
    assert.deepEqual(await events(), []);
    await app.signIn();
    await client.evaluate((client) => client.logout());
    assert.deepEqual(await events(), ['login', 'logout']);
    assert.equal(await app.token(), null);
  });

  test('rule M4: a login over another session is told as that one\'s logout first, with the new token there', async () => {
    const client = await app.signedIn();
    await client.evaluate((client) => {
      globalThis.told = [];
      client.subscribe(({ type }) => told.push([type, client.token()?.access_token]));
    });
    await app.signIn(OPTIONS, { token: 'NEXT' });
    assert.deepEqual(await app.evaluate(() => told), [['logout', 'NEXT'], ['login', 'NEXT']]);
  });

  test("logout forgets this client's token, and no other's", async () => {
    await app.signedIn(OTHER);
    const client = await app.signedIn();
    await client.evaluate((client) => client.logout());
    assert.deepEqual([await app.token(), (await app.token(OTHER)).access_token], [null, 'AT']);
  });

  test('logout tells the server nothing', async () => {
    const client = await app.signedIn({ ...OPTIONS, server: { ...OPTIONS.server, revocation_endpoint: 'https://as.example/revoke' } });
    const before = app.requests.length;
    await client.evaluate((client) => client.logout());
    assert.deepEqual([app.requests.slice(before), await app.token()], [[], null]);
  });

  test('each subscription ends once and for itself', async () => {
    const client = await app.client();
    await client.evaluate((client) => {
      globalThis.events = [];
      const listener = ({ type }) => globalThis.events.push(type);
      globalThis.ends = [client.subscribe(listener), client.subscribe(listener)];
    });
    await app.signIn();
    assert.deepEqual(await events(), ['login', 'login']);
    assert.equal(await app.evaluate(() => [ends[0](), ends[0]()].every((value) => value === undefined)), true);
    await app.signIn();
    assert.deepEqual(await events(), ['login', 'login', 'logout', 'login']);
    await app.evaluate(() => ends[1]());
    await app.signIn();
    assert.equal((await events()).length, 4);
  });

  test('a listener may subscribe and unsubscribe while it is told', async () => {
    const client = await app.client();
    await client.evaluate((client) => {
      globalThis.events = [];
      const end = client.subscribe(() => {
        globalThis.events.push('first');
        end();
        client.subscribe(() => globalThis.events.push('late'));
      });
      client.subscribe(() => globalThis.events.push('second'));
    });
    await app.signIn();
    assert.deepEqual(await events(), ['first', 'second']);
    await client.evaluate((client) => client.logout());
    assert.deepEqual(await events(), ['first', 'second', 'second', 'late']);
  });

  test("a listener's error is reported as unhandled, and disturbs nobody else", async () => {
    const client = await app.client();
    const reported = client.evaluate((client) => {
      client.subscribe(() => { throw new RangeError('own'); });
      globalThis.events = [];
      client.subscribe(({ type }) => globalThis.events.push(type));
      return new Promise((resolve) => {
        for (const type of ['error', 'unhandledrejection']) {
          addEventListener(type, (event) => {
            event.preventDefault();
            resolve(String(event.error ?? event.reason));
          });
        }
      });
    });
    const { value } = await app.signIn();
    assert.equal(value?.token.access_token, 'AT');
    assert.equal(await reported, 'RangeError: own');
    assert.deepEqual(await events(), ['login']);
  });

  test('a listener that is no function is a TypeError', async () => {
    const client = await app.client();
    for (const listener of [undefined, null, {}, 'text']) {
      const { thrown } = await client.evaluate((client, listener) => settle(() => client.subscribe(listener)), listener);
      assert.deepEqual([thrown?.type, thrown?.message], ['TypeError', 'listener must be a function.']);
    }
  });

  // With a clock that the tests turn.

  async function openWithClock(t) {
    const app = await openApp(t, { entry });
    const { clock } = app.page;
    const start = Date.UTC(2026, 10, 21, 12);
    // Opening takes its time, and the clock can not be paused in the past.
    await clock.install({ time: start - 60_000 });
    await app.open('/start');
    await clock.pauseAt(start);
    const client = await app.client();
    await client.evaluate(listen);
    return { app, client, pass: (seconds) => clock.runFor(seconds * 1000), clock, start: start / 1000 };
  }

  test('rule F5: a session ends 30 seconds before its token, and says so once', async (t) => {
    const { app, client, pass, start } = await openWithClock(t);
    const { value } = await app.signIn();
    assert.equal(value.token.expires_at, start + 3600);
    await pass(3569);
    assert.deepEqual([await events(app), (await app.token())?.access_token], [['login'], 'AT']);
    await pass(1);
    assert.deepEqual([await events(app), await app.token()], [['login', 'expire'], null]);
    await pass(7200);
    const { thrown } = await client.evaluate((client) => settle(() => client.fetch('/api/me')));
    assert.equal(thrown?.code, 'token_expired');
    assert.deepEqual(await events(app), ['login', 'expire']);
  });

  test('rule F11: a session that outlasts the longest timer ends when it should', async (t) => {
    const { app, pass } = await openWithClock(t);
    await app.signIn(OPTIONS, { seconds: 60 * 86400 });
    await pass(60 * 86400 - 31);
    assert.deepEqual([await events(app), (await app.token())?.access_token], [['login'], 'AT']);
    await pass(1);
    assert.deepEqual(await events(app), ['login', 'expire']);
  });

  test('rule P11: a token that has expired already says so once, and a huge or unknown end is none', async (t) => {
    const { app, pass } = await openWithClock(t);
    await app.signIn(OPTIONS, { seconds: 0 });
    await pass(60);
    assert.deepEqual([await events(app), await app.token()], [['login', 'expire'], null]);
    for (const seconds of ['9'.repeat(40), '']) {
      await app.signIn(OPTIONS, { seconds });
      await pass(86400);
      assert.equal((await app.token())?.access_token, 'AT');
    }
    // Of a session that was over nobody has to hear that another one took its place.
    assert.deepEqual(await events(app), ['login', 'expire', 'login', 'logout', 'login']);
  });

  test('an earlier session ends no later one, and logout ends the wait', async (t) => {
    const { app, client, pass } = await openWithClock(t);
    await app.signIn(OPTIONS, { seconds: 100 });
    await app.signIn(OPTIONS, { seconds: 1000 });
    await pass(500);
    assert.deepEqual(await events(app), ['login', 'logout', 'login']);
    await client.evaluate((client) => client.logout());
    await pass(1000);
    assert.deepEqual(await events(app), ['login', 'logout', 'login', 'logout']);
  });

  test('a clock that was set ahead is noticed with the next call', async (t) => {
    const { app, client, clock, start } = await openWithClock(t);
    await app.signIn();
    await clock.setSystemTime((start + 4000) * 1000);
    assert.equal(await app.token(), null);
    const { thrown } = await client.evaluate((client) => settle(() => client.fetch('/api/me')));
    assert.equal(thrown?.code, 'token_expired');
  });

  for (const [way, seconds] of [['back', -86400], ['ahead', 86400]]) {
    test(`a clock that is set a day ${way} during a login makes its response expired, and the next login is a new one`, async (t) => {
      const { app, clock, start } = await openWithClock(t);
      const { state } = await app.startLogin();
      await clock.setSystemTime((start + seconds) * 1000);
      assert.equal((await app.receive(response(state))).thrown?.code, 'state_expired');
      await app.signIn();
      assert.equal((await app.token())?.access_token, 'AT');
    });
  }

  if (knowsCodes(entry)) {
    for (const type of ['visibilitychange', 'pageshow', 'focus', 'online']) {
      test(`rule F11: a session that ended while the page slept says so on ${type}, once`, async (t) => {
        const { app, client, clock, start } = await openWithClock(t);
        const wake = () => app.evaluate((type) => (type === 'visibilitychange' ? document : window).dispatchEvent(new Event(type, { bubbles: true })), type);
        await wake();
        await app.signIn();
        await clock.setSystemTime((start + 3569) * 1000);
        await wake();
        assert.deepEqual([await events(app), (await app.token())?.access_token], [['login'], 'AT']);
        await clock.setSystemTime((start + 3570) * 1000);
        await wake();
        await wake();
        assert.deepEqual([await events(app), await app.token()], [['login', 'expire'], null]);
        await client.evaluate((client) => client.logout());
        await wake();
        assert.deepEqual(await events(app), ['login', 'expire', 'logout']);
      });
    }

    test('rule F11: a clock that was set back makes the page look again, and the end comes when it should', async (t) => {
      const { app, pass, clock, start } = await openWithClock(t);
      await app.signIn();
      await clock.setSystemTime((start - 1000) * 1000);
      await app.evaluate(() => window.dispatchEvent(new Event('focus')));
      await pass(4569);
      assert.deepEqual(await events(app), ['login']);
      await pass(1);
      assert.deepEqual(await events(app), ['login', 'expire']);
    });

    test('rule F10: a token that expired is revoked by no late refusal', async (t) => {
      const { app, client, pass } = await openWithClock(t);
      await app.world.context.route('**/api/late', async (route) => {
        await app.world.asked?.();
        await route.fulfill({ status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
      });
      await app.signIn();
      let answer;
      app.world.asked = () => new Promise((resolve) => (answer = resolve));
      const asked = app.page.waitForRequest('**/api/late');
      await client.evaluate((client) => void (globalThis.late = client.fetch('/api/late')));
      await asked;
      await pass(3600);
      while (!answer) await new Promise((resolve) => setTimeout(resolve, 5));
      answer();
      assert.equal(await app.evaluate(async () => (await globalThis.late).status), 401);
      assert.deepEqual(await events(app), ['login', 'expire']);
    });
  }
});
