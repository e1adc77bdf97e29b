/** The part of an address behind its path, where a response stands in it, in a line of a stack. */
const RESPONSE = /[?#]\S*?(?:state|code|token)=\S*?(?=(?::\d+)+\)?$)/gm;

/** A real Error, so that `instanceof`, `stack` and every error reporter treat it as one. */
export class OAuthError extends Error {
  constructor(code, message, said) {
    super(message);
    Object.assign(this, { code }, said);
    // Chromium names the callers in a page's own script by the address that the page was opened with.
    const { stack } = this;
    if (typeof stack === 'string') Object.defineProperty(this, 'stack', { __proto__: null, value: stack.replace(RESPONSE, ''), configurable: true, writable: true });
  }

  get name() {
    return 'OAuthError';
  }
}
