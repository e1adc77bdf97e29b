// What becomes of a response that brings no token itself: its code is exchanged, or another window
// waits for it.
import { EXCHANGED } from './door.js';
import { post } from './token-endpoint.js';
import { check, OAuthError } from './oauth-error.js';
import { relayAndClose } from './window-channel.js';
import { shared } from './shared-wait.js';

/** How long a code's exchange may take, in milliseconds. */
const LIMIT = 30_000;

/** A response of another window's login goes to that window. */
async function relayed(url) {
  if (await relayAndClose(url)) return null;
  throw new OAuthError('unknown_state', 'The response belongs to a login in another window, which is gone; sign in again.');
}

/** A response can bring a code to exchange for a token. */
export function redeem(answer, accept, ask, url) {
  if (answer.relay) return relayed(url);
  if (!answer.request) return null;
  return shared(async (signal) => {
    const given = await post(answer.request, LIMIT, signal);
    return accept({ ...answer, ...check(ask(EXCHANGED, `${answer.expected}\n${given}`)) }, 'login');
  });
}

/** A state that is unknown here can be one that another window waits for. */
export async function rescue(error, url) {
  if (error.code === 'unknown_state' && (await relayAndClose(url))) return null;
  throw error;
}
