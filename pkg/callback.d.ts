/**
 * For a page of its own that popups and hidden frames come back to: one line that hands the response to
 * the window that waits for it, takes it out of the URL, and closes the popup. A page with a client
 * needs it not; there `handleRedirect` does the same.
 *
 * Where no window waits any more it says so, in English, with a link to the origin's first page.
 *
 * It exports nothing, and does nothing where there is no page, such as in a server's build. The page must
 * be of the origin that the login began on, and, for hidden frames, let itself be framed by it
 * (`frame-ancestors 'self'`).
 *
 * @example
 * ```html
 * <!doctype html><title>Signing in</title><script src="/claviger/wasm/callback.js"></script>
 * ```
 *
 * @packageDocumentation
 */
export {};
