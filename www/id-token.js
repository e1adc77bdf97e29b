// The checks of an ID token as steps for the panel, in the order in which the
// package makes them: OpenID Connect Core 1.0, section 3.1.3.7. All of them have
// held where there are claims, and the first that has not is the error's; a fact
// says what was compared. The ID token itself is never among the facts.

export const CHECKS = ['read', 'issuer', 'audience', 'time', 'nonce-same', 'signature', 'bound'];

// Which check an error is about.
const ABOUT = {
  missing_id_token: 'read',
  id_token_malformed: 'read',
  id_token_unsupported: 'read',
  id_token_alg_refused: 'read',
  id_token_issuer_mismatch: 'issuer',
  id_token_audience_mismatch: 'audience',
  id_token_claim_invalid: 'time',
  id_token_expired: 'time',
  id_token_not_yet_valid: 'time',
  nonce_mismatch: 'nonce-same',
  id_token_key_not_found: 'signature',
  id_token_signature_invalid: 'signature',
  jwks_unreachable: 'signature',
  invalid_jwks: 'signature',
  crypto_unavailable: 'signature',
  at_hash_mismatch: 'bound',
};

export const isAboutIdToken = (error) => Object.hasOwn(ABOUT, error?.code ?? '');

// `sent` is the fingerprint of the nonce in the request. -> [{ name, fact, failed }]
export function refusedChecks(error, { server, client_id, sent }) {
  const about = ABOUT[error.code];
  const held = {
    read: 'A header and claims.',
    issuer: `iss is ${server.issuer}.`,
    audience: `aud is ${client_id}, this app.`,
    time: `Good by this device’s clock, at ${clock(now())}.`,
    'nonce-same': `The one that was sent: ${sent}`,
    signature: 'It is good.',
  };
  const refused = {
    issuer: `iss is not ${server.issuer}`,
    audience: `aud is not ${client_id}, this app`,
    time: `Not good by this device’s clock, at ${clock(now())}`,
    'nonce-same': `Not the one that was sent, ${sent.replace('…', '')}`,
    signature: 'It is not by a key of the server',
    bound: 'at_hash is another token’s',
  };
  const before = CHECKS.slice(0, CHECKS.indexOf(about)).map((name) => ({ name, fact: held[name] }));
  const fact = [refused[about], `Refused: ${error.code}.`].filter(Boolean).join('. ');
  return [...before, { name: about, fact, failed: true }];
}

// What a verified ID token says, beside what it had to say.
export async function heldChecks({ claims, idToken, token, server, client_id, sent }) {
  const { alg } = headerOf(idToken);
  const fingerprint = await fingerprintOf(claims.nonce ?? '');
  const half = claims.at_hash && (await sha256(token.access_token)).slice(0, 16);
  const compare = (name, isSame, fact, otherwise) => ({ name, fact: isSame ? fact : otherwise, failed: !isSame });
  return [
    { name: 'read', fact: `About ${claims.sub}${claims.name ? `, ${claims.name}` : ''}.` },
    compare('issuer', claims.iss === server.issuer, `iss is ${claims.iss}.`, 'iss is another.'),
    compare('audience', [claims.aud].flat().includes(client_id), `aud is ${client_id}, this app.`, 'aud is another.'),
    { name: 'time', fact: `${clock(claims.iat)} to ${clock(claims.exp)}; here it is ${clock(now())}.` },
    compare('nonce-same', fingerprint === sent, `The one that was sent: ${fingerprint}`, `Sent was ${sent}`),
    { name: 'signature', fact: `${alg}, with the key ${keyOf(idToken)}` },
    ...(half ? [compare('bound', base64url(half) === claims.at_hash, 'at_hash is the left half of its SHA-256.', 'at_hash is another token’s.')] : []),
  ];
}

// The key that an ID token names.
export const keyOf = (idToken) => `${String(headerOf(idToken).kid).slice(0, 8)}…`;

// Enough of a hash to tell two nonces apart, and too little to be of use.
export async function fingerprintOf(nonce) {
  return `SHA-256 ${[...(await sha256(nonce)).slice(0, 3)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}…`;
}

export async function sha256(text) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function headerOf(idToken) {
  return JSON.parse(atob(idToken.split('.')[0].replaceAll('-', '+').replaceAll('_', '/')));
}

const now = () => Date.now() / 1000;

function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB');
}
