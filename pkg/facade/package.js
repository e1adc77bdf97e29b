// Loads the module of an entry once, for the functions that the entry exports.
import { instantiate, instantiateNow } from 'claviger:glue';
import { OAuthError } from './oauth-error.js';

/**
 * Where the module is: `source` gives it, its bytes or a promise of it, `sourceNow` is for the calls that can't wait,
 * and `bytes` for browsers that compile no large module at once.
 */
export function createPackage({ source, sourceNow, bytes }) {
  let isLoaded = false;

  return {
    loadNow() {
      if (isLoaded) return;
      try {
        instantiateNow(sourceNow());
      } catch (cause) {
        throw loadFailed(cause);
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
        throw loadFailed(cause);
      }
      isLoaded = true;
    },
  };
}

function loadFailed(cause) {
  return cause instanceof OAuthError ? cause : new OAuthError('load_failed', sentence(cause));
}

function sentence({ message }) {
  if (!globalThis.WebAssembly) return 'This browser has no WebAssembly; use a browser that has it, or allow it in this one.';
  if (/content security policy|unsafe-eval|CSP/i.test(message)) {
    return "The page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src.";
  }
  return 'The WebAssembly module did not load; install the package again, and check that no build step changed its file.';
}
