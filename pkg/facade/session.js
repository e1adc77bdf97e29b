// A session that goes on. The module decides what becomes of it: here its events are reported and what it wants done is
// done, in the order of src/package/numbers.rs.
import {
  ACCESS_TOKEN, ADDRESS, ARGUMENTS, CHANGES, CLOSE_FRAME, DEADLINE, DONE, DROP, EFFECTS, END_EXCHANGES, EXCHANGED, EXPECTED, FINISH, FRAME_PARAMETERS,
  GIVE_LOCK, GIVEN_CAUSE, GIVEN_JOB, GIVEN_RECORD, GIVEN_RENEWAL, GIVEN_TAB, IS_TOKEN_REFUSED, JOB, JOIN, KEEP, KEY_LENGTH, LOCK, LOCKED, LOGOUT, LOGOUT_HEARD,
  LOOK, OPEN_FRAME, OTHER_REVOCATION, RECORD, REFRESHED, REMOVE, RENEW, RENEWAL, RENEWED_ELSEWHERE, REQUEST, REQUEST_URL, REVOCATION,
  REVOKE, SEND, SESSION_ID, SESSION_STATE, SETTLE, SHARES_SESSION, START, STATUS, TAB, TAKE_LOCK, TELL_LOGOUT, TELL_RENEWED, TOKEN_REFUSED,
  UNFRAMED, USABLE_UNTIL, WOKE,
} from 'claviger:numbers';
import { flag, membersOf, readSignal } from './arguments.js';
import { sendWithToken } from './attach-credential.js';
import { call, fromWithin } from './door.js';
import { readRequest } from './login-request.js';
import { memoryStorage } from './memory-storage.js';
import { OAuthError } from './oauth-error.js';
import { openPopup, responseOfPopup } from './popup.js';
import { redirectOf } from './redirect.js';
import { sessionStore } from './session-store.js';
import { sharedWait, until } from './shared-wait.js';
import { responseOfFrame, UNANSWERED } from './silent-frame.js';
import { subscribers } from './subscribers.js';
import { tabChannel } from './tab-channel.js';
import { takeLock } from './tab-lock.js';
import { LONGEST_TIMER_MS, RENEWAL_TIMEOUT_MS, REQUEST_TIMEOUT_MS, REVOCATION_TIMEOUT_MS } from './time-limits.js';
import { post } from './token-endpoint.js';
import { blank } from './texts.js';
import { tokenOf } from './token-response.js';
import { check, errorOf, failureIn } from './verdict.js';
import { onWake } from './wake.js';
import { rescue } from './window-channel.js';

/** The words of other tabs, and the event that each is. */
const LOGGED_OUT = 'logout';
const CHANGED = 'change';

