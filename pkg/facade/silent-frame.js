// A login in a hidden frame, without the user: OpenID Connect Core 1.0, section 3.1.2.1, `prompt=none`.
import { abortFor } from './abort.js';
import { waitFor } from './window-channel.js';

/** How long a frame may take. */
const FRAME_TIMEOUT_MS = 10_000;

/** Why there is no response: none came in time, as from a server that is down or refuses to be framed. */
export const UNANSWERED = 'unanswered';
/** The page's own Content-Security-Policy forbids the frame. */
const FORBIDDEN = 'forbidden';

/** Asks the server, and gives the response that came in the frame; `signal` ends the waiting. */
export async function responseOfFrame(url, signal) {
  const end = new AbortController();
  const frame = document.createElement('iframe');
  frame.hidden = true;
  const forbid = ({ effectiveDirective }) => effectiveDirective === 'frame-src' && abortFor(end, FORBIDDEN);
  document.addEventListener('securitypolicyviolation', forbid);
  const timer = setTimeout(() => abortFor(end, UNANSWERED), FRAME_TIMEOUT_MS);
  try {
    frame.src = url;
    document.body.append(frame);
    return await waitFor(url, frame.contentWindow, [signal, end.signal]);
  } finally {
    clearTimeout(timer);
    document.removeEventListener('securitypolicyviolation', forbid);
    frame.remove();
  }
}
