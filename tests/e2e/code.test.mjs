// Authorization codes with PKCE, from the authorization request to the token, in a page.
import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { challengeOf, events, json, listen, openClientApp, SECRET, useClientApp } from './harness/authorization-server.mjs';
import { openApp, OPTIONS } from './harness/page.mjs';
import { readRecords, readStores } from './harness/store.mjs';

const own = useClientApp();
let app;
let server;
let evil;
beforeEach(() => ({ app, server, evil } = own));

/** The page at a good response, before it is handled; its state, code and verifier. */
async function arrive(options = own.options, details) {
  const { url, state } = await app.startLogin(options, details);
  const verifier = await own.verifier();
  const response = await own.respond(url);
  const code = /code=([^&]+)/.exec(response)[1];
  await app.arrive(response);
  return { url, state, code, verifier };
}

/** The page's client, listened to. */
async function listening(options = own.options) {
  const client = await app.client(options);
  await client.evaluate(listen);
  return client;
}

// The flow

test('rule T1: a request has an S256 challenge of a fresh verifier, which is kept until its response comes', async () => {
  const [first, second] = [await app.startLogin(own.options), await app.startLogin(own.options)];
  const records = Object.values(await readRecords(app));
  assert.equal(records.length, 2);
  for (const { url, state } of [first, second]) {
    const { code_challenge, ...parameters } = Object.fromEntries(url.searchParams);
    assert.deepEqual(parameters, { response_type: 'code', client_id: 'spa', redirect_uri: own.options.redirect_uri, state, code_challenge_method: 'S256' });
    const record = records.find((text) => text.includes(state));
    const [verifier] = /(?<=code_verifier=)[\w-]{43}(?=&|$)/.exec(record);
    assert.equal(code_challenge, challengeOf(verifier));
  }
  assert.notEqual(first.url.searchParams.get('code_challenge'), second.url.searchParams.get('code_challenge'));
});

test('a program moves from token to code by one word, and does the same', async () => {
  const outcomes = [];
  for (const response_type of ['token', 'code']) {
    const options = own.with({ response_type });
    await app.open('/start');
    const client = await app.client(options);
    await client.evaluate((client) => client.login({ prompt: 'login' }, { appState: { page: 2 }, returnTo: '/issues' }));
    await app.page.waitForURL(`${options.redirect_uri}*`);
    const arrived = await listening(options);
    const { token, ...outcome } = await arrived.evaluate(async (client, api) => {
      const { token, ...redirect } = await client.handleRedirect();
      const { status } = await client.fetch(api);
      const isSame = client.token() === token;
      const events = [...globalThis.events];
      await client.logout();
      return { token, redirect, status, isSame, events, left: [client.token(), location.href] };
    }, `${server.origin}/api`);
    assert.match(token.access_token, /^SECRET-AT-\d+$/);
    assert.ok(Math.abs(token.expires_at - Date.now() / 1000 - 3600) < 30);
    outcomes.push({ ...outcome, members: Object.keys(token).sort() });
  }
  const expected = {
    redirect: { appState: { page: 2 }, returnTo: '/issues' },
    status: 200,
    isSame: true,
    events: ['login'],
    left: [null, own.options.redirect_uri],
    members: ['access_token', 'expires_at', 'token_type'],
  };
  assert.deepEqual(outcomes, [expected, expected]);
});

