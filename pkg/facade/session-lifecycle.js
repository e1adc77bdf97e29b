// A session that goes on: renewed, kept, shared with other tabs, begun in other windows, revoked.
import {
  ACCESS_TOKEN, AUTHORIZATION_ENDPOINT, CLIENT_ID, DONE, FINISH_HERE, FURTHER_REQUEST, IS_TOKEN_REFUSED, RECORD, RELAY, REQUEST_URL,
  RESTORE, REVOKE, STATUS, TOKEN, USABLE_UNTIL,
} from 'claviger:numbers';
import { readSignal } from './arguments.js';
import { exchangeCode, relayed, rescue } from './code-exchange.js';
import { call } from './door.js';
import { logoutChannel } from './logout-channel.js';
import { OAuthError } from './oauth-error.js';
import { loginIn, openPopup } from './popup.js';
import { renewal } from './renewal.js';
import { until } from './shared-wait.js';
import { loginInFrame } from './silent-frame.js';
import { storedSession } from './stored-session.js';
import { post } from './token-endpoint.js';
import { onWake } from './wake.js';
import { check } from './verdict.js';

/** How long the server may take to revoke a token. */
const REVOCATION_TIMEOUT_MS = 9_000;

/** Causes of events for which `because` names none. */
const CAUSES = { __proto__: null, login: 'redirect', revoke: 'resource' };
/** Causes of events that have only one. */
const OWN_CAUSES = { __proto__: null, expire: 'time', unkept: 'store' };

