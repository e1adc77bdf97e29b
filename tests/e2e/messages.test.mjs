// Every message that a page can be given, word for word.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { members } from '../types/members.mjs';
import { CSP, eachEntry, hasNoModule, knowsCodes, openApp, OPTIONS, response, useApp, withModule } from './harness/page.mjs';

const at = (text) => OPTIONS.redirect_uri + text;
const withServer = (server) => ({ ...OPTIONS, server: { ...OPTIONS.server, ...server } });
const ENDPOINT = 'server.authorization_endpoint must be an absolute https: URL (http: on a loopback host) without fragment, credentials, or a parameter that this package sets.';
const REDIRECT_URI = 'redirect_uri must be an absolute https: URL (http: on a loopback host, or a private-use scheme) without fragment or credentials.';
const CLIENT_ID = 'client_id must be the identifier that the server gave this client, in printable ASCII characters.';
const SCOPE = 'scope must be scope tokens with single spaces between them, in printable ASCII characters other than " and \\.';
const RESOURCES = 'resources must be absolute https: URLs (http: on a loopback host) without credentials, wildcard, query or fragment.';
/** The small build knows URLs alone. */
const NO_RESOURCES = { claviger: 'resources must be an array of absolute URLs, or of objects with one as url.', implicit: 'resources must be an array of absolute URLs.' };
const VIA = "resources.via must be 'header', 'query' or 'body'.";
const HEADER = "resources.header must be a header's name that is free for a credential, such as 'Authorization'.";
const LIFETIME = 'stateLifetime must be a positive whole number of seconds.';
const STORE = { claviger: "stateStore must be 'session', 'local' or 'memory'.", implicit: "stateStore must be 'session' or 'local'." };
const RESPONSE_TYPE = {
  claviger: "response_type must be 'token' or 'code' here; one with id_token in it, OpenID Connect's, needs claviger/openid.",
  implicit: "response_type must be 'token' here; claviger takes 'code', too, and one with id_token in it, OpenID Connect's, needs claviger/openid.",
};
const NAMES = 'parameters must have names other than response_type, client_id, redirect_uri and state, each once (resource and audience may be lists).';

const NAMES_FOR_CODE = 'parameters must have names other than response_mode, code_challenge and code_challenge_method, which this package sets.';

/** Wrong options of createClient, each with the whole message. A text is what makes the value, for what JSON can't hold. */
const WRONG_OPTIONS = [
  ...[undefined, null, 'text', 7].map((options) => [options, 'options must be an object.']),
  ...[undefined, null, 'https://as.example'].map((server) => [{ ...OPTIONS, server }, 'server must be an object.']),
  ...[undefined, null, 7, {}, '', '/authorize', 'as.example/authorize'].map((authorization_endpoint) => [withServer({ authorization_endpoint }), 'server.authorization_endpoint must be an absolute URL.']),
  ...[
    'http://as.example/authorize', 'https://as.example/authorize#x', 'https://as.example/authorize#', 'https://user@as.example/authorize',
    'https://as.example/authorize?state=x', 'https://as.example/authorize?a=b&%73cope=x', 'ftp://as.example/', 'javascript:alert(1)',
    'http://127.0.0.1.evil.example/', 'http://localhost.evil.example/',
  ].map((authorization_endpoint) => [withServer({ authorization_endpoint }), ENDPOINT]),
  ...[null, 7, false].map((issuer) => [withServer({ issuer }), 'server.issuer must be a string.']),
  [withServer({ issuer: undefined, authorization_response_iss_parameter_supported: true }), 'server.issuer must be there when authorization_response_iss_parameter_supported is.'],
  ...[null, 7, false].map((client_id) => [{ ...OPTIONS, client_id }, 'client_id must be a string.']),
  ...[undefined, '', 'ö', 'a\nb'].map((client_id) => [{ ...OPTIONS, client_id }, CLIENT_ID]),
  ...[undefined, null, 7, '', '/cb', 'app.example/cb'].map((redirect_uri) => [{ ...OPTIONS, redirect_uri }, 'redirect_uri must be an absolute URL.']),
  ...[
    'http://app.example/cb', 'https://app.example/cb#', 'https://app.example/cb#x', 'https://user:pw@app.example/cb', 'javascript:alert(1)',
    'data:text/html,x', 'blob:https://app.example/x', 'about:blank', 'file:///cb', 'ws://app.example/',
  ].map((redirect_uri) => [{ ...OPTIONS, redirect_uri }, REDIRECT_URI]),
  ...[undefined, null, '', 'Token', 'Code', 'id_token token'].map((response_type) => [{ ...OPTIONS, response_type }, RESPONSE_TYPE]),
  [{ ...OPTIONS, response_type: 'code' }, { claviger: 'server.token_endpoint must be there for the response_type code.', implicit: RESPONSE_TYPE.implicit }],
  ...[null, 7, false, ['read']].map((scope) => [{ ...OPTIONS, scope }, 'scope must be a string.']),
  ...['', ' read', 'read  write', 'read\twrite', 'a"b', 'a\\b', 'ö'].map((scope) => [{ ...OPTIONS, scope }, SCOPE]),
  ...[null, 'https://api.example', {}, [7], ['api'], ['https://api.example', null]].map((resources) => [{ ...OPTIONS, resources }, NO_RESOURCES]),
  ...[
    'http://api.example', 'https://user@api.example', 'https://*.example', 'https://api.example/?q', 'https://api.example/#x', 'blob:https://api.example/x', 'data:,x',
  ].map((url) => [{ ...OPTIONS, resources: [url] }, RESOURCES]),
  ...[null, 7, '', 'cookie'].map((stateStore) => [{ ...OPTIONS, stateStore }, STORE]),
  ...[null, '60', 0, -1, 1.5, 1e300, false].map((stateLifetime) => [{ ...OPTIONS, stateLifetime }, LIFETIME]),
  ...[null, 0, 'true'].map((hashRouter) => [{ ...OPTIONS, hashRouter }, 'hashRouter must be a boolean.']),
  ...[null, true, false, 'bearer', 'mac'].map((assumeTokenType) => [{ ...OPTIONS, assumeTokenType }, "assumeTokenType must be 'Bearer'."]),
];

