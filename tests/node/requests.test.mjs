// tests/vectors/requests.json without a page, with and without WebAssembly; the first lines of that file say what its
// members mean.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { project } from '../e2e/harness/package.mjs';
import { settle } from './harness/package.mjs';

const { resolve } = createRequire(join(project, 'main.js'));
const vectors = JSON.parse(readFileSync(new URL('../vectors/requests.json', import.meta.url), 'utf8'));

for (const entry of ['claviger', 'claviger/no-wasm']) {
  const { createClient, requestToken } = await import(pathToFileURL(resolve(entry)));

  for (const { id, note, endpoint, scope, parameters, refused, url } of vectors.authorization) {
    test(`rule A3: ${entry}: ${id}: ${note}`, async () => {
      const client = await createClient({
        server: { authorization_endpoint: endpoint },
        client_id: 'spa',
        redirect_uri: 'https://app.example/cb',
        response_type: 'token',
        stateStore: 'memory',
        ...(scope !== null && { scope: 'read write' }),
      });
      const { value, thrown } = await settle(client.authorizationUrl(parameters));
      if (refused) assert.match(String(thrown), new RegExp(`^TypeError: ${refused} must `));
      else assert.equal(value?.href.replace(/(?<=[&?]state=)[\w-]{43}/, '{S}'), url, thrown?.stack);
    });
  }

  for (const { id, note, endpoint, format, grant_type, parameters, basic, raw, refused, ...expected } of vectors.token) {
    test(`rule T4: ${entry}: ${id}: ${note}`, async (t) => {
      const sent = [];
      t.mock.method(globalThis, 'fetch', async (url, { headers, body = '' }) => {
        sent.push({ url, body, authorization: headers.Authorization });
        return Response.json({ access_token: 'AT', token_type: 'Bearer' });
      });
      const secret = basic ?? raw;
      const { thrown } = await settle(requestToken({
        server: { token_endpoint: endpoint },
        client_id: 'spa',
        tokenRequestFormat: format,
        grant_type,
        parameters,
        ...(secret && { client_secret: secret, encodeBasicCredentials: basic !== undefined }),
      }));
      if (refused) assert.match(String(thrown), new RegExp(`^TypeError: ${refused} must `));
      else assert.deepEqual(sent, [{ authorization: undefined, ...expected }], thrown?.stack);
    });
  }
}
