// When and how a token is renewed: by its refresh token, or by a hidden frame.
import { RENEW, RENEWED } from './door.js';
import { post } from './endpoint.js';
import { check } from './error.js';
import { locked } from './lock.js';

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

  async function request() {
    const asked = ask(RENEW, '');
    if (asked.code === 'login_required' && globalThis.document) return framed(asked);
    check(asked);
    // Without a URL another tab has done it.
    if (!asked.url) return because('tab', () => begin(asked, isSignedIn() ? 'renew' : 'login'));
    const { ended, ...answer } = ask(RENEWED, `${asked.expected}\n${await post(asked, LIMIT)}`);
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
    running ??= locked(name, request).finally(() => {
      running = undefined;
    });
    return running;
  }

  /** Nobody waits for it: what fails is tried again when the token is needed. */
  function renewUnasked() {
    renew().catch(() => {});
  }

  return {
    renew,
    renewUnasked,
    /** Before its end, but not sooner than half of its life: a short one must not be renewed without a pause. */
    plan() {
      mustAct = undefined;
      clearTimeout(timer);
      const left = (token()?.expires_at ?? NaN) * 1000 - Date.now();
      isPlanned = left > 30_000;
      if (!isPlanned) return;
      const wait = Math.max(left - 60_000, (left - 30_000) / 2);
      timer = setTimeout(wait > LONGEST ? this.plan : renewUnasked, Math.min(wait, LONGEST));
    },
    /** When a token has expired after all: the timer slept, or its request failed. */
    catchUp() {
      if (isPlanned) renewUnasked();
      isPlanned = false;
    },
    stop() {
      clearTimeout(timer);
      isPlanned = false;
    },
  };
}
