/** A real Error, so that `instanceof`, `stack` and every error reporter treat it as one. */
export class OAuthError extends Error {
  constructor(code, message, said) {
    super(message);
    Object.assign(this, { code }, said);
  }

  get name() {
    return 'OAuthError';
  }
}
