// An entry of the package: loads its module once, and hands out plain objects of bound functions.
import { call, initSync } from 'claviger:glue';
import { client } from './client.js';
import { OAuthError } from './oauth-error.js';
import { module, moduleNow } from 'claviger:form';

export { OAuthError };

/** What the glue gives, which makes one instance however often it is asked. */
let instance;

/** For the calls that can't wait. */
export function loadNow() {
  try {
    instance ??= initSync(moduleNow());
  } catch (cause) {
    throw loadFailed(cause);
  }
}

/** For all others: the module may have yet to arrive. */
export async function load(from) {
  try {
    instance ??= initSync(await module(from));
  } catch (cause) {
    throw loadFailed(cause);
  }
}

export async function createClient(options) {
  if (WAITS) await load();
  else loadNow();
  return client(call, options);
}

function loadFailed(cause) {
  if (WAITS && cause instanceof OAuthError) return cause;
  return new OAuthError('load_failed', sentence(cause));
}

function sentence({ message }) {
  if (!globalThis.WebAssembly) return 'This browser has no WebAssembly; use a browser that has it, or allow it in this one.';
  if (/content security policy|unsafe-eval|CSP/i.test(message)) {
    return "The page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src.";
  }
  return 'The WebAssembly module did not load; install the package again, and check that no build step changed its file.';
}
