// An authorization server and an API for the tests of applications, without any network. The client under test is the real
// one: what it refuses at a real server it refuses here.

/** RS256, which a client takes unless it is told otherwise. */
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, content-type', 'access-control-expose-headers': 'www-authenticate' };

const encode = (text) => new TextEncoder().encode(text);
const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const base64urlOf = (value) => base64url(encode(JSON.stringify(value)));
const sha256 = async (text) => new Uint8Array(await crypto.subtle.digest('SHA-256', encode(text)));
const nowInSeconds = () => Math.floor(Date.now() / 1000);

export async function fakeServer({ origin = 'https://as.example', resource = 'https://api.example', lifetime = 3600, user = { sub: 'ada', name: 'Ada Lovelace' } } = {}) {
  const found = globalThis.fetch;
  const server = Object.freeze({
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    revocation_endpoint: `${origin}/revoke`,
    jwks_uri: `${origin}/jwks`,
    userinfo_endpoint: `${origin}/userinfo`,
    end_session_endpoint: `${origin}/logout`,
  });

  let signedIn = user;
  let isOffline = false;
  let count = 0;
  let key;
  /** By code, refresh token and access token: what it was given for. */
  const codes = new Map();
  const refreshing = new Map();
  const living = new Map();
  const requests = [];
  let answerOfApi = () => json(200, { ok: true });

  async function rotateKeys() {
    const pair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const { kty, n, e } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    count += 1;
    key = { ...pair, jwk: { kty, n, e, use: 'sig', alg: 'RS256', kid: `key-${count}` } };
  }

  const make = (kind) => `${kind}-${(count += 1)}`;

  async function idToken({ client_id, nonce, user }, access_token) {
    const iat = nowInSeconds();
    const at_hash = access_token && base64url((await sha256(access_token)).slice(0, 16));
    const claims = { iss: origin, aud: client_id, iat, exp: iat + lifetime, nonce, at_hash, ...user };
    const input = `${base64urlOf({ alg: 'RS256', kid: key.jwk.kid })}.${base64urlOf(claims)}`;
    return `${input}.${base64url(await crypto.subtle.sign(ALGORITHM.name, key.privateKey, encode(input)))}`;
  }

  /** What the user gets for a grant: RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3. */
  async function tokens(grant, types = 'code') {
    const isOpenId = / openid /.test(` ${grant.scope} `);
    const access_token = types === 'id_token' ? undefined : make('access-token');
    if (access_token) living.set(access_token, { grant, until: nowInSeconds() + lifetime });
    const brought = access_token ? { access_token, token_type: 'Bearer', expires_in: lifetime } : {};
    if (isOpenId && types !== 'token') brought.id_token = await idToken(grant, access_token);
    if (types === 'code') {
      // Each refresh token once (RFC 9700, section 4.14.2).
      brought.refresh_token = make('refresh-token');
      refreshing.set(brought.refresh_token, grant);
    }
    return brought;
  }

  /** The URL that the server sends the user back to, with these parameters. */
  function redirect({ redirect_uri, response_type, response_mode, state }, parameters) {
    const url = new URL(redirect_uri);
    const answer = new URLSearchParams({ ...parameters, iss: origin });
    if (state !== undefined) answer.set('state', state);
    if (response_type === 'code' && response_mode !== 'fragment') for (const [name, value] of answer) url.searchParams.append(name, value);
    else url.hash = `${answer}`;
    return url;
  }

  const asked = (url) => Object.fromEntries(new URL(url).searchParams);

  /** What the user does at the URL of a login, who signs in and allows it. */
  async function signIn(url, as = user) {
    signedIn = as;
    const request = asked(url);
    const grant = { ...request, user: as };
    if (request.response_type === 'code') {
      const code = make('code');
      codes.set(code, grant);
      return redirect(request, { code });
    }
    return redirect(request, await tokens(grant, request.response_type));
  }

  const deny = async (url, error = 'access_denied') => redirect(asked(url), { error });

  /** RFC 6749, sections 4.1.3 and 6; RFC 7636, section 4.6. */
  async function token(form) {
    let grant;
    if (form.grant_type === 'refresh_token') {
      grant = refreshing.get(form.refresh_token);
      refreshing.delete(form.refresh_token);
    } else {
      grant = codes.get(form.code);
      codes.delete(form.code);
      const challenge = base64url(await sha256(form.code_verifier ?? ''));
      if (grant?.code_challenge !== challenge || grant.redirect_uri !== form.redirect_uri) grant = undefined;
    }
    if (grant?.client_id !== form.client_id) return json(400, { error: 'invalid_grant' });
    return json(200, await tokens(grant));
  }

  const bearer = (request) => living.get(/^Bearer (.*)$/.exec(request.headers.get('authorization') ?? '')?.[1]);
  const isGood = (held) => held !== undefined && held.until > nowInSeconds();
  const refused = () => json(401, {}, { 'www-authenticate': 'Bearer error="invalid_token"' });

  const endpoints = {
    '/.well-known/oauth-authorization-server': () => json(200, server),
    '/.well-known/openid-configuration': () => json(200, server),
    '/authorize': async ({ url }) => page(await (signedIn || asked(url).prompt !== 'none' ? signIn(url, signedIn ?? user) : deny(url, 'login_required'))),
    '/token': async (request) => token(Object.fromEntries(new URLSearchParams(await request.text()))),
    '/revoke': () => (revoke(), json(200, {})),
    '/jwks': () => json(200, { keys: [key.jwk] }),
    '/userinfo': (request) => (isGood(bearer(request)) ? json(200, bearer(request).grant.user) : refused()),
    '/logout': ({ url }) => {
      signedIn = null;
      const { post_logout_redirect_uri, state } = asked(url);
      const back = new URL(post_logout_redirect_uri ?? origin);
      if (state !== undefined) back.searchParams.set('state', state);
      return page(back);
    },
  };

  function revoke() {
    for (const held of [codes, refreshing, living]) held.clear();
  }

  /** The answer to a request for the server or the API; nothing for another. */
  async function answer(request) {
    const { href, origin: at, pathname } = new URL(request.url);
    const isApi = href.startsWith(resource);
    if (at !== new URL(origin).origin && !isApi) return undefined;
    requests.push(request.clone());
    if (isOffline) throw new TypeError('Failed to fetch');
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: CORS });
    if (isApi) return isGood(bearer(request)) ? answerOfApi(request) : refused();
    return endpoints[pathname.slice(new URL(origin).pathname.replace(/\/$/, '').length)]?.(request) ?? json(404, {});
  }

  async function fakeFetch(input, init) {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    const response = await answer(request.clone());
    if (!response) return found(request);
    // A response that was made has no URL, and where one comes from decides what is believed of it.
    return Object.defineProperty(response, 'url', { value: request.url });
  }

  await rotateKeys();
  return Object.freeze({
    server,
    resource,
    requests,
    fetch: fakeFetch,
    install() {
      globalThis.fetch = fakeFetch;
      return () => {
        if (globalThis.fetch === fakeFetch) globalThis.fetch = found;
      };
    },
    async route(route) {
      const asked = route.request();
      const body = asked.postData();
      const request = new Request(asked.url(), { method: asked.method(), headers: await asked.allHeaders().then(plain), ...(body && { body }) });
      let response;
      try {
        response = await answer(request);
      } catch {
        return route.abort('internetdisconnected');
      }
      if (!response) return route.fallback();
      return route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() });
    },
    signIn,
    deny,
    signOut: () => void (signedIn = null),
    expire() {
      for (const held of living.values()) held.until = 0;
    },
    revoke,
    offline: (is = true) => void (isOffline = is),
    rotateKeys,
    answer: (run) => void (answerOfApi = run),
  });
}

function json(status, value, headers) {
  return new Response(JSON.stringify(value), { status, headers: { ...CORS, 'content-type': 'application/json', ...headers } });
}

/** A page that goes on to a URL, as a server's redirect does: a test's tool may not follow one that it has made up. */
function page(url) {
  const text = JSON.stringify(url.href).replaceAll('<', '\\u003c');
  return new Response(`<!doctype html><meta charset="utf-8"><title>Signing in</title><script>location.replace(${text})</script>`, { headers: { 'content-type': 'text/html' } });
}

/** Names that HTTP/2 begins with a colon are none for `Request`. */
function plain(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));
}
