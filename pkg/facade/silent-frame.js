// A login in a hidden frame, without the user: OpenID Connect Core 1.0, section 3.1.2.1, `prompt=none`.
import { finishInWindow, startInWindow } from './login-window.js';
import { OAuthError } from './oauth-error.js';
import { until } from './shared-wait.js';
import { waitFor } from './window-channel.js';

/** How long a frame may take. */
const FRAME_TIMEOUT_MS = 10_000;

const WITHOUT_USER = 'The server renews nothing without its user, and its own code is in the member error; sign in again.';
/** What two of the codes of OpenID Connect Core 1.0, section 3.1.2.6, mean in a frame. */
const WHY = {
  __proto__: null,
  login_required: 'The server knows no user here: nobody is signed in there, or the browser blocks third-party cookies and so keeps them from the hidden frame; sign in again.',
  consent_required: 'The user has not yet allowed at the server what this page asks for; sign in again.',
};

/** Asks the server; `type` is the event that tells of its session. */
export async function loginInFrame({ ask, accept, exchange }, type) {
  const end = new AbortController();
  const frame = document.createElement('iframe');
  frame.hidden = true;
  const forbid = ({ effectiveDirective }) => {
    if (effectiveDirective === 'frame-src') end.abort(refused("The page's Content-Security-Policy forbids the hidden frame; add the server to its frame-src, or sign in again."));
  };
  document.addEventListener('securitypolicyviolation', forbid);
  const timer = setTimeout(() => end.abort(refused('The hidden frame got no answer within 10 seconds, as where a server refuses to be framed; sign in again.')), FRAME_TIMEOUT_MS);
  try {
    const { url, state } = startInWindow(ask, { prompt: 'none' });
    frame.src = url;
    document.body.append(frame);
    const response = await waitFor(state, frame.contentWindow, end.signal);
    const finished = finishInWindow(ask, response, (answer, kept) => accept(answer, type, 'frame', kept), exchange);
    return await until(Promise.resolve(finished), end.signal);
  } catch (error) {
    throw error.code === 'authorization_error' ? refused(WHY[error.error] ?? WITHOUT_USER, error) : error;
  } finally {
    clearTimeout(timer);
    document.removeEventListener('securitypolicyviolation', forbid);
    frame.remove();
  }
}

function refused(message, { error, error_description, error_uri } = {}) {
  return new OAuthError('interaction_required', message, { ...(error && { error }), ...(error_description && { error_description }), ...(error_uri && { error_uri }) });
}
