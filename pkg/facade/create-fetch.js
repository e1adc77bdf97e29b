// A fetch with a credential that needs no login.
import { AUTHORIZE_CREDENTIAL, DONE, IS_TOKEN_REFUSED, STATUS } from 'claviger:numbers';
import { membersOf, typed, wrong } from './arguments.js';
import { readResources, sendAttached } from './attach-credential.js';
import { call } from './door.js';
import { BE_A_STRING } from './musts.js';
import { readTokenRequest } from './request-token.js';
import { check } from './verdict.js';

/** The credential goes to the module with each request, so that a fetch that is no longer used leaves nothing there. */
export function credentialFetch(options) {
  const option = membersOf(options, 'options');
  const credential = option('credential');
  const resources = readResources(option('resources'));
  const member = membersOf(credential, 'credential');
  const type = typed(member('type'), 'string', 'credential.type');
  const judge = (texts) => (target, body = [undefined, undefined, undefined]) => check(call(AUTHORIZE_CREDENTIAL, [target, undefined, undefined, ...body, ...texts], resources));
  if (type === 'client_credentials') {
    judge(['bearer', 'checked'])();
    return ownFetch(readTokenRequest(credential, type), (token) => judge(['bearer', token]), resources);
  }
  const texts = [type, ...['token', 'username', 'password'].map((name) => typed(member(name), 'string', `credential.${name}`))];
  for (const [at, name] of type === 'basic' ? [[2, 'username'], [3, 'password']] : []) {
    if (texts[at] === undefined) throw wrong(`credential.${name}`, BE_A_STRING);
  }
  const authorize = judge(texts);
  authorize();
  return async (input, init) => (await sendAttached(input, init, authorize, () => {})).response;
}

/** A fetch with a token of the client's own, which is asked for when there is none that can still be sent. */
function ownFetch(requestToken, judge, resources) {
  let asked;
  let current;
  let until = 0;

  /** Calls that come while a token is asked for get the same one. */
  function token() {
    if (Date.now() < until) return asked;
    until = Infinity;
    current = undefined;
    asked = requestToken().then(
      ({ token, usableUntil }) => {
        // A token that can't be sent any more goes to the calls that wait for it, and to no later one.
        until = usableUntil * 1000;
        current = token;
        return token;
      },
      (error) => {
        until = 0;
        throw error;
      },
    );
    return asked;
  }

  return async (input, init) => {
    const used = await token();
    const { response } = await sendAttached(input, init, judge(used.access_token), (url, challenges) => {
      // Another call may have asked for a new one since.
      if (used === current && call(IS_TOKEN_REFUSED, [url, challenges], resources)[STATUS] === DONE) until = 0;
    });
    return response;
  };
}
