// Every message that a page can be given, word for word.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { members } from '../types/members.mjs';
import { CSP, eachEntry, openApp, OPTIONS, response, useApp } from './harness/page.mjs';

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
const STORE = "stateStore must be 'session' or 'local'.";
const NAMES = 'parameters must have names other than response_type, client_id, redirect_uri, scope and state, each once.';

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
  ...[undefined, null, 'code', '', 'Token', 'id_token token'].map((response_type) => [{ ...OPTIONS, response_type }, "response_type must be 'token'."]),
  ...[null, 7, false, ['read']].map((scope) => [{ ...OPTIONS, scope }, 'scope must be a string.']),
  ...['', ' read', 'read  write', 'read\twrite', 'a"b', 'a\\b', 'ö'].map((scope) => [{ ...OPTIONS, scope }, SCOPE]),
  ...[null, 'https://api.example', {}, [7], ['api'], ['https://api.example', null]].map((resources) => [{ ...OPTIONS, resources }, NO_RESOURCES]),
  ...[
    'http://api.example', 'https://user@api.example', 'https://*.example', 'https://api.example/?q', 'https://api.example/#x', 'blob:https://api.example/x', 'data:,x',
  ].map((url) => [{ ...OPTIONS, resources: [url] }, RESOURCES]),
  ...[null, 7, '', 'memory'].map((stateStore) => [{ ...OPTIONS, stateStore }, STORE]),
  ...[null, '60', 0, -1, 1.5, 1e300, false].map((stateLifetime) => [{ ...OPTIONS, stateLifetime }, LIFETIME]),
  ...[null, 0, 'true'].map((hashRouter) => [{ ...OPTIONS, hashRouter }, 'hashRouter must be a boolean.']),
  ...[null, true, false, 'bearer', 'mac'].map((assumeTokenType) => [{ ...OPTIONS, assumeTokenType }, "assumeTokenType must be 'Bearer'."]),
];

/** Wrong options that only the full build knows. */
const URL_OF_API = 'https://api.example/v1';
const WRONG_RESOURCES = [
  ...[{}, { via: 'query' }, { url: 7 }, { url: null }, { url: '/v1' }, []].map((resource) => [resource, NO_RESOURCES.claviger]),
  ...['http://api.example', 'https://api.example/?q', 'https://user@api.example'].map((url) => [{ url, via: 'query' }, RESOURCES]),
  ...[null, 7, ['query']].map((via) => [{ url: URL_OF_API, via }, 'resources.via must be a string.']),
  ...['', 'Header', 'cookie', 'header query'].map((via) => [{ url: URL_OF_API, via }, VIA]),
  ...[null, 7, ['X-Token']].map((header) => [{ url: URL_OF_API, header }, 'resources.header must be a string.']),
  ...['', 'X Token', 'X-Token\r\nX', 'Tökén', 'Cookie', 'Content-Type', 'Sec-Token', 'proxy-authorization'].map((header) => [{ url: URL_OF_API, header }, HEADER]),
  ...['query', 'body'].map((via) => [{ url: URL_OF_API, via, header: 'X-Token' }, "resources.header must be there only where via is 'header'."]),
];

/** Wrong options of createFetch. */
const PAT = { type: 'bearer', token: 'a/b-c' };
const WRONG_FETCH = [
  ...[undefined, null, 'text', 7].map((options) => [options, 'options must be an object.']),
  ...[undefined, null, 'text'].map((credential) => [{ credential, resources: [] }, 'credential must be an object.']),
  ...[undefined, null, URL_OF_API].map((resources) => [{ credential: PAT, resources }, NO_RESOURCES.claviger]),
  ...[undefined, '', 'Bearer', 'digest'].map((type) => [{ credential: { ...PAT, type }, resources: [] }, "credential.type must be 'bearer' or 'basic'."]),
  [{ credential: { ...PAT, type: 7 }, resources: [] }, 'credential.type must be a string.'],
  ...[undefined, '', 'a b', 'a\r\nX: y', 'ä', 'a\0', 'a=b'].map((token) => [{ credential: { type: 'bearer', token }, resources: [] }, 'credential.token must consist of letters, digits and - . _ ~ + /, with = at its end only.']),
  [{ credential: { type: 'bearer', token: 7 }, resources: [] }, 'credential.token must be a string.'],
  ...[undefined, 7, null].map((username) => [{ credential: { type: 'basic', username, password: 'x' }, resources: [] }, 'credential.username must be a string.']),
  ...[undefined, 7, null].map((password) => [{ credential: { type: 'basic', username: 'x', password }, resources: [] }, 'credential.password must be a string.']),
  ...['a:b', 'a\n', '\0'].map((username) => [{ credential: { type: 'basic', username, password: 'x' }, resources: [] }, 'credential.username must be without : and control characters.']),
  [{ credential: { type: 'basic', username: 'x', password: 'a\r' }, resources: [] }, 'credential.password must be without control characters.'],
  [{ credential: { type: 'basic', username: 'x', password: 'y' }, resources: [{ url: URL_OF_API, via: 'query' }] }, "resources.via must be 'header' for a user name and password."],
  ...WRONG_RESOURCES.map(([resource, message]) => [{ credential: PAT, resources: [URL_OF_API, resource] }, message]),
];