for (const [name, response_mode, asked, location] of [['query', 'query', null, '?'], ['fragment', 'fragment', 'fragment', '#']]) {
  test(`rule P17: a code in the ${name} leaves the URL before it is exchanged, with all that came with it`, async () => {
    const options = own.with({ response_mode, scope: 'read' });
    const { url, code, verifier } = await arrive(options);
    assert.equal(url.searchParams.get('response_mode'), asked);
    assert.ok((await app.place()).url.startsWith(`${options.redirect_uri}${location}`));
    await app.evaluate(() => {
      history.replaceState({ own: 1 }, '', location.href.replace('cb?', 'cb?page=2&').replace(/#|$/, (hash) => hash || '#part'));
    });
    const { entries } = await app.place();
    const held = server.hold('/token');
    const outcome = app.handleRedirect(options);
    const { answer, request } = await held.arrived;
    const during = await app.evaluate(() => [location.href, history.state, history.length, { ...sessionStorage }]);
    const left = `${options.redirect_uri}${location === '?' ? '#part' : ''}`;
    assert.deepEqual(during.slice(0, 3), [left, { own: 1 }, entries]);
    assert.ok(!JSON.stringify(during).includes(verifier), 'the record is used up');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(request.body)), {
      grant_type: 'authorization_code', code, redirect_uri: options.redirect_uri, code_verifier: verifier, client_id: 'spa',
    });
    assert.equal(url.searchParams.get('code_challenge'), challengeOf(verifier));
    const { 'content-type': type, accept, referer, cookie, authorization } = request.headers;
    assert.deepEqual([request.method, request.path, type, accept, referer, cookie, authorization], ['POST', '/token', 'application/x-www-form-urlencoded', 'application/json', undefined, undefined, undefined]);
    answer();
    const { value } = await outcome;
    assert.equal(value?.token.scope, 'read');
    const { token, ...rest } = value;
    await own.assertNoTrace([code, verifier], rest);
  });
}

test('a program without page and storage, which is opened with the response, has the same flow', async () => {
  const options = own.with({ redirect_uri: 'com.example.app:/cb', stateStore: 'memory' });
  await own.signedIn(options);
  assert.deepEqual([await events(app), (await app.token(options)).token_type], [['login'], 'Bearer']);
  assert.deepEqual(await readStores(app), { session: {}, local: {} });
});

test('a route in the fragment takes a code behind its question mark', async () => {
  const options = own.with({ redirect_uri: `${app.origin}/`, hashRouter: true, response_mode: 'fragment' });
  const { url } = await app.startLogin(options);
  const response = await own.respond(url);
  await app.arrive(response.replace('#', '#/issues?'));
  assert.equal((await app.handleRedirect(options)).value?.token.token_type, 'Bearer');
  assert.equal((await app.place()).url, `${app.origin}/#/issues`);
});

// Where a code is taken from

test('rule P6: a code in another part than was asked for is refused, and not exchanged', async () => {
  for (const [response_mode, location] of [['query', '#'], ['fragment', '?']]) {
    const options = own.with({ response_mode });
    const { state } = await app.startLogin(options);
    const { thrown } = await receive(`${location}code=${SECRET}&state=${state}`, options);
    assert.deepEqual([thrown?.code, thrown.message], ['wrong_location', 'The code came in another part of the URL than was asked for; set response_mode to the one that the server uses.']);
  }
});

/** The page at a response that is refused, and nothing of it left or sent. */
async function receive(text, options = own.options) {
  const verifier = await own.verifier();
  await app.arrive(options.redirect_uri + text);
  const { thrown } = await app.handleRedirect(options);
  await own.assertNoTrace([verifier], thrown);
  assert.deepEqual(server.sent('/token'), []);
  return { thrown };
}

const REFUSED = [
  ['authorization_error', '?error=access_denied&state={S}'],
  ['authorization_error', '#error=access_denied&state={S}'],
  ['issuer_mismatch', `?code=${SECRET}&state={S}&iss=https%3A%2F%2Fevil.example`],
  ['missing_code', '?state={S}'],
  ['malformed_response', `?code=${SECRET}%00&state={S}`],
  ['unexpected_response_type', `#access_token=${SECRET}&token_type=Bearer&state={S}`],
  ['wrong_location', `?access_token=${SECRET}&token_type=Bearer&state={S}`],
];
/** Refused before their state is believed: a forged one must not end a login under way. */
const REFUSED_FIRST = [
  ['duplicate_parameter', `?code=${SECRET}&code=${SECRET}2&state={S}`],
  ['ambiguous_response', `?code=${SECRET}&state={S}#code=${SECRET}`],
  ['ambiguous_response', `?code=${SECRET}&state={S}#access_token=${SECRET}&token_type=Bearer`],
];
test('a refused response is exchanged nowhere, and leaves no verifier and no code', async () => {
  for (const [code, text] of REFUSED) {
    const { state } = await app.startLogin(own.options);
    const { thrown } = await receive(text.replace('{S}', state));
    assert.equal(thrown?.code, code, text);
  }
});

