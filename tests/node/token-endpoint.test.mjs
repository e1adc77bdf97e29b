// requestToken: what it sends, and what it makes of the answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claviger, codeOf, settle } from './harness/package.mjs';
import { basicOf, formOf, json, startServer } from './harness/server.mjs';

const { OAuthError, requestToken } = claviger;
const SECRET = 'a b:c/+%&"\\';
const ANSWER = { access_token: 'AT', token_type: 'bearer', expires_in: 3600, scope: 'user_email user_shows' };

/** A token endpoint, and a function that asks it. */
async function endpoint(t, answer = (_request, response) => json(response, 200, ANSWER)) {
  const { origin, log } = await startServer(t, answer);
  const request = (options) => requestToken({ server: { token_endpoint: `${origin}/token` }, client_id: 'script', ...options });
  return { origin, log, request };
}

test('client credentials: HTTP Basic with form-encoded parts, and a token with its end', async (t) => {
  const { log, request } = await endpoint(t);
  const before = Math.floor(Date.now() / 1000);
  const token = await request({ client_id: 'a:b', client_secret: SECRET, grant_type: 'client_credentials', scope: 'user_email' });
  const after = Math.ceil(Date.now() / 1000);
  const { expires_at, ...rest } = token;
  assert.deepEqual(rest, { access_token: 'AT', token_type: 'Bearer', scope: 'user_email user_shows' });
  assert.ok(expires_at >= before + 3600 && expires_at <= after + 3600, String(expires_at));
  assert.ok(Object.isFrozen(token));
  const [sent] = log;
  assert.deepEqual([log.length, sent.method, sent.url.pathname, sent.url.search], [1, 'POST', '/token', '']);
  assert.equal(basicOf(sent), `a%3Ab:${new URLSearchParams({ '': SECRET }).toString().slice(1)}`);
  assert.deepEqual(formOf(sent), { grant_type: 'client_credentials', scope: 'user_email' });
  const { accept, cookie, referer, 'content-type': type } = sent.headers;
  assert.deepEqual({ accept, cookie, referer, type }, { accept: 'application/json', cookie: undefined, referer: undefined, type: 'application/x-www-form-urlencoded' });
});

test('the token endpoint is asked without cookies, past every cache, and follows no redirect', async (t) => {
  const { log, request } = await endpoint(t);
  const { fetch } = globalThis;
  const asked = [];
  globalThis.fetch = (url, init) => {
    asked.push(init);
    return fetch(url, init);
  };
  t.after(() => (globalThis.fetch = fetch));
  await request({ grant_type: 'client_credentials', client_secret: SECRET });
  assert.deepEqual(
    asked.map(({ credentials, cache, redirect, referrerPolicy }) => [credentials, cache, redirect, referrerPolicy]),
    [['omit', 'no-store', 'manual', 'no-referrer']],
  );
  assert.deepEqual([log[0].headers.cookie, log[0].headers.referer], [undefined, undefined]);
});

test('requestToken keeps nothing: the next call asks again', async (t) => {
  const { log, request } = await endpoint(t, (_request, response) => json(response, 200, { ...ANSWER, access_token: `AT-${log.length}` }));
  const grant = { grant_type: 'client_credentials', client_secret: SECRET };
  const tokens = [await request(grant), await request(grant)].map(({ access_token }) => access_token);
  assert.deepEqual([tokens, log.length], [['AT-1', 'AT-2'], 2]);
});

test('rule T4: the client shows who it is as it is told to, in every format', async (t) => {
  const { log, request } = await endpoint(t);
  const asked = { grant_type: 'client_credentials' };
  for (const [options, expected] of [
    [{}, { ...asked, client_id: 'script' }],
    [{ token_endpoint_auth_method: 'none' }, { ...asked, client_id: 'script' }],
    [{ client_secret: SECRET, token_endpoint_auth_method: 'client_secret_post' }, { ...asked, client_id: 'script', client_secret: SECRET }],
    [{ client_secret: SECRET, token_endpoint_auth_method: 'client_secret_basic' }, asked],
  ]) {
    const isBasic = options.token_endpoint_auth_method === 'client_secret_basic';
    for (const [format, parametersOf, type] of [
      [undefined, formOf, 'application/x-www-form-urlencoded'],
      ['form', formOf, 'application/x-www-form-urlencoded'],
      ['json', ({ body }) => JSON.parse(body), 'application/json'],
      ['query', ({ url }) => Object.fromEntries(url.searchParams), undefined],
    ]) {
      await request({ ...asked, ...options, tokenRequestFormat: format });
      const sent = log.at(-1);
      assert.deepEqual(parametersOf(sent), expected);
      assert.equal(sent.headers['content-type'], type);
      assert.equal('authorization' in sent.headers, isBasic);
      if (format === 'query') assert.equal(sent.body, '');
      else assert.equal(sent.url.search, '');
    }
  }
});

