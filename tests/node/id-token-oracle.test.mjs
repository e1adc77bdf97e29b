// Two independent oracles: jose and oauth4webapi judge the same ID tokens, good and broken ones, and each difference is
// listed with its reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { ACCESS_TOKEN, ALGORITHMS, BROKEN, CLIENT, CODE, FLOWS, GOOD, ISSUER, NONCE, NOW, STATE, TOLERANCE, make } from './harness/id-token-changes.mjs';
import { compare, generate } from './harness/oracle.mjs';
import { openid, settle } from './harness/package.mjs';
import { random } from './harness/random.mjs';

const NUMBER = 500;
const SEED = 7519;

/** What was accepted, or the refusal. */
const verdict = ({ value, thrown }) => (thrown ? 'reject' : `accept ${JSON.stringify(value)}`);

function byUs({ idToken, jwks, client: { server, ...client }, flow }) {
  const beside = flow === 'code' ? { access_token: ACCESS_TOKEN } : { code: CODE, state: STATE };
  return openid.verifyIdToken(idToken, { server: { issuer: ISSUER, jwks, ...server }, client_id: CLIENT, response_type: flow, nonce: NONCE, clockTolerance: TOLERANCE, ...beside, ...client });
}

/** It is told all that it can be told. */
async function byJose({ idToken, jwks, client }) {
  const { server, id_token_signed_response_alg: registered } = client;
  const { payload } = await jwtVerify(idToken, createLocalJWKSet(jwks), {
    issuer: ISSUER,
    audience: CLIENT,
    algorithms: registered ? [registered] : (server.id_token_signing_alg_values_supported ?? ['RS256']),
    requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
    clockTolerance: TOLERANCE,
    currentDate: new Date(NOW * 1000),
  });
  return payload;
}

