// createFetch with the credentials that need no login: a token or a password of the user's, and the client's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claviger, codeOf, settle } from './harness/package.mjs';
import { basicOf, formOf, json, startServer } from './harness/server.mjs';

const { createFetch } = claviger;

/** A token endpoint that counts its tokens, an API, and a fetch with a token of the client's own. */
async function own(t, { answer, api, more } = {}) {
  let issued = 0;
  const { origin, log } = await startServer(t, (request, response) => {
    if (request.url.pathname === '/token') {
      issued += 1;
      const body = { access_token: `AT${issued}`, token_type: 'Bearer', expires_in: 3600 };
      return answer ? answer(request, response, body, issued) : json(response, 200, body);
    }
    return api ? api(request, response) : json(response, 200, {});
  });
  const fetch = await createFetch({
    credential: { type: 'client_credentials', server: { token_endpoint: `${origin}/token` }, client_id: 'script', client_secret: 's3cret', scope: 'user_shows', ...more },
    resources: [{ url: `${origin}/api` }],
  });
  const calls = (path) => log.filter(({ url }) => url.pathname === path);
  return { origin, log, calls, fetch: (path = '/api/x', init) => fetch(`${origin}${path}`, init) };
}

const sentTo = (calls) => calls.map(({ headers }) => headers.authorization);

test('a personal access token, and a user name with a password', async (t) => {
  const { origin, log } = await startServer(t, (_request, response) => json(response, 200, {}));
  const resources = [origin];
  const token = await createFetch({ credential: { type: 'bearer', token: 'aB1/-_~+.==' }, resources });
  await token(`${origin}/x`);
  assert.equal(log[0].headers.authorization, 'Bearer aB1/-_~+.==');
  const basic = await createFetch({ credential: { type: 'basic', username: 'ada@example.com', password: 'pä:ss' }, resources });
  await basic(new Request(`${origin}/x`, { method: 'POST', body: 'b' }));
  assert.deepEqual([basicOf(log[1]), log[1].body], ['ada@example.com:pä:ss', 'b']);
  for (const fetch of [token, basic]) {
    assert.equal(codeOf(await settle(fetch('https://elsewhere.example/'))), 'resource_not_allowed');
  }
});

test('one token for 20 calls at once, asked for with the first of them', async (t) => {
  const { log, calls, fetch } = await own(t);
  assert.equal(log.length, 0);
  await Promise.all(Array.from({ length: 20 }, () => fetch()));
  await fetch();
  assert.deepEqual(calls('/token').map((request) => [basicOf(request), formOf(request)]), [['script:s3cret', { grant_type: 'client_credentials', scope: 'user_shows' }]]);
  assert.deepEqual(sentTo(calls('/api/x')), Array(21).fill('Bearer AT1'));
});

test('a new token when the old one has less than 30 seconds left', async (t) => {
  const { calls, fetch } = await own(t);
  const start = Date.now();
  let now = start;
  t.mock.method(Date, 'now', () => now);
  await fetch();
  now = start + 3_569_000 - (start % 1000);
  await fetch();
  assert.equal(calls('/token').length, 1);
  now = start + 3_571_000;
  await Promise.all([fetch(), fetch()]);
  assert.deepEqual(sentTo(calls('/api/x')), ['Bearer AT1', 'Bearer AT1', 'Bearer AT2', 'Bearer AT2']);
});

test('a token that has ended when it comes serves the calls that wait for it; one without an end all others', async (t) => {
  const short = await own(t, { answer: (_request, response, body) => json(response, 200, { ...body, expires_in: 0 }) });
  await Promise.all([short.fetch(), short.fetch()]);
  await short.fetch();
  assert.deepEqual(sentTo(short.calls('/api/x')), ['Bearer AT1', 'Bearer AT1', 'Bearer AT2']);
  const endless = await own(t, { answer: (_request, response, body) => json(response, 200, { ...body, expires_in: undefined }) });
  for (let n = 0; n < 3; n++) await endless.fetch();
  assert.equal(endless.calls('/token').length, 1);
});

