// claviger/wasm: the same, with the module in a file of its own.
import { codePackage } from '../facade/code-package.js';
import * as fetched from '../facade/fetched-module.js';

export { OAuthError } from '../facade/oauth-error.js';

export const { bestResponseType, challenges, createClient, createFetch, discover, load, requestToken } = /* @__PURE__ */ codePackage(fetched);
