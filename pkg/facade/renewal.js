// When and how a token is renewed: by its refresh token, or by a hidden frame.
import { ACCESS_TOKEN, EXPECTED, GRANT_REFUSED, RENEW, RENEWED, REQUEST, STATUS } from 'claviger:numbers';
import { locked } from './tab-lock.js';
import { LONGEST_TIMER_MS, RENEWAL_TIMEOUT_MS } from './time-limits.js';
import { post } from './token-endpoint.js';
import { check, errorOf } from './verdict.js';

/** How long before a token can't be sent any more it is renewed. */
const RENEWAL_MARGIN_MS = 30_000;

/**
 * `because` tells what a change of the session comes from; `restore` reads the session that other tabs share; `frame` asks
 * the server without the user.
 */
export function renewal(name, { ask, end, forget, session }, { because, begin, isSignedIn, frame, restore, token }) {
  let running;
  let timer;
  let isPlanned;
  /** The server has said that nothing goes without the user. */
  let mustAct;

  async function request(known) {
    restore();
    const { record } = session;
    let asked;
    try {
      asked = check(ask(RENEW, [record ?? '', known]));
    } catch (error) {
      if (error.code === 'login_required' && globalThis.document) return framed();
      throw error;
    }
    // Without a request another tab has done it, and may have said so before this one had its turn.
    if (asked[STATUS] !== REQUEST) {
      return asked[ACCESS_TOKEN] === token()?.access_token ? token() : because('tab', () => begin(asked, isSignedIn() ? 'renew' : 'login'));
    }
    const answer = ask(RENEWED, [asked[EXPECTED], ...(await post(asked, RENEWAL_TIMEOUT_MS))]);
    // It has ended since, or another one began: the answer belongs to neither.
    if (session.record !== record) throw errorOf('login_required');
    if (answer[STATUS] !== GRANT_REFUSED) return because('refresh', () => begin(check(answer), 'renew'));
    // A tab that did not wait for this one may have used the grant up.
    const restored = restore();
    if (restored && session.record !== record) return because('refresh', () => begin(restored, 'renew'));
    forget();
    because('server', () => end('revoke'));
    throw errorOf('token_error', answer);
  }

  /** What the last attempt has said holds until the user has acted. */
  async function framed() {
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

  /** Before it can't be sent any more, but not sooner than half of that time: a short one must not be renewed without a pause. */
  function plan() {
    stop();
    const left = (session.until ?? NaN) * 1000 - Date.now();
    if (!(left > 0)) return;
    isPlanned = true;
    const wait = Math.max(left - RENEWAL_MARGIN_MS, left / 2);
    timer = setTimeout(wait > LONGEST_TIMER_MS ? plan : renewUnasked, Math.min(wait, LONGEST_TIMER_MS));
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
