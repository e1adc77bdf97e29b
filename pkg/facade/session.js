// A session that goes on. The module decides what becomes of it: here its events are reported and what it wants done is
// done, in the order of src/package/numbers.rs.
import {
  ACCESS_TOKEN, ADDRESS, ARGUMENTS, CHANGES, CLOSE_FRAME, DEADLINE, DONE, DROP, EFFECTS, END_EXCHANGES, EXCHANGED, EXPECTED, FINISH, FURTHER,
  GIVE_LOCK, GIVEN_CAUSE, GIVEN_JOB, GIVEN_RECORD, GIVEN_RENEWAL, GIVEN_TAB, ID_TOKEN, IS_TOKEN_REFUSED, JOB, JOIN, KEEP, KEY_LENGTH, LOCK, LOCKED, LOGOUT, LOGOUT_HEARD,
  LOOK, OPEN_FRAME, OTHER_REVOCATION, PARAMETERS, RECORD, REFRESHED, REMOVE, RENEW, RENEWAL, RENEWED_ELSEWHERE, REQUEST, REQUEST_URL, REVOCATION,
  REVOKE, SEND, SESSION_ID, SESSION_STATE, SETTLE, SHARES_SESSION, START, STATUS, TAB, TAKE_LOCK, TELL_LOGOUT, TELL_RENEWED, TOKEN_REFUSED,
  UNFRAMED, UNVERIFIED, USABLE_UNTIL, VERIFIED, WOKE,
} from 'claviger:numbers';
import { abortFor, throwIfAborted } from './abort.js';
import { flag, form, isA, membersOf, readSignal } from './arguments.js';
import { sendWithToken } from './attach-credential.js';
import { startInTurn } from './claim.js';
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
import { LONGEST_TIMER_MS, OTHER_TAB_TIMEOUT_MS, RENEWAL_TIMEOUT_MS, REQUEST_TIMEOUT_MS, REVOCATION_TIMEOUT_MS } from './time-limits.js';
import { post } from './token-endpoint.js';
import { blank } from './texts.js';
import { tokenOf } from './token-response.js';
import { check, errorOf, failureIn, withKept } from './verdict.js';
import { onWake } from './wake.js';
import { rescue } from './window-channel.js';

/** The words of other tabs, and the event that each is. */
const LOGGED_OUT = 'logout';
const CHANGED = 'change';

