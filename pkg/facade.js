// The package's face: loads the module once, and hands out plain objects of bound functions.
import { OAuthError } from 'claviger:error';

/** The exports of an entry, from its generated glue and its module as base64. */
export function entry(glue, base64) {
  let isLoaded = false;

  function load() {
    if (isLoaded) return;
    try {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      glue.initSync({ module: new WebAssembly.Module(bytes) });
    } catch (cause) {
      throw loadFailed(cause);
    }
    isLoaded = true;
  }

  async function createClient(options) {
    load();
    const client = new glue.Client(options);
    return {
      authorizationUrl: async (parameters, options) => new URL(client.authorizationUrl(parameters, options)),
      login: async (parameters, options) => client.login(parameters, options),
      handleRedirect: async (url) => client.handleRedirect(url === undefined ? undefined : String(url)),
      fetch: async (input, init) => client.fetch(input, init),
      token: () => client.token(),
      subscribe(listener) {
        if (typeof listener !== 'function') throw new TypeError('listener must be a function.');
        // One of its own for each subscription, so that each ends once.
        const told = (event) => listener(event);
        client.subscribe(told);
        return () => client.unsubscribe(told);
      },
      logout: async () => client.logout(),
    };
  }

  return { createClient, OAuthError };
}

function loadFailed(cause) {
  if (typeof WebAssembly === 'undefined') {
    return new OAuthError('load_failed', 'This browser has no WebAssembly; use a browser that has it, or allow it in this one.');
  }
  if (/content security policy|unsafe-eval|CSP/i.test(cause.message)) {
    return new OAuthError('load_failed', "The page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src.");
  }
  return new OAuthError('load_failed', 'The WebAssembly module did not load; install the package again, and check that no build step changed its file.');
}
