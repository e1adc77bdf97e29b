// Who the user is: signing in with OpenID Connect, against a provider that signs as a test says.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { json } from './harness/authorization-server.mjs';
import { halfHash, jws, keyRequests, makeKey, useOpenIdApp } from './harness/openid-provider.mjs';
import { seesLogin } from './harness/store.mjs';
import { WINDOWS } from './harness/windows.mjs';

const at = useOpenIdApp(WINDOWS);

/** Signs in in the page, and gives the outcome of the response. */
async function signIn(options = at.options, details) {
  const { url } = await at.app.startLogin(options, details);
  return at.app.handleRedirect(options, await at.respond(url));
}

/** What the client says of itself, and of whom. */
const facts = (options = at.options) =>
  at.app.evaluate(async (options) => {
    const client = await clientFor(options);
    return { token: client.token()?.access_token ?? null, sub: client.claims()?.sub ?? null, idToken: client.idToken(), state: client.state() };
  }, options);

const NOBODY = { token: null, sub: null, idToken: null, state: 'signed-out' };

for (const response_type of ['code', 'id_token token', 'token id_token']) {
  test(`rule I1: ${response_type} brings a token and who the user is`, async () => {
    const options = at.with({ response_type });
    const { url } = await at.app.startLogin(options);
    const answered = await at.respond(url);
    const { value, thrown } = await at.app.handleRedirect(options, answered);
    assert.equal(thrown, undefined, thrown?.stack);
    assert.equal(value.claims.sub, 'ada');
    const { token, sub, idToken, state } = await facts(options);
    assert.deepEqual([token, sub, state], [value.token.access_token, 'ada', 'signed-in']);
    assert.match(idToken, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    const { status } = await at.app.evaluate(async ({ options, api }) => ({ status: (await (await clientFor(options)).fetch(api)).status }), { options, api: `${at.server.origin}/api` });
    assert.equal(status, 200);
    await at.assertNoTrace([idToken]);
  });
}

for (const response_type of ['code', 'id_token', 'id_token token']) {
  test(`rule M16: of two tabs that get one response at the same instant, one verifies it: ${response_type}`, async (t) => {
    const options = at.with({ response_type, stateStore: 'local' });
    const tabs = [at.app, await at.app.newTab(t)];
    for (let round = 0; round < 50; round++) {
      const { url } = await at.app.startLogin(options);
      await seesLogin(tabs[1], url);
      const response = await at.respond(url);
      const outcomes = await Promise.all(tabs.map((tab) => tab.handleRedirect(options, response)));
      assert.deepEqual(outcomes.map(({ value, thrown }) => value?.claims.sub ?? thrown?.code).sort(), ['ada', 'state_replayed']);
      const subjects = await Promise.all(tabs.map((tab) => tab.evaluate(async (options) => (await clientFor(options)).claims()?.sub ?? null, options)));
      assert.deepEqual(subjects.filter(Boolean), ['ada']);
      await Promise.all(tabs.map((tab) => tab.evaluate(async (options) => (await clientFor(options)).logout(), options)));
    }
  });
}

test('rule I28: an id_token session has claims and no token, and a call says login_required', async () => {
  const options = at.with({ response_type: 'id_token' });
  const { value, thrown } = await signIn(options);
  assert.equal(thrown, undefined, thrown?.stack);
  assert.deepEqual(Object.keys(value), ['claims']);
  const { token, sub, state } = await facts(options);
  assert.deepEqual([token, sub, state], [null, 'ada', 'signed-in']);
  const called = await at.app.evaluate(({ options, api }) => settle(async () => (await clientFor(options)).fetch(api)), { options, api: `${at.server.origin}/api` });
  assert.equal(called.thrown?.code, 'login_required');
  await at.app.evaluate(async (options) => (await clientFor(options)).logout(), options);
  assert.deepEqual(await facts(options), NOBODY);
});

test('rule I4: every login sends a nonce of its own, which is neither its state nor derived from it', async () => {
  const urls = [];
  for (const response_type of ['code', 'id_token', 'id_token token']) urls.push((await at.app.startLogin(at.with({ response_type }))).url);
  const nonces = urls.map((url) => url.searchParams.get('nonce'));
  assert.equal(new Set([...nonces, ...urls.map((url) => url.searchParams.get('state'))]).size, 6);
  for (const nonce of nonces) assert.match(nonce, /^[\w-]{43}$/);
  for (const parameters of [{ nonce: 'mine' }, { required_acr: 'x' }, { prompt: 'none login' }, { max_age: '1.5' }]) {
    const { thrown } = await at.app.startLogin(at.options, { parameters });
    assert.deepEqual([thrown?.name, /^parameters must /.test(thrown?.message)], ['TypeError', true], JSON.stringify(parameters));
  }
});

test('rule I5: max_age and requiredAcr are sent, kept, and hold', async () => {
  const details = { parameters: { max_age: '60' }, login: { requiredAcr: ['gold', 'silver'] } };
  const { url } = await at.app.startLogin(at.options, details);
  assert.deepEqual(['max_age', 'acr_values', 'required_acr'].map((name) => url.searchParams.get(name)), ['60', 'gold silver', null]);
  const now = () => Math.floor(Date.now() / 1000);
  for (const [code, change] of [
    ['auth_too_old', (claims) => Object.assign(claims, { acr: 'gold' })],
    ['auth_too_old', (claims) => Object.assign(claims, { acr: 'gold', auth_time: now() - 1000 })],
    ['acr_mismatch', (claims) => Object.assign(claims, { auth_time: now() })],
    ['acr_mismatch', (claims) => Object.assign(claims, { auth_time: now(), acr: 'bronze' })],
    [undefined, (claims) => Object.assign(claims, { auth_time: now(), acr: 'silver' })],
  ]) {
    at.server.change = (claims) => void change(claims);
    const { thrown } = await signIn(at.options, details);
    assert.equal(thrown?.code, code);
  }
});

test('rule I2: without the add-on, its scope, an issuer or keys there is no client, and the error names the option', async () => {
  const { options } = at;
  const outcomes = await at.app.evaluate(async (options) => {
    const { createClient } = await claviger;
    const { openid } = await import('/pkg/wasm/openid.js');
    const { issuer, jwks_uri, ...server } = options.server;
    const wrong = [
      options,
      { ...options, openid: true },
      { ...options, openid, scope: 'read' },
      { ...options, openid, response_type: 'token' },
      { ...options, openid, response_type: 'code token' },
      { ...options, openid, response_type: 'code id_token' },
      { ...options, response_type: 'id_token', scope: 'read' },
      { ...options, openid, server: { ...server, jwks_uri } },
      { ...options, openid, server: { ...server, issuer } },
      { ...options, openid, server: { ...server, issuer, jwks_uri: 'http://as.example/jwks' } },
      { ...options, openid, response_type: 'id_token', idTokenSignature: 'front-channel', server: { ...server, issuer } },
      { ...options, openid, id_token_signed_response_alg: 'HS256' },
      { ...options, openid, clockTolerance: 601 },
      { ...options, openid, trustedAudiences: [''] },
      { ...options, openid, idTokenSignature: 'never' },
    ];
    return Promise.all(wrong.map(async (one) => (await settle(() => createClient(one))).thrown));
  }, options);
  assert.deepEqual(outcomes.map((thrown) => [thrown?.name, thrown?.message.split(' ')[0]]), [
    ...['openid', 'openid', 'openid', 'response_type', 'response_type', 'response_type', 'response_type', 'server.issuer', 'server.jwks_uri', 'server.jwks_uri', 'server.jwks_uri'],
    ...['id_token_signed_response_alg', 'clockTolerance', 'trustedAudiences', 'idTokenSignature'],
  ].map((option) => ['TypeError', option]));
  assert.match(outcomes[0].message, /claviger\/openid/);
});

/** What is wrong with an ID token, and what is said of it. */
const broken = {
  missing_id_token: () => null,
  id_token_malformed: () => 'no.token',
  id_token_alg_refused: (claims) => jws(at.server.keys[0], claims, { alg: 'HS256' }),
  id_token_unsupported: (claims) => jws(at.server.keys[0], claims, { crit: ['x'] }),
  id_token_key_not_found: (claims) => jws(at.server.keys[0], claims, { kid: 'k9' }),
  id_token_signature_invalid: (claims) => jws({ ...makeKey('k1') }, claims),
  id_token_issuer_mismatch: (claims) => void (claims.iss += '/'),
  id_token_audience_mismatch: (claims) => void (claims.aud = 'other'),
  id_token_claim_invalid: (claims) => void delete claims.sub,
  id_token_expired: (claims) => void (claims.exp = 1),
  id_token_not_yet_valid: (claims) => void (claims.iat += 3600),
  nonce_mismatch: (claims) => void (claims.nonce = 'x'.repeat(43)),
  at_hash_mismatch: (claims) => void (claims.at_hash = 'AAAAAAAAAAAAAAAAAAAAAA'),
};

describe('rule I25: an ID token that is refused signs nobody in, and leaves who is signed in', () => {
  for (const [code, change] of Object.entries(broken)) {
    for (const response_type of ['code', 'id_token token']) {
      test(`${code}, ${response_type}`, async () => {
        const options = at.with({ response_type, tokenStore: 'session' });
        at.server.change = change;
        const first = await signIn(options);
        assert.deepEqual([first.thrown?.code, first.thrown?.name], [code, 'OAuthError'], first.thrown?.stack);
        assert.deepEqual(await facts(options), NOBODY);
        at.server.change = () => {};
        const { value, thrown } = await signIn(options);
        assert.equal(thrown, undefined, thrown?.stack);
        const before = await facts(options);
        assert.equal(before.token, value.token.access_token);
        at.server.change = change;
        assert.equal((await signIn(options)).thrown?.code, code);
        assert.deepEqual(await facts(options), before);
      });
    }
  }
});

test('rule I13: the keys are asked for beside the token, without cookies, and once for many logins', async () => {
  await at.app.open('/start');
  const before = keyRequests(at);
  for (const _ of [1, 2, 3]) assert.equal((await signIn()).thrown, undefined);
  assert.equal(keyRequests(at) - before, 1);
  const requests = at.server.log.filter(({ path }) => path === '/jwks' || path === '/token');
  assert.ok(requests.findIndex(({ path }) => path === '/jwks') <= 1, 'the keys do not wait for the token');
  const [{ headers }] = requests.filter(({ path }) => path === '/jwks');
  assert.deepEqual([headers.cookie, headers.authorization, headers.referer], [undefined, undefined, undefined]);
});

describe('rule I13: keys that are none', () => {
  for (const [code, answer] of [
    ['jwks_unreachable', (_, response) => response.writeHead(302, { location: '/other' }).end()],
    ['jwks_unreachable', (_, response) => response.destroy()],
    ['jwks_unreachable', (_, response) => (response.removeHeader('access-control-allow-origin'), json(response, 200, { keys: at.server.keys.map(({ jwk }) => jwk) }))],
    ['invalid_jwks', (_, response) => json(response, 404, { keys: [] })],
    ['invalid_jwks', (_, response) => json(response, 200, { keys: [] }, 'text/html')],
    ['invalid_jwks', (_, response) => json(response, 200, { keys: 7 })],
    ['invalid_jwks', (_, response) => json(response, 200, { keys: [], more: 'x'.repeat(256 * 1024) })],
    ['invalid_jwks', (_, response) => json(response, 200, { keys: Array(65).fill({}) })],
    ['id_token_key_not_found', (_, response) => json(response, 200, { keys: [] }, 'application/jwk-set+json')],
  ]) {
    test(`${code}: ${String(answer).slice(17, 100)}`, async () => {
      at.server.instead['/jwks'] = answer;
      const { thrown } = await signIn();
      assert.equal(thrown?.code, code, thrown?.stack);
      assert.deepEqual(await facts(), NOBODY);
      if (code === 'jwks_unreachable') assert.match(thrown.message, /server\.jwks.*idTokenSignature/);
    });
  }
});

test('rule I16: keys that no page can read: they are given, or the token endpoint is trusted by name, and nothing else is', async () => {
  const { jwks_uri, ...server } = at.options.server;
  at.server.instead['/jwks'] = (_, response) => response.destroy();
  const given = at.with({ server: { ...server, jwks: { keys: at.server.keys.map(({ jwk }) => jwk) } } });
  assert.equal((await signIn(given)).value?.claims.sub, 'ada');
  const trusting = at.with({ server, idTokenSignature: 'front-channel' });
  assert.equal((await signIn(trusting)).value?.claims.sub, 'ada');
  at.server.change = (claims) => jws(makeKey('k9'), claims);
  assert.equal((await signIn(trusting)).value?.claims.sub, 'ada');
  assert.equal((await signIn(given)).thrown?.code, 'id_token_key_not_found');
  for (const code of ['id_token_issuer_mismatch', 'nonce_mismatch', 'id_token_expired', 'at_hash_mismatch', 'id_token_alg_refused']) {
    at.server.change = broken[code];
    assert.equal((await signIn(trusting)).thrown?.code, code);
  }
  // What came in a redirect is verified all the same.
  const redirected = at.with({ response_type: 'id_token', server: { ...server, jwks: given.server.jwks }, idTokenSignature: 'front-channel' });
  at.server.change = (claims) => jws({ ...makeKey('k1') }, claims);
  assert.equal((await signIn(redirected)).thrown?.code, 'id_token_signature_invalid');
  assert.equal(keyRequests(at), 0);
});

test('rule I14: a key that the server changes while the page is open is asked for once, and the next login works', async () => {
  assert.equal((await signIn()).thrown, undefined);
  const before = keyRequests(at);
  at.server.keys = [makeKey('k2'), ...at.server.keys];
  assert.equal((await signIn()).value?.claims.sub, 'ada');
  assert.equal((await signIn()).value?.claims.sub, 'ada');
  assert.equal(keyRequests(at) - before, 1);
});

test('rule I14: 1,000 forged tokens with unknown keys ask for the keys at most once a minute', async () => {
  await at.app.open('/start');
  assert.equal((await signIn()).thrown, undefined);
  const before = keyRequests(at);
  const forged = jws(makeKey('k9'), { iss: at.server.origin, sub: 'eve', aud: 'spa', iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 300 });
  const from = performance.now();
  const codes = await at.app.evaluate(async ({ options, forged }) => {
    const client = await clientFor(options);
    const codes = new Set();
    const [head, body, signature] = forged.split('.');
    for (let at = 0; at < 1000; at += 1) {
      const url = await client.authorizationUrl();
      const claims = { ...JSON.parse(atob(body.replaceAll('-', '+').replaceAll('_', '/'))), nonce: url.searchParams.get('nonce') };
      const encode = (value) => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
      const token = [encode({ alg: 'RS256', kid: `forged ${at}` }), encode(claims), signature].join('.');
      const { thrown } = await settle(() => client.handleRedirect(`${options.redirect_uri}#id_token=${token}&state=${url.searchParams.get('state')}`));
      codes.add(thrown?.code);
    }
    return [...codes];
  }, { options: at.with({ response_type: 'id_token' }), forged });
  assert.deepEqual(codes, ['id_token_key_not_found']);
  const minutes = Math.ceil((performance.now() - from) / 60_000);
  assert.ok(keyRequests(at) - before <= minutes, `${keyRequests(at) - before} in ${minutes}`);
});
