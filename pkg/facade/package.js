// Loads the module of an entry once, for the functions that the entry exports.
import { instantiate, instantiateNow } from 'claviger:glue';
import { OAuthError } from './oauth-error.js';

/**
 * Where the module is: `source` gives it, its bytes or a promise of it, `sourceNow` is for the calls that can't wait,
 * and `bytes` for browsers that compile no large module at once. `refused` says why a platform that compiles
 * WebAssembly does not compile this one.
 */
export function createPackage({ source, sourceNow, bytes, refused }) {
  let isLoaded = false;

  return {
    loadNow() {
      if (isLoaded) return;
      try {
        instantiateNow(sourceNow());
      } catch (cause) {
        throw loadFailed(cause, refused);
      }
      isLoaded = true;
    },
    /** At once where nothing has to arrive, so that a response leaves the address bar before anything else runs. */
    async load(from) {
      if (isLoaded) return;
      try {
        let given;
        try {
          given = source(from);
          if (given instanceof Promise) given = await given;
          instantiateNow(given);
        } catch (cause) {
          // Chromium below 115 compiles no more than 4 KiB while the page waits.
          if (!(cause instanceof RangeError)) throw cause;
          await instantiate(bytes?.() ?? given);
        }
      } catch (cause) {
        throw loadFailed(cause, refused);
      }
      isLoaded = true;
    },
  };
}

function loadFailed(cause, refused) {
  return cause instanceof OAuthError ? cause : new OAuthError('load_failed', sentence(cause) ?? refused);
}

function sentence({ message }) {
  if (!globalThis.WebAssembly) return 'This browser has no WebAssembly; allow it there, or import claviger/no-wasm.';
  // V8's words wherever it is forbidden; Chromium below 98 has them of a page's policy, too.
  if (/disallowed by embedder/.test(message) && !globalThis.document) {
    return 'This platform compiles no WebAssembly at run time; import claviger/wasm and give load the module that was compiled before.';
  }
  if (/content security policy|unsafe-eval|CSP|embedder/i.test(message)) {
    return "The page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src.";
  }
}
