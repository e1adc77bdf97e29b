// The authorization server of the tests as an OpenID provider: it signs ID tokens, and says them again at /userinfo.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { beforeEach } from 'node:test';
import { json, useClientApp } from './authorization-server.mjs';

/** A key pair of RSA's, and its public half as the issuer shows it. */
export function makeKey(kid) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } };
}

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A JWS by RS256 (RFC 7515, section 7.1). */
export function jws({ kid, privateKey }, claims, header = {}) {
  const input = `${encode({ alg: 'RS256', kid, ...header })}.${encode(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

/** The left half of a text's SHA-256 (OpenID Connect Core 1.0, section 3.1.3.6). */
export const halfHash = (text) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

const first = makeKey('k1');

/**
 * As `useClientApp`, with `scope: 'openid'`, and a server that is a provider.
 */
export function useOpenIdApp(served) {
  const own = useClientApp(served);
  beforeEach(() => {
    const { server, options } = own;
    Object.assign(options, { scope: 'openid' });
    Object.assign(options.server, makeProvider(server));
  });
  return own;
}

/**
 * Makes a server an OpenID provider, and gives its endpoints. Its `user` is who signs in; `change` may change the claims and the
 * header of the next ID tokens; `keys` are what it shows, and it signs with the first one.
 */
export function makeProvider(server) {
  Object.assign(server, { keys: [first], user: 'ada', change: () => {}, grantsNoRefresh: false, identify });
  Object.assign(server.instead, {
    '/jwks': (_, response) => json(response, 200, { keys: server.keys.map(({ jwk }) => jwk) }),
    '/userinfo': (_, response) => json(response, 200, { sub: server.user, name: 'Ada Lovelace' }),
  });
  const { origin } = server;
  return { jwks_uri: `${origin}/jwks`, userinfo_endpoint: `${origin}/userinfo`, end_session_endpoint: `${origin}/end-session` };

  /** The ID token beside an access token, for what was asked. */
  function identify(asked, access_token, isRefreshed) {
    if (!asked.scope?.split(' ').includes('openid')) return {};
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: server.origin, sub: server.user, aud: asked.client_id, iat: now, exp: now + 300, ...(access_token && { at_hash: halfHash(access_token) }) };
    if (!isRefreshed) claims.nonce = asked.nonce;
    const header = {};
    const change = server.change(claims, header, isRefreshed);
    return change === null ? {} : { id_token: change ?? jws(server.keys[0], claims, header) };
  }
}

/** How often the keys were asked for. */
export const keyRequests = ({ server }) => server.log.filter(({ path }) => path === '/jwks').length;