/** Wrong options that only the full build knows. */
const CODE = { ...withServer({ token_endpoint: 'https://as.example/token', revocation_endpoint: 'https://as.example/revoke' }), response_type: 'code', response_mode: 'fragment' };
const INSECURE = ['http://as.example/token', 'https://as.example/token#x', 'https://user@as.example/token', 'ftp://as.example/'];
const SECRET_IN_PAGE = "client_secret must stay out of a page, where everybody who opens it can read it; register a public client, or set allowSecretInBrowser to true if the page's only user is the secret's owner.";
const OF_ENDPOINT = [
  ...[null, 7, false].map((client_secret) => [{ client_secret }, 'client_secret must be a string.']),
  ...[{}, { allowSecretInBrowser: false }, { token_endpoint_auth_method: 'client_secret_post' }].map((more) => [{ client_secret: 'S', ...more }, SECRET_IN_PAGE]),
  ...['', 'S\n', 'Ö'].map((client_secret) => [{ client_secret, allowSecretInBrowser: true }, 'client_secret must be the secret that the server gave this client, in printable ASCII characters.']),
  ...[null, 1, 'true'].map((allowSecretInBrowser) => [{ allowSecretInBrowser }, 'allowSecretInBrowser must be a boolean.']),
  ...[null, 7].map((token_endpoint_auth_method) => [{ token_endpoint_auth_method }, "token_endpoint_auth_method must be 'none', 'client_secret_basic' or 'client_secret_post'."]),
  ...['client_secret_basic', 'private_key_jwt'].map((token_endpoint_auth_method) => [{ token_endpoint_auth_method }, "client_secret must be there, or token_endpoint_auth_method be 'none'."]),
  ...['none', 'private_key_jwt'].map((token_endpoint_auth_method) => [
    { client_secret: 'S', allowSecretInBrowser: true, token_endpoint_auth_method },
    "token_endpoint_auth_method must be 'client_secret_basic' or 'client_secret_post' beside a client_secret.",
  ]),
  ...[null, 0, 'false'].map((encodeBasicCredentials) => [{ encodeBasicCredentials }, 'encodeBasicCredentials must be a boolean.']),
  [{ client_id: 'a:b', client_secret: 'S', allowSecretInBrowser: true, encodeBasicCredentials: false }, 'client_id must be without : where encodeBasicCredentials is false.'],
  ...[null, 7, '', 'xml'].map((tokenRequestFormat) => [{ tokenRequestFormat }, "tokenRequestFormat must be 'form', 'json' or 'query'."]),
];
const TOKEN_PARAMETERS = 'tokenParameters must have names other than grant_type, client_id, client_secret, code, redirect_uri, code_verifier, refresh_token and scope, each once (resource and audience may be lists), and values that are not empty.';
const WRONG_FULL = [
  ...[null, 7, '', 'form_post'].map((response_mode) => [{ ...CODE, response_mode }, "response_mode must be 'query' or 'fragment'."]),
  ...[null, 7, '', 'cookie'].map((tokenStore) => [{ ...CODE, tokenStore }, "tokenStore must be 'memory', 'session', 'local', or an object with the functions get, set and remove."]),
  ...[null, 'a=b'].map((tokenParameters) => [{ ...CODE, tokenParameters }, 'tokenParameters must be an object.']),
  ...[7, null, [7]].map((audience) => [{ ...CODE, tokenParameters: { audience } }, 'tokenParameters must have strings, or lists of strings, as values.']),
  ...[...['grant_type', 'client_id', 'client_secret', 'code', 'redirect_uri', 'code_verifier', 'refresh_token', 'scope', ''].map((name) => ({ [name]: 'x' })), { audience: '' }, { other: ['a', 'b'] }].map((tokenParameters) => [{ ...CODE, tokenParameters }, TOKEN_PARAMETERS]),
  ...[null, 1, 'true'].map((autoRenew) => [{ ...CODE, autoRenew }, 'autoRenew must be a boolean.']),
  ...['token_endpoint', 'revocation_endpoint'].flatMap((name) => [
    ...[true, 7, '', '/token'].map((value) => [{ ...CODE, server: { ...CODE.server, [name]: value } }, `server.${name} must be an absolute URL.`]),
    ...INSECURE.map((value) => [{ ...CODE, server: { ...CODE.server, [name]: value } }, `server.${name} must be an absolute https: URL (http: on a loopback host) without fragment or credentials.`]),
  ]),
  ...OF_ENDPOINT.map(([more, message]) => [{ ...CODE, ...more }, message]),
];

