// claviger/testing: what a test makes the server do, and what the client under test makes of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examplesOf } from '../e2e/harness/examples.mjs';
import { run } from './harness/package.mjs';

/** Runs what a test of an application would: `fake` is installed, `make` gives clients. */
const tested = (code, given = null) =>
  run(
    `
    const { createClient, createFetch, discover, OAuthError } = await import('claviger');
    const { openid } = await import('claviger/openid');
    const { fakeServer } = await import('claviger/testing');
    const fake = await fakeServer(given ?? undefined);
    const uninstall = fake.install();
    const make = (more) => createClient({
      server: fake.server, client_id: 'app', redirect_uri: 'https://app.example/cb', response_type: 'code',
      resources: [fake.resource], stateStore: 'memory', ...more,
    });
    const signIn = async (client, user) => client.handleRedirect(await fake.signIn(await client.authorizationUrl(), user));
    const call = (client) => client.fetch(fake.resource + '/me').then(({ status }) => status, ({ code, name }) => code ?? name);
    const codeOf = (promise) => promise.then(() => 'no error', ({ code, error, name }) => [code ?? name, error].filter(Boolean).join(' '));
    console.log(JSON.stringify(await (async () => { ${code} })()));
    `,
    given,
  );

test('a user signs in with a code, with a token, and with an ID token that is verified', async () => {
  const seen = await tested(`
    const outcomes = [];
    for (const more of [{}, { response_type: 'token' }, { scope: 'openid', openid }, { scope: 'openid', openid, response_type: 'id_token token' }]) {
      const client = await make(more);
      const { token, claims } = await signIn(client);
      outcomes.push([token.token_type, claims?.name, await call(client)]);
    }
    return outcomes;
  `);
  assert.deepEqual(seen, [['Bearer', null, 200], ['Bearer', null, 200], ['Bearer', 'Ada Lovelace', 200], ['Bearer', 'Ada Lovelace', 200]]);
});

test('a refusal, an end, a revocation, no network and a change of keys are what they are at a real server', async () => {
  const seen = await tested(`
    const client = await make({ scope: 'openid', openid });
    const events = [];
    client.subscribe(({ type }) => events.push(type));
    const denied = await codeOf(client.handleRedirect(await fake.deny(await client.authorizationUrl())));
    await signIn(client);
    const first = client.token().access_token;
    fake.expire();
    const renewed = [await call(client), client.token().access_token !== first];
    fake.offline();
    const offline = [await call(client), await codeOf(client.renew()), client.state()];
    fake.offline(false);
    await fake.rotateKeys();
    const rotated = await codeOf(client.renew());
    fake.revoke();
    const revoked = [await call(client), client.state()];
    return { denied, renewed, offline, rotated, revoked, events };
  `);
  assert.deepEqual(seen, {
    denied: 'authorization_error access_denied',
    renewed: [200, true],
    offline: ['TypeError', 'token_endpoint_unreachable', 'signed-in'],
    rotated: 'no error',
    revoked: [401, 'signed-out'],
    events: ['login', 'renew', 'renewal-failed', 'renew', 'revoke'],
  });
});

test('the server takes a code, a verifier and a refresh token once, and no other of them', async () => {
  const seen = await tested(`
    const client = await make();
    const url = await client.authorizationUrl();
    const response = await fake.signIn(url);
    const other = await make();
    await other.authorizationUrl();
    const code = response.searchParams.get('code');
    const ask = async (form) => (await fetch(fake.server.token_endpoint, { method: 'POST', body: new URLSearchParams({ client_id: 'app', redirect_uri: 'https://app.example/cb', ...form }) })).status;
    const guessed = await ask({ grant_type: 'authorization_code', code, code_verifier: 'x'.repeat(43) });
    const used = await codeOf(client.handleRedirect(response));
    const { token } = await signIn(client);
    const bodies = await Promise.all(fake.requests.filter(({ url }) => url === fake.server.token_endpoint).map((request) => request.text()));
    await client.renew();
    const sent = new URLSearchParams(await fake.requests.at(-1).text());
    const again = await ask({ grant_type: 'refresh_token', refresh_token: sent.get('refresh_token') });
    return [guessed, used, token.token_type, again, bodies.length];
  `);
  assert.deepEqual(seen, [400, 'token_error invalid_grant', 'Bearer', 400, 3]);
});

test('what is neither the server nor the API goes to the fetch that was there, and uninstalling puts it back', async () => {
  const seen = await tested(`
    const elsewhere = await fetch('data:text/plain,there').then((response) => response.text());
    const metadata = (await discover(fake.server.issuer)).token_endpoint;
    fake.answer(async (request) => new Response(request.method, { status: 201 }));
    const client = await make();
    await signIn(client);
    const answered = await client.fetch(fake.resource, { method: 'PUT', body: 'x' });
    const refused = (await fetch(fake.resource)).status;
    const was = fetch;
    uninstall();
    return [elsewhere, metadata, answered.status, await answered.text(), refused, was === fake.fetch, fetch === fake.fetch];
  `, { origin: 'https://as.example/tenant', resource: 'https://api.example/v2' });
  assert.deepEqual(seen, ['there', 'https://as.example/tenant/token', 201, 'PUT', 401, true, false]);
});

// The examples of docs/testing.md, each with what it takes of its runner from Node's own.
const RUNNER = `
  const { deepStrictEqual, rejects } = await import('node:assert/strict');
  const befores = [], afters = [], cases = [];
  const beforeEach = (run) => befores.push(run), afterEach = (run) => afters.push(run), test = (name, run) => cases.push([name, run]);
  const expect = (value) => ({
    toEqual: (other) => deepStrictEqual(value, other),
    toBeNull: () => deepStrictEqual(value, null),
    rejects: { toMatchObject: (other) => rejects(value, other) },
  });
`;

for (const runner of ['vitest', 'jest']) {
  test(`docs/testing.md: the example for ${runner} passes, and fails where the server answers otherwise`, async () => {
    const example = examplesOf('testing')[runner].replace(/^import .* from 'vitest';$/m, '').replace(/^import (\{.*\}) from ('.*');$/gm, 'const $1 = await import($2);');
    const outcomeOf = (example) => run(`${RUNNER}${example}
      for (const run of befores) await run();
      const outcomes = [];
      for (const [, run] of cases) outcomes.push(await run().then(() => 'passed', () => 'failed'));
      for (const run of afters) await run();
      console.log(JSON.stringify(outcomes));
    `);
    assert.deepEqual(await outcomeOf(example), ['passed']);
    const broken = example.replace('fake.expire();', 'fake.revoke();').replace('await fake.deny(await client.authorizationUrl())', "await fake.deny(await client.authorizationUrl(), 'server_error')");
    assert.notEqual(broken, example);
    assert.deepEqual(await outcomeOf(broken), ['failed']);
  });
}
