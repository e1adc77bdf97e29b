// claviger/openid/no-wasm: the same as claviger/openid, with the module as plain JavaScript.
import { openidPackage } from '../facade/openid-package.js';
import * as script from '../facade/script-module.js';

export const { openid, verifyIdToken } = /* @__PURE__ */ openidPackage(script);