/** Wrong options of requestToken. */
const GRANT = { server: CODE.server, client_id: 'spa', grant_type: 'client_credentials' };
const PARAMETERS = 'parameters must have names other than grant_type, client_id and client_secret, each once (resource and audience may be lists), and values that are not empty.';
const WRONG_GRANT = [
  ...[undefined, null, 'text'].map((options) => [options, 'options must be an object.']),
  ...[undefined, null, 'https://as.example'].map((server) => [{ ...GRANT, server }, 'server must be an object.']),
  ...[{}, { token_endpoint: 7 }].map((server) => [{ ...GRANT, server }, 'server.token_endpoint must be an absolute URL.']),
  ...[null, 7].map((client_id) => [{ ...GRANT, client_id }, 'client_id must be a string.']),
  ...[null, 7].map((grant_type) => [{ ...GRANT, grant_type }, 'grant_type must be a string.']),
  ...[undefined, '', 'implicit', 'urn: x'].map((grant_type) => [{ ...GRANT, grant_type }, 'grant_type must be a grant type of RFC 6749 or an absolute URI.']),
  ...[null, 7].map((parameters) => [{ ...GRANT, parameters }, 'parameters must be an object.']),
  ...[7, null].map((value) => [{ ...GRANT, parameters: { audience: value } }, 'parameters must have strings, or lists of strings, as values.']),
  ...[{ client_id: 'x' }, { grant_type: 'x' }, { '': 'x' }, { audience: '' }].map((parameters) => [{ ...GRANT, parameters }, PARAMETERS]),
  ...[7, 'text'].map((signal) => [{ ...GRANT, signal }, 'signal must be an AbortSignal.']),
  ...OF_ENDPOINT.map(([more, message]) => [{ ...GRANT, ...more }, message]),
];

const URL_OF_API = 'https://api.example/v1';
const WRONG_RESOURCES = [
  ...[{}, { via: 'query' }, { url: 7 }, { url: null }, { url: '/v1' }, []].map((resource) => [resource, NO_RESOURCES.claviger]),
  ...['http://api.example', 'https://api.example/?q', 'https://user@api.example'].map((url) => [{ url, via: 'query' }, RESOURCES]),
  ...[null, 7, ['query']].map((via) => [{ url: URL_OF_API, via }, 'resources.via must be a string.']),
  ...['', 'Header', 'cookie', 'header query'].map((via) => [{ url: URL_OF_API, via }, VIA]),
  ...[null, 7, ['X-Token']].map((header) => [{ url: URL_OF_API, header }, 'resources.header must be a string.']),
  ...['', 'X Token', 'X-Token\r\nX', 'Tökén', 'Cookie', 'Content-Type', 'Sec-Token', 'proxy-authorization'].map((header) => [{ url: URL_OF_API, header }, HEADER]),
  ...['query', 'body'].map((via) => [{ url: URL_OF_API, via, header: 'X-Token' }, "resources.header must be there only where via is 'header'."]),
  ...[7, false, ['OAuth']].map((scheme) => [{ url: URL_OF_API, scheme }, 'resources.scheme must be a string.']),
  ...['', 'OAuth 2', 'Tökén', 'a\r\nX: y'].map((scheme) => [{ url: URL_OF_API, scheme }, "resources.scheme must be an authentication scheme's name, such as 'OAuth', or null for the bare token."]),
  ...['query', 'body'].flatMap((via) => ['OAuth', null].map((scheme) => [{ url: URL_OF_API, via, scheme }, "resources.scheme must be there only where via is 'header'."])),
];

