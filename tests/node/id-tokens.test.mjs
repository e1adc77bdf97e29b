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
