// ID tokens with everything that a change can take hold of: their algorithm, key, header, claims, text, signature, and
// what their client knows. The changes are of one kind each: those of GOOD leave a token that may be believed.
import { createHash, createHmac } from 'node:crypto';
import { ACCESS_TOKEN, CLIENT, CODE, ISSUER, KEYS, NONCE, NOW, STATE, b64u, half, pub, signature } from '../../vectors/make_id_tokens.mjs';

export { ACCESS_TOKEN, CLIENT, CODE, ISSUER, NONCE, NOW, STATE };

/** Seconds by which clocks may differ, for every library. */
export const TOLERANCE = 60;

/** Every algorithm, and the key that signs by it. */
const KEY_OF = { RS256: 'r1', RS384: 'r2', RS512: 'r3', PS256: 'p1', PS384: 'r2', PS512: 'r3', ES256: 'e1', ES384: 'e3', ES512: 'e5', EdDSA: 'd1', Ed25519: 'd2' };
export const ALGORITHMS = Object.keys(KEY_OF);

/** What was asked for: with a code, the token endpoint sends the ID token. */
export const FLOWS = ['code', 'code id_token'];

const SECRET = 'a-shared-secret-that-a-page-cannot-keep';
const OTHERS = [pub('enc', { use: 'enc' }), { kty: 'oct', kid: 'h1', alg: 'HS256', k: b64u(SECRET) }, { kty: 'AKP', kid: 'q1', alg: 'ML-DSA-44', pub: 'AAAA' }];
const MAIN = [...new Set(Object.values(KEY_OF))].map((name) => pub(name, name.startsWith('r') ? { use: 'sig' } : {}));

const hashes = (alg, flow) => (flow === 'code' ? { at_hash: half(ACCESS_TOKEN, alg) } : { c_hash: half(CODE, alg), s_hash: half(STATE, alg) });

/** A good token of an algorithm, before its text is made. */
function draft(alg, flow) {
  const by = KEY_OF[alg];
  return {
    flow,
    alg,
    by,
    header: { alg, kid: by, typ: 'JWT' },
    claims: { iss: ISSUER, sub: '248289761001', aud: CLIENT, exp: NOW + 600, iat: NOW - 10, nonce: NONCE, ...hashes(alg, flow) },
    keys: structuredClone([...MAIN, ...OTHERS]),
    /** What its parts become before they are signed: as JSON, as bytes, as base64url; and the whole token afterwards. */
    text: { header: [], claims: [] },
    bytes: { header: [], claims: [] },
    base64url: { header: [], claims: [] },
    token: [],
    sign: (input) => signature(alg, by, input),
    /** What its client knows, in the package's words. */
    client: { server: { id_token_signing_alg_values_supported: ALGORITHMS } },
  };
}

/** The token of a draft with some changes: its text, its key set, and its client. */
export function make(names, alg, flow) {
  const it = draft(alg, flow);
  for (const name of names) ALL[name](it);
  const all = (changes, value) => changes.reduce((value, change) => change(value), value);
  const [header, claims] = ['header', 'claims'].map((part) => {
    const text = all(it.text[part], JSON.stringify(it[part]));
    return all(it.base64url[part], b64u(all(it.bytes[part], Buffer.from(text))));
  });
  const input = `${header}.${claims}`;
  const idToken = all(it.token, `${input}.${b64u(it.sign(input))}`);
  return { idToken, jwks: it.jwks ?? { keys: it.keys }, client: it.client, flow: it.flow };
}

