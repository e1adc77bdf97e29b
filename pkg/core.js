// The module's answers are forms; one with a message is a failure.
import { OAuthError } from './error.js';

export function read(form) {
  const { code, message, ...answer } = Object.fromEntries(new URLSearchParams(form));
  if (code) throw new OAuthError(code, message, answer);
  if (message) throw new TypeError(message);
  return answer;
}
