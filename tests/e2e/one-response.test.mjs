// One response in two tabs: where they see the same logins, one of them takes it.
import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { useClientApp } from './harness/authorization-server.mjs';
import { seesLogin } from './harness/store.mjs';

const own = useClientApp();
let app;
let server;
beforeEach(() => ({ app, server } = own));

const ROUNDS = 50;
const local = (more) => own.with({ stateStore: 'local', ...more });
const tokenOf = (tab, options) => tab.evaluate(async (options) => (await clientFor(options)).token()?.access_token ?? null, options);

for (const response_type of ['code', 'token']) {
  test(`rule M16: of two tabs that get one response at the same instant, one takes it: ${response_type}`, async (t) => {
    const options = local({ response_type });
    const tabs = [app, await app.newTab(t)];
    for (let round = 0; round < ROUNDS; round++) {
      const { url } = await app.startLogin(options);
      await seesLogin(tabs[1], url);
      const response = await own.respond(url);
      const outcomes = await Promise.all(tabs.map((tab) => tab.handleRedirect(options, response)));
      assert.deepEqual(outcomes.map(({ value, thrown }) => (value ? 'signed in' : thrown?.code)).sort(), ['signed in', 'state_replayed']);
      const tokens = await Promise.all(tabs.map((tab) => tokenOf(tab, options)));
      assert.equal(tokens.filter(Boolean).length, 1);
      await Promise.all(tabs.map((tab) => tab.evaluate(async (options) => (await clientFor(options)).logout(), options)));
    }
    assert.equal(server.sent('/token').length, response_type === 'code' ? ROUNDS : 0);
  });
}

test('rule M16: the address is clean before the response waits for its turn', async () => {
  const { url } = await app.startLogin(local());
  await app.open(await own.respond(url));
  const shown = await app.evaluate(async (options) => {
    const client = await clientFor(options);
    const outcome = client.handleRedirect();
    const shown = location.href;
    return [shown, Boolean(await outcome)];
  }, local());
  assert.deepEqual(shown, [own.options.redirect_uri, true]);
});

for (const [where, response_type] of [['this tab', 'code'], ['this tab', 'token'], ['another tab', 'code'], ['another tab', 'token']]) {
  test(`rule M16: who signs out in ${where} while a response waits for its turn is signed in by nobody: ${response_type}`, async (t) => {
    const options = local({ response_type, tokenStore: 'local' });
    const other = await app.newTab(t);
    await other.client(options);
    const { url } = await app.startLogin(options);
    await app.evaluate(() => {
      const { request } = LockManager.prototype;
      LockManager.prototype.request = function (...given) {
        return new Promise((resolve) => (globalThis.goOn = () => resolve(request.apply(this, given))));
      };
    });
    const outcome = app.handleRedirect(options, await own.respond(url));
    await app.evaluate(async () => {
      while (!globalThis.goOn) await new Promise((resolve) => setTimeout(resolve, 10));
    });
    const leaving = where === 'this tab' ? app : other;
    await leaving.evaluate(async (options) => (await clientFor(options)).logout(), options);
    await app.page.waitForTimeout(100);
    await app.evaluate(() => goOn());
    assert.equal((await outcome).thrown?.code, 'session_ended');
    assert.deepEqual([await tokenOf(app, options), await tokenOf(other, options)], [null, null]);
  });
}

for (const response_type of ['code', 'token']) {
  test(`rule M11: who gives up while a response waits for its turn is not signed in, and the login stays: ${response_type}`, async () => {
    const options = local({ response_type });
    const { url } = await app.startLogin(options);
    const response = await own.respond(url);
    const given = await app.evaluate(async ({ options, response }) => {
      const { request } = LockManager.prototype;
      let goOn;
      const isAsked = new Promise((resolve) => {
        LockManager.prototype.request = function (...given) {
          resolve();
          return new Promise((run) => (goOn = () => run(request.apply(this, given))));
        };
      });
      const client = await clientFor(options);
      const giving = new AbortController();
      const outcome = settle(() => client.handleRedirect(response, { signal: giving.signal }));
      await isAsked;
      giving.abort();
      const { thrown } = await outcome;
      await new Promise((resolve) => setTimeout(resolve, 50));
      LockManager.prototype.request = request;
      goOn();
      await new Promise((resolve) => setTimeout(resolve, 300));
      forgetClients();
      return [thrown?.name, client.token()];
    }, { options, response });
    assert.deepEqual(given, ['AbortError', null]);
    assert.deepEqual(server.sent('/token'), []);
    assert.ok((await app.handleRedirect(options, response)).value, 'the login stays');
  });
}

test('a platform without Web Locks takes a response all the same', async () => {
  await app.evaluate(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
  const { url } = await app.startLogin(local());
  const { value } = await app.handleRedirect(local(), await own.respond(url));
  assert.ok(value.token);
});

test('a tab that keeps the turn to itself costs the response, signs nobody in, and leaves the login', async (t) => {
  const holder = await app.newTab(t);
  const { url } = await app.startLogin(local());
  const response = await own.respond(url);
  const keep = () => {
    const { request } = LockManager.prototype;
    LockManager.prototype.request = function (name, ...given) {
      return request.call(this, name, ...given.slice(0, -1), () => new Promise(() => {}));
    };
  };
  await holder.evaluate(keep);
  // It has the turn, and never uses it.
  const kept = holder.handleRedirect(local(), response);
  kept.catch(() => {});
  await holder.page.waitForTimeout(100);
  const { thrown } = await app.handleRedirect(local(), response);
  assert.equal(thrown?.code, 'state_replayed');
  assert.deepEqual([await tokenOf(app, local()), server.sent('/token')], [null, []]);
});
