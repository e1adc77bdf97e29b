// Attacks on who the user is, in a browser: what the core refuses, no way of the package's lets in.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { jws, keyRequests, makeKey, useOpenIdApp } from './harness/openid-provider.mjs';

const at = useOpenIdApp();
const TYPES = ['code', 'id_token token', 'id_token'];

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs in with each response type, with ID tokens that `change` makes: the codes of the refusals. */
async function codesOf(change) {
  const codes = new Set();
  for (const response_type of TYPES) {
    const options = at.with({ response_type });
    at.server.change = change;
    const { url } = await at.app.startLogin(options);
    const { thrown } = await at.app.handleRedirect(options, await at.respond(url));
    codes.add(thrown?.code);
    const who = await at.app.evaluate(async (options) => (await clientFor(options)).claims(), options);
    assert.equal(who, null);
  }
  return [...codes];
}

test('attack 46: none, and HMAC with the public key as its secret, are no signatures', async () => {
  const unsigned = (claims, alg) => `${encode({ alg, kid: 'k1' })}.${encode(claims)}.`;
  for (const alg of ['none', 'None', 'NONE', '']) {
    assert.deepEqual(await codesOf((claims) => unsigned(claims, alg)), ['id_token_alg_refused']);
  }
  assert.deepEqual(await codesOf((claims) => {
    const input = `${encode({ alg: 'HS256', kid: 'k1' })}.${encode(claims)}`;
    return `${input}.${createHmac('sha256', JSON.stringify(at.server.keys[0].jwk)).update(input).digest('base64url')}`;
  }), ['id_token_alg_refused']);
});

test('attack 47: a key or an address in the header is not looked at, and nothing is fetched from there', async () => {
  const own = makeKey('k1');
  const address = `${at.evil.origin}/jwks`;
  const header = { jwk: own.jwk, jku: address, x5u: address, x5c: ['MII'] };
  assert.deepEqual(await codesOf((claims) => jws(own, claims, header)), ['id_token_signature_invalid']);
  assert.deepEqual(await codesOf((claims) => jws({ ...own, kid: undefined }, claims, { ...header, kid: 'evil' })), ['id_token_key_not_found']);
  assert.deepEqual(at.evil.log, []);
});

test('attack 48: a kid that is a path, an address or a name of every object finds no key', async () => {
  const own = makeKey('k9');
  for (const kid of ['../../etc/passwd', `${at.evil.origin}/jwks`, "' OR 1=1 --", '__proto__', 'constructor', 'K1', 'k1 ']) {
    assert.deepEqual(await codesOf((claims) => jws({ ...own, kid }, claims)), ['id_token_key_not_found'], kid);
  }
  const encryption = makeKey('enc');
  encryption.jwk.use = 'enc';
  at.server.keys = [at.server.keys[0], encryption];
  assert.deepEqual(await codesOf((claims) => jws(encryption, claims)), ['id_token_key_not_found']);
  assert.deepEqual(at.evil.log, []);
});

test('attack 49, attack 50: a token of another issuer with the same keys, or for another client, signs nobody in', async () => {
  assert.deepEqual(await codesOf((claims) => void (claims.iss = at.evil.origin)), ['id_token_issuer_mismatch']);
  assert.deepEqual(await codesOf((claims) => void (claims.aud = ['other', 'another'])), ['id_token_audience_mismatch']);
  assert.deepEqual(await codesOf((claims) => void Object.assign(claims, { aud: ['spa', 'other'] })), ['id_token_audience_mismatch']);
  assert.deepEqual(await codesOf((claims) => void Object.assign(claims, { azp: 'other' })), ['id_token_audience_mismatch']);
});

