// claviger: codes and tokens, with the module inside.
import { codePackage } from '../facade/code-package.js';
import * as shared from '../facade/shared-module.js';

export { OAuthError } from '../facade/oauth-error.js';

export const { bestResponseType, challenges, createClient, createFetch, discover, requestToken } = /* @__PURE__ */ codePackage(shared);
