// tests/vectors/providers.json through the npm package; the first lines of that file say what its members mean.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { claviger, settle } from './harness/package.mjs';

const { OAuthError, createClient } = claviger;
const { providers } = JSON.parse(readFileSync(new URL('../vectors/providers.json', import.meta.url), 'utf8'));
const NOW = 1_800_000_000;
const REDIRECT_URI = 'https://app.example/cb';

function optionsOf({ scope, server, options: { issuer, ...options } }, response_type) {
  return {
    server: { ...server, ...(issuer && { issuer }) },
    client_id: 'spa',
    redirect_uri: REDIRECT_URI,
    response_type,
    stateStore: 'memory',
    ...(scope !== null && { scope }),
    ...options,
    ...(options.token_endpoint_auth_method && { client_secret: 'secret' }),
  };
}

/** A null of the file is a member that is not there. */
const present = (members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined));

async function handle(options, at) {
  const client = await createClient(options);
  const state = (await client.authorizationUrl()).searchParams.get('state');
  return { client, ...(await settle(client.handleRedirect(REDIRECT_URI + at.replace('{S}', state)))) };
}

async function check({ client, value, thrown }, { code, expires_in, refresh_token, ...rest }, sent) {
  if (code !== 'ok') {
    assert.ok(thrown instanceof OAuthError, thrown?.stack ?? 'a token');
    const { error, error_description, error_uri } = thrown;
    assert.deepEqual(present({ code: thrown.code, error, error_description, error_uri }), present({ code, ...rest }));
    return;
  }
  assert.ok(value, thrown?.stack);
  const { access_token, scope, expires_at } = value.token;
  assert.deepEqual(present({ access_token, scope }), present(rest));
  assert.equal(expires_at, expires_in === null ? undefined : NOW + expires_in);
  if (!refresh_token) return;
  await client.renew();
  assert.ok(decodeURIComponent(sent.at(-1)).includes(refresh_token), 'the refresh token was sent');
}

for (const provider of providers) {
  const { name, response_type, cases } = provider;
  for (const [at, one] of cases.entries()) {
    const { kind, expect } = one;
    test(`${name}: ${kind} ${at}`, async (t) => {
      t.mock.method(Date, 'now', () => NOW * 1000);
      const sent = [];
      t.mock.method(globalThis, 'fetch', async (url, { body }) => {
        sent.push(`${url}${body ?? ''}`);
        const { status = 400, content_type = 'application/json', body: answer = { error: 'invalid_grant' } } = one;
        return new Response(JSON.stringify(answer), { status, headers: { 'Content-Type': content_type } });
      });
      if (kind === 'answer' || kind === 'failure') return check(await handle(optionsOf(provider, 'code'), '?code=C&state={S}'), expect, sent);
      const outcome = await handle(optionsOf(provider, response_type), one.at);
      if (!expect.authorization_code) return check(outcome, expect, sent);
      assert.equal(outcome.thrown?.code, 'token_error');
      assert.equal(sent.length, 1);
      assert.ok(sent[0].includes(expect.authorization_code), 'the code was sent');
    });
  }
}
