/**
 * For pages with scripts of others on them, such as analytics or error reporters: run first, it takes
 * an authorization response out of the URL and the history entry before any other script can read it,
 * hands it to `handleRedirect` later, and puts the URL back if that finds that it is no response.
 *
 * It exports nothing, and does nothing where there is no page, such as in a server's build. Load it as a classic script, so that it runs at once, as the first one in
 * `<head>` of the page at the redirect URI. A module runs only after the document has been parsed, which
 * is after other scripts: the import is for bundlers that put the code inline there.
 *
 * @example
 * ```html
 * <head>
 *   <script src="/claviger/wasm/early.js"></script>
 * ```
 *
 * @packageDocumentation
 */
export {};
