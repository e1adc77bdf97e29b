// The UserInfo endpoint: OpenID Connect Core 1.0, section 5.3.
import { CHECK_USERINFO, USERINFO_ENDPOINT } from 'claviger:numbers';
import { throwIfAborted } from './abort.js';
import { call } from './door.js';
import { bodyOf } from './http-exchange.js';
import { OAuthError } from './oauth-error.js';
import { REQUEST_TIMEOUT_MS } from './time-limits.js';
import { check, errorOf } from './verdict.js';

/** Asks with the session's token; the answer is about its user, or none. */
export async function askUserinfo(texts, claims, { idToken, send }, signal) {
  const sub = claims(idToken())?.sub;
  if (sub === undefined) throw errorOf('login_required');
  const url = texts[USERINFO_ENDPOINT];
  const { status, contentType, text } = await ask(url, send, signal);
  if (claims(idToken())?.sub !== sub) throw errorOf('session_ended');
  check(call(CHECK_USERINFO, [`${status}`, contentType, text, sub], texts));
  return JSON.parse(text, (_, value) => Object.freeze(value));
}

async function ask(url, send, signal) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), REQUEST_TIMEOUT_MS);
  const giveUp = () => late.abort(signal.reason);
  signal?.addEventListener('abort', giveUp);
  try {
    throwIfAborted(signal);
    if (url === undefined) throw undefined;
    const headers = { __proto__: null, Accept: 'application/json' };
    const init = { __proto__: null, headers, credentials: 'omit', cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer', signal: late.signal };
    const response = await send(url, init, [url, undefined, undefined]);
    return { status: response.status, contentType: response.headers.get('Content-Type') ?? '', text: await bodyOf(response) };
  } catch (error) {
    throwIfAborted(signal);
    if (error?.code) throw error;
    // The browser's own error is dropped, because it can quote the URL.
    throw new OAuthError('userinfo_unreachable', "There is no UserInfo answer that this page may read; check userinfo_endpoint, and that it is open to browsers (CORS).");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}
