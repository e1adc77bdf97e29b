// A login whose response comes to another window than this page's.
import { ADDRESS, FINISH, REQUEST, START, STATUS } from 'claviger:numbers';
import { readRequest } from './login-request.js';
import { check } from './verdict.js';

/** Starts such a login. */
export function startInWindow(ask, parameters, options) {
  const { [ADDRESS]: url } = check(ask(START, readRequest(parameters, options, '1')));
  return { url, state: new URL(url).searchParams.get('state') };
}

/** Answers the response that came there; `accept` makes a session of its token, `exchange` gets one for its code. */
export function finishInWindow(ask, url, accept, exchange, signal) {
  const answer = check(ask(FINISH, [url]));
  return answer[STATUS] === REQUEST ? exchange(answer, accept).wait(signal) : accept(answer);
}
