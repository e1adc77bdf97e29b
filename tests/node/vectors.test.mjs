// tests/vectors/token_responses.json, with the platform's parser; the first lines of that file say what its members mean.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { claviger, settle } from './harness/package.mjs';

const { OAuthError, requestToken } = claviger;
const { cases } = JSON.parse(readFileSync(new URL('../vectors/token_responses.json', import.meta.url), 'utf8'));
const NOW = 1_800_000_000;
const KNOWN = ['access_token', 'token_type', 'scope', 'expires_in', 'refresh_token', 'error', 'error_description', 'error_uri', 'id_token'];

/** The body's bytes. */
function bytesOf(body) {
  return Buffer.concat([body].flat().map((part) => (part.hex === undefined ? Buffer.from(expand(part)) : Buffer.from(part.hex, 'hex'))));
}

/** A value that may be written as a repetition. */
function expand(value) {
  return value instanceof Object ? value.repeat.repeat(value.times) : value;
}

function requestOf({ scope = 'read write', refresh_token, ...options } = {}) {
  return {
    server: { token_endpoint: 'https://as.example/token' },
    client_id: 'spa',
    ...(scope !== null && { scope }),
    grant_type: refresh_token ? 'refresh_token' : 'client_credentials',
    ...(refresh_token && { parameters: { refresh_token } }),
    ...options,
  };
}

/** A null of the file is a member that is not there. */
function present(members) {
  return Object.fromEntries(Object.entries(members).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, expand(value)]])));
}

test('the vectors are there', () => {
  assert.ok(cases.length > 100, String(cases.length));
});

for (const { id, note, options, status, content_type, body, expect } of cases) {
  test(`rule T2: ${id}: ${note}`, async (t) => {
    t.mock.method(Date, 'now', () => NOW * 1000);
    t.mock.method(globalThis, 'fetch', async () => {
      const bytes = bytesOf(body);
      // The platform makes no body of nothing where there can be none.
      return new Response(status === 204 ? null : bytes, { status, headers: content_type ? { 'Content-Type': content_type } : {} });
    });
    const { value, thrown } = await settle(requestToken(requestOf(options)));
    const { code, expires_in, expires_at_least, ...rest } = expect;
    if (code !== 'ok') {
      assert.ok(thrown instanceof OAuthError, thrown?.stack);
      assert.deepEqual({ ...thrown }, { code, status, ...present(rest) });
      return;
    }
    assert.ok(value, thrown?.stack);
    const { expires_at, token_type, further, ...token } = value;
    assert.equal(token_type, 'Bearer');
    // Of a body with members of its own; two with one name are told from each other nowhere.
    if (typeof body === 'string') {
      const others = Object.entries(JSON.parse(body)).filter(([name]) => !KNOWN.includes(name));
      assert.deepEqual(further && Object.entries(JSON.parse(JSON.stringify(further))), others.length ? others : undefined);
    }
    assert.deepEqual(token, present(rest));
    if (expires_at_least === undefined) assert.equal(expires_at, expires_in === null ? undefined : NOW + expires_in);
    else assert.ok(expires_at >= expires_at_least && Number.isSafeInteger(expires_at), String(expires_at));
  });
}
