// What a program without a page writes: it hands the redirect's URL in.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as claviger from 'claviger';

/** The API's answer. */
export async function signIn({ options, api }) {
  if ('load' in claviger) {
    const file = createRequire(import.meta.url).resolve('claviger/claviger.wasm');
    await claviger.load(new WebAssembly.Module(readFileSync(file)));
  }
  const client = await claviger.createClient(withStore(options));
  const { headers } = await fetch(await client.authorizationUrl(), { redirect: 'manual' });
  await client.handleRedirect(headers.get('location'));
  // happy-dom takes the header off a request to another origin that has no cookies.
  return (await client.fetch(api, { credentials: 'include' })).text();
}

/** The login under way is kept in memory; the small build needs a storage, which not every runtime has. */
function withStore(options) {
  if (options.response_type === 'code') return { ...options, stateStore: 'memory' };
  const entries = new Map();
  globalThis.sessionStorage ??= {
    getItem: (name) => entries.get(name) ?? null,
    setItem: (name, value) => void entries.set(name, value),
    removeItem: (name) => void entries.delete(name),
  };
  return options;
}
