// What becomes of a session with OpenID Connect: renewals, stores, windows, UserInfo, and the ways back to the provider.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { json } from './harness/authorization-server.mjs';
import { keyRequests, useOpenIdApp } from './harness/openid-provider.mjs';
import { readStores } from './harness/store.mjs';
import { PATHS, WINDOWS, comingBackTo, follow, openPopup, outcome, told } from './harness/windows.mjs';

const at = useOpenIdApp(WINDOWS);

async function signIn(options = at.options, details) {
  const { url } = await at.app.startLogin(options, details);
  const { value, thrown } = await at.app.handleRedirect(options, await at.respond(url.href.replace('/sign-in', '/authorize')));
  assert.equal(thrown, undefined, thrown?.stack);
  return value;
}

/** Calls a method of the client's, and gives its outcome. */
const call = (options, method, ...args) =>
  at.app.evaluate(({ options, method, args }) => settle(async () => (await clientFor(options))[method](...args)), { options, method, args });

const facts = (options) =>
  at.app.evaluate(async (options) => {
    const client = await clientFor(options);
    await client.ready;
    return { token: client.token()?.access_token ?? null, sub: client.claims()?.sub ?? null, idToken: client.idToken(), state: client.state() };
  }, options);

/** Writes down a client's events from now on. */
const listen = async (options) => (await at.app.client(options)).evaluate(follow);

for (const response_type of ['id_token', 'id_token token']) {
  test(`rule M4: another user in a popup is told as a logout and a login: ${response_type}`, async () => {
    const options = comingBackTo('/callback', at, { response_type });
    for (const user of ['ada', 'grace']) {
      at.server.user = user;
      const popup = await openPopup(at.app, options);
      await popup.locator('#allow').click();
      assert.equal((await outcome(at.app)).value?.claims.sub, user);
    }
    // Each popup is opened with one listener more, whose events are those of the last one.
    assert.deepEqual([...new Set(await told(at.app))].map((event) => event.split(' ')[0]), ['logout', 'login']);
  });
}

describe('rule I26: a renewal', () => {
  test('without an ID token keeps the old one', async () => {
    await signIn();
    const before = await facts(at.options);
    await listen(at.options);
    at.server.change = () => null;
    assert.equal((await call(at.options, 'renew')).thrown, undefined);
    const after = await facts(at.options);
    assert.notEqual(after.token, before.token);
    assert.equal(after.idToken, before.idToken);
    assert.deepEqual(await told(at.app), ['renew refresh']);
  });

  test('takes a new one of the same user, with the nonce of the login or none', async () => {
    for (const repeatsNonce of [false, true]) {
      at.server.change = () => {};
      const { url } = await at.app.startLogin(at.options);
      await at.app.handleRedirect(at.options, await at.respond(url));
      const { idToken } = await facts(at.options);
      at.server.change = (claims) => void (repeatsNonce && (claims.nonce = url.searchParams.get('nonce')));
      const { thrown } = await call(at.options, 'renew');
      assert.equal(thrown, undefined, thrown?.stack);
      assert.notEqual((await facts(at.options)).idToken, idToken);
    }
  });

  for (const [code, change] of [
    ['subject_mismatch', (claims) => void (claims.sub = 'eve')],
    ['nonce_mismatch', (claims) => void (claims.nonce = 'x'.repeat(43))],
    ['id_token_audience_mismatch', (claims) => void (claims.aud = 'other')],
  ]) {
    test(`with ${code} is refused, told so, and the session stays`, async () => {
      await signIn();
      const before = await facts(at.options);
      const client = await at.app.client(at.options);
      await client.evaluate((client) => client.subscribe(({ type, error }) => (globalThis.heard = [type, error?.code])));
      at.server.change = change;
      const { thrown } = await call(at.options, 'renew');
      assert.deepEqual([thrown?.code, thrown?.name], [code, 'OAuthError']);
      assert.deepEqual(await facts(at.options), before);
      assert.deepEqual(await at.app.evaluate(() => globalThis.heard), ['renewal-failed', code]);
    });
  }
});

describe('rule I26, M4: a silent frame', () => {
  const framed = (more) => comingBackTo('/callback', at, { script: 'allow.click()', tokenStore: 'session', ...more });

  for (const response_type of ['code', 'id_token token', 'id_token']) {
    test(`${response_type}: the same user goes on, with a fresh nonce, and another one is refused`, async () => {
      const options = framed({ response_type });
      at.server.grantsNoRefresh = true;
      await signIn(options);
      const before = await facts(options);
      await listen(options);
      const { thrown } = await call(options, 'renew');
      assert.equal(thrown, undefined, thrown?.stack);
      const after = await facts(options);
      assert.notEqual(after.idToken, before.idToken);
      assert.equal(after.sub, 'ada');
      assert.deepEqual(await told(at.app), ['renew frame']);
      const asked = at.server.log.filter(({ path }) => path.startsWith('/authorize')).map(({ path }) => new URL(path, 'http://localhost').searchParams);
      assert.deepEqual(asked.map((query) => query.get('prompt')), [null, 'none']);
      assert.notEqual(asked[0].get('nonce'), asked[1].get('nonce'));
      assert.ok(asked.every((query) => query.getAll('nonce').length === 1 && !query.has('required_acr')));

      at.server.user = 'eve';
      const refused = await call(options, 'renew');
      assert.equal(refused.thrown?.code, 'subject_mismatch');
      assert.deepEqual(await facts(options), after);
      assert.deepEqual(await told(at.app), ['renew frame', 'renewal-failed frame']);
    });
  }

  test('another user who signs in by himself is told as logout, then login', async () => {
    await signIn();
    await listen(at.options);
    at.server.user = 'eve';
    assert.equal((await signIn()).claims.sub, 'eve');
    assert.deepEqual(await told(at.app), ['logout redirect', 'login redirect']);
  });
});