test('rule S5: a response that is refused before its state is believed leaves no code, and the login as it was', async () => {
  const { url, state } = await app.startLogin(own.options);
  for (const [code, text] of REFUSED_FIRST) {
    await app.arrive(own.options.redirect_uri + text.replace('{S}', state));
    const { thrown } = await app.handleRedirect(own.options);
    assert.equal(thrown?.code, code, text);
    await own.assertNoTrace([], thrown);
  }
  assert.deepEqual(server.sent('/token'), []);
  await app.arrive(await own.respond(url));
  assert.ok((await app.handleRedirect(own.options)).value);
});

test('rule S5: a forged code ends no login under way and is sent nowhere', async () => {
  const { url } = await app.startLogin(own.options);
  await app.arrive(`${own.options.redirect_uri}?code=junk&state=${'x'.repeat(43)}`);
  assert.equal((await app.handleRedirect(own.options)).thrown?.code, 'unknown_state');
  await app.arrive(`${own.options.redirect_uri}?code=junk`);
  assert.equal((await app.handleRedirect(own.options)).thrown?.code, 'missing_state');
  assert.deepEqual(server.sent('/token'), []);
  await app.arrive(await own.respond(url));
  assert.ok((await app.handleRedirect(own.options)).value);
});

test('rule S2: a code works once, and its replay is told as such', async () => {
  const { url } = await app.startLogin(own.options);
  const response = await own.respond(url);
  await app.arrive(response);
  assert.ok((await app.handleRedirect(own.options)).value);
  await app.arrive(response);
  assert.equal((await app.handleRedirect(own.options)).thrown?.code, 'state_replayed');
  assert.equal(server.sent('/token').length, 1);
});

test('attack 17: a value is cut at its first equals sign alone, and no message has a value', async () => {
  const { state } = await app.startLogin(own.options);
  const verifier = await own.verifier();
  await app.arrive(`${own.options.redirect_uri}?code=${SECRET}YWJj==&state=${state}`);
  const { thrown } = await app.handleRedirect(own.options);
  assert.deepEqual([thrown?.code, thrown.error], ['token_error', 'invalid_grant']);
  assert.equal(server.sent('/token')[0].code, `${SECRET}YWJj==`);
  await own.assertNoTrace([verifier, state], thrown);
  const { state: expected } = await app.startLogin(own.options);
  await app.arrive(`${own.options.redirect_uri}?code=C&state=${SECRET}`);
  const { thrown: unknown } = await app.handleRedirect(own.options);
  assert.ok(unknown?.code === 'unknown_state' && !JSON.stringify(unknown).includes(expected) && !JSON.stringify(unknown).includes(SECRET));
});

// Refused and failed exchanges