/** Wrong options of createFetch. */
const PAT = { type: 'bearer', token: 'a/b-c' };
const WRONG_FETCH = [
  ...[undefined, null, 'text', 7].map((options) => [options, 'options must be an object.']),
  ...[undefined, null, 'text'].map((credential) => [{ credential, resources: [] }, 'credential must be an object.']),
  ...[undefined, null, URL_OF_API].map((resources) => [{ credential: PAT, resources }, NO_RESOURCES.claviger]),
  ...[undefined, '', 'Bearer', 'digest'].map((type) => [{ credential: { ...PAT, type }, resources: [] }, "credential.type must be 'bearer' or 'basic'."]),
  [{ credential: { ...PAT, type: 7 }, resources: [] }, 'credential.type must be a string.'],
  ...[undefined, '', 'a b', 'a\r\nX: y', 'ä', 'a\0', 'a '].map((token) => [{ credential: { type: 'bearer', token }, resources: [] }, 'credential.token must consist of printable ASCII characters without spaces.']),
  [{ credential: { type: 'bearer', token: 7 }, resources: [] }, 'credential.token must be a string.'],
  ...[undefined, 7, null].map((username) => [{ credential: { type: 'basic', username, password: 'x' }, resources: [] }, 'credential.username must be a string.']),
  ...[undefined, 7, null].map((password) => [{ credential: { type: 'basic', username: 'x', password }, resources: [] }, 'credential.password must be a string.']),
  ...['a:b', 'a\n', '\0'].map((username) => [{ credential: { type: 'basic', username, password: 'x' }, resources: [] }, 'credential.username must be without : and control characters.']),
  [{ credential: { type: 'basic', username: 'x', password: 'a\r' }, resources: [] }, 'credential.password must be without control characters.'],
  [{ credential: { type: 'basic', username: 'x', password: 'y' }, resources: [{ url: URL_OF_API, via: 'query' }] }, "resources.via must be 'header' for a user name and password."],
  [{ credential: { type: 'basic', username: 'x', password: 'y' }, resources: [{ url: URL_OF_API, scheme: 'OAuth' }] }, 'resources.scheme must be left out for a user name and password.'],
  ...WRONG_RESOURCES.map(([resource, message]) => [{ credential: PAT, resources: [URL_OF_API, resource] }, message]),
];

/** Wrong arguments of authorizationUrl. */
const WRONG_ARGUMENTS = [
  ...[null, 'prompt=login', 7].map((parameters) => [[parameters], 'parameters must be an object.']),
  ...[7, null, [7], [['login']]].map((prompt) => [[{ prompt }], 'parameters must have strings, or lists of strings, as values.']),
  ...['response_type', 'client_id', 'redirect_uri', 'state', ''].map((name) => [[{ [name]: 'x' }], NAMES]),
  ...['', 'read  write', 'a"b'].map((scope) => [[{ scope }], SCOPE]),
  ...[null, 'text', 7].map((options) => [[undefined, options], 'options must be an object.']),
];

