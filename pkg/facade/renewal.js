// When and how a token is renewed: by its refresh token, or by a hidden frame.
import { RENEW, RENEWED } from './door.js';
import { post } from './token-endpoint.js';
import { check } from './oauth-error.js';
import { locked } from './tab-lock.js';

/** How long a request may take, in milliseconds: no longer than another tab waits for this one. */
const LIMIT = 9_000;
/** Longest time that the platform's timers wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * `because` tells what a change of the session comes from; `frame` asks the server without the user.
 */
export function renewal(name, { ask, begin, end }, { because, isSignedIn, frame, token }) {
  let running;
  let timer;
  let isPlanned;
  /** The server has said that nothing goes without the user. */
  let mustAct;

  async function request(known) {
    const asked = ask(RENEW, known);
    if (asked.code === 'login_required' && globalThis.document) return framed(asked);
    check(asked);
    // Without a request another tab has done it, and may have said so before this one had its turn.
    if (!asked.request) {
      return asked.access_token === token()?.access_token ? token() : because('tab', () => begin(asked, isSignedIn() ? 'renew' : 'login'));
    }
    const { ended, ...answer } = ask(RENEWED, `${asked.expected}\n${await post(asked.request, LIMIT)}`);
    if (ended) because('server', () => end('revoke'));
    return because('refresh', () => begin(check(answer), 'renew'));
  }

  /** What the last attempt has said holds until the user has acted. */
  async function framed(asked) {
    if (mustAct) throw mustAct;
    try {
      return await frame(isSignedIn() ? 'renew' : 'login');
    } catch (error) {
      if (error.code === 'interaction_required') mustAct = error;
      throw error;
    }
  }

  /** Whoever asks meanwhile gets the same outcome. */
  function renew() {
    const known = token()?.access_token ?? '';
    running ??= locked(name, () => request(known)).finally(() => {
      running = undefined;
    });
    return running;
  }

  /** Nobody waits for it: what fails is tried again when the token is needed. */
  function renewUnasked() {
    renew().catch(() => {});
  }

  function stop() {
    clearTimeout(timer);
    isPlanned = false;
  }

  /** Before its end, but not sooner than half of its life: a short one must not be renewed without a pause. */
  function plan() {
    stop();
    const left = (token()?.expires_at ?? NaN) * 1000 - Date.now();
    if (!(left > 30_000)) return;
    isPlanned = true;
    const wait = Math.max(left - 60_000, (left - 30_000) / 2);
    timer = setTimeout(wait > LONGEST ? plan : renewUnasked, Math.min(wait, LONGEST));
    timer.unref?.();
  }

  return {
    renew,
    renewUnasked,
    plan,
    stop,
    /** When a token has expired after all: the timer slept, or its request failed. */
    catchUp() {
      if (isPlanned) renewUnasked();
      isPlanned = false;
    },
    /** The user has acted. */
    mayAsk() {
      mustAct = undefined;
    },
  };
}