const words = { error: 'invalid_grant', error_description: 'The code is used up.', error_uri: 'https://as.example/e' };
const html = `<!doctype html><title>502</title>${SECRET}`;
const good = { access_token: `${SECRET}AT`, token_type: 'Bearer', refresh_token: `${SECRET}RT` };
const FAILED = {
  'a refusal': ['token_error', (_, response) => json(response, 400, words), words],
  'a refusal with status 200': ['token_error', (_, response) => json(response, 200, { ...good, ...words }), words],
  'a refusal with other words': ['token_error', (_, response) => json(response, 401, { error: 'invalid_client', error_description: 'Ключ', hint: SECRET }), { error: 'invalid_client', error_description: 'Ключ' }],
  'an HTML error page': ['invalid_token_response', (_, response) => json(response, 502, html, 'text/html')],
  'an HTML page with status 200': ['invalid_token_response', (_, response) => json(response, 200, html, 'text/html')],
  'JSON that says it is HTML': ['invalid_token_response', (_, response) => json(response, 200, good, 'text/html')],
  'an empty error': ['invalid_token_response', (_, response) => response.writeHead(500).end()],
  'broken JSON': ['invalid_token_response', (_, response) => json(response, 200, JSON.stringify(good).slice(0, -1))],
  'a member of the wrong type': ['invalid_token_response', (_, response) => json(response, 200, { ...good, error: [SECRET] })],
  'more than 1 MiB': ['invalid_token_response', (_, response) => json(response, 200, { ...good, more: 'x'.repeat(2 ** 20) })],
  'a token of another type': ['unsupported_token_type', (_, response) => json(response, 200, { ...good, token_type: 'mac' })],
  'a token without a type': ['missing_token_type', (_, response) => json(response, 200, { ...good, token_type: undefined })],
  'a failed network': ['token_endpoint_unreachable', (_, response) => response.destroy()],
  'an answer that ends too early': ['token_endpoint_unreachable', (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
    response.write(JSON.stringify(good), () => response.destroy());
  }],
  'a server that allows no CORS': ['token_endpoint_unreachable', (_, response) => {
    response.removeHeader('access-control-allow-origin');
    json(response, 200, good);
  }],
  'attack 35: a redirect to another origin that keeps the body': ['token_endpoint_unreachable', (_, response) => response.writeHead(307, { location: `${evil.origin}/token` }).end()],
  'attack 35: a redirect to another origin': ['token_endpoint_unreachable', (_, response) => response.writeHead(302, { location: `${evil.origin}/token` }).end()],
  'rule T2: a redirect on the same origin': ['token_endpoint_unreachable', (_, response) => response.writeHead(307, { location: '/token/' }).end()],
};
for (const [name, [code, answer, said = {}]] of Object.entries(FAILED)) {
  test(`${name}: a failed exchange leaves no trace`, async () => {
    const client = await own.signedIn();
    const before = await app.token(own.options);
    const { url } = await app.startLogin(own.options);
    const verifier = await own.verifier();
    server.log.length = 0;
    server.instead['/token'] = answer;
    // In the same document, so that the session before it is there.
    const response = await own.respond(url);
    await app.evaluate((response) => history.replaceState({ own: 1 }, '', response), response);
    const { thrown } = await app.handleRedirect(own.options);
    assert.deepEqual([thrown?.name, thrown.code], ['OAuthError', code]);
    assert.deepEqual([thrown.error, thrown.error_description, thrown.error_uri], [said.error, said.error_description, said.error_uri]);
    const requests = server.sent('/token').length;
    // Chromium sends a request again when a connection that it used before ends without an answer.
    if (name !== 'a failed network') assert.equal(requests, 1);
    assert.deepEqual(evil.log, []);
    assert.equal((await app.place()).url, own.options.redirect_uri);
    await own.assertNoTrace([verifier, url.searchParams.get('state')], thrown);
    assert.deepEqual(await client.evaluate((client) => [client.token(), globalThis.events]), [before, ['login']], 'rule P16');
    const { thrown: again } = await app.handleRedirect(own.options);
    assert.equal(again.code, code, 'it is told again, and nothing is sent again');
    assert.equal(server.sent('/token').length, requests);
  });
}

test('an exchange is given up after 30 seconds', async (t) => {
  const own = await openClientApp(t);
  const { app, server } = own;
  await app.page.clock.install();
  await app.open('/start');
  const { url } = await app.startLogin(own.options);
  const held = server.hold('/token');
  const outcome = app.handleRedirect(own.options, await own.respond(url));
  await held.arrived;
  await app.page.clock.runFor(29_000);
  assert.equal(held.isGivenUp, false);
  await app.page.clock.runFor(1_500);
  await held.givenUp();
  const { thrown } = await outcome;
  assert.equal(thrown?.code, 'token_endpoint_unreachable');
  await own.assertNoTrace([], thrown);
});