/** Each code of OAuthError but those of loading: how a page gets there, and the whole message. */
const MESSAGES = {
  storage_unavailable: {
    init: () => { Storage.prototype.setItem = () => { throw new DOMException('Full.', 'QuotaExceededError'); }; },
    run: (client) => client.authorizationUrl(),
    message: "The browser's storage refused the login's record; allow storage for this site or free some, then sign in again.",
  },
  insecure_context: {
    origin: 'http://app.example',
    run: (client) => client.authorizationUrl(),
    message: 'This page was not loaded over https: or from a loopback host; serve it securely, then sign in again.',
  },
  random_unavailable: {
    init: () => { crypto.getRandomValues = () => { throw new Error('no'); }; },
    run: (client) => client.authorizationUrl(),
    message: 'The platform gave no secure random bytes; sign in with a browser that has crypto.getRandomValues.',
  },
  invalid_return_to: {
    run: (client) => client.authorizationUrl({}, { returnTo: '//evil.example' }),
    message: 'returnTo is not a path on this origin; pass one that starts with a single slash.',
  },
  missing_state: { response: '#access_token=AT&token_type=Bearer', message: 'The response has no state, so nothing shows that this page asked for it; sign in again.' },
  unknown_state: {
    response: '#access_token=AT&token_type=Bearer&state=attacker',
    message: "The response answers no login that this browser has under way; sign in again, and set stateStore to 'local' if the redirect comes back in another tab or view.",
  },
  state_expired: { response: '#access_token=AT&token_type=Bearer&state={S}', late: 3601, message: 'The login took longer than its lifetime; sign in again.' },
  state_replayed: { response: '#access_token=AT&token_type=Bearer&state={S}', twice: true, message: 'The login that this response answers was finished before; go on with the session, or sign in again.' },
  state_wrong_client: { response: '#access_token=AT&token_type=Bearer&state={S}', starter: { client_id: 'other' }, message: 'The response answers a login of another client on this origin; let that client handle it.' },
  redirect_uri_mismatch: {
    url: 'https://app.example/other#access_token=AT&token_type=Bearer&state={S}',
    message: "The response came to another URL than the login's redirect_uri; correct redirect_uri here or at the server, then sign in again.",
  },
  duplicate_parameter: {
    response: '#access_token=AT&access_token=AT&state={S}',
    message: "A parameter occurs twice in the response, so its meaning is open; sign in again, and report it to the server's operator if it stays.",
  },
  malformed_response: {
    response: '#access_token=%&state={S}',
    message: "The response breaks the encoding or the grammar of RFC 6749; sign in again, and report it to the server's operator if it stays.",
  },
  response_too_large: { response: `#access_token=${'x'.repeat(131_072)}&state={S}`, message: 'The response is larger than 128 KiB or has more than 256 parameters; sign in again.' },
  wrong_location: {
    response: '?access_token=AT&token_type=Bearer&state={S}',
    message: 'The token came in the query, where logs and other sites can see it; have the server send it in the fragment.',
  },
  ambiguous_response: { response: '?code=C&state={S}#access_token=AT&token_type=Bearer&state={S}', message: 'The URL holds one response in its query and another in its fragment; sign in again.' },
  unexpected_response_type: {
    response: '?code=C&state={S}',
    message: 'The response holds something else than the response_type that was asked for; check which response types the server grants this client.',
  },
  missing_access_token: { response: '#state={S}', message: 'The response has no access token; check that the server grants this client the response_type token.' },
  missing_token_type: {
    response: '#access_token=AT&state={S}',
    message: "The response has no token_type; set assumeTokenType to 'Bearer' if the server's documents say that its tokens are bearer tokens.",
  },
  unsupported_token_type: {
    response: '#access_token=AT&token_type=mac&state={S}',
    message: 'The token is not a bearer token, and no other type is understood; have the server issue bearer tokens to this client.',
  },
  issuer_mismatch: {
    response: '#access_token=AT&token_type=Bearer&state={S}&iss=https%3A%2F%2Fevil.example',
    message: 'The response names another issuer than the configured one; check server.issuer, and take it for an attack if that is right.',
  },
  issuer_missing: {
    options: withServer({ authorization_response_iss_parameter_supported: true }),
    response: '#access_token=AT&token_type=Bearer&state={S}',
    message: "The server's metadata promises an issuer in every response, and this one has none; sign in again.",
  },
  authorization_error: { response: '#error=access_denied&state={S}', message: 'The server refused the request; its own code is in the member error.' },
  login_required: { run: (client) => client.fetch('/api'), message: 'There is no token to send; sign in first.' },
  token_expired: {
    response: '#access_token=AT&token_type=Bearer&expires_in=0&state={S}',
    run: (client) => client.fetch('/api'),
    message: 'The token has expired; sign in again.',
  },
  resource_not_allowed: {
    run: (client) => client.fetch('https://evil.example/'),
    message: 'This URL is none of the configured resources; add it to resources, or use plain fetch for a request without token.',
  },
  insecure_resource: {
    run: (client) => client.fetch('http://app.example/'),
    message: 'This URL is neither https: nor on a loopback host, so the token would travel in the clear; use https:.',
  },
  unsupported_body: {
    only: 'claviger',
    options: { ...OPTIONS, resources: [{ url: 'https://api.example/', via: 'body' }] },
    response: '#access_token=AT&token_type=Bearer&state={S}',
    run: (client) => client.fetch('https://api.example/', { method: 'POST', body: '{}' }),
    message: "The request's body can't hold the token; send a form-encoded body with a method that has one, or set via to 'header'.",
  },
};

