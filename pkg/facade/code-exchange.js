// What becomes of a response that brings no token itself: its code is exchanged, or another window waits for it.
import { EXCHANGED, EXPECTED } from 'claviger:numbers';
import { OAuthError } from './oauth-error.js';
import { sharedWait } from './shared-wait.js';
import { REQUEST_TIMEOUT_MS } from './time-limits.js';
import { post } from './token-endpoint.js';
import { check, errorOf } from './verdict.js';
import { relayAndClose } from './window-channel.js';

/** `answer` of the module's has the request of an exchange: `accept` makes a session of its token, while `isWanted`. */
export function exchangeCode(answer, ask, accept, isWanted) {
  return sharedWait(async (signal) => {
    const given = await post(answer, REQUEST_TIMEOUT_MS, signal);
    const exchanged = check(ask(EXCHANGED, [answer[EXPECTED], ...given]));
    // A logout since then is not undone by the answer to an older request.
    if (!isWanted()) throw errorOf('login_required');
    return accept(exchanged, answer);
  });
}

/** A response of another window's login goes to that window. */
export async function relayed(url) {
  if (await relayAndClose(url)) return null;
  throw new OAuthError('unknown_state', 'The response belongs to a login in another window, which is gone; sign in again.');
}

/** A state that is unknown here can be one that another window waits for. */
export async function rescue(error, url) {
  if (error.code === 'unknown_state' && (await relayAndClose(url))) return null;
  throw error;
}