test('an exchange that fails has what the login was given, and the status of the answer', async () => {
  for (const [answer, expected] of [
    [(_, response) => json(response, 400, { error: 'invalid_grant' }), ['token_error', 400]],
    [(_, response) => json(response, 503, {}), ['invalid_token_response', 503]],
    [FAILED['a server that allows no CORS'][1], ['token_endpoint_unreachable', undefined]],
  ]) {
    server.instead['/token'] = answer;
    const { url } = await app.startLogin(own.options, { login: { appState: { draft: 7 }, returnTo: '/issues' } });
    const { thrown } = await app.receive(await own.respond(url), own.options);
    assert.deepEqual([thrown?.code, thrown?.status, thrown?.appState, thrown?.returnTo], [...expected, { draft: 7 }, '/issues']);
  }
});

test('a device that is offline says so, and is not blamed on CORS', async () => {
  const { url } = await app.startLogin(own.options);
  const response = await own.respond(url);
  await app.evaluate(() => Object.defineProperty(navigator, 'onLine', { get: () => false }));
  server.instead['/token'] = FAILED['a server that allows no CORS'][1];
  const { thrown } = await app.handleRedirect(own.options, response);
  assert.equal(thrown?.code, 'token_endpoint_unreachable');
  assert.match(thrown.message, /^This device is offline/);
});

test('tokenParameters go with the exchange and with each renewal', async () => {
  const options = own.with({ tokenParameters: { audience: ['https://a.example', 'https://b.example'], other: 'x' } });
  const { url } = await app.startLogin(options);
  server.log.length = 0;
  assert.ok((await app.receive(await own.respond(url), options)).value);
  await app.evaluate(async (options) => void (await (await clientFor(options)).renew()), options);
  const sent = server.log.filter(({ path }) => path === '/token').map(({ body }) => new URLSearchParams(body));
  assert.deepEqual(sent.map((form) => [form.get('grant_type'), form.getAll('audience'), form.get('other')]), ['authorization_code', 'refresh_token'].map((grant) => [grant, ['https://a.example', 'https://b.example'], 'x']));
});

test('the error of a token endpoint that the page may not read says so, and what to do', async () => {
  server.instead['/token'] = FAILED['a server that allows no CORS'][1];
  await arrive();
  const { thrown } = await app.handleRedirect(own.options);
  assert.equal(thrown?.message, "The server gave no answer that this program may read; if the network works, it does not let a browser use this endpoint (CORS) or hides why it refused: use response_type 'token', or exchange the code at a server of yours.");
});

// Several callers, and who gives up

test('two calls, as by StrictMode, make one request and have the same outcome', async () => {
  await arrive();
  const client = await listening();
  const facts = await client.evaluate(async (client) => {
    const [first, second] = await Promise.all([client.handleRedirect(), client.handleRedirect()]);
    return [first === second, first === (await client.handleRedirect()), globalThis.events];
  });
  assert.deepEqual([...facts, server.sent('/token').length], [true, true, ['login'], 1]);
});

test('a component that is taken down and set up again keeps the exchange', async () => {
  await arrive();
  const client = await listening();
  const facts = await client.evaluate(async (client) => {
    const [gone, stays] = [new AbortController(), new AbortController()];
    const first = client.handleRedirect(undefined, { signal: gone.signal }).catch((error) => error);
    await new Promise((resolve) => setTimeout(resolve));
    gone.abort(new RangeError('own'));
    const second = client.handleRedirect(undefined, { signal: stays.signal });
    return [String(await first), (await second).token === client.token(), globalThis.events];
  });
  assert.deepEqual([...facts, server.sent('/token').length], ['RangeError: own', true, ['login'], 1]);
});

test('an exchange goes on until nobody waits for it', async () => {
  await arrive();
  const held = server.hold('/token');
  const client = await listening();
  await client.evaluate((client) => {
    globalThis.callers = [1, 2].map(() => new AbortController());
    globalThis.outcomes = callers.map(({ signal }) => settle(() => client.handleRedirect(undefined, { signal })));
  });
  const { answer } = await held.arrived;
  const first = await app.evaluate(async () => {
    callers[0].abort();
    const outcome = await outcomes[0];
    await new Promise((resolve) => setTimeout(resolve, 50));
    return outcome;
  });
  assert.equal(first.thrown?.name, 'AbortError');
  answer();
  const { value } = await app.evaluate(() => outcomes[1]);
  assert.equal(value?.token.token_type, 'Bearer');
  assert.equal(held.isGivenUp, false);
});

