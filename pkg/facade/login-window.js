// A login in another window than this page's: a popup, for the user, or a hidden frame, without one.
import { RELAYED, START } from './door.js';
import { check, OAuthError } from './oauth-error.js';
import { redeem } from './code-exchange.js';
import { readRequest } from './client-options.js';
import { waitFor } from './window-channel.js';
import { until } from './shared-wait.js';

/** How often a popup is asked whether it is closed, in milliseconds. */
const INTERVAL = 500;
/**
 * How long one may seem closed while the user is here, in milliseconds: a server that isolates its pages
 * (Cross-Origin-Opener-Policy) makes every popup seem so.
 */
const GRACE = 10_000;
/** How long a frame may take, in milliseconds. */
const LIMIT = 10_000;

const WITHOUT_USER = 'The server renews nothing without its user, and its own code is in the member error; sign in again.';
/** What two of the codes of OpenID Connect Core 1.0, section 3.1.2.6, mean in a frame. */
const WHY = {
  login_required: 'The server knows no user here: nobody is signed in there, or the browser blocks third-party cookies and so keeps them from the hidden frame; sign in again.',
  consent_required: 'The user has not yet allowed at the server what this page asks for; sign in again.',
};

const SIZE = 'popup,width=500,height=650';

/** `accept` makes a session of an answer. */
export function elsewhere(ask, accept) {
  /** Starts a login whose response comes to another window. */
  function start(parameters, options) {
    const { url } = check(ask(START, `relay=1&${readRequest(parameters, options)}`));
    return { url, state: new URL(url).searchParams.get('state') };
  }

  async function finish(url, type, from, signal) {
    const accepted = (answer) => accept(answer, type, from);
    const answer = check(ask(RELAYED, url));
    if (answer.access_token) return accepted(answer);
    const exchange = redeem(answer, accepted, ask);
    return exchange && exchange.wait(signal);
  }

  return {
    /** In the click itself, which is when browsers allow it; `signal` ends the waiting. */
    async popup(parameters, options, signal) {
      signal?.throwIfAborted();
      const popup = open('about:blank', '_blank', SIZE);
      if (!popup) throw new OAuthError('popup_blocked', 'The browser blocked the window; call loginPopup in a click of the user, or use login.');
      const end = new AbortController();
      const stop = () => end.abort(signal.reason);
      let watch;
      try {
        const { url, state } = start(parameters, options);
        signal?.addEventListener('abort', stop);
        let closedFor = 0;
        watch = setInterval(() => {
          closedFor = popup.closed && document.hasFocus() ? closedFor + INTERVAL : 0;
          if (closedFor > GRACE) end.abort(new OAuthError('popup_closed', 'The window was closed before the login was finished; sign in again.'));
        }, INTERVAL);
        const response = waitFor(state, popup, end.signal);
        popup.location.replace(url);
        return await finish(await response, 'login', 'popup', signal);
      } finally {
        clearInterval(watch);
        signal?.removeEventListener('abort', stop);
        popup.close();
      }
    },

    /** Asks the server without the user: OpenID Connect Core 1.0, section 3.1.2.1, `prompt=none`. */
    async frame(type) {
      const end = new AbortController();
      const frame = document.createElement('iframe');
      frame.hidden = true;
      const forbid = ({ effectiveDirective }) => {
        if (effectiveDirective === 'frame-src') end.abort(refused("The page's Content-Security-Policy forbids the hidden frame; add the server to its frame-src, or sign in again."));
      };
      document.addEventListener('securitypolicyviolation', forbid);
      const timer = setTimeout(() => end.abort(refused('The hidden frame got no answer within 10 seconds, as where a server refuses to be framed; sign in again.')), LIMIT);
      try {
        const { url, state } = start({ prompt: 'none' });
        frame.src = url;
        document.body.append(frame);
        const response = await waitFor(state, frame.contentWindow, end.signal);
        return await until(finish(response, type, 'frame'), end.signal);
      } catch (error) {
        throw error.code === 'authorization_error' ? refused(WHY[error.error] ?? WITHOUT_USER, error) : error;
      } finally {
        clearTimeout(timer);
        document.removeEventListener('securitypolicyviolation', forbid);
        frame.remove();
      }
    },
  };
}

function refused(message, { error, error_description, error_uri } = {}) {
  return new OAuthError('interaction_required', message, { ...(error && { error }), ...(error_description && { error_description }), ...(error_uri && { error_uri }) });
}
