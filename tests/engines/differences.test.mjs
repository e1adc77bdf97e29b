// Where the engines differ, and what comes of it; docs/browsers.md says the same.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { response } from '../e2e/harness/page.mjs';
import { startServer } from '../e2e/harness/servers.mjs';
import { openApp } from './harness/app.mjs';

const engine = process.env.CLAVIGER_ENGINE;

/** What fetch makes of an upload from a stream over HTTP/1.1: what arrives, or the error's name. */
const UPLOAD = { chromium: 'TypeError', firefox: '[object ReadableStream]', webkit: 'NotSupportedError' }[engine];

test(`an upload from a stream is what fetch makes of it: ${UPLOAD}`, async (t) => {
  const { origin, log } = await startServer(t, (_, response) => response.end());
  const app = await openApp(t);
  const options = { ...app.options, resources: [origin] };
  assert.ok((await app.signIn(options)).value);
  const errors = await app.evaluate(
    async ({ options, origin }) => {
      const client = await clientFor(options);
      const upload = async (fetch) => {
        const { thrown } = await settle(() => fetch(origin, { method: 'POST', body: new Blob(['text']).stream(), duplex: 'half' }).then(() => undefined));
        return thrown?.name;
      };
      return [await upload(fetch), await upload(client.fetch)];
    },
    { options, origin },
  );
  const outcomes = errors.map((name) => name ?? log.shift().body);
  assert.deepEqual([outcomes, log], [[UPLOAD, UPLOAD], []]);
});

test("an RSA signature with a zero byte in front of it is WebKit's alone to take", async (t) => {
  const app = await openApp(t);
  const isTaken = await app.evaluate(async () => {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const { privateKey, publicKey } = await crypto.subtle.generateKey({ ...algorithm, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }, false, ['sign', 'verify']);
    const signature = new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, Uint8Array.of(1)));
    return crypto.subtle.verify(algorithm, publicKey, Uint8Array.of(0, ...signature), Uint8Array.of(1));
  });
  assert.equal(isTaken, engine === 'webkit');
});

if (engine === 'webkit') {
  test('rule P17: where no address can be replaced any more nobody is signed in, and the next load cleans it', async (t) => {
    const app = await openApp(t);
    const { state } = await app.startLogin(app.options);
    const url = response(state, app.options);
    await app.open(url);
    const refusal = await app.evaluate(() => {
      try {
        for (let count = 0; count < 1000; count++) history.replaceState(null, '');
      } catch ({ name }) {
        return name;
      }
    });
    assert.equal(refusal, 'SecurityError');
    const { thrown } = await app.handleRedirect(app.options);
    assert.deepEqual([thrown?.name, await app.token(app.options), (await app.place()).url], ['SecurityError', null, url]);
    assert.ok(!thrown.message.includes('AT'));
    await app.open('/start');
    await app.open(url);
    assert.equal((await app.handleRedirect(app.options)).thrown?.code, 'state_replayed');
    assert.equal((await app.place()).url, app.options.redirect_uri);
  });
}
