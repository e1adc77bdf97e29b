/**
 * The full build with its WebAssembly module in a file of its own, `claviger.wasm`, which the browser
 * compiles while it arrives. Everything else is as for `claviger`.
 *
 * The file lies beside the script, and is requested by the first call, or earlier, by the page:
 *
 * @example
 * ```html
 * <link rel="preload" as="fetch" type="application/wasm" crossorigin href="/claviger/wasm/claviger.wasm">
 * ```
 *
 * @packageDocumentation
 */

export * from './index.js';

/**
 * Loads the module, once for the page: a page that loads it before it has a use for it sees early what
 * is wrong, and `challenges` and `bestResponseType`, which give no promise, work from then on. All other
 * calls load it by themselves.
 *
 * @param from Where the module is, where that is not beside the script: its URL, the response to a
 * request for it, or the module, which a server reads from its own files. The first call that loads
 * decides.
 * @throws {@link OAuthError} (as a rejection) `load_failed`: the file did not arrive or could not be
 * compiled. The next call tries again.
 *
 * @example
 * ```js
 * import { load } from 'claviger/wasm';
 * import url from 'claviger/claviger.wasm?url';   // Vite
 *
 * await load(url);
 * ```
 */
export function load(from?: string | URL | Response | PromiseLike<Response> | WebAssembly.Module): Promise<void>;
