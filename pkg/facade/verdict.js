// What the module's status means for the caller: an error of its own words, or an answer.
import { ERROR, ERROR_DESCRIPTION, ERROR_URI, ERRORS, OPTIONS, STATUS } from 'claviger:numbers';
import { ERROR_WORDS, OPTION_WORDS } from 'claviger:words';
import { wrong } from './arguments.js';
import { OAuthError } from './oauth-error.js';

/** The errors that come with a server's own words. */
const SAID = ['authorization_error', 'token_error', 'interaction_required'];

/** The answer, where it is no failure; else the failure, thrown. */
export function check(answer) {
  const status = answer[STATUS];
  if (status >= OPTIONS) throw wrong(...parted(OPTION_WORDS[status - OPTIONS]));
  if (status >= ERRORS) throw failureIn(answer);
  return answer;
}

/** One of the module's errors that the facade throws itself. */
export function errorOf(code) {
  return failure(ERROR_WORDS.find((words) => words.startsWith(`${code} `)), { __proto__: null });
}

/** The failure that an answer is. */
export function failureIn(answer) {
  return failure(ERROR_WORDS[answer[STATUS] - ERRORS], answer);
}

/** The first word, and the others. */
function parted(words) {
  const [first] = words.split(' ', 1);
  return [first, words.slice(first.length + 1)];
}

function failure(words, answer) {
  const [code, sentence] = parted(words);
  const said = { __proto__: null };
  if (SAID.includes(code)) {
    const texts = { error: answer[ERROR], error_description: answer[ERROR_DESCRIPTION], error_uri: answer[ERROR_URI] };
    for (const [name, text] of Object.entries(texts)) if (text) said[name] = text;
  }
  return new OAuthError(code, sentence, said);
}
