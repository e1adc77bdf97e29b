// tests/vectors/id_tokens.json by the engine's own WebCrypto.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { optionsOfIdToken, read } from '../e2e/harness/id-tokens.mjs';
import { openApp } from './harness/app.mjs';

const vectors = read(readFileSync(new URL('../vectors/id_tokens.json', import.meta.url), 'utf8'));

/** What of the algorithms not every engine has, as WebCrypto names it. */
const OPTIONAL = { ES512: { name: 'ECDSA', namedCurve: 'P-521' }, Ed25519: { name: 'Ed25519' }, EdDSA: { name: 'Ed25519' } };

/** Refusals that are told before the signature is looked at. */
const isEarly = (code) => code !== 'ok' && !/signature|_hash_/.test(code);

function algorithmOf({ id_token }) {
  try {
    return JSON.parse(Buffer.from(id_token.split('.')[0], 'base64url')).alg;
  } catch {
    return undefined;
  }
}

for (const file of ['openid', 'openid-no-wasm']) {
  test(`${file}: ID tokens`, async (t) => {
    const app = await openApp(t, {});
    const lacking = await app.evaluate(async (optional) => {
      const lacking = [];
      for (const [name, algorithm] of Object.entries(optional)) {
        await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']).catch(() => lacking.push(name));
      }
      return lacking;
    }, OPTIONAL);
    const cases = vectors.map((given) => ({ idToken: given.id_token, options: optionsOfIdToken(given), now: given.now }));
    const codes = await app.evaluate(
      async ({ file, cases }) => {
        const { verifyIdToken } = await import(`/pkg/wasm/${file}.js`);
        const codes = [];
        const { now: clock } = Date;
        for (const { idToken, options, now } of cases) {
          Date.now = () => now * 1000;
          const { value, thrown } = await settle(() => verifyIdToken(idToken, options));
          codes.push(thrown ? (thrown.code ?? thrown.text) : value.sub ? 'ok' : 'nobody');
        }
        Date.now = clock;
        return codes;
      },
      { file, cases },
    );
    for (const [place, given] of vectors.entries()) {
      const expected = lacking.includes(algorithmOf(given)) && !isEarly(given.code) ? 'id_token_alg_refused' : given.code;
      assert.equal(codes[place], expected, `${given.id}: ${given.note}`);
    }
  });
}
