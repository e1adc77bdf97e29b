// A whole login with a code and a client_secret, where Firmafon's and Camdram's confidential clients live.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { claviger, codeOf, settle } from './harness/package.mjs';
import { basicOf, formOf, json, startServer } from './harness/server.mjs';

const { createClient } = claviger;
const REDIRECT_URI = 'http://localhost:4999/cb';

/** A server with a token endpoint and an API; `answers` are those of the token endpoint, in their order. */
async function signInAt(t, answers, options) {
  const left = [...answers];
  const { origin, log } = await startServer(t, async (request, response) => {
    if (request.url.pathname === '/token') return (await left.shift())(request, response);
    if (request.url.pathname === '/revoke') return response.writeHead(request.body.includes('refuse') ? 503 : 200).end();
    const isDead = request.headers.authorization === 'Bearer dead';
    return json(response, isDead ? 401 : 200, {}, isDead ? { 'WWW-Authenticate': 'Bearer error="invalid_token"' } : {});
  });
  const client = await createClient({
    server: { authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token`, revocation_endpoint: `${origin}/revoke` },
    client_id: 'script',
    client_secret: 's3cret',
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    stateStore: 'memory',
    resources: [`${origin}/api`],
    ...options,
  });
  const events = [];
  client.subscribe(({ type }) => events.push(type));
  const sent = log;
  const calls = (path) => sent.filter(({ url }) => url.pathname === path);
  return { ...client, origin, sent, calls, events };
}

const tokens = (more) => (_request, response) => json(response, 200, { access_token: 'AT1', token_type: 'bearer', expires_in: 3600, refresh_token: 'RT1', ...more });
const refusal = (error) => (_request, response) => json(response, 400, { error });

/** A response to a login that was just begun. */
async function answered({ authorizationUrl }, response = 'code=C') {
  const url = await authorizationUrl(undefined, { appState: { draft: 7 }, returnTo: '/issues' });
  return `${REDIRECT_URI}?${response}&state=${url.searchParams.get('state')}`;
}

async function signedIn(t, answers, options) {
  const client = await signInAt(t, [tokens(), ...answers], options);
  await client.handleRedirect(await answered(client));
  return client;
}

test('a login: S256, one exchange with the secret, a session, a call', async (t) => {
  const client = await signInAt(t, [tokens()], { scope: 'profile' });
  const url = await client.authorizationUrl();
  const { state, code_challenge, ...parameters } = Object.fromEntries(url.searchParams);
  assert.deepEqual(parameters, { response_type: 'code', client_id: 'script', redirect_uri: REDIRECT_URI, scope: 'profile', code_challenge_method: 'S256' });
  const response = `${REDIRECT_URI}?code=C%2B1&state=${state}`;
  const [first, second] = await Promise.all([client.handleRedirect(response), client.handleRedirect(new URL(response))]);
  assert.equal(first, second);
  assert.deepEqual([first.token.access_token, first.token.scope], ['AT1', 'profile']);
  assert.ok(!('refresh_token' in first.token));
  const [exchange] = client.calls('/token');
  const { code_verifier, ...form } = formOf(exchange);
  assert.deepEqual(form, { grant_type: 'authorization_code', code: 'C+1', redirect_uri: REDIRECT_URI });
  assert.match(code_verifier, /^[\w-]{43}$/);
  assert.equal(createHash('sha256').update(code_verifier).digest('base64url'), code_challenge);
  assert.equal(basicOf(exchange), 'script:s3cret');
  assert.equal(client.calls('/token').length, 1);
  assert.equal((await client.fetch(`${client.origin}/api/me`)).status, 200);
  assert.equal(client.calls('/api/me')[0].headers.authorization, 'Bearer AT1');
  assert.deepEqual(client.events, ['login']);
  assert.equal(codeOf(await settle(client.handleRedirect(`${response}&again=1`))), 'state_replayed');
});

test('what the login was given comes back with the token', async (t) => {
  const client = await signInAt(t, [tokens()]);
  const { appState, returnTo } = await client.handleRedirect(await answered(client));
  assert.deepEqual([appState, returnTo], [{ draft: 7 }, '/issues']);
});

test('what else a server says is data: frozen, without a prototype, and kept by renewals', async (t) => {
  const first = JSON.parse('{"athlete":{"id":7,"constructor":"x"},"team":[{"name":"a"}],"__proto__":{"access_token":"EVIL"},"id_token":"a.b.c","realmId":"JSON"}');
  const client = await signInAt(t, [tokens(first), tokens({ athlete: { id: 8 } }), tokens()]);
  const response = await answered(client, 'code=C&realmId=42&zone=a+b&zone=c%2Fd&broken=%FF&iss=x&session_state=y');
  const { token } = await client.handleRedirect(response);
  const { further } = token;
  assert.deepEqual(JSON.parse(JSON.stringify(further)), JSON.parse('{"realmId":"JSON","zone":"c/d","athlete":{"id":7,"constructor":"x"},"team":[{"name":"a"}],"__proto__":{"access_token":"EVIL"}}'));
  for (const object of [further, further.athlete, further.team[0]]) {
    assert.deepEqual([Object.isFrozen(object), Object.getPrototypeOf(object)], [true, null]);
  }
  assert.ok(Object.isFrozen(further.team));
  const renewed = await client.renew();
  assert.deepEqual([renewed.further.athlete.id, renewed.further.zone, renewed.further.team[0].name], [8, 'c/d', 'a']);
  assert.equal((await client.renew()).further.athlete.id, 8);
});

test('a token without anything else has no member for it', async (t) => {
  const client = await signInAt(t, [tokens()]);
  const { token } = await client.handleRedirect(await answered(client));
  assert.ok(!('further' in token));
});

test('a code is taken from the part of the URL that was asked for alone', async (t) => {
  const client = await signInAt(t, [tokens()], { response_mode: 'fragment' });
  const inQuery = await answered(client);
  assert.equal(new URL(await client.authorizationUrl()).searchParams.get('response_mode'), 'fragment');
  assert.equal(codeOf(await settle(client.handleRedirect(inQuery))), 'wrong_location');
  assert.equal(client.sent.length, 0);
  const { token } = await client.handleRedirect((await answered(client)).replace('?', '#'));
  assert.equal(token.access_token, 'AT1');
});

test('a response that is refused sends nothing', async (t) => {
  const client = await signInAt(t, []);
  for (const [response, code] of [
    ['error=access_denied', 'authorization_error'],
    ['code=', 'missing_code'],
    ['code=C&code=C', 'duplicate_parameter'],
    ['code=C%C3%A9', 'malformed_response'],
  ]) {
    assert.equal(codeOf(await settle(client.handleRedirect(await answered(client, response)))), code, response);
  }
  assert.equal(codeOf(await settle(client.handleRedirect(`${REDIRECT_URI}?code=C`))), 'missing_state');
  assert.equal(codeOf(await settle(client.handleRedirect(`${REDIRECT_URI}?code=C&state=${'A'.repeat(43)}`))), 'unknown_state');
  assert.deepEqual([client.sent.length, client.events], [0, []]);
});

test('an exchange that fails uses the login up, and leaves a session as it was', async (t) => {
  const client = await signedIn(t, [refusal('invalid_grant'), (_request, response) => response.destroy()]);
  const refused = await answered(client);
  const { thrown } = await settle(client.handleRedirect(refused));
  assert.deepEqual([thrown.code, thrown.error], ['token_error', 'invalid_grant']);
  assert.equal(codeOf(await settle(client.handleRedirect(await answered(client)))), 'token_endpoint_unreachable');
  assert.equal(codeOf(await settle(client.handleRedirect(refused))), 'state_replayed');
  assert.equal(client.token().access_token, 'AT1');
  assert.deepEqual(client.events, ['login']);
});

test('an exchange ends when nobody waits for it any more', async (t) => {
  let ended;
  const closed = new Promise((resolve) => (ended = resolve));
  const hang = (_request, response) => void response.on('close', ended);
  const client = await signInAt(t, [hang]);
  const response = await answered(client);
  const [one, two] = [new AbortController(), new AbortController()];
  const outcomes = [one, two].map(({ signal }) => settle(client.handleRedirect(response, { signal })));
  one.abort('one');
  assert.equal((await outcomes[0]).thrown, 'one');
  const isEnded = await Promise.race([closed.then(() => true), new Promise((resolve) => setTimeout(resolve, 100, false))]);
  assert.equal(isEnded, false);
  two.abort('two');
  assert.equal((await outcomes[1]).thrown, 'two');
  await closed;
});

test('a logout during an exchange makes its answer nobody\'s', async (t) => {
  let go;
  const wait = new Promise((resolve) => (go = resolve));
  const client = await signInAt(t, [async (request, response) => (await wait, tokens()(request, response))]);
  const outcome = settle(client.handleRedirect(await answered(client)));
  while (!client.calls('/token').length) await new Promise((resolve) => setTimeout(resolve, 5));
  await client.logout();
  go();
  assert.equal(codeOf(await outcome), 'session_ended');
  assert.deepEqual([client.token(), client.events], [null, []]);
});

test('renew: one request for all who ask, a rotated refresh token, and the scope of before', async (t) => {
  const client = await signedIn(t, [tokens({ access_token: 'AT2', refresh_token: 'RT2' }), tokens({ access_token: 'AT3', refresh_token: undefined }), tokens({ access_token: 'AT4' })], { scope: 'profile' });
  const all = await Promise.all(Array.from({ length: 20 }, () => client.renew()));
  assert.deepEqual([...new Set(all.map(({ access_token, scope }) => `${access_token} ${scope}`))], ['AT2 profile']);
  await client.renew();
  await client.renew();
  const asked = client.calls('/token').slice(1);
  assert.deepEqual(asked.map((request) => formOf(request)), ['RT1', 'RT2', 'RT2'].map((refresh_token) => ({ grant_type: 'refresh_token', refresh_token })));
  assert.ok(asked.every((request) => basicOf(request) === 'script:s3cret'));
  assert.equal(client.token().access_token, 'AT4');
  assert.deepEqual(client.events, ['login', 'renew', 'renew', 'renew']);
});

test('renew: whoever stops to wait does not stop the request', async (t) => {
  const client = await signedIn(t, [tokens({ access_token: 'AT2' })]);
  const reason = new Error('enough');
  const abort = new AbortController();
  const outcome = settle(client.renew({ signal: abort.signal }));
  const other = client.renew();
  abort.abort(reason);
  assert.equal((await outcome).thrown, reason);
  assert.equal((await other).access_token, 'AT2');
  assert.equal(client.calls('/token').length, 2);
});

test('renew: invalid_grant ends the session once; any other failure leaves it', async (t) => {
  const client = await signedIn(t, [
    (_request, response) => response.destroy(),
    refusal('temporarily_unavailable'),
    (_request, response) => response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad gateway</h1>'),
    refusal('invalid_grant'),
  ]);
  for (const code of ['token_endpoint_unreachable', 'token_error', 'invalid_token_response']) {
    assert.equal(codeOf(await settle(client.renew())), code);
    assert.equal(client.token().access_token, 'AT1');
  }
  const both = await Promise.all([settle(client.renew()), settle(client.renew())]);
  assert.deepEqual(both.map(({ thrown }) => thrown.error), ['invalid_grant', 'invalid_grant']);
  assert.equal(client.token(), null);
  assert.equal(codeOf(await settle(client.renew())), 'login_required');
  assert.deepEqual(client.events, ['login', 'renewal-failed', 'renewal-failed', 'renewal-failed', 'revoke']);
  assert.equal(client.calls('/token').length, 5);
});

test('renew needs a refresh token', async (t) => {
  const client = await signInAt(t, [tokens({ refresh_token: undefined })]);
  assert.equal(codeOf(await settle(client.renew())), 'login_required');
  await client.handleRedirect(await answered(client));
  assert.equal(codeOf(await settle(client.renew())), 'login_required');
  assert.equal(client.token().access_token, 'AT1');
});

test('autoRenew: a call with an expired token waits for a new one, and all calls for the same', async (t) => {
  const client = await signInAt(t, [tokens({ expires_in: 0 }), tokens({ access_token: 'AT2' })], { autoRenew: true });
  await client.handleRedirect(await answered(client));
  const all = await Promise.all(Array.from({ length: 20 }, () => client.fetch(`${client.origin}/api/x`)));
  assert.deepEqual([...new Set(all.map(({ status }) => status))], [200]);
  assert.deepEqual([...new Set(client.calls('/api/x').map(({ headers }) => headers.authorization))], ['Bearer AT2']);
  assert.equal(client.calls('/token').length, 2);
});

test('without autoRenew a call with an expired token sends nothing', async (t) => {
  const client = await signInAt(t, [tokens({ expires_in: 0 })]);
  await client.handleRedirect(await answered(client));
  assert.equal(codeOf(await settle(client.fetch(`${client.origin}/api/x`))), 'token_expired');
  assert.equal(client.sent.length, 1);
});

test('rule M7: a resource that calls the token invalid has it renewed, once, and the end is the refusal of the new one', async (t) => {
  const client = await signInAt(t, [tokens({ access_token: 'dead' }), tokens({ access_token: 'AT2' }), tokens({ access_token: 'dead' })]);
  await client.handleRedirect(await answered(client));
  assert.equal((await client.fetch(`${client.origin}/api/x`)).status, 200);
  assert.deepEqual(client.events, ['login', 'renew']);

  const other = await signInAt(t, [tokens({ access_token: 'dead' }), tokens({ access_token: 'dead', expires_in: 7200 })]);
  await other.handleRedirect(await answered(other));
  assert.equal((await other.fetch(`${other.origin}/api/x`)).status, 401);
  assert.equal(codeOf(await settle(other.renew())), 'login_required');
  assert.deepEqual(other.events, ['login', 'renew', 'revoke']);
});

test('logout tells the server nothing, unless it is asked to revoke both tokens', async (t) => {
  const silent = await signedIn(t, []);
  await silent.logout();
  assert.deepEqual([silent.token(), silent.calls('/revoke').length], [null, 0]);

  const client = await signedIn(t, []);
  const promise = client.logout({ revoke: true });
  assert.equal(client.token(), null);
  await promise;
  const asked = client.calls('/revoke');
  assert.deepEqual(asked.map((request) => formOf(request)).sort((a, b) => (a.token < b.token ? -1 : 1)), [
    { token: 'AT1', token_type_hint: 'access_token' },
    { token: 'RT1', token_type_hint: 'refresh_token' },
  ]);
  assert.ok(asked.every((request) => basicOf(request) === 'script:s3cret'));
  assert.deepEqual(client.events, ['login', 'logout']);
});

test('a revocation that is not confirmed is told, when all is forgotten', async (t) => {
  const client = await signInAt(t, [tokens({ access_token: 'refuse' })]);
  await client.handleRedirect(await answered(client));
  assert.equal(codeOf(await settle(client.logout({ revoke: true }))), 'revocation_unconfirmed');
  assert.equal(client.token(), null);
  assert.equal(codeOf(await settle(client.renew())), 'login_required');
});

test('a logout during a renewal makes its answer nobody\'s', async (t) => {
  let go;
  const wait = new Promise((resolve) => (go = resolve));
  const client = await signedIn(t, [async (request, response) => (await wait, tokens({ access_token: 'AT2' })(request, response))]);
  const outcome = settle(client.renew());
  while (client.calls('/token').length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await client.logout();
  go();
  assert.equal(codeOf(await outcome), 'session_ended');
  assert.deepEqual([client.token(), client.events], [null, ['login', 'logout']]);
});