/** Wrong arguments of authorizationUrl. */
const WRONG_ARGUMENTS = [
  ...[null, 'prompt=login', 7].map((parameters) => [[parameters], 'parameters must be an object.']),
  ...[7, null, ['login']].map((prompt) => [[{ prompt }], 'parameters must have strings as values.']),
  ...['response_type', 'client_id', 'redirect_uri', 'scope', 'state', ''].map((name) => [[{ [name]: 'x' }], NAMES]),
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
    message: 'The access token came in the query, where logs and other sites can see it; have the server send it in the fragment.',
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
    response: '#access_token=AT&token_type=Bearer&expires_in=29&state={S}',
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
    message: 'This browser has no WebAssembly; use a browser that has it, or allow it in this one.',
  },
  {
    name: 'a module that is no module',
    served: { init: [() => { WebAssembly.Module = function () { throw new WebAssembly.CompileError('expected magic word'); }; }] },
    message: 'The WebAssembly module did not load; install the package again, and check that no build step changed its file.',
  },
];

test('every declared code has its message here', () => {
  assert.deepEqual([...Object.keys(MESSAGES), 'load_failed'].sort(), members('OAuthErrorCode').sort());
  for (const message of [...Object.values(MESSAGES), ...LOAD_FAILED].map(({ message }) => message)) {
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
    assert.deepEqual(said, WRONG_OPTIONS.map(([options, message]) => [options, 'TypeError', message[entry] ?? message]));
  });

  if (entry === 'claviger') {
    test('a wrong resource is a TypeError that names what is wrong', async () => {
      const outcomes = await app.evaluate(async ([all, options]) => {
        const { createClient } = await claviger;
        return Promise.all(all.map((resource) => settle(async () => void (await createClient({ ...options, resources: ['https://good.example', resource] })))));
      }, [WRONG_RESOURCES.map(([resource]) => resource), OPTIONS]);
      const said = outcomes.map(({ thrown }, index) => [WRONG_RESOURCES[index][0], thrown?.type, thrown?.message]);
      assert.deepEqual(said, WRONG_RESOURCES.map(([resource, message]) => [resource, 'TypeError', message]));
    });

    test('a wrong option of createFetch is a TypeError that names it', async () => {
      const outcomes = await app.evaluate(async (all) => {
        const { createFetch } = await claviger;
        return Promise.all(all.map((options) => settle(async () => void (await createFetch(options)))));
      }, WRONG_FETCH.map(([options]) => options));
      const said = outcomes.map(({ thrown }, index) => [WRONG_FETCH[index][0], thrown?.type, thrown?.message]);
      assert.deepEqual(said, WRONG_FETCH.map(([options, message]) => [options, 'TypeError', message]));
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

  for (const [code, { only = entry, init, origin = 'https://app.example', starter, options = OPTIONS, response: text, url, late = 0, twice, run, message }] of Object.entries(MESSAGES)) {
    if (only !== entry) continue;
    test(`${code}, word for word`, async () => {
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

  for (const { name, served, message } of LOAD_FAILED) {
    test(`load_failed, word for word: ${name}`, async (t) => {
      const app = await openApp(t, { entry, ...served });
      await app.open('/start');
      const { thrown } = await app.startLogin();
      assert.deepEqual([thrown?.code, thrown?.name, thrown?.message], ['load_failed', 'OAuthError', message]);
    });
  }
});