for (const path of PATHS) {
  for (const response_type of ['code', 'id_token token', 'id_token']) {
    test(`rule I2: a popup at ${path} signs in with ${response_type}`, async () => {
      const options = comingBackTo(path, at, { response_type });
      const popup = await openPopup(at.app, options, { requiredAcr: ['gold'] });
      at.server.change = (claims) => void (claims.acr = 'gold');
      await popup.locator('#allow').click();
      const { value, thrown } = await outcome(at.app);
      assert.equal(thrown, undefined, thrown?.stack);
      assert.equal(value.claims.sub, 'ada');
      assert.equal((await facts(options)).sub, 'ada');
    });
  }
}

for (const tokenStore of ['session', 'local']) {
  test(`rule I28: with tokenStore '${tokenStore}' a reload knows who signed in, and renews as the same user`, async () => {
    const options = at.with({ tokenStore });
    await signIn(options);
    const before = await facts(options);
    await at.app.open('/start');
    assert.deepEqual(await facts(options), before);
    const asked = keyRequests(at);
    assert.equal((await call(options, 'renew')).thrown, undefined);
    assert.ok(keyRequests(at) - asked <= 1);
    at.server.change = (claims) => void (claims.sub = 'eve');
    assert.equal((await call(options, 'renew')).thrown?.code, 'subject_mismatch');
    await call(options, 'logout');
    const stores = JSON.stringify(await readStores(at.app));
    assert.ok(!stores.includes(before.idToken));
  });
}

test('rule I28: claims are frozen, the same object until the next event, and __proto__ is a name in them', async () => {
  at.server.change = (claims) => void Object.defineProperty(claims, '__proto__', { value: { isAdmin: true }, enumerable: true });
  await signIn();
  const seen = await (await at.app.client(at.options)).evaluate((client) => {
    const claims = client.claims();
    return [claims === client.claims(), Object.isFrozen(claims), claims.isAdmin, Object.hasOwn(claims, '__proto__'), {}.isAdmin];
  });
  assert.deepEqual(seen, [true, true, undefined, true, undefined]);
});

describe('rule I29: userinfo', () => {
  test('asks with the token, although it is none of the resources, and gives what is said', async () => {
    await signIn();
    const { value, thrown } = await call(at.options, 'userinfo');
    assert.equal(thrown, undefined, thrown?.stack);
    assert.deepEqual(value, { sub: 'ada', name: 'Ada Lovelace' });
    const [{ headers, method }] = at.server.log.filter(({ path }) => path === '/userinfo');
    assert.deepEqual([method, headers.authorization], ['GET', `Bearer ${(await facts(at.options)).token}`]);
    const { thrown: other } = await at.app.evaluate(({ options, url }) => settle(async () => (await clientFor(options)).fetch(url, undefined, [url, undefined, undefined])), { options: at.options, url: `${at.server.origin}/userinfo` });
    assert.equal(other?.code, 'resource_not_allowed');
  });

  for (const [code, answer] of [
    ['subject_mismatch', (_, response) => json(response, 200, { sub: 'eve' })],
    ['invalid_userinfo', (_, response) => json(response, 200, { name: 'Ada' })],
    ['invalid_userinfo', (_, response) => json(response, 200, '{"sub":"ada","sub":"ada"}')],
    ['invalid_userinfo', (_, response) => json(response, 200, 'ey.ey.ey', 'application/jwt')],
    ['invalid_userinfo', (_, response) => json(response, 500, { sub: 'ada' })],
    ['userinfo_unreachable', (_, response) => response.writeHead(302, { location: `${at.evil.origin}/userinfo` }).end()],
    ['userinfo_unreachable', (_, response) => response.destroy()],
  ]) {
    test(`refuses with ${code} what is none: ${String(answer).slice(17, 90)}`, async () => {
      await signIn();
      at.server.instead['/userinfo'] = answer;
      const { thrown } = await call(at.options, 'userinfo');
      assert.equal(thrown?.code, code, thrown?.stack);
      assert.equal((await facts(at.options)).sub, 'ada');
      assert.deepEqual(at.evil.log, []);
    });
  }

  test('keeps nothing of what is said: the next call asks again', async () => {
    const options = { ...at.options, tokenStore: 'local' };
    await signIn(options);
    await call(options, 'userinfo');
    await call(options, 'userinfo');
    assert.equal(at.server.log.filter(({ path }) => path === '/userinfo').length, 2);
    assert.ok(!JSON.stringify(await readStores(at.app)).includes('Lovelace'));
  });

  test('without a session, or one that ends meanwhile, there is none', async () => {
    assert.equal((await call(at.options, 'userinfo')).thrown?.code, 'login_required');
    await signIn();
    let answer;
    const arrived = new Promise((resolve) => {
      at.server.instead['/userinfo'] = (_, response) => {
        answer = () => json(response, 200, { sub: 'ada' });
        resolve();
      };
    });
    const asked = call(at.options, 'userinfo');
    await arrived;
    await call(at.options, 'logout');
    answer();
    assert.equal((await asked).thrown?.code, 'session_ended');
  });
});
