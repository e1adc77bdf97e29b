// What the module's status means for the caller: an error of its own words, or an answer.
import { ERRORS, OPTIONS } from 'claviger:numbers';
import { ERROR_WORDS, OPTION_WORDS } from 'claviger:words';
import { OAuthError } from './oauth-error.js';

/** The errors that come with a server's own words. */
const SAID = ['authorization_error', 'token_error'];

/** The answer, where it is no failure; else the failure, thrown. */
export function check(answer) {
  const [status] = answer;
  if (status >= OPTIONS) throw new TypeError(OPTION_WORDS[status - OPTIONS]);
  if (status >= ERRORS) throw failure(ERROR_WORDS[status - ERRORS], answer);
  return answer;
}

/** One of the module's errors that the facade throws itself; `answer` has a server's words. */
export function errorOf(code, answer = []) {
  return failure(ERROR_WORDS.find((words) => words.startsWith(`${code} `)), answer);
}

function failure(words, [, , error, error_description, error_uri]) {
  const end = words.indexOf(' ');
  const code = words.slice(0, end);
  const said = { __proto__: null };
  if (SAID.includes(code)) {
    for (const [name, text] of Object.entries({ error, error_description, error_uri })) if (text) said[name] = text;
  }
  return new OAuthError(code, words.slice(end + 1), said);
}
