// The options of a relying party, as texts by their positions for the module.
import {
  CHECK_RELYING_PARTY, CLOCK_TOLERANCE, END_SESSION_ENDPOINT, HAS_KEYS, JWKS_URI, OPENID, POST_LOGOUT_REDIRECT_URI, POST_LOGOUT_REDIRECT_URL,
  RESPONSE_TYPE, SIGNED_RESPONSE_ALG, SUPPORTED_ALGS, TRUSTED_AUDIENCES, TRUSTS_TOKEN_ENDPOINT, USERINFO_ENDPOINT,
} from 'claviger:numbers';
import { flag, object, typed, url, wrong } from './arguments.js';
import { call } from './door.js';
import { issuersKeys } from './issuers-keys.js';
import { BE_ALWAYS_OR_FRONT_CHANNEL, BE_AN_OBJECT, BE_AN_OPENID_TYPE, BE_AUDIENCES, BE_SECONDS_OR_0 } from './musts.js';
import { check } from './verdict.js';

/** Those that a client asks for. */
const RESPONSE_TYPES = ['code', 'id_token', 'id_token token'];

/** Writes the texts, which have the response type as it was given, and gives the issuer's keys. `otherTypes` are those in which an ID token can come from elsewhere. */
export function readRelyingParty(option, server, texts, otherTypes = []) {
  const type = typed(texts[RESPONSE_TYPE], 'string', 'response_type', BE_AN_OPENID_TYPE) ?? '';
  // The order of the words means nothing (OAuth 2.0 Multiple Response Type Encoding Practices, section 3).
  texts[RESPONSE_TYPE] = type.split(' ').sort().join(' ');
  if (![...RESPONSE_TYPES, ...otherTypes].includes(texts[RESPONSE_TYPE])) throw wrong('response_type', BE_AN_OPENID_TYPE);
  const endpoint = (name) => {
    const text = server(name);
    return text === undefined ? undefined : url(text, `server.${name}`);
  };
  texts[OPENID] = flag(true);
  texts[SIGNED_RESPONSE_ALG] = typed(option('id_token_signed_response_alg'), 'string', 'id_token_signed_response_alg');
  const supported = server('id_token_signing_alg_values_supported');
  if (Array.isArray(supported)) texts[SUPPORTED_ALGS] = supported.filter((name) => typeof name === 'string').join(' ');
  const audiences = option('trustedAudiences') ?? [];
  const isAudience = (text) => typeof text === 'string' && text && !text.includes('\n');
  if (!Array.isArray(audiences) || !audiences.every(isAudience)) throw wrong('trustedAudiences', BE_AUDIENCES);
  texts[TRUSTED_AUDIENCES] = audiences.join('\n');
  const tolerance = typed(option('clockTolerance'), 'number', 'clockTolerance', BE_SECONDS_OR_0);
  texts[CLOCK_TOLERANCE] = tolerance === undefined ? undefined : `${tolerance}`;
  const signature = option('idTokenSignature') ?? 'always';
  if (signature !== 'always' && signature !== 'front-channel') throw wrong('idTokenSignature', BE_ALWAYS_OR_FRONT_CHANNEL);
  texts[TRUSTS_TOKEN_ENDPOINT] = flag(signature === 'front-channel');
  texts[JWKS_URI] = endpoint('jwks_uri');
  const jwks = server('jwks');
  const given = jwks === undefined ? undefined : JSON.stringify(object(jwks, 'server.jwks'));
  texts[HAS_KEYS] = flag(given);
  texts[USERINFO_ENDPOINT] = endpoint('userinfo_endpoint');
  texts[END_SESSION_ENDPOINT] = endpoint('end_session_endpoint');
  const redirectUri = typed(option('post_logout_redirect_uri'), 'string', 'post_logout_redirect_uri');
  texts[POST_LOGOUT_REDIRECT_URI] = redirectUri;
  texts[POST_LOGOUT_REDIRECT_URL] = redirectUri === undefined ? undefined : url(redirectUri, 'post_logout_redirect_uri');
  check(call(CHECK_RELYING_PARTY, [], texts));
  return { keys: issuersKeys(texts[JWKS_URI], given) };
}