const claims = (more) => (it) => void Object.assign(it.claims, more);
const header = (more) => (it) => void Object.assign(it.header, more);
const lacks = (name) => (it) => void delete it.claims[name];
const inText = (part, change) => (it) => void it.text[part].push(change);
const inBytes = (change) => (it) => void it.bytes.claims.push(change);
const inBase64url = (change) => (it) => void it.base64url.claims.push(change);
const inToken = (change) => (it) => void it.token.push(change);
/** A change of one of the three parts after the token was signed. */
const inPart = (place, change) => inToken((token) => token.split('.').map((part, at) => (at === place ? change(part) : part)).join('.'));
/** Of the key that verifies it, where that is still among the keys. */
const ownKey = (change) => (it) => void it.keys.filter((key) => key?.kid === it.by).forEach((key) => change(key, it));
/** Another algorithm, as far as the token is signed by it. */
const signedBy = (alg, by = KEY_OF[alg]) => (it) => {
  Object.assign(it, { alg, by, sign: (input) => signature(alg, by, input) });
  Object.assign(it.header, { alg, kid: by });
  Object.assign(it.claims, hashes(alg, it.flow));
};
/** Of another flow, with the hashes that it has there. */
const to = (flow) => (it) => {
  for (const name of ['at_hash', 'c_hash', 's_hash']) delete it.claims[name];
  Object.assign(it, { flow });
  Object.assign(it.claims, hashes(it.alg, flow));
};
/** One change after the other. */
const both = (...changes) => (it) => changes.forEach((change) => change(it));
const signatureBecomes = (change) => (it) => {
  const { sign } = it;
  it.sign = (input) => change(sign(input));
};
/** A header that says what the signature is not. */
const claimsToBe = (alg, sign) => (it) => Object.assign(it, { header: { ...it.header, alg }, ...(sign && { sign }) });
/** base64url with a last character that has the same bytes. */
function strayBits(part) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1)) + 1];
}
/** With white space behind them, so that their last character has bits to spare, and wants padding. */
const withRoom = inBytes((bytes) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 3)) % 3, ' ')]));

