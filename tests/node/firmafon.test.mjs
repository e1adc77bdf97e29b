// Firmafon, as its document shows it: two requests whose parameters all stand in the query, an answer
// with nothing but a token, and two ways to send that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claviger, codeOf, settle } from './harness/package.mjs';
import { json, startServer } from './harness/server.mjs';

const { createClient, createFetch, requestToken } = claviger;
const CLIENT = { client_id: 'YOUR_APPLICATIONS_ID', client_secret: 'YOUR_APPLICATIONS_SECRET' };
const REDIRECT_URI = 'http://localhost/callback';

/** It takes each request exactly as the document writes it, and no other. */
async function firmafon(t) {
  const codes = new Map();
  const tokens = new Set();
  const { origin, log } = await startServer(t, ({ method, url, headers, body }, response) => {
    const { pathname, searchParams } = url;
    const query = Object.fromEntries(searchParams);
    if (method === 'GET' && pathname === '/api/v2/authorize') {
      const { client_id, response_type, redirect_uri, state } = query;
      if (client_id !== CLIENT.client_id || response_type !== 'code') return json(response, 400, {});
      const code = `REQUEST_TOKEN_${codes.size}`;
      codes.set(code, redirect_uri);
      const back = new URL(redirect_uri);
      back.search = new URLSearchParams({ code, ...(state && { state }) });
      return response.writeHead(302, { Location: back }).end();
    }
    if (method === 'POST' && pathname === '/api/v2/token') {
      const { client_id, client_secret, grant_type, redirect_uri, code } = query;
      const isAllowed = client_id === CLIENT.client_id && client_secret === CLIENT.client_secret && grant_type === 'authorization_code';
      const isRight = isAllowed && body === '' && !headers.authorization && codes.get(code) === redirect_uri && codes.delete(code);
      if (!isRight) return json(response, 401, { error: 'invalid_grant' });
      const access_token = `ACCESS_TOKEN_${tokens.size}`;
      tokens.add(access_token);
      return json(response, 200, { access_token });
    }
    if (method === 'GET' && pathname === '/api/v2/calls') {
      const [, sent = query.access_token] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
      return tokens.has(sent) ? json(response, 200, { calls: [] }) : json(response, 401, {}, { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
    }
    return json(response, 404, {});
  });
  const server = { authorization_endpoint: `${origin}/api/v2/authorize`, token_endpoint: `${origin}/api/v2/token` };
  const options = { server, ...CLIENT, token_endpoint_auth_method: 'client_secret_post', tokenRequestFormat: 'query', assumeTokenType: 'Bearer' };
  return { origin, log, tokens, options };
}

/** A user who allows everything. */
async function allow(url) {
  const response = await fetch(url, { redirect: 'manual' });
  return response.headers.get('Location');
}

const login = (options, more) => createClient({ ...options, redirect_uri: REDIRECT_URI, response_type: 'code', stateStore: 'memory', ...more });

for (const [title, via, isSent] of [
  ['as a header', 'header', ({ url, headers }, token) => headers.authorization === `Bearer ${token}` && url.search === ''],
  ['as a parameter', 'query', ({ url, headers }, token) => !headers.authorization && url.search === `?access_token=${token}`],
]) {
  test(`a login, the token sent ${title}, and a token that its user destroyed`, async (t) => {
    const { origin, log, tokens, options } = await firmafon(t);
    const { authorizationUrl, handleRedirect, fetch, token, subscribe, renew } = await login(options, { resources: [{ url: `${origin}/api/v2`, via }] });
    const events = [];
    subscribe(({ type }) => events.push(type));
    const outcome = await handleRedirect(await allow(await authorizationUrl()));
    assert.deepEqual(outcome, { token: { access_token: 'ACCESS_TOKEN_0', token_type: 'Bearer' } });

    const [authorization, exchange] = log;
    assert.deepEqual([...authorization.url.searchParams.keys()].slice(0, 3), ['response_type', 'client_id', 'redirect_uri']);
    assert.deepEqual([exchange.method, exchange.body, exchange.headers['content-type'], exchange.headers.authorization], ['POST', '', undefined, undefined]);
    const { code_verifier, ...query } = Object.fromEntries(exchange.url.searchParams);
    assert.deepEqual(query, { ...CLIENT, grant_type: 'authorization_code', redirect_uri: REDIRECT_URI, code: 'REQUEST_TOKEN_0' });
    assert.ok(code_verifier);

    assert.equal((await fetch(`${origin}/api/v2/calls`)).status, 200);
    assert.ok(isSent(log.at(-1), 'ACCESS_TOKEN_0'));
    tokens.clear();
    assert.equal((await fetch(`${origin}/api/v2/calls`)).status, 401);
    assert.equal(token(), null);
    assert.equal(codeOf(await settle(renew())), 'login_required');
    assert.deepEqual(events, ['login', 'revoke']);
  });
}

test('without assumeTokenType its answer is refused, and the message says what to set', async (t) => {
  const { options } = await firmafon(t);
  const { authorizationUrl, handleRedirect } = await login({ ...options, assumeTokenType: undefined });
  const { thrown } = await settle(handleRedirect(await allow(await authorizationUrl())));
  assert.equal(thrown.code, 'missing_token_type');
  assert.match(thrown.message, /assumeTokenType/);
});

test('its token request by hand, and its token as one that needs no login', async (t) => {
  const { origin, options } = await firmafon(t);
  const code = new URL(await allow(`${origin}/api/v2/authorize?client_id=${CLIENT.client_id}&response_type=code&redirect_uri=${REDIRECT_URI}`)).searchParams.get('code');
  const { access_token } = await requestToken({ ...options, grant_type: 'authorization_code', parameters: { code, redirect_uri: REDIRECT_URI } });
  const fetch = await createFetch({ credential: { type: 'bearer', token: access_token }, resources: [`${origin}/api/v2`] });
  assert.equal((await fetch(`${origin}/api/v2/calls`)).status, 200);
  const again = await settle(requestToken({ ...options, grant_type: 'authorization_code', parameters: { code, redirect_uri: REDIRECT_URI } }));
  assert.deepEqual([again.thrown.code, again.thrown.error], ['token_error', 'invalid_grant']);
});
