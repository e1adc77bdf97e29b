// Camdram's strategies at Doorkeeper: tokens of an hour, JSON bodies, a secret; a consent page for the one with a user.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claviger, codeOf, settle } from './harness/package.mjs';
import { answerAtDoorkeeper, DOORKEEPER } from './harness/real.mjs';

const { createClient, createFetch, OAuthError, requestToken } = claviger;
const { skip, origin, authorization_endpoint, token_endpoint, revocation_endpoint, confidential, api, user } = DOORKEEPER;
const server = { authorization_endpoint, token_endpoint, revocation_endpoint };
const redirect_uri = process.env.CLAVIGER_REDIRECT_URI;

/** The ways in which the client may show who it is; the first is Camdram's. */
const WAYS = {
  'a JSON body': { tokenRequestFormat: 'json', token_endpoint_auth_method: 'client_secret_post' },
  'a JSON body and HTTP Basic': { tokenRequestFormat: 'json' },
  'a form': { token_endpoint_auth_method: 'client_secret_post' },
  'a form and HTTP Basic': {},
};
const [json] = Object.values(WAYS);

function isAnHourAway({ expires_at }, since) {
  const lifetime = expires_at - since / 1000;
  assert.ok(lifetime > 3598 && lifetime < 3630, String(lifetime));
}

function revokedAtTheServer(token) {
  return fetch(`${origin}/test/revoke`, { method: 'POST', body: new URLSearchParams({ token }) });
}

for (const [way, options] of Object.entries(WAYS)) {
  test(`client credentials with ${way}: a token of an hour, its scopes, and its calls`, { skip }, async () => {
    const since = Date.now();
    const token = await requestToken({ server, ...confidential, ...options, grant_type: 'client_credentials', scope: 'issues profile' });
    assert.equal(token.token_type, 'Bearer');
    assert.deepEqual(token.scope.split(' ').sort(), ['issues', 'profile']);
    isAnHourAway(token, since);
    const response = await fetch(`${api}/issues`, { headers: { Authorization: `Bearer ${token.access_token}` } });
    assert.equal(response.status, 200);
  });
}

test('a wrong secret is invalid_client, in words of the server, in every format', { skip }, async () => {
  for (const options of Object.values(WAYS)) {
    const { thrown } = await settle(requestToken({ server, ...confidential, ...options, client_secret: 'wrong', grant_type: 'client_credentials' }));
    assert.ok(thrown instanceof OAuthError);
    assert.deepEqual([thrown.code, thrown.error], ['token_error', 'invalid_client']);
    assert.match(thrown.error_description, /Client authentication failed/);
  }
});

test('a scope or a grant that it does not give is its refusal', { skip }, async () => {
  const refusal = async (asked) => (await settle(requestToken({ server, ...confidential, ...json, ...asked }))).thrown?.error;
  assert.equal(await refusal({ grant_type: 'client_credentials', scope: 'everything' }), 'invalid_scope');
  assert.equal(await refusal({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', parameters: { assertion: 'a.b.c' } }), 'unsupported_grant_type');
  assert.equal(await refusal({ grant_type: 'refresh_token', parameters: { refresh_token: 'unknown' } }), 'invalid_grant');
});

test('a fetch with the client\'s own token: 20 calls, and 20 more after that token was revoked', { skip }, async (t) => {
  const sent = new Set();
  const { fetch } = globalThis;
  t.mock.method(globalThis, 'fetch', (input, init) => {
    const { url, headers } = new Request(input, init);
    const authorization = headers.get('Authorization');
    if (url.startsWith(api) && authorization) sent.add(authorization.replace('Bearer ', ''));
    return fetch(input, init);
  });
  const own = await createFetch({ credential: { type: 'client_credentials', server, ...confidential, ...json, scope: 'issues' }, resources: [api] });
  const statuses = async (number) => [...new Set(await Promise.all(Array.from({ length: number }, async () => (await own(`${api}/issues`)).status)))];
  assert.deepEqual(await statuses(20), [200]);
  assert.equal(sent.size, 1);
  assert.ok((await revokedAtTheServer([...sent][0])).ok);
  assert.deepEqual(await statuses(1), [401]);
  assert.deepEqual(await statuses(20), [200]);
  assert.equal(sent.size, 2);
});

/** A client whose login the user allowed. While the server has a token of it, it asks nobody again. */
async function signedIn(t, options) {
  const client = await createClient({ server, ...confidential, ...json, redirect_uri, response_type: 'code', stateStore: 'memory', resources: [api], ...options });
  const { token } = await client.handleRedirect(await answerAtDoorkeeper(await client.authorizationUrl(), 'allow', user));
  t.after(() => settle(client.logout({ revoke: true })));
  return { ...client, first: token };
}

test('a login that the user denies', { skip }, async () => {
  const { authorizationUrl, handleRedirect, token } = await createClient({ server, ...confidential, redirect_uri, response_type: 'code', stateStore: 'memory' });
  const { thrown } = await settle(handleRedirect(await answerAtDoorkeeper(await authorizationUrl(), 'deny', user)));
  assert.deepEqual([thrown.code, thrown.error], ['authorization_error', 'access_denied']);
  assert.equal(token(), null);
});

test('a login with the consent page: code, call, renewal, rotation, revocation', { skip }, async (t) => {
  const since = Date.now();
  const { first, fetch: send, renew, logout, subscribe } = await signedIn(t);
  const events = [];
  subscribe(({ type }) => events.push(type));
  const name = async () => (await (await send(`${api}/profile`)).json()).name;
  isAnHourAway(first, since);
  assert.equal(await name(), user.name);
  const second = await renew();
  assert.notEqual(second.access_token, first.access_token);
  isAnHourAway(second, since);
  assert.equal(await name(), user.name);
  const third = await renew();
  assert.notEqual(third.access_token, second.access_token);
  await logout({ revoke: true });
  const response = await fetch(`${api}/profile`, { headers: { Authorization: `Bearer ${third.access_token}` } });
  assert.equal(response.status, 401);
  assert.deepEqual(events, ['renew', 'renew', 'logout']);
});

test('a token that died before its time ends the session at the next call', { skip }, async (t) => {
  const { first, fetch: send, token, renew } = await signedIn(t);
  assert.ok((await revokedAtTheServer(first.access_token)).ok);
  assert.equal((await send(`${api}/profile`)).status, 401);
  assert.equal(token(), null);
  assert.equal(codeOf(await settle(renew())), 'login_required');
});

for (const autoRenew of [false, true]) {
  test(`an hour later, ${autoRenew ? 'autoRenew gets another token first' : 'the token is not sent'}`, { skip }, async (t) => {
    const { first, fetch: send, token } = await signedIn(t, { autoRenew });
    const now = Date.now();
    const { mock } = t.mock.method(Date, 'now', () => now + 3_600_000);
    const { value, thrown } = await settle(send(`${api}/profile`));
    mock.restore();
    assert.deepEqual([value?.status, thrown?.code], autoRenew ? [200, undefined] : [undefined, 'token_expired']);
    assert.equal(token()?.access_token === first.access_token, !autoRenew);
  });
}