test('parameters of the query are added to those that the endpoint has', async (t) => {
  const { origin, log } = await endpoint(t);
  const server = { token_endpoint: `${origin}/token?tenant=a%20b` };
  await requestToken({ server, client_id: 'script', grant_type: 'client_credentials', tokenRequestFormat: 'query' });
  assert.equal(log[0].url.search, '?tenant=a%20b&grant_type=client_credentials&client_id=script');
});

test('rule T3: a refresh token stays where the server gives no new one, and makes room for one that it gives', async (t) => {
  const given = [ANSWER, { ...ANSWER, refresh_token: 'RT2' }];
  const { log, request } = await endpoint(t, (_request, response) => json(response, 200, given[log.length - 1]));
  const refresh = () => request({ grant_type: 'refresh_token', parameters: { refresh_token: 'RT1' }, scope: 'user_email' });
  assert.equal((await refresh()).refresh_token, 'RT1');
  assert.equal((await refresh()).refresh_token, 'RT2');
  assert.deepEqual(formOf(log[0]), { grant_type: 'refresh_token', refresh_token: 'RT1', scope: 'user_email', client_id: 'script' });
});

test('a grant of an extension takes its own parameters, and leaves out what is undefined', async (t) => {
  const { log, request } = await endpoint(t);
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  await request({ grant_type, parameters: { assertion: 'a.b.c', resource: undefined } });
  assert.deepEqual(formOf(log[0]), { grant_type, assertion: 'a.b.c', client_id: 'script' });
  await request({ grant_type: 'password', parameters: { username: 'ada@example.com', password: 'd é m+o' } });
  assert.deepEqual(formOf(log[1]), { grant_type: 'password', username: 'ada@example.com', password: 'd é m+o', client_id: 'script' });
});

test('what the answer leaves out is what was asked for, or unknown', async (t) => {
  const { request } = await endpoint(t, (_request, response) => json(response, 200, { access_token: 'AT', token_type: 'BEARER' }));
  const asked = { grant_type: 'client_credentials' };
  assert.deepEqual(await request({ ...asked, scope: 'a b' }), { access_token: 'AT', token_type: 'Bearer', scope: 'a b' });
  assert.deepEqual(await request(asked), { access_token: 'AT', token_type: 'Bearer' });
});

test('the server\'s refusal arrives in its own words, whatever the status', async (t) => {
  const said = { error: 'invalid_client', error_description: 'Client authentication failed', error_uri: 'https://as.example/errors' };
  const statuses = [400, 401, 200, 500];
  const { log, request } = await endpoint(t, (_request, response) => json(response, statuses[log.length - 1], said));
  for (const status of statuses) {
    const { thrown } = await settle(request({ grant_type: 'client_credentials', client_secret: 'keep-me' }));
    assert.ok(thrown instanceof OAuthError, String(status));
    assert.deepEqual({ ...thrown }, { code: 'token_error', status, ...said }, String(status));
    assert.doesNotMatch(thrown.stack, /keep-me|invalid_client|authentication/);
  }
});

test('an answer that is HTML or a form is refused, and the message has its status', async (t) => {
  for (const [status, type, body] of [[502, 'text/html', '<h1>Bad gateway</h1>'], [200, 'text/html; charset=utf-8', JSON.stringify(ANSWER)], [400, 'application/x-www-form-urlencoded', 'error=invalid_grant']]) {
    const { request } = await endpoint(t, (_request, response) => response.writeHead(status, { 'Content-Type': type }).end(body));
    const { thrown } = await settle(request({ grant_type: 'client_credentials' }));
    assert.deepEqual([thrown.code, thrown.status], ['invalid_token_response', status]);
    assert.match(thrown.message, new RegExp(`^The token endpoint's answer, with status ${status}, is not the JSON of RFC 6749; `));
  }
});