export const GOOD = {
  'no typ': (it) => void delete it.header.typ,
  'typ in lower case': header({ typ: 'jwt' }),
  'typ application/jwt': header({ typ: 'application/JWT' }),
  'keys in the header': header({ jwk: pub('rogue'), jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x5u', x5c: ['AAAA'], x5t: 'AAAA' }),
  'an unknown member in the header': header({ x: { y: [1] } }),
  'white space in the header': inText('header', (text) => text.replaceAll(',', ' ,\n\t')),
  'no kid, and one key that fits': (it) => {
    delete it.header.kid;
    it.keys = [pub(it.by), ...OTHERS];
  },
  'null as kid, and one key that fits': (it) => {
    it.header.kid = null;
    it.keys = [pub(it.by), ...OTHERS];
  },
  'two keys of one kid, of different types': (it) => void it.keys.push({ ...pub(it.alg.startsWith('E') ? 'r1' : 'e1'), kid: it.by }),
  'a key of an unknown type with the same kid': (it) => void it.keys.unshift({ kty: 'XYZ', kid: it.by }),
  'the key says its algorithm': ownKey((key, it) => void (key.alg = it.alg)),
  'the key is for verification': ownKey((key) => void (key.key_ops = ['verify'])),
  'the key has a certificate': ownKey((key) => void Object.assign(key, { x5c: ['AAAA'], x5t: 'AAAA', x5u: 'https://evil.example' })),
  'null as use of the key': ownKey((key) => void (key.use = null)),
  'what is no key beside the keys': (it) => void it.keys.push(7, null, 'x', []),
  'registered for the algorithm': (it) => void (it.client.id_token_signed_response_alg = it.alg),
  'RS256 where nothing is said of algorithms': both(signedBy('RS256'), (it) => void delete it.client.server.id_token_signing_alg_values_supported),
  'an RSA key of 3,072 bits': signedBy('RS256', 'r3'),
  'an RSA key with the exponent 3': both(signedBy('RS256', 'cube'), (it) => void it.keys.push(pub('cube'))),
  'an audience in a list': claims({ aud: [CLIENT] }),
  'two audiences, and azp': claims({ aud: ['https://api.example', CLIENT], azp: CLIENT }),
  'azp beside one audience': claims({ azp: CLIENT }),
  'the client twice': claims({ aud: [CLIENT, CLIENT] }),
  'an audience that is trusted': both(claims({ aud: [CLIENT, 'https://api.example'] }), (it) => void (it.client.trustedAudiences = ['https://api.example'])),
  'further claims': claims({ name: 'Zoë 🦊', address: { locality: 'Köln', nested: [1, { a: null }] }, email_verified: false, amr: ['pwd'], x: 1e-7 }),
  'claims that are null': claims({ azp: null, acr: null, name: null }),
  'null as nbf': claims({ nbf: null }),
  'null as auth_time': claims({ auth_time: null }),
  'null as at_hash': both(to('code'), claims({ at_hash: null })),
  'null as s_hash': both(to('code id_token'), claims({ s_hash: null })),
  'neither at_hash nor s_hash': both(lacks('at_hash'), lacks('s_hash')),
  'white space in the claims': inText('claims', (text) => ` ${text.replaceAll(',', ' ,\r\n\t')}\n`),
  'escapes in the claims': inText('claims', (text) => text.replace('"sub"', '"\\u0073ub"').replaceAll('/', '\\/')),
  '__proto__ as a claim': inText('claims', (text) => text.replace('{', '{"__proto__":{"sub":"admin"},"constructor":1,')),
  'sub of 255 characters': claims({ sub: 'x'.repeat(255) }),
  'sub beyond ASCII': claims({ sub: 'zoë' }),
  'exp with a fraction': claims({ exp: NOW + 0.5 }),
  'exp with an exponent': inText('claims', (text) => text.replace(/"exp":\d+/, '"exp":1.790001e9')),
  'exp of 1e300': claims({ exp: 1e300 }),
  'exp just within the tolerance': claims({ exp: NOW - TOLERANCE + 1 }),
  'iat just within the tolerance': claims({ iat: NOW + TOLERANCE }),
  'iat of two hours ago, in a redirect': both(to('code id_token'), claims({ iat: NOW - 7200 })),
  'nbf just within the tolerance': claims({ nbf: NOW + TOLERANCE }),
  'auth_time just within max_age': both(claims({ auth_time: NOW - 300 - TOLERANCE }), (it) => void (it.client.max_age = 300)),
  'auth_time just within the tolerance': claims({ auth_time: NOW + TOLERANCE }),
};

const TIMES = { text: `${NOW}`, true: true, list: [NOW], negative: -1 };

export const BROKEN = {
  // Its form.
  'no text': inToken(() => ''),
  'two parts': inToken((text) => text.replace(/\.[^.]*$/, '')),
  'four parts': inToken((text) => `${text}.AAAA`),
  'five parts': inToken((text) => `${text}.AAAA.AAAA`),
  'a space behind it': inToken((text) => `${text} `),
  'a line break in the claims': inBase64url((part) => `${part.slice(0, 40)}\n${part.slice(40)}`),
  'padding behind the claims': both(withRoom, inBase64url((part) => `${part}==`)),
  'padding behind the signature': both(signedBy('RS256'), inPart(2, (part) => `${part}==`)),
  'the other alphabet': both(claims({ x: '???>>>~~~' }), inBase64url((part) => part.replaceAll('-', '+').replaceAll('_', '/'))),
  'stray bits in the claims': both(withRoom, inBase64url(strayBits)),
  'stray bits in the signature': both(signedBy('RS256'), inPart(2, strayBits)),
  'a character that is none of base64url': inBase64url((part) => `${part.slice(0, 40)}!${part.slice(40)}`),
  'a byte order mark': inText('claims', (text) => `\uFEFF${text}`),
  'broken UTF-8': inBytes((bytes) => Buffer.concat([Buffer.from('{"x":"\xE4",', 'latin1'), bytes.subarray(1)])),
  'half of a surrogate pair': inText('claims', (text) => text.replace('{', '{"x":"\\ud83e",')),
  'a claim twice': inText('claims', (text) => text.replace('{', '{"sub":"admin",')),
  'a claim twice, escaped': inText('claims', (text) => text.replace('{', '{"s\\u0075b":"admin",')),
  'a member of the header twice': inText('header', (text) => text.replace('{', '{"alg":"none",')),
  'something behind the claims': inText('claims', (text) => `${text} {}`),
  'a comma behind the last claim': inText('claims', (text) => text.replace(/\}$/, ',}')),
  'claims in a list': inText('claims', (text) => `[${text}]`),
  'null as claims': inText('claims', () => 'null'),
  'a header in a list': inText('header', (text) => `[${text}]`),
  'a header that is no JSON': inText('header', () => 'alg=RS256'),
  '40 levels': inText('claims', (text) => text.replace('{', `{"x":${'['.repeat(40)}${']'.repeat(40)},`)),
  '300 claims': inText('claims', (text) => text.replace('{', `{${Array.from({ length: 300 }, (_, n) => `"x${n}":0,`).join('')}`)),
  '70,000 characters': claims({ x: 'x'.repeat(52_000) }),

  // Its header.
  'alg none': claimsToBe('none', () => Buffer.alloc(0)),
  'alg None': claimsToBe('None', () => Buffer.alloc(0)),
  'no alg': (it) => void delete it.header.alg,
  'a number as alg': header({ alg: 256 }),
  'alg in lower case': (it) => void (it.header.alg = it.alg.toLowerCase()),
  'HS256 with the public key as its secret': claimsToBe('HS256', (input) => createHmac('sha256', JSON.stringify(pub('r1'))).update(input).digest()),
  'HS256 with a secret of the set': both(claimsToBe('HS256', (input) => signature('HS256', SECRET, input)), header({ kid: 'h1' })),
  'none, which the server lists': both(claimsToBe('none', () => Buffer.alloc(0)), (it) => void (it.client.server.id_token_signing_alg_values_supported = ['none', 'HS256', ...ALGORITHMS])),
  'ES256K': both(header({ alg: 'ES256K', kid: 'k1' }), (it) => void it.keys.push(pub('k1'))),
  'an algorithm that the server does not list': (it) => void (it.client.server.id_token_signing_alg_values_supported = ALGORITHMS.filter((alg) => alg !== it.alg)),
  'an algorithm that the client is not registered for': (it) => void (it.client.id_token_signed_response_alg = it.alg === 'ES256' ? 'RS256' : 'ES256'),
  'ES256 where nothing is said of algorithms': both(signedBy('ES256'), (it) => void delete it.client.server.id_token_signing_alg_values_supported),
  'another algorithm of the same key': both(signedBy('RS384'), claimsToBe('PS384')),
  'another hash of the same key': both(signedBy('RS384'), claimsToBe('RS512')),
  'crit with a claim': header({ crit: ['exp'], exp: NOW + 600 }),
  'crit with nothing in it': header({ crit: [] }),
  'crit with b64': header({ crit: ['b64'], b64: true }),
  'b64 without crit': header({ b64: false }),
  'typ at+jwt': header({ typ: 'at+jwt' }),
  'typ logout+jwt': header({ typ: 'logout+jwt' }),
  'a number as typ': header({ typ: 7 }),
  'a number as kid': header({ kid: 1 }),
  'a kid of nobody': header({ kid: 'nobody' }),
  'a kid in other case': (it) => void (it.header.kid = it.by.toUpperCase()),
  'a kid that is a path': (it) => void (it.header.kid = `../keys/${it.by}`),
  'a kid of another type of key': (it) => void (it.header.kid = it.alg.startsWith('E') ? 'r1' : 'e1'),

  // Its key.
  'no kid, and two keys that fit': (it) => {
    delete it.header.kid;
    const copy = pub(it.by);
    it.keys = [copy, { ...copy, kid: 'another' }];
  },
  'a kid that two keys have': (it) => void it.keys.push(pub(it.by)),
  'no keys': (it) => void (it.keys = []),
  'other keys': (it) => void (it.keys = it.keys.filter((key) => key?.kid !== it.by)),
  'keys that are no list': (it) => void (it.jwks = { keys: { ...it.keys } }),
  '70 keys': (it) => void it.keys.push(...Array.from({ length: 70 }, (_, n) => ({ kty: 'XYZ', kid: `x${n}` }))),
  'a key for encryption': ownKey((key) => void (key.use = 'enc')),
  'a key to encrypt with': ownKey((key) => void (key.key_ops = ['encrypt', 'wrapKey'])),
  'a text as key_ops': ownKey((key) => void (key.key_ops = 'verify')),
  'a key of another algorithm': ownKey((key, it) => void (key.alg = it.alg === 'ES256' ? 'ES384' : 'ES256')),
  'a key whose private half is public': ownKey((key, it) => void (key.d = KEYS[it.by].d)),
  'a type of key in lower case': ownKey((key) => void (key.kty = key.kty.toLowerCase())),
  'a key without its numbers': ownKey((key) => ['n', 'x'].forEach((name) => delete key[name])),
  'numbers with padding': ownKey((key) => void (key[key.n ? 'n' : 'x'] += '=')),
  'another curve': both(signedBy('ES256'), ownKey((key) => void (key.crv = 'P-384'))),
  'a coordinate that lacks a byte': both(signedBy('ES256'), ownKey((key) => void (key.x = b64u(Buffer.from(key.x, 'base64url').subarray(1))))),
  'a point that is not on the curve': both(signedBy('ES256'), ownKey((key) => void (key.y = key.x))),
  'an RSA key of 1,024 bits': both(signedBy('RS256', 'weak'), (it) => void it.keys.push(pub('weak'))),
  'the exponent 1': both(signedBy('RS256'), ownKey((key) => void (key.e = 'AQ')), (it) => void (it.sign = signatureByOne)),
  'an even exponent': both(signedBy('RS256'), ownKey((key) => void (key.e = 'AQAA'))),

  // Its signature.
  'no signature': inPart(2, () => ''),
  "somebody else's signature": (it) => void (it.sign = (input) => signature(it.alg.startsWith('E') ? 'ES256' : it.alg, it.alg.startsWith('E') ? 'rogue_ec' : 'rogue', input)),
  'a signature of zeros': signatureBecomes((bytes) => Buffer.alloc(bytes.length)),
  'a byte of the signature changed': signatureBecomes((bytes) => (bytes[bytes.length >> 1] ^= 1, bytes)),
  'a signature that lacks its last byte': signatureBecomes((bytes) => bytes.subarray(0, -1)),
  'a signature with another byte': signatureBecomes((bytes) => Buffer.concat([bytes, Buffer.alloc(1)])),
  'claims that were changed': inPart(1, (part) => b64u(Buffer.from(part, 'base64url').toString().replace('2482', '2483'))),
  'a header that was changed': inPart(0, (part) => b64u(Buffer.from(part, 'base64url').toString().replace('{', '{"x":1,'))),
  'ECDSA as DER': both(signedBy('ES256'), (it) => void (it.sign = (input) => signature('ES256', 'e1', input, { der: true }))),
  'PSS with another salt': both(signedBy('PS256'), (it) => void (it.sign = (input) => signature('PS256', 'p1', input, { salt: 20 }))),

  // Who, for whom, about whom.
  'no iss': lacks('iss'),
  'an empty iss': claims({ iss: '' }),
  'another iss': claims({ iss: 'https://evil.example' }),
  'iss with a slash': claims({ iss: `${ISSUER}/` }),
  'iss in other case': claims({ iss: ISSUER.replace('op', 'OP') }),
  'iss with a port': claims({ iss: `${ISSUER}:443` }),
  'iss in a list': claims({ iss: [ISSUER] }),
  'no aud': lacks('aud'),
  'null as aud': claims({ aud: null }),
  'an empty aud': claims({ aud: '' }),
  'an aud that begins so': claims({ aud: `${CLIENT}-2` }),
  'aud in other case': claims({ aud: CLIENT.toUpperCase() }),
  'a number as aud': claims({ aud: 7 }),
  'no audience in the list': claims({ aud: [] }),
  'another audience': claims({ aud: 'other' }),
  'other audiences': claims({ aud: ['other', 'another'] }),
  'two audiences without azp': claims({ aud: [CLIENT, 'other'] }),
  'two audiences, and azp of another': claims({ aud: [CLIENT, 'other'], azp: 'other' }),
  'azp of another': claims({ azp: 'other' }),
  'a number as azp': claims({ azp: 7 }),
  'a number in aud': claims({ aud: [CLIENT, 7], azp: CLIENT }),
  'no sub': lacks('sub'),
  'null as sub': claims({ sub: null }),
  'an empty sub': claims({ sub: '' }),
  'a number as sub': claims({ sub: 248289761001 }),
  'sub in a list': claims({ sub: ['248289761001'] }),
  'sub of 256 characters': claims({ sub: 'x'.repeat(256) }),
  'sub with a control character': claims({ sub: 'ada\u0000' }),

  // When.
  ...Object.fromEntries(
    ['exp', 'iat', 'nbf', 'auth_time'].flatMap((name) => Object.entries(TIMES).map(([what, value]) => [`${name}: ${what}`, claims({ [name]: value })])),
  ),
  'no exp': lacks('exp'),
  'no iat': lacks('iat'),
  'null as exp': claims({ exp: null }),
  'null as iat': claims({ iat: null }),
  'exp just beyond the tolerance': claims({ exp: NOW - TOLERANCE }),
  'exp 0': claims({ exp: 0 }),
  'iat just beyond the tolerance': claims({ iat: NOW + TOLERANCE + 1 }),
  'iat in milliseconds': claims({ iat: NOW * 1000 }),
  'nbf just beyond the tolerance': claims({ nbf: NOW + TOLERANCE + 1 }),
  'auth_time to come': claims({ auth_time: NOW + TOLERANCE + 1 }),
  'no auth_time with max_age': (it) => void (it.client.max_age = 300),
  'auth_time just beyond max_age': both(claims({ auth_time: NOW - 300 - TOLERANCE - 1 }), (it) => void (it.client.max_age = 300)),

  // For which request, and beside what.
  'no nonce': lacks('nonce'),
  'null as nonce': claims({ nonce: null }),
  'an empty nonce': claims({ nonce: '' }),
  'another nonce': claims({ nonce: NONCE.replace('n', 'm') }),
  'a nonce that begins so': claims({ nonce: `${NONCE}x` }),
  'a nonce in a list': claims({ nonce: [NONCE] }),
  'at_hash of another token': both(to('code'), (it) => void (it.claims.at_hash = half('another', it.alg))),
  'at_hash with more behind it': both(to('code'), (it) => void (it.claims.at_hash += 'AA')),
  'a number as at_hash': both(to('code'), claims({ at_hash: 7 })),
  'no c_hash beside the code': both(to('code id_token'), lacks('c_hash')),
  'null as c_hash': both(to('code id_token'), claims({ c_hash: null })),
  'c_hash of another code': both(to('code id_token'), (it) => void (it.claims.c_hash = half('another', it.alg))),
  'c_hash by another hash': both(to('code id_token'), signedBy('ES384'), (it) => void (it.claims.c_hash = half(CODE, 'ES256'))),
  's_hash of another state': both(to('code id_token'), (it) => void (it.claims.s_hash = half('another', it.alg))),
};

/** With the exponent 1 a signature is the padded hash itself (RFC 8017, section 9.2). */
function signatureByOne(input) {
  const digestInfo = '003031300d060960864801650304020105000420';
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(202, 255), Buffer.from(digestInfo, 'hex'), createHash('sha256').update(input).digest()]);
}

const ALL = { ...GOOD, ...BROKEN };