test('a new token after a resource called the old one invalid, and after no other refusal', async (t) => {
  const challenges = [
    'Bearer error="invalid_token"',
    undefined,
    'Bearer realm="x"',
    'Bearer error="insufficient_scope"',
    'Basic realm="x", Bearer error="invalid_token"',
  ];
  const { calls, fetch } = await own(t, {
    api: (_request, response) => {
      const challenge = challenges[calls('/api/x').length - 1];
      return json(response, 401, {}, challenge && { 'WWW-Authenticate': challenge });
    },
  });
  for (const _ of challenges) {
    assert.equal((await fetch()).status, 401);
  }
  await fetch();
  assert.deepEqual(sentTo(calls('/api/x')), ['AT1', 'AT2', 'AT2', 'AT2', 'AT2', 'AT3'].map((token) => `Bearer ${token}`));
});

test('calls that were refused together ask for one new token', async (t) => {
  const { calls, fetch } = await own(t, {
    api: ({ headers }, response) => {
      const isOld = headers.authorization === 'Bearer AT1';
      return json(response, isOld ? 401 : 200, {}, isOld ? { 'WWW-Authenticate': 'Bearer error="invalid_token"' } : {});
    },
  });
  const all = () => Promise.all(Array.from({ length: 10 }, async () => (await fetch()).status));
  assert.deepEqual([...new Set(await all())], [401]);
  assert.deepEqual([...new Set(await all())], [200]);
  assert.equal(calls('/token').length, 2);
});

test('a late refusal of an older token leaves the newer one alone', async (t) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const dead = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };
  const { calls, fetch } = await own(t, {
    api: async ({ url, headers }, response) => {
      if (url.pathname === '/api/slow') await held;
      const isOld = headers.authorization === 'Bearer AT1';
      return json(response, isOld ? 401 : 200, {}, isOld ? dead : {});
    },
  });
  const slow = fetch('/api/slow');
  assert.equal((await fetch()).status, 401);
  assert.equal((await fetch()).status, 200);
  release();
  assert.equal((await slow).status, 401);
  assert.equal((await fetch()).status, 200);
  assert.equal(calls('/token').length, 2);
});

test('a failure is told to all who wait, nothing is sent, and the next call asks again', async (t) => {
  const { calls, fetch } = await own(t, {
    answer: (_request, response, body, issued) => {
      if (issued === 1) return json(response, 401, { error: 'invalid_client' });
      if (issued === 2) return response.destroy();
      if (issued === 3) return json(response, 200, { ...body, token_type: undefined });
      return json(response, 200, body);
    },
  });
  const both = await Promise.all([settle(fetch()), settle(fetch())]);
  assert.deepEqual(both.map(({ thrown }) => [thrown.code, thrown.error]), Array(2).fill(['token_error', 'invalid_client']));
  assert.equal(codeOf(await settle(fetch())), 'token_endpoint_unreachable');
  assert.equal(codeOf(await settle(fetch())), 'missing_token_type');
  assert.equal(calls('/api/x').length, 0);
  assert.equal((await fetch()).status, 200);
  assert.equal(calls('/token').length, 4);
});

test('a URL that is no resource is refused', async (t) => {
  const { fetch } = await own(t);
  assert.equal(codeOf(await settle(fetch('/elsewhere'))), 'resource_not_allowed');
});

test('an abort ends the caller\'s own request alone', async (t) => {
  const { calls, fetch } = await own(t, { answer: (_request, response, body) => setTimeout(() => json(response, 200, body), 50) });
  const [aborted, other] = await Promise.all([settle(fetch('/api/x', { signal: AbortSignal.abort() })), settle(fetch())]);
  assert.equal(aborted.thrown?.name, 'AbortError');
  assert.equal(other.value?.status, 200);
  assert.equal(calls('/token').length, 1);
});