for (const [name, when] of [['before it began', 'before'], ['while it was under way', 'during']]) {
  test(`an exchange that everybody gave up ${name} is aborted, and leaves no trace`, async () => {
    const { verifier } = await arrive();
    const held = server.hold('/token');
    const client = await listening();
    await client.evaluate((client, when) => {
      globalThis.callers = [1, 2].map(() => new AbortController());
      const abort = () => callers.forEach((caller) => caller.abort(new RangeError('own')));
      if (when === 'before') abort();
      globalThis.outcomes = callers.map(({ signal }) => settle(() => client.handleRedirect(undefined, { signal })));
      globalThis.abort = abort;
    }, when);
    if (when === 'during') await held.arrived;
    await app.evaluate(() => abort());
    const outcomes = await app.evaluate(() => Promise.all(outcomes));
    assert.deepEqual(outcomes.map(({ thrown }) => String(thrown?.text)), ['RangeError: own', 'RangeError: own']);
    // A signal that came aborted can keep the request from being sent at all.
    if (when === 'during') await held.givenUp();
    await app.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
    assert.deepEqual(await client.evaluate((client) => [client.token(), globalThis.events, location.href]), [null, [], own.options.redirect_uri]);
    await own.assertNoTrace([verifier], outcomes);
    const { thrown } = await app.handleRedirect(own.options);
    assert.equal(thrown?.text, 'RangeError: own', 'the login is used up');
  });
}

test('a signal that aborts after the exchange changes nothing', async () => {
  await arrive();
  const client = await listening();
  const facts = await client.evaluate(async (client) => {
    const caller = new AbortController();
    const redirect = await client.handleRedirect(undefined, { signal: caller.signal });
    caller.abort();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return [redirect.token === client.token(), (await client.handleRedirect()) === redirect];
  });
  assert.deepEqual(facts, [true, true]);
});

test('rule P16: logout during an exchange leaves its answer to nobody', async () => {
  const { verifier } = await arrive();
  const { arrived } = server.hold('/token');
  const client = await listening();
  await client.evaluate((client) => void (globalThis.outcome = settle(() => client.handleRedirect())));
  const { answer } = await arrived;
  await client.evaluate((client) => client.logout());
  answer();
  const { thrown } = await app.evaluate(() => outcome);
  assert.equal(thrown?.code, 'session_ended');
  assert.deepEqual(await client.evaluate(async (client) => [client.token(), globalThis.events, await client.handleRedirect()]), [null, [], null]);
  await own.assertNoTrace([verifier], thrown);
});

// What the platform has

