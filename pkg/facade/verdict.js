// What the module's status means for the caller: an error of its own words, or an answer.
import { ERROR, ERROR_DESCRIPTION, ERROR_URI, ERRORS, HTTP_STATUS, OPTIONS, STATUS } from 'claviger:numbers';
import { ERROR_WORDS, OPTION_WORDS } from 'claviger:words';
import { wrong } from './arguments.js';
import { OAuthError } from './oauth-error.js';
import { keptIn } from './redirect.js';

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

/** The same failure with what the login was given that an answer is about; what is not the package's stays as it is. */
export function withKept(error, answer) {
  return error instanceof OAuthError ? new OAuthError(error.code, error.message, { ...error, ...keptIn(answer) }) : error;
}

/** The first word, and the others. */
function parted(words) {
  const [first] = words.split(' ', 1);
  return [first, words.slice(first.length + 1)];
}

function failure(words, answer) {
  const [code, sentence] = parted(words);
  const said = { __proto__: null, ...keptIn(answer) };
  const status = answer[HTTP_STATUS];
  if (status) said.status = +status;
  if (SAID.includes(code)) {
    const texts = { error: answer[ERROR], error_description: answer[ERROR_DESCRIPTION], error_uri: answer[ERROR_URI] };
    for (const [name, text] of Object.entries(texts)) if (text) said[name] = text;
  }
  // What is no JSON, such as a page of a proxy's, often has nothing to say but its status.
  const told = status && code === 'invalid_token_response' ? sentence.replace('answer', `answer, with status ${status},`) : sentence;
  return new OAuthError(code, told, said);
}
