// Loads the module of an entry once, for the functions that the entry exports.
import { initSync } from 'claviger:glue';
import { OAuthError } from './oauth-error.js';

/** `loader` says where the module is: `module` gives it or its promise, `moduleNow` is for the calls that can't wait. */
export function createPackage({ module, moduleNow }) {
  let instance;

  function instantiate(module) {
    instance ??= initSync({ module });
  }

  return {
    loadNow() {
      if (instance) return;
      try {
        instantiate(moduleNow());
      } catch (cause) {
        throw loadFailed(cause);
      }
    },
    async load(from) {
      if (instance) return;
      try {
        instantiate(await module(from));
      } catch (cause) {
        throw loadFailed(cause);
      }
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