test('attack 51: of two logins at once each has its nonce: the token of one in the answer to the other, or after its login, is refused', async () => {
  const options = at.with({ response_type: 'id_token' });
  const [one, other] = [await at.app.startLogin(options), await at.app.startLogin(options)];
  const [first, second] = [new URL(await at.respond(one.url)), new URL(await at.respond(other.url))];
  const swapped = new URLSearchParams(first.hash.slice(1));
  swapped.set('id_token', new URLSearchParams(second.hash.slice(1)).get('id_token'));
  first.hash = swapped;
  assert.equal((await at.app.handleRedirect(options, first.href)).thrown?.code, 'nonce_mismatch');
  assert.equal((await at.app.handleRedirect(options, second.href)).value?.claims.sub, 'ada');
  // The same again, in the answer to a later login.
  const later = await at.app.startLogin(options);
  const replayed = `${options.redirect_uri}#id_token=${new URLSearchParams(second.hash.slice(1)).get('id_token')}&state=${later.state}`;
  assert.equal((await at.app.handleRedirect(options, replayed)).thrown?.code, 'nonce_mismatch');
});

test('attack 52: a stolen access token in the place of the one that was issued is refused', async () => {
  const options = at.with({ response_type: 'id_token token' });
  const { url } = await at.app.startLogin(options);
  const answer = await at.respond(url);
  const stolen = answer.replace(/access_token=[^&]+/, 'access_token=stolen');
  assert.equal((await at.app.handleRedirect(options, stolen)).thrown?.code, 'at_hash_mismatch');
  assert.deepEqual(await codesOfTokens((claims) => void delete claims.at_hash), ['at_hash_mismatch']);
});

async function codesOfTokens(change) {
  const options = at.with({ response_type: 'id_token token' });
  at.server.change = change;
  const { url } = await at.app.startLogin(options);
  return [(await at.app.handleRedirect(options, await at.respond(url))).thrown?.code];
}

test('attack 53: userinfo of another user is refused, and who is signed in stays', async () => {
  const { url } = await at.app.startLogin(at.options);
  assert.equal((await at.app.handleRedirect(at.options, await at.respond(url))).thrown, undefined);
  at.server.user = 'eve';
  const seen = await at.app.evaluate(async (options) => {
    const client = await clientFor(options);
    return [(await settle(() => client.userinfo())).thrown?.code, client.claims().sub];
  }, at.options);
  assert.deepEqual(seen, ['subject_mismatch', 'ada']);
});

test('attack 54, attack 55: a logout that nobody started comes back to nothing, and takes nobody\'s session', async () => {
  const options = at.with({ post_logout_redirect_uri: `${at.app.origin}/bye`, tokenStore: 'session' });
  const { url } = await at.app.startLogin(options);
  assert.equal((await at.app.handleRedirect(options, await at.respond(url))).thrown, undefined);
  const { state } = await at.app.startLogin(options);
  for (const forged of [`state=${'A'.repeat(43)}`, `state=${state}`, 'state=__proto__', 'state=']) {
    await at.app.open(`/bye?${forged}`);
    const seen = await at.app.evaluate(async (options) => {
      const client = await clientFor(options);
      return [await client.handleLogout(), client.claims()?.sub, location.search];
    }, options);
    assert.deepEqual(seen, [null, 'ada', `?${forged}`]);
  }
});

test('attack 56: a claim that is named like a member of every object changes no object', async () => {
  at.server.change = (claims) => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) Object.defineProperty(claims, name, { value: { sub: 'eve' }, enumerable: true });
  };
  const { url } = await at.app.startLogin(at.options);
  const { value } = await at.app.handleRedirect(at.options, await at.respond(url));
  assert.equal(value.claims.sub, 'ada');
  assert.deepEqual(await at.app.evaluate(() => [{}.sub, typeof {}.toString, typeof {}.constructor]), [undefined, 'function', 'function']);
});

test('rule M1: what the token endpoint sends for a user who has gone meanwhile signs nobody in', async () => {
  const { url } = await at.app.startLogin(at.options);
  const answer = await at.respond(url);
  const held = at.server.instead['/jwks'];
  let release;
  const arrived = new Promise((resolve) => {
    at.server.keys = [makeKey('k7')];
    at.server.instead['/jwks'] = (request, response) => {
      release = () => held(request, response);
      resolve();
    };
  });
  const outcome = at.app.handleRedirect(at.options, answer);
  await arrived;
  await at.app.evaluate(async (options) => (await clientFor(options)).logout(), at.options);
  release();
  assert.equal((await outcome).thrown?.code, 'session_ended');
  assert.ok(keyRequests(at) > 0);
  assert.equal(await at.app.evaluate(async (options) => (await clientFor(options)).claims(), at.options), null);
});