export function openSession({ ask, name, texts, resources }, { autoRenew, tokenStore }) {
  const store = sessionStore(tokenStore, name);
  const isShared = () => texts[SHARES_SESSION] !== undefined;
  texts[SHARES_SESSION] = flag(tokenStore === 'local');
  const { subscribe, tell } = subscribers();
  /** Logins whose response comes to another window while this page waits: no storage has to keep them. */
  const ownLogins = memoryStorage();

  /** What the module has this tab remember between two events. */
  let tab;
  let turns = 0;
  /** What a turn wants done is being done. */
  let isTaking = false;
  /** A storage keeps the record; a turn that finds that it doesn't tells it. */
  let isKept = store.isKept();
  let state = 'signed-out';
  /** What a request is sent with, and until when: seconds since 1970 as text, absent where nobody knows. */
  const held = { __proto__: null };
  let token = null;
  /** Sessions that have begun here, so that what an old one brought is known as such. */
  let begun = 0;
  const redirects = new WeakMap();

  let timer;
  /** A renewal is under way, and who waits for it. */
  let isRenewing = false;
  let renewal;
  let giveLock;
  let frame;
  let popup;
  /** Ends what is waited for when the session that it was asked for ends. */
  let ended = new AbortController();
  /** What the revocations of a turn have come to, by its answer. */
  const revocations = new WeakMap();

  /**
   * The texts of an event: its own, and what the session is; perhaps whose doing it is, which renewal it is about, and
   * to which job it belongs.
   */
  function given(args, cause, number, job) {
    if (isTaking) throw fromWithin();
    const texts = [...args, ...blank(ARGUMENTS - args.length)];
    texts[GIVEN_RECORD] = store.read();
    texts[GIVEN_TAB] = tab;
    texts[GIVEN_CAUSE] = cause;
    texts[GIVEN_RENEWAL] = number;
    texts[GIVEN_JOB] = job;
    return texts;
  }

  /** Reports an event of a caller's, and does what comes of it. */
  function on(method, args = [], ...about) {
    return take(ask(method, given(args, ...about)));
  }

  /** Reports what nobody waits for; a module that has stopped says so to the next caller. */
  function report(method, args) {
    try {
      on(method, args);
    } catch {}
  }

  /** Reports what a renewal has come to. If the module has stopped, whoever waits for the renewal hears of it. */
  function reportRenewal(method, args, ...about) {
    try {
      on(method, args, ...about);
    } catch (error) {
      settle(() => { throw error; });
    }
  }

  function take(answer) {
    // What the module refuses before the session hears of it changes nothing.
    if (!answer[SESSION_STATE]) return answer;
    turns += 1;
    tab = answer[TAB];
    state = answer[SESSION_STATE];
    const access = answer[ACCESS_TOKEN];
    const until = answer[USABLE_UNTIL];
    if (!access) token = null;
    else if (access !== held.access || until !== held.until) token = Object.freeze(tokenOf(answer));
    Object.assign(held, { access, until });
    isTaking = true;
    try {
      for (const letter of answer[EFFECTS] ?? '') EFFECT[letter](answer);
    } finally {
      isTaking = false;
    }
    setDeadline(answer[DEADLINE]);
    const events = eventsOf(answer);
    if (isKept && !store.isKept()) {
      isKept = false;
      // No other tab sees this session from now on.
      texts[SHARES_SESSION] = undefined;
      events.push({ type: 'unkept', cause: 'store' });
    }
    tell(...events);
    return answer;
  }

  const EFFECT = {
    __proto__: null,
    [KEEP]: (answer) => {
      store.write(answer[RECORD]);
      tellChanged();
    },
    [REMOVE]: (answer) => {
      // A logout ends what another tab keeps, too.
      store.remove(answer[EFFECTS].includes(TELL_LOGOUT));
      tellChanged();
    },
    [TELL_LOGOUT]: () => channel.tell(LOGGED_OUT),
    [TELL_RENEWED]: (answer) => tokenStore === 'session' && channel.tell(answer[SESSION_ID]),
    [END_EXCHANGES]: () => {
      ended.abort(errorOf('session_ended'));
      ended = new AbortController();
    },
    [SETTLE]: (answer) => settle(() => check(answer) && token),
    [DROP]: () => settle(() => { throw errorOf('session_ended'); }),
    [CLOSE_FRAME]: () => frame?.abort(),
    [GIVE_LOCK]: () => giveLock?.(),
    [TAKE_LOCK]: lock,
    [SEND]: refresh,
    [OPEN_FRAME]: askInFrame,
    [REVOKE]: (answer) => {
      const asked = [REVOCATION, OTHER_REVOCATION].filter((behind) => answer[REQUEST_URL + behind]);
      const confirmed = Promise.all(asked.map((behind) => revoke(answer, behind)));
      // Nobody may wait for the revocation of what came late.
      confirmed.catch(() => {});
      revocations.set(answer, confirmed);
    },
  };

  /** Another client of this page, or another tab, may see the same record. */
  function tellChanged() {
    if (store.isKept()) channel.tell(CHANGED);
  }

  /** What subscribers are told of a turn. */
  function eventsOf(answer) {
    const changes = answer[CHANGES]?.split('\n').filter(Boolean) ?? [];
    return changes.map((change) => {
      const [type, cause] = change.split(' ');
      if (type === 'login') {
        begun += 1;
        channel.open();
      }
      return type === 'renewal-failed' ? { type, cause, error: failureIn(answer) } : { type, cause };
    });
  }

  function settle(outcome) {
    const waiting = renewal;
    renewal = undefined;
    isRenewing = false;
    try {
      waiting?.resolve(outcome());
    } catch (error) {
      waiting?.reject(error);
    }
  }

  /** The module is asked again when its deadline has come; earlier does no harm. */
  function setDeadline(deadline) {
    clearTimeout(timer);
    if (!deadline) return;
    const left = Math.max(deadline * 1000 - Date.now(), 0);
    timer = setTimeout(() => report(LOOK), Math.min(left, LONGEST_TIMER_MS));
    // In Node it would keep the process alive.
    timer.unref?.();
  }

  // A renewal

  function lock(answer) {
    isRenewing = true;
    // Whoever waits for an answer hears of a logout.
    channel.open();
    const number = answer[RENEWAL];
    const begin = (how) => reportRenewal(LOCKED, [how], undefined, number);
    // Nobody else sees a record in memory.
    if (store.isKept()) giveLock = takeLock(`${name} ${answer[LOCK]}`, begin);
    else queueMicrotask(() => begin('held'));
  }

  async function refresh(answer) {
    const give = giveLock;
    try {
      const given = await post(answer, RENEWAL_TIMEOUT_MS);
      reportRenewal(REFRESHED, [answer[EXPECTED], ...given], undefined, answer[RENEWAL]);
    } finally {
      // The refresh token was in use until now, whoever still waits for the renewal.
      give?.();
    }
  }

  async function askInFrame(answer) {
    const about = ['frame', answer[RENEWAL]];
    const { signal } = (frame = new AbortController());
    try {
      const parameters = new URLSearchParams(answer[FRAME_PARAMETERS]);
      parameters.set('prompt', 'none');
      const { [ADDRESS]: url } = check(ask(START, [undefined, undefined, `${parameters}`], ownLogins));
      const response = await responseOfFrame(url, signal);
      const finished = take(ask(FINISH, given([response], ...about), ownLogins));
      if (finished[STATUS] !== REQUEST) return;
      const exchanged = await post(finished, RENEWAL_TIMEOUT_MS, signal);
      on(EXCHANGED, [finished[EXPECTED], ...exchanged], ...about, finished[JOB]);
    } catch (error) {
      if (signal.aborted) return;
      // What the module itself refused is told as it is.
      if (error instanceof OAuthError) settle(() => { throw error; });
      reportRenewal(UNFRAMED, [flag(error !== UNANSWERED)], ...about);
    }
  }

  /** Whoever asks meanwhile gets the same outcome. */
  function renew() {
    renewal ??= waiter();
    const { promise } = renewal;
    reportRenewal(RENEW);
    return promise;
  }

  // A login

  function redirectFrom(answer) {
    // A listener may have ended it when it was told.
    if (!token) throw errorOf('session_ended');
    const redirect = redirectOf(answer, token);
    redirects.set(redirect, begun);
    return redirect;
  }

  /** Exchanges the code of a response: `answer` has the request, and what the exchange belongs to. */
  function exchange(answer, cause = 'redirect', job = answer[JOB]) {
    channel.open();
    const { signal: end } = ended;
    return sharedWait((signal) => {
      const abandoned = new AbortController();
      // After a logout nobody waits, and the session still wants to hear of what is to be revoked.
      signal.addEventListener('abort', () => end.aborted || abandoned.abort(signal.reason));
      return until(exchanged(answer, cause, job, abandoned.signal), end);
    });
  }

  async function exchanged(answer, cause, job, signal) {
    const given = await post(answer, REQUEST_TIMEOUT_MS, signal);
    check(on(EXCHANGED, [answer[EXPECTED], ...given], cause, undefined, job));
    return redirectFrom(answer);
  }

  async function loginPopup(parameters, options) {
    const signal = readSignal(options);
    signal?.throwIfAborted();
    const opened = openPopup();
    channel.open();
    popup?.abort(new OAuthError('popup_closed', 'Another login took the place of this one; go on with that, or sign in again.'));
    const waiting = (popup = joined(signal, ended.signal));
    try {
      const request = readRequest(parameters, options);
      const [, , asked] = request;
      const { [JOB]: job } = check(ask(JOIN, given([asked])));
      const { [ADDRESS]: url } = check(ask(START, request, ownLogins));
      const response = await responseOfPopup(opened, url, waiting.signal);
      const finished = check(take(ask(FINISH, given([response], 'popup', undefined, job), ownLogins)));
      if (finished[STATUS] !== REQUEST) return redirectFrom(finished);
      return await exchange(finished, 'popup', job).wait(waiting.signal);
    } finally {
      opened.close();
      // Nothing listens to the caller's signal any more.
      waiting.abort();
    }
  }

  // A request to an API

  async function send(input, init) {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const session = begun;
    /** A call is sent with a token of the session in which it was made: that of another one is perhaps another user's. */
    const credential = () => session === begun && held;
    const attempt = () => sendWithToken(input, init, resources, credential, refusal(signal));
    try {
      return await attempt();
    } catch (error) {
      // An expired token is refused before anything is sent, so the request can be made again.
      if (!autoRenew || error.code !== 'token_expired') throw error;
      await until(renew(), signal).catch(() => {});
      signal?.throwIfAborted();
      if (!credential()) throw error;
      return attempt();
    }
  }

  /**
   * What becomes of a 401: the session hears of it, and the promise tells whether there is another token to try. If that
   * one is refused, too, it was fresh.
   */
  function refusal(signal) {
    let isFresh;
    return async (used, url, challenges) => {
      if (call(IS_TOKEN_REFUSED, [url, challenges], resources)[STATUS] !== DONE) return false;
      on(TOKEN_REFUSED, [used, isFresh]);
      let isRenewed = false;
      if (isRenewing) {
        renewal ??= waiter();
        isFresh = '1';
        isRenewed = await until(renewal.promise, signal).then(() => true, () => false);
        signal?.throwIfAborted();
      }
      return (isRenewed || held.access !== used) && currentToken() !== null;
    };
  }

  /** RFC 7009, section 2.2: status 200 means that the token is dead. */
  async function revoke(answer, behind) {
    const [status] = await post(answer, REVOCATION_TIMEOUT_MS, undefined, behind);
    if (status !== '200') {
      throw new OAuthError('revocation_unconfirmed', 'The tokens were forgotten here, but the server did not confirm that it revoked them; they may stay valid until they expire.');
    }
  }

  function currentToken() {
    return held.until * 1000 <= Date.now() ? null : token;
  }

  async function logout(options) {
    const revokes = flag(membersOf(options ?? {}, 'options')('revoke'));
    let answer;
    try {
      answer = check(on(LOGOUT, [revokes]));
    } catch (error) {
      // Without its module a page forgets what it has all the same.
      token = null;
      state = 'signed-out';
      Object.assign(held, { access: undefined, until: undefined });
      store.remove(true);
      throw error;
    }
    await revocations.get(answer);
  }

  const channel = tabChannel(name, (word) => {
    if (word === LOGGED_OUT && !isShared()) report(LOGOUT_HEARD);
    else if (word === LOGGED_OUT || word === CHANGED) report(LOOK);
    else if (typeof word === 'string' && word.length === KEY_LENGTH) report(RENEWED_ELSEWHERE, [word]);
  });
  if (isShared()) {
    channel.open();
    // A message may arrive before the other tab's record can be read here; this event comes after. Without a key all was removed.
    globalThis.addEventListener?.('storage', ({ key }) => (key === null || key === name) && report(LOOK));
  }
  // First of all listeners, so that a page that slept knows what other tabs have done before anybody asks.
  onWake(() => (isShared() || state !== 'signed-out') && report(WOKE), true);
  if (store.isKept()) on(LOOK);

  return {
    finish(url) {
      return { ...ask(FINISH, given([url])), turns };
    },
    accept(answer) {
      // What ran while the address changed may have ended what this belongs to.
      if (answer.turns !== turns) throw errorOf('session_ended');
      return redirectFrom(check(take(answer)));
    },
    exchange,
    rescue,
    /** What came of a response, as it is now: with the session's token, and nothing once it has ended. */
    recall(redirect) {
      if (!redirect || token === redirect.token) return redirect;
      if (!token || redirects.get(redirect) !== begun) return null;
      return Object.freeze({ ...redirect, token });
    },
    methods: {
      fetch: send,
      loginPopup,
      logout,
      ready: (isRenewing ? (renewal ??= waiter()).promise : Promise.resolve()).then(() => {}, () => {}),
      async renew(options) {
        const signal = readSignal(options);
        return until(renew(), signal);
      },
      state() {
        // The moment may have come before the timer.
        if (state === 'signed-in' && !currentToken()) on(LOOK);
        return state;
      },
      subscribe,
      token: currentToken,
    },
  };
}

/** A promise with its ends. */
function waiter() {
  const ends = {};
  const promise = new Promise((resolve, reject) => Object.assign(ends, { resolve, reject }));
  // Whoever waits gets the error; without anybody it is not reported as unhandled.
  promise.catch(() => {});
  return { promise, ...ends };
}

/** A controller that aborts with the first of these signals, which may be none. */
function joined(...signals) {
  const controller = new AbortController();
  for (const signal of signals) {
    const abort = () => controller.abort(signal.reason);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { signal: controller.signal });
  }
  return controller;
}