/** In the page: no server can be reached. */
const offline = () => {
  globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
};

/** What only the full build has; some codes have a second sentence. */
const OF_FULL = [
  ['missing_code', { options: CODE, response: '#state={S}', message: 'The response has no code; check that the server grants this client the response_type code.' }],
  ['wrong_location', {
    options: CODE,
    response: '?code=C&state={S}',
    message: 'The code came in another part of the URL than was asked for; set response_mode to the one that the server uses.',
  }],
  ['token_error', {
    options: CODE,
    init: () => { globalThis.fetch = async () => Response.json({ error: 'invalid_grant' }, { status: 400 }); },
    response: '#code=C&state={S}',
    message: 'The token endpoint refused the request; its own code is in the member error.',
  }],
  ['invalid_token_response', {
    options: CODE,
    response: '#code=C&state={S}',
    message: "The token endpoint's answer, with status 200, is not the JSON of RFC 6749; check server.token_endpoint, and report it to the server's operator if that is right.",
  }],
  ['token_endpoint_unreachable', {
    options: CODE,
    init: offline,
    response: '#code=C&state={S}',
    message: "The server gave no answer that this program may read; if the network works, it does not let a browser use this endpoint (CORS) or hides why it refused: use response_type 'token', or exchange the code at a server of yours.",
  }],
  ['revocation_unconfirmed', {
    options: withServer({ revocation_endpoint: 'https://as.example/revoke' }),
    init: offline,
    response: '#access_token=AT&token_type=Bearer&state={S}',
    run: (client) => client.logout({ revoke: true }),
    message: 'The tokens were forgotten here, but the server did not confirm that it revoked them; they may stay valid until they expire.',
  }],
  ['invalid_metadata', {
    init: () => { globalThis.fetch = async () => new Response('<h1>Not found</h1>', { status: 404 }); },
    run: async () => (await claviger).discover('https://as.example'),
    message: "The server's metadata is not the JSON of RFC 8414; check the issuer, or configure the endpoints by hand.",
  }],
  ['issuer_mismatch', {
    init: () => { globalThis.fetch = async () => Response.json({ issuer: 'https://as.example/', authorization_endpoint: 'https://as.example/authorize', response_types_supported: ['code'] }); },
    run: async () => (await claviger).discover('https://as.example'),
    message: "The metadata's issuer and the one that it was asked of differ in the slash at their end alone; pass it exactly as the server writes it.",
  }],
  ['popup_blocked', {
    init: () => { globalThis.open = () => null; },
    run: (client) => client.loginPopup(),
    message: 'The browser blocked the window; call loginPopup in a click of the user, or use login.',
  }],
  ['popup_closed', {
    init: () => {
      globalThis.open = () => ({ closed: true, location: { replace() {} }, close() {} });
      const { setInterval } = globalThis;
      globalThis.setInterval = (run) => setInterval(run, 1);
    },
    run: (client) => client.loginPopup(),
    message: 'The window was closed before the login was finished; sign in again.',
  }],
  ['interaction_required', {
    run: (client) => client.renew(),
    message: "The page's Content-Security-Policy forbids the hidden frame; add the server to its frame-src, or sign in again.",
  }],
  ['metadata_unreachable', {
    init: offline,
    run: async () => (await claviger).discover('https://as.example'),
    message: "The server's metadata gave no answer that this program may read; if the network works, it is not open to browsers (CORS): check the issuer, or configure the endpoints by hand.",
  }],
];

/** How loading fails. */
const LOAD_FAILED = [
  {
    name: "a policy without 'wasm-unsafe-eval'",
    served: { headers: { 'Content-Security-Policy': CSP.replace(" 'wasm-unsafe-eval'", '') } },
    message: "The page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src.",
  },
  {
    name: 'no WebAssembly',
    served: { init: [() => { delete globalThis.WebAssembly; }] },
    message: 'This browser has no WebAssembly; allow it there, or import claviger/no-wasm.',
  },
  {
    name: 'WebAssembly without what the module needs',
    served: { init: [() => { WebAssembly.Module = function () { throw new WebAssembly.CompileError('invalid opcode'); }; }] },
    message: "This browser's WebAssembly is too old for the module; import claviger/no-wasm.",
  },
];

