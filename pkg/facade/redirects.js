// Whether a redirect to another origin can be followed with `Authorization` in the request: by the Fetch Standard,
// section 4.4, the platform takes the header off.

let takesOff;

/**
 * Chromium does so since 119, Firefox since 111 and Safari since 16.1, and nothing in a page shows it. Two groups of
 * one name in an expression are newer (125, 129 and 17), and no script can add them to an engine. Node, which says
 * that its fetch is undici's, does it too.
 */
export function takesAuthorizationOff() {
  takesOff ??= (!globalThis.location && Boolean(globalThis.process?.versions?.undici)) || compiles('(?<a>a)|(?<a>b)');
  return takesOff;
}

function compiles(expression) {
  try {
    return Boolean(new RegExp(expression));
  } catch {
    return false;
  }
}
