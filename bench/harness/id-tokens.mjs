// The ID tokens of tests/vectors/id_tokens.json, good and broken, made anew for a login: with its issuer, client, nonce,
// access token and time.
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ACCESS_TOKEN, CLIENT, ISSUER, NONCE, NOW, b64u, claims, half, json, jwks, pub, token } from '../../tests/vectors/make_id_tokens.mjs';

const vectors = JSON.parse(await readFile(new URL('../../tests/vectors/id_tokens.json', import.meta.url), 'utf8'));

/** The key set of the issuer. */
export const keys = jwks.main;

/** A good token that has all that one may have in a response to a code. */
/**
 * By the check that refuses them: first what OpenID Connect Core 1.0 asks of every client that was given a code
 * (sections 2, 3.1.3.3 and 3.1.3.7), then what it leaves to TLS, to the client or to other documents. The times are far
 * from what clients allow a clock.
 */
const REQUIRED = {
  'an ID token': ['I028'],
  form: ['I029', 'I044'],
  iss: ['I115', 'I118', 'I119'],
  aud: ['I121', 'I123', 'I124', 'I127'],
  sub: ['I133', 'I134', 'I135'],
  exp: ['I139', 'I140', 'I141'],
  nonce: ['I158', 'I163'],
};
const OPEN = {
  signature: ['I101', 'I102', 'I103'],
  alg: ['I060', 'I061', 'I064'],
  kid: ['I081', 'I100'],
  crit: ['I074'],
  typ: ['I078'],
  azp: ['I130', 'I131'],
  iat: ['I145'],
  at_hash: ['I176'],
};
const ACCEPTED = ['I175', 'I174', 'I013', 'I017', 'I018', 'I019', 'I004', 'I007', 'I010', 'I011'];

/** How each is made; a client that sent no nonce gets none. */
function makers({ iss, aud, nonce, now, access_token }) {
  const good = (changes = {}) => claims({ iss, aud, nonce, iat: now - 10, exp: now + 600, ...changes });
  const of = (changes, how = {}) => token({ ...how, payload: good(changes) });
  const [header, payload, signature] = of({}).split('.');
  const sent = nonce ?? NONCE;
  const further = 'https://api.example';
  return {
    I004: () => of({}, { alg: 'PS256', by: 'p1' }),
    I007: () => of({}, { alg: 'ES256', by: 'e1' }),
    I010: () => of({}, { alg: 'EdDSA', by: 'd1' }),
    I011: () => of({}, { alg: 'Ed25519', by: 'd2' }),
    I013: () => of({}, { header: { alg: 'RS256', kid: 'r1' } }),
    I017: () => of({ aud: [aud] }),
    I018: () => of({ aud: [further, aud], azp: aud }),
    I019: () => of({ azp: aud }),
    I028: () => '',
    I029: () => `${header}.${payload}`,
    I044: () => token({ payload: 'not json' }),
    I060: () => of({}, { header: { alg: 'none', typ: 'JWT' }, alg: 'none' }),
    I061: () => of({}, { header: { alg: 'none', kid: 'r1' } }),
    I064: () => {
      const secret = createPublicKey({ key: pub('r1'), format: 'jwk' }).export({ format: 'pem', type: 'spki' });
      return of({}, { header: { alg: 'HS256', kid: 'r1', typ: 'JWT' }, really: 'HS256', secret });
    },
    I074: () => of({}, { header: { alg: 'RS256', kid: 'r1', crit: ['exp'], exp: now } }),
    I078: () => of({}, { header: { alg: 'RS256', kid: 'r1', typ: 'at+jwt' } }),
    I081: () => of({}, { kid: 'r9' }),
    I100: () => of({}, { by: 'rogue', header: { alg: 'RS256', kid: 'rogue', jku: 'https://evil.example/jwks' } }),
    I101: () => `${header}.${b64u(json(good({ sub: 'admin' })))}.${signature}`,
    I102: () => of({}, { by: 'rogue', kid: 'r1' }),
    I103: () => `${header}.${payload}.`,
    I115: () => of({ iss: `${iss}/` }),
    I118: () => of({ iss: 'https://evil.example' }),
    I119: () => of({ iss: undefined }),
    I121: () => of({ aud: 'another-client' }),
    I123: () => of({ aud: aud.toUpperCase() }),
    I124: () => of({ aud: undefined }),
    I127: () => of({ aud: [aud, further] }),
    I130: () => of({ aud: [aud, 'another-client'], azp: 'another-client' }),
    I131: () => of({ azp: 'another-client' }),
    I133: () => of({ sub: undefined }),
    I134: () => of({ sub: '' }),
    I135: () => of({ sub: 248289761001 }),
    I139: () => of({ exp: now - 86400 }),
    I140: () => of({ exp: 0 }),
    I141: () => of({ exp: undefined }),
    I145: () => of({ iat: undefined }),
    I158: () => of({ nonce: sent.slice(0, -1) + (sent.endsWith('Z') ? 'A' : 'Z') }),
    I163: () => of({ nonce: undefined }),
    I174: () => of({}),
    I175: () => of({ at_hash: half(access_token) }),
    I176: () => of({ at_hash: half('another') }),
  };
}

/** The token of a case for a login; the empty text where the response has none. */
export const idToken = (id, login) => makers(login)[id]();

function described(id, check) {
  const { group, note } = vectors.cases.find((vector) => vector.id === id);
  return { id, check, group, note };
}

const broken = (checks) => Object.entries(checks).flatMap(([check, ids]) => ids.map((id) => described(id, check)));

/** What clients are tried with, in the words of the vectors; the first is the best of all. */
export const cases = { good: ACCEPTED.map((id) => described(id)), required: broken(REQUIRED), open: broken(OPEN) };

/** Made for the login of the vectors, each is the vector's, to its signature where that has nothing random in it. */
function proved() {
  const login = { iss: ISSUER, aud: CLIENT, nonce: NONCE, now: NOW, access_token: ACCESS_TOKEN };
  for (const { id, id_token } of vectors.cases) {
    const make = makers(login)[id];
    if (!make) continue;
    const [made, expected] = [make(), id_token].map((text) => (/^I00[47]$/.test(id) ? text.slice(0, text.lastIndexOf('.')) : text));
    assert.equal(made, expected, `The token ${id} is another than the vector's.`);
  }
}
proved();