export function sessionLifecycle(tools, { autoRenew = false, tokenStore }) {
  const { accept, ask, client, hold, hooks, resources, session, sessionName, tell, texts } = tools;
  const store = storedSession(tokenStore, sessionName);
  let isShared = tokenStore === 'local';
  const name = `claviger:${texts[CLIENT_ID]} ${texts[AUTHORIZATION_ENDPOINT]}`;
  const { token } = client;
  let isSignedIn = false;
  let cause;
  /** Counts logouts, so that an exchange that began before a logout signs nobody in after it. */
  let generation = 0;

  /** Gives the events that `run` leads to this cause; restores the one before, because a listener may call this within. */
  function because(from, run) {
    const before = cause;
    cause = from;
    try {
      return run();
    } finally {
      cause = before;
    }
  }

  /** Begins a session, or goes on with it, and keeps it where the client chose a store. */
  function begin(answer, type) {
    const isKept = store.write(answer[RECORD]);
    const token = tools.begin(answer, type);
    if (!isKept) tell('unkept');
    return token;
  }

  function forget() {
    hold({ __proto__: null });
    store.remove();
  }

  /** Takes over what the store has now, which may be another tab's doing; nothing where the client has none. */
  function restore() {
    if (!store.isKept()) return undefined;
    const answer = ask(RESTORE, [store.read() ?? '']);
    if (answer[STATUS] === TOKEN) {
      hold(answer);
      return answer;
    }
    forget();
    return undefined;
  }

  /** The session as the store has it now. */
  function adopt() {
    const answer = restore();
    if (!answer) return tools.end('logout');
    const { [ACCESS_TOKEN]: access, [USABLE_UNTIL]: usableUntil } = answer;
    const isExpired = usableUntil * 1000 <= Date.now();
    // An expired session changes nothing where this tab has no usable token either.
    const isKnown = isExpired && isSignedIn ? !token() : access === token()?.access_token;
    if (!isKnown) tools.begin(answer, isSignedIn ? 'renew' : 'login');
    return undefined;
  }

  /** Reads the store again where tabs share it: what has changed there, another tab has done. */
  function look() {
    if (isShared) because('tab', adopt);
  }

  /** A resource answered 401: forgets the session if it still has the token that was sent, and that was refused. */
  function refused(used, url, challenges) {
    // Another tab may have renewed it since.
    restore();
    const isCurrent = session.access === used && !(session.until * 1000 <= Date.now());
    if (!isCurrent || call(IS_TOKEN_REFUSED, [url, challenges], resources)[STATUS] !== DONE) return;
    forget();
    tools.end('revoke');
  }

  function exchange(answer, take = (exchanged, kept) => accept(exchanged, 'login', kept)) {
    const begun = generation;
    return exchangeCode(answer, ask, take, () => generation === begun);
  }

  Object.assign(hooks, {
    finish: FINISH_HERE,
    begin,
    exchange,
    refused,
    relayed: (status, url) => status === RELAY && relayed(url),
    rescue,
  });

  // A store that tabs share may hold a new session already: read it, and do not remove it.
  const others = logoutChannel(name, isShared, () => because('tab', isShared ? adopt : logoutHere));

  function logoutHere() {
    generation += 1;
    forget();
    tools.end('logout');
  }

  const windowLogin = {
    ask,
    exchange,
    accept: (answer, type, from, kept) => because(from, () => accept(answer, type, kept)),
  };
  const { renew, renewUnasked, plan, stop, catchUp, mayAsk } = renewal(name, { ...tools, forget }, {
    because,
    begin,
    isSignedIn: () => isSignedIn,
    token,
    restore,
    frame: async (type) => (await loginInFrame(windowLogin, type)).token,
  });

  client.subscribe(({ type }) => {
    if (type === 'expire') return autoRenew && catchUp();
    // The store refused the session, so no other tab sees it from now on.
    if (type === 'unkept') return void (isShared = false);
    isSignedIn = type === 'login' || type === 'renew';
    if (type === 'login') mayAsk();
    if (isSignedIn && autoRenew) plan();
    else stop();
    // Before the first session there is nothing that another tab's logout could end.
    if (isSignedIn) others.open();
  });

  if (isShared || tokenStore === 'session') because('tab', adopt);
  // A message may arrive before the other tab's entry can be read here; this event comes after.
  if (isShared) globalThis.addEventListener?.('storage', ({ key }) => key === sessionName && look());
  if (autoRenew && isSignedIn && !token()) renewUnasked();
  // A page that slept takes over what other tabs have stored before it looks whether its own token has expired.
  if (isShared) onWake(look, true);

  return {
    ...client,
    subscribe(listener) {
      const told = ({ type }) => listener(Object.freeze({ type, cause: OWN_CAUSES[type] ?? cause ?? CAUSES[type] }));
      return client.subscribe(typeof listener === 'function' ? told : listener);
    },
    async handleRedirect(given, options) {
      const signal = readSignal(options);
      const outcome = await client.handleRedirect(given);
      // A caller who no longer waits for an exchange ends it, unless another one waits.
      return outcome?.wait ? outcome.wait(signal) : outcome;
    },
    async loginPopup(parameters, options) {
      const signal = readSignal(options);
      signal?.throwIfAborted();
      return loginIn(openPopup(), windowLogin, parameters, options, signal);
    },
    async fetch(input, init) {
      try {
        return await client.fetch(input, init);
      } catch (error) {
        // An expired token is refused before anything is sent, so the request can be made again.
        if (!autoRenew || error.code !== 'token_expired') throw error;
        await renew().catch(() => {});
        return client.fetch(input, init);
      }
    },
    async renew(options) {
      const signal = readSignal(options);
      return until(renew(), signal);
    },
    async logout(options) {
      const revoking = options?.revoke ? ask(REVOKE, [session.record ?? '']) : { __proto__: null };
      generation += 1;
      forget();
      await because('caller', client.logout);
      others.tell();
      check(revoking);
      const requests = [0, FURTHER_REQUEST].filter((behind) => revoking[REQUEST_URL + behind]);
      await Promise.all(requests.map((behind) => revoke(revoking, behind)));
    },
  };
}

/** RFC 7009, section 2.2: status 200 means that the token is dead. */
async function revoke(answer, behind) {
  let status;
  try {
    [status] = await post(answer, REVOCATION_TIMEOUT_MS, undefined, behind);
  } catch {}
  if (status !== '200') {
    throw new OAuthError('revocation_unconfirmed', 'The tokens were forgotten here, but the server did not confirm that it revoked them; they may stay valid until they expire.');
  }
}