export function openSession({ ask, logins, name, texts, resources, sharesLogins }, { autoRenew, tokenStore, openid }) {
  const store = sessionStore(tokenStore, name, () => report(LOOK));
  const isShared = () => texts[SHARES_SESSION] !== undefined;
  texts[SHARES_SESSION] = flag(store.isShared);
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
  /** Why what it has brought does not count, where the module has heard of nothing. */
  let refused;
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

  /**
   * Reports what a renewal has come to; `why` is a refusal that is not the module's own. If the module has stopped, whoever
   * waits for the renewal hears of it.
   */
  function reportRenewal(why, ...event) {
    takeRenewal(why, () => on(...event));
  }

  function takeRenewal(why, report) {
    refused = why;
    try {
      report();
    } catch (error) {
      settle(() => { throw error; });
    }
    refused = undefined;
  }

  function take(answer) {
    // What the module refuses before the session hears of it changes nothing.
    if (!answer[SESSION_STATE]) return answer;
    turns += 1;
    tab = answer[TAB];
    state = answer[SESSION_STATE];
    const access = answer[ACCESS_TOKEN];
    const until = answer[USABLE_UNTIL];
    const further = answer[FURTHER];
    if (!access) token = null;
    else if (access !== held.access || until !== held.until || further !== held.further) token = Object.freeze(tokenOf(answer));
    Object.assign(held, { access, until, further, idToken: answer[ID_TOKEN] });
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
    [TELL_LOGOUT]: () => store.settled(() => channel.tell(LOGGED_OUT)),
    [TELL_RENEWED]: (answer) => tokenStore === 'session' && channel.tell(answer[SESSION_ID]),
    [END_EXCHANGES]: () => {
      abortFor(ended, errorOf('session_ended'));
      ended = new AbortController();
    },
    [SETTLE]: (answer) => settle(() => { if (refused) throw refused; return check(answer) && living(); }),
    [DROP]: () => settle(() => { throw errorOf('session_ended'); }),
    [CLOSE_FRAME]: () => frame?.abort(),
    [GIVE_LOCK]: () => giveBack(giveLock),
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
    store.settled(() => store.isKept() && channel.tell(CHANGED));
  }

  /** Whoever has the lock next finds what was written under it. */
  function giveBack(give) {
    store.settled(() => give?.());
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
      return type === 'renewal-failed' ? { type, cause, error: refused ?? failureIn(answer) } : { type, cause };
    });
  }

  function settle(outcome) {
    const waiting = renewal;
    renewal = undefined;
    isRenewing = false;
    store.settled(() => {
      try {
        waiting?.resolve(outcome());
      } catch (error) {
        waiting?.reject(error);
      }
    });
  }

  /** The module is asked again when its deadline has come; earlier does no harm. */
  function setDeadline(deadline) {
    clearTimeout(timer);
    if (!deadline) return;
    const left = Math.max(deadline * 1000 - Date.now(), 0);
    timer = setTimeout(look, Math.min(left, LONGEST_TIMER_MS));
    // In Node it would keep the process alive.
    timer.unref?.();
  }

  /** Looks at what the store has now. */
  function look() {
    store.fresh(() => report(LOOK));
  }

  // A renewal

  function lock(answer) {
    isRenewing = true;
    // Whoever waits for an answer hears of a logout.
    channel.open();
    const number = answer[RENEWAL];
    const begin = (how) => store.fresh(() => reportRenewal(undefined, LOCKED, [how], undefined, number));
    // Nobody else sees a record in memory.
    if (store.isKept()) giveLock = takeLock(`${name} ${answer[LOCK]}`, begin);
    else queueMicrotask(() => begin('held'));
  }

  async function refresh(answer) {
    const give = giveLock;
    try {
      let given = await post(answer, RENEWAL_TIMEOUT_MS);
      let why;
      try {
        await openid?.verifyAnswer(answer, given, held.idToken, '1');
      } catch (error) {
        why = error;
        given = [];
      }
      reportRenewal(why, REFRESHED, [answer[EXPECTED], ...given], undefined, answer[RENEWAL]);
    } finally {
      // The refresh token was in use until now, whoever still waits for the renewal.
      giveBack(give);
    }
  }

  async function askInFrame(answer) {
    const about = ['frame', answer[RENEWAL]];
    const { signal } = (frame = new AbortController());
    try {
      const parameters = new URLSearchParams(answer[PARAMETERS]);
      parameters.set('prompt', 'none');
      const { [ADDRESS]: url } = check(ask(START, complete([undefined, undefined, `${parameters}`], undefined, '1'), ownLogins));
      const response = await responseOfFrame(url, signal);
      const finished = take(ask(FINISH, given([response], ...about), ownLogins));
      if (!isUnfinished(finished)) return;
      on(...(await obtain(finished, RENEWAL_TIMEOUT_MS, signal, held.idToken)), ...about, finished[JOB]);
    } catch (error) {
      if (signal.aborted) return;
      // What was refused here, or by the module, is told as it is.
      reportRenewal(error instanceof OAuthError ? error : undefined, UNFRAMED, [flag(error !== UNANSWERED)], ...about);
    }
  }

  /** Whoever asks meanwhile gets the same outcome: the renewal stays as it was begun. */
  function renew(parameters) {
    const answer = ask(RENEW, given([parameters]));
    // Parameters that are refused are their caller's fault alone.
    if (!answer[SESSION_STATE]) check(answer);
    renewal ??= waiter();
    const { promise } = renewal;
    takeRenewal(undefined, () => take(answer));
    return promise;
  }

  // A login

  /** What a login asks for; with OpenID Connect more than its caller does. */
  const complete = openid?.request ?? ((texts) => texts);
  const request = (parameters, options) => complete(readRequest(parameters, options), options);

  /** Keeps a login, and gives the address to begin it at. */
  async function start(parameters, options) {
    const asked = request(parameters, options);
    const keep = () => check(ask(START, asked))[ADDRESS];
    return sharesLogins ? startInTurn(keep) : keep();
  }

  const brought = () => openid?.brought(token, held.idToken) ?? { token };

  const isSignedIn = () => Boolean(held.access || held.idToken);

  /** The session's token, where it has one; a listener may have ended it when it was told. */
  function living() {
    if (!isSignedIn()) throw errorOf('session_ended');
    return token;
  }

  function redirectFrom(answer) {
    living();
    const redirect = redirectOf(answer, brought());
    redirects.set(redirect, begun);
    return store.settled(() => redirect);
  }

  /** What came of a response, as it is now: with the session's token, and nothing once it has ended. */
  function recall(redirect) {
    if (!redirect) return redirect;
    if (!isSignedIn() || redirects.get(redirect) !== begun) return null;
    return token === (redirect.token ?? null) ? redirect : Object.freeze({ ...redirect, ...brought() });
  }

  /** Exchanges the code of a response: `answer` has the request, and what the exchange belongs to. */
  function exchange(answer, cause = 'redirect', job = answer[JOB]) {
    channel.open();
    const { signal: end } = ended;
    return sharedWait((signal) => {
      const abandoned = new AbortController();
      // After a logout nobody waits, and the session still wants to hear of what is to be revoked.
      signal.addEventListener('abort', () => end.aborted || abortFor(abandoned, signal.reason));
      return until(exchanged(answer, cause, job, abandoned.signal), end).catch((error) => {
        throw withKept(error, answer);
      });
    });
  }

  async function exchanged(answer, cause, job, signal) {
    check(on(...(await obtain(answer, REQUEST_TIMEOUT_MS, signal)), cause, undefined, job));
    return redirectFrom(answer);
  }

  const isUnfinished = ({ [STATUS]: status }) => status === REQUEST || status === UNVERIFIED;

  /** What a response brings, as the event that it is: a code by its exchange, an ID token once it is verified. */
  async function obtain(answer, timeoutMs, signal, previous) {
    const isCode = answer[STATUS] === REQUEST;
    openid?.prepare();
    const given = isCode ? await post(answer, timeoutMs, signal) : [answer[ID_TOKEN]];
    await openid?.verifyAnswer(answer, given, previous, undefined, signal);
    return [isCode ? EXCHANGED : VERIFIED, [answer[EXPECTED], ...given]];
  }

  async function loginPopup(parameters, options) {
    const signal = readSignal(options);
    throwIfAborted(signal);
    const opened = openPopup();
    channel.open();
    if (popup) abortFor(popup, new OAuthError('popup_closed', 'Another login took the place of this one; go on with that, or sign in again.'));
    const waiting = (popup = joined(signal, ended.signal));
    try {
      const asked = request(parameters, options);
      const { [JOB]: job } = check(ask(JOIN, given(asked.slice(-1))));
      const { [ADDRESS]: url } = check(ask(START, asked, ownLogins));
      const response = await responseOfPopup(opened, url, waiting.signal);
      const finished = check(take(ask(FINISH, given([response], 'popup', undefined, job), ownLogins)));
      const outcome = isUnfinished(finished) ? exchange(finished, 'popup', job).wait(waiting.signal) : redirectFrom(finished);
      const redirect = recall(await outcome);
      if (!redirect) throw errorOf('session_ended');
      return redirect;
    } finally {
      opened.close();
      // Nothing listens to the caller's signal any more.
      waiting.abort();
    }
  }

  // A request to an API

  async function send(input, init, among = resources) {
    const signal = init?.signal ?? (isA(input, 'Request') ? input.signal : undefined);
    const session = begun;
    /** A call is sent with a token of the session in which it was made: that of another one is perhaps another user's. */
    const credential = () => session === begun && held;
    const attempt = () => sendWithToken(input, init, among, credential, refusal(signal, among));
    try {
      return await attempt();
    } catch (error) {
      // An expired token is refused before anything is sent, so the request can be made again.
      if (!autoRenew || error.code !== 'token_expired') throw error;
      await until(renew(), signal).catch(() => {});
      throwIfAborted(signal);
      if (!credential()) throw error;
      return attempt();
    }
  }

  /**
   * What becomes of a 401: the session hears of it, and the promise tells whether there is another token to try. If that
   * one is refused, too, it was fresh.
   */
  function refusal(signal, among) {
    let isFresh;
    return async (used, url, challenges) => {
      if (call(IS_TOKEN_REFUSED, [url, challenges], among)[STATUS] !== DONE) return false;
      on(TOKEN_REFUSED, [used, isFresh]);
      let isRenewed = false;
      if (isRenewing) {
        renewal ??= waiter();
        isFresh = '1';
        isRenewed = await until(renewal.promise, signal).then(() => true, () => false);
        throwIfAborted(signal);
      }
      return (isRenewed || held.access !== used) && currentToken() !== null;
    };
  }

  /** RFC 7009, section 2.2: status 200 means that the token is dead. */
  async function revoke(answer, behind) {
    const [status] = await post(answer, REVOCATION_TIMEOUT_MS, undefined, behind);
    if (status !== '200') {
      throw new OAuthError('revocation_unconfirmed', 'The tokens were forgotten here, but the server did not confirm that it revoked them; they may stay valid until they expire.', status && { status: +status });
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
      Object.assign(held, { access: undefined, until: undefined, further: undefined, idToken: undefined });
      store.remove(true);
      throw error;
    }
    await store.settled(() => {});
    if (store.isUnsure()) {
      throw new OAuthError('storage_unavailable', 'The session was forgotten here, but the store did not confirm that it removed it; remove it there, or the next page may find it.');
    }
    await revocations.get(answer);
  }

  /** When another tab's word of a change came last. */
  let toldAt = 0;
  const channel = tabChannel(name, (word) => {
    if (word === LOGGED_OUT && !isShared()) report(LOGOUT_HEARD);
    else if (word === LOGGED_OUT || word === CHANGED) {
      toldAt = Date.now();
      look();
    } else if (typeof word === 'string' && word.length === KEY_LENGTH) report(RENEWED_ELSEWHERE, [word]);
  });
  if (isShared()) {
    channel.open();
    // A message may arrive before the other tab's record can be read here; this event comes after. Without a key all was removed.
    // A store of the caller's may keep the record under any key.
    const isRecord = (key) => key === null || key === name || (Array.isArray(tokenStore) && Date.now() - toldAt < OTHER_TAB_TIMEOUT_MS);
    globalThis.addEventListener?.('storage', ({ key }) => isRecord(key) && look());
  }
  // First of all listeners, so that a page that slept knows what other tabs have done before anybody asks.
  onWake(() => (isShared() || state !== 'signed-out') && store.fresh(() => report(WOKE)), true);
  /** Where the store answers later: its first answer. */
  const opened = store.isKept() ? store.fresh(() => on(LOOK)) : undefined;

  const methods = {
    fetch: (input, init) => send(input, init),
    loginPopup,
    logout,
    ready: Promise.resolve(opened).then(() => isRenewing && (renewal ??= waiter()).promise).then(() => {}, () => {}),
    async renew(options) {
      const signal = readSignal(options);
      const parameters = membersOf(options ?? {}, 'options')('parameters');
      return until(renew(parameters === undefined ? undefined : form(parameters)), signal);
    },
    state() {
      // The moment may have come before the timer.
      if (state === 'signed-in' && !currentToken()) on(LOOK);
      return state;
    },
    subscribe,
    token: currentToken,
  };

  return {
    start,
    /** `storage` where it is another one than the client's, and the job where the response came before. */
    finish(url, storage, job) {
      const answer = ask(FINISH, given([url], undefined, undefined, job), storage);
      return { ...answer, turns, [JOB]: job ?? answer[JOB] };
    },
    accept(answer) {
      // What ran while the address changed may have ended what this belongs to.
      if (answer.turns !== turns) throw errorOf('session_ended');
      return redirectFrom(check(take(answer)));
    },
    exchange,
    opened,
    rescue,
    recall,
    methods: {
      ...methods,
      ...openid?.methods({ ...methods, send, logins, name, idToken: () => held.idToken, start }),
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
    const abort = () => abortFor(controller, signal.reason);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { signal: controller.signal });
  }
  return controller;
}