/** Those of ID tokens, which no client here asks for: tests/core/openid provokes them. */
const OF_OPENID = [
  'missing_id_token', 'id_token_malformed', 'id_token_unsupported', 'id_token_alg_refused', 'id_token_key_not_found',
  'id_token_signature_invalid', 'id_token_issuer_mismatch', 'id_token_audience_mismatch', 'id_token_claim_invalid', 'id_token_expired',
  'id_token_not_yet_valid', 'nonce_mismatch', 'at_hash_mismatch', 'c_hash_mismatch', 's_hash_mismatch',
  'auth_too_old', 'acr_mismatch', 'subject_mismatch', 'jwks_unreachable', 'invalid_jwks', 'invalid_userinfo', 'userinfo_unreachable', 'crypto_unavailable', 'end_session_unavailable',
];
/** Those that session-rules.test.mjs and the machine's own tests provoke. */
const OF_THE_SESSION = ['session_ended', 'session_busy'];
/** Those that door.test.mjs provokes. */
const OF_THE_DOOR = ['module_failed', 'out_of_memory'];

test('every declared code has its message here', () => {
  const codes = new Set([...Object.keys(MESSAGES), ...OF_FULL.map(([code]) => code), 'load_failed', ...OF_THE_DOOR, ...OF_OPENID, ...OF_THE_SESSION]);
  assert.deepEqual([...codes].sort(), members('OAuthErrorCode').sort());
  for (const { message } of [...Object.values(MESSAGES), ...OF_FULL.map(([, made]) => made), ...LOAD_FAILED]) {
    assert.match(message, /^[A-Za-z][^.]*(\.[a-zA-Z][^.]*)?\.$/, 'one sentence');
  }
});

