// What WebCrypto does of a verification: RFC 7518, section 3; RFC 8037, section 3.1.
import { ALGORITHM, JWK, SIGNED_TEXT, TEXT_TO_HASH } from 'claviger:numbers';
import { flag } from './arguments.js';
import { OAuthError } from './oauth-error.js';
import { errorOf } from './verdict.js';

const bytesOf = (text) => new TextEncoder().encode(text);

const NAMES = { __proto__: null, RS: 'RSASSA-PKCS1-v1_5', PS: 'RSA-PSS', ES: 'ECDSA', Ed: 'Ed25519' };

/** Does the job of an answer: whether the signature is the key's, and the digests, as texts for the module. */
export async function doJob(answer, idToken) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new OAuthError('crypto_unavailable', 'This page has no crypto.subtle to verify an ID token with; serve it over https: or from a loopback host.');
  const { [ALGORITHM]: name, [JWK]: jwk, [SIGNED_TEXT]: input } = answer;
  const kind = name.slice(0, 2);
  const bits = kind === 'Ed' ? 512 : +name.slice(2);
  const hash = `SHA-${bits}`;
  const isSigned = jwk && verify(subtle, { name: NAMES[kind], hash, saltLength: bits / 8 }, JSON.parse(jwk), input, idToken).then(flag);
  const digest = async (text) => (text ? base64url(await subtle.digest(hash, bytesOf(text))) : undefined);
  const digests = [0, 1, 2].map((place) => digest(answer[TEXT_TO_HASH + place]));
  return Promise.all([isSigned, ...digests]);
}

async function verify(subtle, algorithm, jwk, input, idToken) {
  const key = await subtle.importKey('jwk', jwk, { ...algorithm, namedCurve: jwk.crv }, false, ['verify']).catch(({ name }) => {
    throw errorOf(name === 'NotSupportedError' ? 'id_token_alg_refused' : 'id_token_key_not_found');
  });
  const signature = atob(idToken.slice(input.length + 1).replace(/-/g, '+').replace(/_/g, '/'));
  return subtle.verify(algorithm, key, Uint8Array.from(signature, (character) => character.charCodeAt()), bytesOf(input));
}

function base64url(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
