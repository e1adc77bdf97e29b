// claviger/no-wasm: the same as claviger, with the module as plain JavaScript.
import { codePackage } from '../facade/code-package.js';
import * as script from '../facade/script-module.js';

export { OAuthError } from '../facade/oauth-error.js';

export const { bestResponseType, challenges, createClient, createFetch, discover, requestToken } = /* @__PURE__ */ codePackage(script);
