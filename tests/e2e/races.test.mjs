// What is said to happen once, or at most so often, with several tabs at the same instant, again and again.
import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { useClientApp } from './harness/authorization-server.mjs';
import { readRecords, seesLogin } from './harness/store.mjs';

const TABS = 6;
const ROUNDS = 50;
const EVENTS = 10_000;

const own = useClientApp();
let app;
let server;
beforeEach(() => ({ app, server } = own));

const renewals = () => server.sent('/token').filter(({ refresh_token }) => refresh_token);

/** A tab's client, which writes down what it is told in `globalThis.told`. */
async function listening(tab, options) {
  const client = await tab.client(options);
  await client.evaluate((client) => {
    globalThis.told = [];
    client.subscribe(({ type }) => told.push(type));
  });
  return client;
}

async function signIn(options) {
  const { url } = await app.startLogin(options);
  assert.equal((await app.handleRedirect(options, await own.respond(url))).thrown, undefined);
}

test(`rule T3: ${TABS} tabs that renew at the same instant send one request, ${ROUNDS} times`, async (t) => {
  const options = own.with({ tokenStore: 'local' });
  const tabs = [app];
  while (tabs.length < TABS) tabs.push(await app.newTab(t));
  const clients = await Promise.all(tabs.map((tab) => listening(tab, options)));
  await signIn(options);
  for (const tab of tabs) await tab.page.waitForFunction(() => told.includes('login'));
  for (let round = 1; round <= ROUNDS; round++) {
    // By the clock of the machine, which all tabs have.
    const start = Date.now() + 50;
    const outcomes = await Promise.all(
      clients.map((client) =>
        client.evaluate(async (client, start) => {
          while (Date.now() < start) await new Promise((resolve) => setTimeout(resolve, 1));
          await client.renew();
          return client.token().access_token;
        }, start),
      ),
    );
    const [first] = outcomes;
    assert.deepEqual(outcomes, outcomes.map(() => first), `round ${round}`);
    assert.equal(renewals().length, round, `round ${round}`);
  }
  const sent = renewals().map(({ refresh_token }) => refresh_token);
  assert.equal(new Set(sent).size, ROUNDS, 'no refresh token was sent twice');
  for (const tab of tabs) {
    assert.deepEqual(await tab.evaluate(() => told.filter((type) => type !== 'renew')), ['login']);
  }
});

test(`rule S4: of three tabs that start a login at the same instant none takes the place of another's, ${ROUNDS} times`, async (t) => {
  const options = own.with({ stateStore: 'local' });
  const tabs = [app, await app.newTab(t), await app.newTab(t)];
  const clients = await Promise.all(tabs.map((tab) => tab.client(options)));
  for (let round = 1; round <= ROUNDS; round++) {
    const start = Date.now() + 50;
    const started = await Promise.all(
      clients.map((client) =>
        client.evaluate(async (client, start) => {
          while (Date.now() < start) await new Promise((resolve) => setTimeout(resolve, 1));
          return (await client.authorizationUrl()).href;
        }, start),
      ),
    );
    for (const url of started) await seesLogin(app, new URL(url));
  }
  assert.ok(Object.keys(await readRecords(app, 'local')).length <= 32);
});

test(`${EVENTS} storage events change nothing, send nothing and are told to nobody`, async () => {
  const options = own.with({ tokenStore: 'local' });
  const client = await listening(app, options);
  await signIn(options);
  const before = server.log.length;
  const seen = await client.evaluate(async (client, count) => {
    const token = client.token().access_token;
    const keys = [...Object.keys(localStorage), 'other', null];
    for (let at = 0; at < count; at++) {
      const key = keys[at % keys.length];
      window.dispatchEvent(new StorageEvent('storage', { key, newValue: key && localStorage.getItem(key), storageArea: localStorage }));
      // The page goes on in between, as it does between real ones.
      if (at % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    return { state: client.state(), same: client.token().access_token === token, told, kept: Object.keys(localStorage).length === keys.length - 2 };
  }, EVENTS);
  assert.deepEqual(seen, { state: 'signed-in', same: true, told: ['login'], kept: true });
  assert.equal(server.log.length, before);
});
