// claviger/openid: who the user is. An add-on, with its module inside.
import * as inlined from '../facade/inlined-module.js';
import { openidPackage } from '../facade/openid-package.js';

export const { openid, verifyIdToken } = /* @__PURE__ */ openidPackage(inlined);
