// tests/vectors/id_tokens.json, verified by the package with WebCrypto; `about` there says what its members mean.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openid, settle } from './harness/package.mjs';
import { optionsOfIdToken, read } from '../e2e/harness/id-tokens.mjs';

const vectors = read(readFileSync(new URL('../vectors/id_tokens.json', import.meta.url), 'utf8'));

test('the vectors are there', () => {
  assert.equal(vectors.length, 189);
});

for (const given of vectors) {
  test(`rule I25: ${given.id}: ${given.note}`, async (t) => {
    t.mock.method(Date, 'now', () => given.now * 1000);
    t.mock.method(globalThis, 'fetch', () => assert.fail('nothing is fetched'));
    const { value, thrown } = await settle(openid.verifyIdToken(given.id_token, optionsOfIdToken(given)));
    assert.equal(thrown?.code ?? 'ok', given.code, thrown?.stack);
    if (thrown) return;
    const claims = JSON.parse(Buffer.from(given.id_token.split('.')[1], 'base64url'));
    assert.deepEqual(value, claims);
    assert.ok(Object.isFrozen(value));
  });
}

for (const [name, code] of [['NotSupportedError', 'id_token_alg_refused'], ['DataError', 'id_token_key_not_found']]) {
  test(`rule I12: where WebCrypto refuses the key with ${name}, the ID token is refused with ${code}`, async (t) => {
    const given = vectors.find(({ id }) => id === 'I010');
    t.mock.method(Date, 'now', () => given.now * 1000);
    t.mock.method(crypto.subtle, 'importKey', async () => Promise.reject(new DOMException('', name)));
    const { thrown } = await settle(openid.verifyIdToken(given.id_token, optionsOfIdToken(given)));
    assert.equal(thrown?.code, code, thrown?.stack);
  });
}

test('rule I25: where there is no WebCrypto no ID token is believed', async (t) => {
  const [given] = vectors;
  t.mock.method(Date, 'now', () => given.now * 1000);
  t.mock.getter(crypto, 'subtle', () => undefined);
  const { thrown } = await settle(openid.verifyIdToken(given.id_token, optionsOfIdToken(given)));
  assert.equal(thrown?.code, 'crypto_unavailable', thrown?.stack);
});
