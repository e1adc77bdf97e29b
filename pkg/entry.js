// An entry of the package: loads its module once, and hands out plain objects of bound functions.
import { client } from './client.js';
import { OAuthError } from './error.js';

/** The exports of an entry, from its generated glue, and its module with a character for each byte. */
export function entry(initSync, call, text) {
  let isLoaded;

  function load() {
    if (isLoaded) return;
    try {
      initSync(Uint8Array.from(text, (character) => character.charCodeAt()));
    } catch (cause) {
      throw loadFailed(cause);
    }
    isLoaded = true;
  }

  return {
    OAuthError,
    load,
    async createClient(options) {
      load();
      return client(call, options);
    },
  };
}

function loadFailed({ message }) {
  if (!globalThis.WebAssembly) {
    return new OAuthError('load_failed', 'This browser has no WebAssembly; use a browser that has it, or allow it in this one.');
  }
  if (/content security policy|unsafe-eval|CSP/i.test(message)) {
    return new OAuthError('load_failed', "The page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src.");
  }
  return new OAuthError('load_failed', 'The WebAssembly module did not load; install the package again, and check that no build step changed its file.');
}