test('an answer that cannot be read is token_endpoint_unreachable, and its reason stays inside', async (t) => {
  const elsewhere = await endpoint(t);
  const WAYS = {
    'a redirect': (_request, response) => response.writeHead(307, { Location: `${elsewhere.origin}/token` }).end(),
    'a connection that ends': (_request, response) => response.destroy(),
    'a body that ends too early': (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 100 }).write('{"access_token":"AT"');
      setTimeout(() => response.destroy(), 50);
    },
  };
  for (const [way, answer] of Object.entries(WAYS)) {
    const { request, log } = await endpoint(t, answer);
    const { thrown } = await settle(request({ grant_type: 'client_credentials', client_secret: 'keep-me', tokenRequestFormat: 'query', token_endpoint_auth_method: 'client_secret_post' }));
    assert.ok(thrown instanceof OAuthError, way);
    assert.deepEqual([thrown.code, thrown.cause, log.length], ['token_endpoint_unreachable', undefined, 1], way);
    assert.doesNotMatch(thrown.stack, /keep-me|127\.0\.0\.1/, way);
  }
  assert.equal(elsewhere.log.length, 0);
  assert.equal(codeOf(await settle(requestToken({ server: { token_endpoint: 'http://127.0.0.1:9/' }, client_id: 'x', grant_type: 'client_credentials' }))), 'token_endpoint_unreachable');
});

test('a platform that refuses to make an error of a redirect can ask all the same', async (t) => {
  const { request } = await endpoint(t);
  const { fetch } = globalThis;
  t.mock.method(globalThis, 'fetch', (url, init) => {
    // As Cloudflare Workers do, whose own words these are not.
    if (init.redirect === 'error') throw new TypeError('Invalid redirect value');
    return fetch(url, init);
  });
  assert.equal((await request({ grant_type: 'client_credentials' })).access_token, ANSWER.access_token);
});

test('rule T2: an answer of more than 1 MiB is refused, and one of exactly 1 MiB is not', async (t) => {
  const body = (length) => JSON.stringify({ ...ANSWER, filler: '' }).replace('"filler":""', (member) => member.replace('""', `"${'x'.repeat(length - JSON.stringify({ ...ANSWER, filler: '' }).length)}"`));
  const bodies = [body(2 ** 20), body(2 ** 20 + 1)];
  const { log, request } = await endpoint(t, (_request, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(bodies[log.length - 1]));
  assert.equal((await request({ grant_type: 'client_credentials' })).access_token, 'AT');
  assert.equal(codeOf(await settle(request({ grant_type: 'client_credentials' }))), 'invalid_token_response');
});

test('an abort ends the request at once, with the reason of the signal', async (t) => {
  let closed;
  const isClosed = new Promise((resolve) => (closed = resolve));
  const { request, log } = await endpoint(t, (_request, response) => void response.on('close', closed));
  const abort = new AbortController();
  const outcome = settle(request({ grant_type: 'client_credentials', signal: abort.signal }));
  while (!log.length) await new Promise((resolve) => setTimeout(resolve, 5));
  const reason = new Error('enough');
  abort.abort(reason);
  assert.equal((await outcome).thrown, reason);
  await isClosed;
  assert.equal((await settle(request({ grant_type: 'client_credentials', signal: AbortSignal.abort(reason) }))).thrown, reason);
  assert.equal(log.length, 1);
});

test('an answer that does not come is given up after 30 seconds', async (t) => {
  const { request } = await endpoint(t, () => {});
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const outcome = settle(request({ grant_type: 'client_credentials' }));
  let isSettled = false;
  outcome.then(() => (isSettled = true));
  const turns = () => new Promise((resolve) => setImmediate(resolve));
  // The limit counts from the request, which is sent a moment after the call.
  await turns();
  t.mock.timers.tick(29_999);
  await turns();
  assert.equal(isSettled, false);
  t.mock.timers.tick(1);
  assert.equal(codeOf(await outcome), 'token_endpoint_unreachable');
});
