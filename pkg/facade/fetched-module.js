// The module in a file of its own, compiled while it arrives.
import { keep, known } from './compiled-module.js';
import { OAuthError } from './oauth-error.js';

const ABSENT = "The file claviger.wasm did not arrive; put it beside the script or give its URL to load, and allow that in the connect-src of the page's Content-Security-Policy.";
/** Also by a browser that is too old for it. */
export const refused = 'The file claviger.wasm was changed or cut off on its way; serve it as it is in the package.';
const EARLY = 'The WebAssembly module has not arrived yet; await load() before this call.';

async function fetched(from) {
  try {
    // Where the script is no module, its own URL is not known.
    const given = (await from) ?? new URL('./claviger.wasm', import.meta.url);
    const response = given instanceof Response ? given : await fetch(given);
    if (response.ok) return response;
  } catch {}
  throw new OAuthError('load_failed', ABSENT);
}

async function compile(response) {
  try {
    return await WebAssembly.compileStreaming(response);
  } catch (cause) {
    // Unread where the server does not call it application/wasm.
    if (response.bodyUsed) throw cause;
    return WebAssembly.compile(await response.arrayBuffer());
  }
}

async function compiled(from) {
  if (from instanceof WebAssembly.Module) return from;
  const response = await fetched(from);
  try {
    return await compile(response);
  } catch (cause) {
    if (!/html/.test(response.headers.get('Content-Type'))) throw cause;
    // Servers of single-page applications answer with the page whatever they don't have.
    const where = response.url && ` from ${response.url.split('?')[0]}`;
    throw new OAuthError('load_failed', `HTML came instead of claviger.wasm${where}; put the file there, or give its URL to load.`);
  }
}

/** One that did not arrive is asked for again. */
export function source(from) {
  return known() ?? keep(compiled(from).then(keep, (cause) => {
    keep();
    throw cause;
  }));
}

export function sourceNow() {
  const module = known();
  if (module instanceof WebAssembly.Module) return module;
  throw new OAuthError('load_failed', EARLY);
}