/** With every validation that it has. */
async function byOauth4webapi({ idToken, jwks, client: known, flow }) {
  const as = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks`, ...known.server };
  const { id_token_signed_response_alg, max_age } = known;
  const client = { client_id: CLIENT, id_token_signed_response_alg, [oauth.clockTolerance]: TOLERANCE };
  const options = { [oauth.jwksCache]: { jwks, uat: NOW } };
  if (flow === 'code') {
    const response = Response.json({ access_token: ACCESS_TOKEN, token_type: 'Bearer', id_token: idToken });
    const result = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: NONCE, maxAge: max_age, requireIdToken: true });
    await oauth.validateApplicationLevelSignature(as, response, options);
    return oauth.getValidatedIdTokenClaims(result);
  }
  const parameters = new URLSearchParams({ code: CODE, state: STATE, id_token: idToken });
  await oauth.validateCodeIdTokenResponse(as, client, parameters, NONCE, STATE, max_age, options);
  // It gives no claims of such a one.
  return JSON.parse(Buffer.from(idToken.split('.')[1], 'base64url'));
}

// What each library takes or refuses otherwise, and why.

const LIMITS = { when: ['40 levels', '300 claims', '70,000 characters', '70 keys'], is: ['reject, accept'], because: 'a choice (rules I7, I8, I13): none is so large, and what reads one has an end' };
const DUPLICATES = { when: ['a claim twice', 'a claim twice, escaped', 'a member of the header twice'], is: ['reject, accept'], because: 'RFC 7515, section 4, and RFC 7519, section 4: they are refused, or the last one counts; two readers of one token must not see two users' };
const SURROGATES = { when: ['half of a surrogate pair'], is: ['reject, accept'], because: 'RFC 8259, section 8.2: what it means is unpredictable' };
const ENCODING = {
  when: ['a space behind it', 'a line break in the claims', 'padding behind the claims', 'padding behind the signature', 'stray bits in the claims', 'stray bits in the signature'],
  is: ['reject, accept'],
  because: 'RFC 7515, section 2, and RFC 4648, section 3.5: base64url without padding and white space, in which the same bytes have one text',
};
const EXTENSION = { when: ['b64 without crit'], is: ['reject, accept'], because: 'RFC 7797, sections 6 and 7: b64 stands in crit, and in no JWT' };
const TYPES = { when: ['typ at+jwt', 'typ logout+jwt', 'a number as typ'], is: ['reject, accept'], because: 'RFC 8725, section 3.11: a token of another kind is no ID token' };
const EXPONENT = { when: ['the exponent 1'], is: ['reject, accept'], because: 'with it everybody can sign' };
const NUMBERS = { when: ['numbers with padding'], is: ['reject, accept'], because: 'RFC 7518, section 6.3.1: base64url, which has no padding' };
const NULLS = { when: ['null as kid, and one key that fits', 'null as use of the key', 'null as nbf'], is: ['accept, reject'], because: 'a choice (rule I8): servers write null for what is absent' };
const NO_KEYS = { when: ['what is no key beside the keys'], is: ['accept, reject'], because: 'RFC 7517, section 5: what is not understood in a set is passed over' };
const SUBJECTS = ['an empty sub', 'sub of 256 characters', 'sub with a control character'];
const TO_COME = ['iat just beyond the tolerance', 'iat in milliseconds', 'auth_time to come', 'iat: negative', 'nbf: negative'];

const DIFFERENCES_OF_JOSE = [
  LIMITS, DUPLICATES, SURROGATES, ENCODING, EXTENSION, TYPES, EXPONENT, NUMBERS, NULLS, NO_KEYS,
  { when: ['a byte order mark'], is: ['reject, accept'], because: 'RFC 8259, section 8.1: none is written; what is in front of a text is not passed over here' },
  { when: ['crit with b64'], is: ['reject, accept'], because: 'jose knows the extension; no ID token has one (RFC 7797, section 7)' },
  { when: [...SUBJECTS, 'null as sub', 'a number as sub', 'sub in a list'], is: ['reject, accept'], because: 'OpenID Connect Core 1.0, section 2: a text of 1 to 255 characters; jose looks whether a sub is there' },
  { when: ['two audiences without azp', 'two audiences, and azp of another', 'azp of another', 'a number as azp', 'a number in aud'], is: ['reject, accept'], because: 'section 3.1.3.7: jose looks for the client among the audiences, and knows no azp' },
  { when: TO_COME, is: ['reject, accept'], because: 'section 3.1.3.7, and RFC 7519, section 2: what was issued in the future is another clock or a forgery; jose compares exp, and what nbf is not before' },
  { when: ['auth_time: text', 'auth_time: true', 'auth_time: list', 'auth_time: negative', 'no auth_time with max_age', 'auth_time just beyond max_age'], is: ['reject, accept'], because: 'section 3.1.3.7: jose knows no auth_time' },
  { when: ['null as nonce', 'an empty nonce', 'another nonce', 'a nonce that begins so', 'a nonce in a list'], is: ['reject, accept'], because: 'section 3.1.3.7: jose looks whether a nonce is there, and leaves the rest to its caller' },
  { when: ['at_hash of another token', 'at_hash with more behind it', 'a number as at_hash', 'no c_hash beside the code', 'null as c_hash', 'c_hash of another code', 'c_hash by another hash', 's_hash of another state'], is: ['reject, accept'], because: 'sections 3.1.3.8 and 3.3.2.11: jose knows none of these hashes' },
];

const DIFFERENCES_OF_OAUTH4WEBAPI = [
  LIMITS, DUPLICATES, SURROGATES, ENCODING, EXTENSION, TYPES, EXPONENT, NUMBERS, NULLS, NO_KEYS,
  { when: ['the other alphabet'], is: ['reject, accept'], because: 'RFC 7515, section 2: base64url has - and _' },
  { when: ['broken UTF-8'], is: ['reject, accept'], because: 'RFC 7519, section 7.2: claims are UTF-8; here nothing is repaired' },
  { when: ['a text as key_ops'], is: ['reject, accept'], because: 'RFC 7517, section 4.3: it is a list' },
  { when: SUBJECTS, is: ['reject, accept'], because: 'OpenID Connect Core 1.0, section 2: a text of 1 to 255 characters' },
  { when: ['azp of another', 'a number as azp', 'a number in aud'], is: ['reject, accept'], because: 'section 3.1.3.7: an azp is the client; oauth4webapi looks at it beside several audiences' },
  { when: TO_COME, is: ['reject, accept'], because: 'section 3.1.3.7, and RFC 7519, section 2: what was issued in the future is another clock or a forgery; oauth4webapi looks that iat is a number' },
  { when: ['at_hash of another token', 'at_hash with more behind it', 'a number as at_hash'], is: ['reject, accept'], because: 'section 3.1.3.8: an at_hash that is there holds; oauth4webapi does not look at it' },
  { when: ['null as auth_time', 'null as s_hash'], is: ['accept, reject'], because: 'a choice (rule I8), as above' },
  { when: ['an audience that is trusted'], is: ['accept, reject'], because: 'section 3.1.3.7: a client may know audiences beside itself; oauth4webapi has no such option' },
  { when: ['the client twice'], is: ['accept, reject'], because: 'there is no other audience for which an azp were needed; oauth4webapi counts them' },
  { when: ['iat of two hours ago, in a redirect'], is: ['accept, reject'], because: 'a choice (rule I20): the nonce says that it is of this login; oauth4webapi allows an hour in a redirect' },
];

test(`${NUMBER} ID tokens, from the seed ${SEED}`, async (t) => {
  t.mock.method(Date, 'now', () => NOW * 1000);
  t.mock.method(globalThis, 'fetch', () => assert.fail('nothing is fetched'));
  const pick = random(SEED);
  const verdicts = [];
  for (const names of generate({ ...GOOD, ...BROKEN }, NUMBER, SEED)) {
    const token = make(names, pick(ALGORITHMS), pick(FLOWS));
    const [ours, jose, oauth4webapi] = await Promise.all([byUs, byJose, byOauth4webapi].map(async (judge) => verdict(await settle(judge(token)))));
    // The table says of each change alone what it makes of a token.
    if (names.length < 2) assert.equal(ours.split(' ')[0], names[0] in BROKEN ? 'reject' : 'accept', names[0]);
    verdicts.push({ names, ours, jose, oauth4webapi });
  }
  const against = (library) => verdicts.map(({ names, ours, [library]: theirs }) => ({ names, ours, theirs }));
  compare(against('jose'), DIFFERENCES_OF_JOSE, 'jose', ['accept', 'reject']);
  compare(against('oauth4webapi'), DIFFERENCES_OF_OAUTH4WEBAPI, 'oauth4webapi', ['accept', 'reject']);
});
