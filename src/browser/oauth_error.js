// A real Error, so that `instanceof`, `stack` and every error reporter treat it as one.
export class OAuthError extends Error {
  constructor(code, message, error, error_description, error_uri) {
    super(message);
    this.code = code;
    if (error !== undefined) Object.assign(this, { error, error_description, error_uri });
  }
}
Object.defineProperty(OAuthError.prototype, 'name', { value: 'OAuthError', configurable: true, writable: true });
