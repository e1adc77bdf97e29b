// A login in a window of its own, for the user.
import { abortFor } from './abort.js';
import { OAuthError } from './oauth-error.js';
import { waitFor } from './window-channel.js';

/** How often a popup is asked whether it is closed. */
const WATCH_INTERVAL_MS = 500;
/**
 * How long one may seem closed while the user is here: a server that isolates its pages
 * (Cross-Origin-Opener-Policy) makes every popup seem so.
 */
const CLOSED_GRACE_MS = 10_000;

const SIZE = 'popup,width=500,height=650';

/** Opens it in the click itself, which is when browsers allow it. */
export function openPopup() {
  const popup = open('about:blank', '_blank', SIZE);
  if (!popup) throw new OAuthError('popup_blocked', 'The browser blocked the window; call loginPopup in a click of the user, or use login.');
  return popup;
}

/** Sends it to the server, and gives the response that came there; `signal` ends the waiting. */
export async function responseOfPopup(popup, url, signal) {
  const closed = new AbortController();
  let closedForMs = 0;
  const watch = setInterval(() => {
    closedForMs = popup.closed && document.hasFocus() ? closedForMs + WATCH_INTERVAL_MS : 0;
    if (closedForMs > CLOSED_GRACE_MS) abortFor(closed, new OAuthError('popup_closed', 'The window was closed before the login was finished; sign in again.'));
  }, WATCH_INTERVAL_MS);
  try {
    const response = waitFor(url, popup, [signal, closed.signal]);
    popup.location.replace(url);
    return await response;
  } finally {
    clearInterval(watch);
  }
}
