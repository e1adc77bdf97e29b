// claviger/implicit/no-wasm: the same as claviger/implicit, with the module as plain JavaScript.
import { client } from '../facade/client.js';
import * as parts from '../facade/implicit-parts.js';
import { createPackage } from '../facade/package.js';
import * as script from '../facade/script-module.js';

export { OAuthError } from '../facade/oauth-error.js';

const { load } = /* @__PURE__ */ createPackage(script);

export async function createClient(options) {
  await load();
  return client(options, parts);
}