test('rule T1: without crypto.subtle the challenge is S256 all the same', async () => {
  await app.evaluate(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
  const { url } = await app.startLogin(own.options);
  assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
  assert.equal(url.searchParams.get('code_challenge'), challengeOf(await own.verifier()));
  const { value } = await app.handleRedirect(own.options, await own.respond(url));
  assert.equal(value?.token.token_type, 'Bearer');
  assert.equal(await app.evaluate(() => crypto.subtle), undefined);
});

test('rule A5, attack 36: without secure random bytes there is no login, and no weaker one', async () => {
  for (const sabotage of ["crypto.getRandomValues = () => { throw new Error('no'); }", 'crypto.getRandomValues = undefined', "Object.defineProperty(globalThis, 'crypto', { value: undefined })"]) {
    await app.open('/start');
    await app.evaluate(sabotage);
    const { thrown } = await app.startLogin(own.options);
    assert.equal(thrown?.code, 'random_unavailable', sabotage);
    assert.deepEqual(await readStores(app), { session: {}, local: {} });
  }
});

test('a page in the clear starts no login', async (t) => {
  const app = await openApp(t);
  await app.page.goto('http://app.example/start');
  const { thrown } = await app.startLogin({ ...OPTIONS, server: { ...OPTIONS.server, token_endpoint: 'https://as.example/token' }, response_type: 'code' });
  assert.equal(thrown?.code, 'insecure_context');
  assert.deepEqual(await readStores(app), { session: {}, local: {} });
});

test('attack 33: members of a token response stay data, and no member of the token', async () => {
  server.instead['/token'] = (_, response) => json(response, 200, `{"access_token":"AT","token_type":"bearer","expires_in":"3600",
    "toString":"EVIL","hasOwnProperty":"EVIL","__proto__":{"isEvil":true},"constructor":"EVIL","fetch":"EVIL","login":"EVIL","token":"EVIL","url":"https://evil.example","code":"EVIL","message":"EVIL","address":"/evil","app_state":"[1]","return_to":"/evil","ended":"true"}`);
  const { url } = await app.startLogin(own.options);
  const client = await app.client(own.options);
  const facts = await client.evaluate(async (client, response) => {
    const redirect = await client.handleRedirect(response);
    const { token } = redirect;
    return {
      members: [Reflect.ownKeys(redirect), Reflect.ownKeys(token).sort()],
      isPlain: [Object.getPrototypeOf(redirect), Object.getPrototypeOf(token)].every((it) => it === Object.prototype) && !{}.isEvil,
      texts: [`${token}`, token.access_token, token.token_type],
      isKept: client.fetch instanceof Function && client.login instanceof Function && client.token() === token,
    };
  }, await own.respond(url));
  assert.deepEqual(facts, { members: [['token'], ['access_token', 'expires_at', 'further', 'token_type']], isPlain: true, texts: ['[object Object]', 'AT', 'Bearer'], isKept: true });
});

// The request for the token and the address bar

test('the request for the token leaves before the address changes, in the same turn', async () => {
  const { code } = await arrive();
  const client = await app.client(own.options);
  const steps = await client.evaluate(async (client) => {
    const steps = [];
    const { fetch } = globalThis;
    globalThis.fetch = (...request) => {
      steps.push(`fetch at ${location.search === '' ? 'a clean address' : 'the response'}`);
      return fetch(...request);
    };
    const { replaceState } = history;
    history.replaceState = (...entry) => {
      steps.push('replaceState');
      return replaceState.apply(history, entry);
    };
    const outcome = client.handleRedirect();
    steps.push(`returned at ${location.search === '' ? 'a clean address' : 'the response'}`);
    const { token } = await outcome;
    return [...steps, typeof token.access_token];
  });
  assert.deepEqual(steps, ['fetch at the response', 'replaceState', 'returned at a clean address', 'string']);
  assert.ok(!app.page.url().includes(code));
});

for (const [what, break_, code] of [
  ['fetch throws at once', () => { globalThis.fetch = () => { throw new Error('patched'); }; }, 'token_endpoint_unreachable'],
  ['fetch gives no promise', () => { globalThis.fetch = () => undefined; }, 'token_endpoint_unreachable'],
  ['replaceState throws', () => { history.replaceState = () => { throw new DOMException('100 times in 10 seconds', 'SecurityError'); }; }, 'SecurityError'],
]) {
  test(`${what}: nobody is signed in, in the page and in the store, and the login is used up`, async () => {
    const options = own.with({ tokenStore: 'session' });
    const { state } = await arrive(options);
    const client = await listening(options);
    const before = await readStores(app);
    await app.evaluate(break_);
    const { thrown } = await app.handleRedirect(options);
    assert.equal(thrown?.name === 'OAuthError' ? thrown.code : thrown?.name, code);
    // The answer may be on its way.
    await app.page.waitForTimeout(300);
    assert.deepEqual(await client.evaluate((client) => [client.token(), globalThis.events.map(({ type }) => type)]), [null, []]);
    const after = await readStores(app);
    assert.deepEqual(Object.keys(after.session).filter((key) => key.includes('session:')), []);
    assert.deepEqual(after.local, before.local);
    for (const record of Object.values(await readRecords(app))) assert.ok(!record.includes(state));
  });
}
