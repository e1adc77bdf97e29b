// claviger/implicit: the implicit grant alone.
import { client } from '../facade/client.js';
import * as parts from '../facade/implicit-parts.js';
import * as inlined from '../facade/inlined-module.js';
import { createPackage } from '../facade/package.js';

export { OAuthError } from '../facade/oauth-error.js';

const { load } = /* @__PURE__ */ createPackage(inlined);

export async function createClient(options) {
  await load();
  return client(options, parts);
}