eachEntry((entry) => {
  const app = useApp({ entry });

  test('a wrong option is a TypeError that names it', async () => {
    const outcomes = await app.evaluate(async (all) => {
      const { createClient } = await claviger;
      return Promise.all(all.map((options) => settle(async () => void (await createClient(options)))));
    }, WRONG_OPTIONS.map(([options]) => options));
    const said = outcomes.map(({ thrown }, index) => [WRONG_OPTIONS[index][0], thrown?.type, thrown?.message]);
    assert.deepEqual(said, WRONG_OPTIONS.map(([options, message]) => [options, 'TypeError', message[withModule(entry)] ?? message]));
  });

  if (knowsCodes(entry)) {
    test('a wrong resource is a TypeError that names what is wrong', async () => {
      const outcomes = await app.evaluate(async ([all, options]) => {
        const { createClient } = await claviger;
        return Promise.all(all.map((resource) => settle(async () => void (await createClient({ ...options, resources: ['https://good.example', resource] })))));
      }, [WRONG_RESOURCES.map(([resource]) => resource), OPTIONS]);
      const said = outcomes.map(({ thrown }, index) => [WRONG_RESOURCES[index][0], thrown?.type, thrown?.message]);
      assert.deepEqual(said, WRONG_RESOURCES.map(([resource, message]) => [resource, 'TypeError', message]));
    });

    for (const [name, wrong] of Object.entries({ createClient: WRONG_FULL, createFetch: WRONG_FETCH, requestToken: WRONG_GRANT })) {
      test(`a wrong option of ${name} is a TypeError that names it`, async () => {
        const outcomes = await app.evaluate(async ([name, all]) => {
          const make = (await claviger)[name];
          return Promise.all(all.map((options) => settle(async () => void (await make(options)))));
        }, [name, wrong.map(([options]) => options)]);
        const said = outcomes.map(({ thrown }, index) => [wrong[index][0], thrown?.type, thrown?.message]);
        assert.deepEqual(said, wrong.map(([options, message]) => [options, 'TypeError', message]));
        assert.deepEqual(app.requests, []);
      });
    }

    test('a wrong argument of what waits or discovers is a TypeError that names it', async () => {
      const client = await app.client(CODE);
      const outcomes = await client.evaluate(async (client) => {
        const { bestResponseType, discover } = await claviger;
        const signal = [{ signal: 7 }, { signal: {} }];
        return {
          signal: await Promise.all(signal.flatMap((options) => [() => client.handleRedirect(undefined, options), () => client.renew(options), () => discover('https://as.example', options)]).map(settle)),
          options: await Promise.all([() => client.handleRedirect(undefined, 7), () => client.renew(null), () => discover('https://as.example', 'text')].map(settle)),
          issuer: await Promise.all([undefined, 7, new URL('https://as.example')].map((issuer) => settle(() => discover(issuer)))),
          url: await Promise.all(['', 'as.example'].map((issuer) => settle(() => discover(issuer)))),
          place: await Promise.all(['http://as.example', 'https://as.example?a', 'https://as.example#', 'https://user@as.example'].map((issuer) => settle(() => discover(issuer)))),
          server: await Promise.all([undefined, null, 7, []].map((server) => settle(() => bestResponseType(server)))),
        };
      });
      const messages = {
        signal: 'signal must be an AbortSignal.',
        options: 'options must be an object.',
        issuer: 'issuer must be a string.',
        url: 'issuer must be an absolute URL.',
        place: 'issuer must be an absolute https: URL (http: on a loopback host) without query, fragment or credentials.',
        server: 'server must be an object.',
      };
      for (const [name, message] of Object.entries(messages)) {
        assert.deepEqual(outcomes[name].map(({ thrown }) => [thrown?.type, thrown?.message]), outcomes[name].map(() => ['TypeError', message]), name);
      }
      assert.deepEqual(app.requests, []);
    });
  }

  test('a wrong argument is a TypeError that names it', async () => {
    const client = await app.client();
    for (const [values, message] of WRONG_ARGUMENTS) {
      for (const method of ['authorizationUrl', 'login']) {
        const { thrown } = await client.evaluate((client, [method, values]) => settle(() => client[method](...values)), [method, values]);
        assert.deepEqual([thrown?.type, thrown?.message], ['TypeError', message], JSON.stringify(values));
      }
    }
    if (knowsCodes(entry)) {
      const client = await app.client(CODE);
      for (const name of ['response_mode', 'code_challenge', 'code_challenge_method']) {
        const { thrown } = await client.evaluate((client, name) => settle(() => client.authorizationUrl({ [name]: 'x' })), name);
        assert.deepEqual([thrown?.type, thrown?.message], ['TypeError', NAMES_FOR_CODE]);
      }
    }
    const cyclic = await client.evaluate((client) => {
      const cycle = {};
      cycle.self = cycle;
      return Promise.all([cycle, () => {}, Symbol('s'), 7n].map((appState) => settle(() => client.authorizationUrl({}, { appState }))));
    });
    for (const { thrown } of cyclic) {
      assert.deepEqual([thrown?.type, thrown?.message], ['TypeError', 'appState must be a value that JSON can hold.']);
    }
    for (const url of ['', '/cb#access_token=AT', 7, null, {}]) {
      const { thrown } = await client.evaluate((client, url) => settle(() => client.handleRedirect(url)), url);
      assert.deepEqual([thrown?.type, thrown?.message], ['TypeError', 'url must be an absolute URL.'], String(url));
    }
    assert.equal(await app.evaluate(() => sessionStorage.length), 0, 'and nothing was stored');
  });

  for (const [code, { only = entry, init, origin = 'https://app.example', starter, options = OPTIONS, response: text, url, late = 0, twice, run, message }] of [...Object.entries(MESSAGES), ...OF_FULL.map(([code, made]) => [code, { only: 'claviger', ...made }])]) {
    if (only !== entry) continue;
    test(`${code}, word for word${code in MESSAGES && message !== MESSAGES[code].message ? ', elsewhere' : ''}`, async () => {
      if (origin !== 'https://app.example') {
        await app.page.goto(`${origin}/start`);
      }
      if (init) {
        await app.evaluate(init);
      }
      if (text || url) {
        const { state } = await app.startLogin({ ...options, ...starter });
        await app.arrive((url ?? at(text)).replaceAll('{S}', state));
        if (twice) {
          await app.handleRedirect(options);
          await app.arrive(response(state));
        }
      }
      const client = await app.client(options);
      let { thrown } = await client.evaluate(async (client, late) => {
        const { now } = Date;
        Date.now = () => now() + late * 1000;
        return settle(() => client.handleRedirect());
      }, late);
      if (run) {
        assert.equal(thrown, undefined);
        const inPage = await app.page.evaluateHandle(`(${run})`);
        ({ thrown } = await client.evaluate((client, run) => settle(() => run(client)), inPage));
      }
      assert.deepEqual([thrown?.code, thrown?.name, thrown?.message], [code, 'OAuthError', message]);
    });
  }

  for (const { name, served, message } of hasNoModule(entry) ? [] : LOAD_FAILED) {
    test(`load_failed, word for word: ${name}`, async (t) => {
      const app = await openApp(t, { entry, ...served });
      await app.open('/start');
      const { thrown } = await app.startLogin();
      assert.deepEqual([thrown?.code, thrown?.name, thrown?.message], ['load_failed', 'OAuthError', message]);
    });
  }
});
