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

/** An answer with a message is a failure. */
export function check({ code, message, address, ...answer }) {
  if (code) throw new OAuthError(code, message, answer);
  if (message) throw new TypeError(message);
  return answer;
}
