// A session that goes on: renewed, kept, shared with other tabs, begun in other windows, revoked.
import { LOGOUT, RESTORE } from './door.js';
import { elsewhere } from './login-window.js';
import { post } from './token-endpoint.js';
import { check, OAuthError } from './oauth-error.js';
import { awake } from './code-parts.js';
import { readSignal, url } from './client-options.js';
import { renewal } from './renewal.js';
import { until } from './shared-wait.js';
import { together } from './logout-channel.js';

/** How long the server may take to revoke a token, in milliseconds. */
const LIMIT = 9_000;

/** What an event comes from, where nothing else is said. */
const CAUSES = { login: 'redirect', revoke: 'resource' };
/** What has no other cause. */
const OWN_CAUSES = { expire: 'time', unkept: 'store' };

export function goingOn(client, tools, options) {
  const { accept, ask, begin, end } = tools;
  const { autoRenew = false, tokenStore, client_id, server } = options;
  let isShared = tokenStore === 'local';
  const registration = `${client_id} ${url(server.authorization_endpoint, 'server.authorization_endpoint')}`;
  const name = `claviger:${registration}`;
  const { token } = client;
  const windows = elsewhere(ask, (answer, type, from) => because(from, () => accept(answer, type)));
  // A store that tabs share may have the next session already, which is not to be lost.
  const others = together(name, isShared, () => because('tab', isShared ? adopt : forget));
  let isSignedIn = false;
  let cause;

  /** What `run` changes of the session comes from there; a listener that is told can change it again. */
  function because(from, run) {
    const before = cause;
    cause = from;
    try {
      return run();
    } finally {
      cause = before;
    }
  }

  /** The session as the store has it now. */
  function adopt() {
    const answer = ask(RESTORE, '');
    if (!answer.access_token) return end('logout');
    const isExpired = answer.usable_until * 1000 <= Date.now();
    // One that has expired is no news where none can be used.
    const isKnown = isExpired && isSignedIn ? !token() : answer.access_token === token()?.access_token;
    if (!isKnown) begin(answer, isSignedIn ? 'renew' : 'login');
  }

  /** What the tabs share may be another tab's doing. */
  function look() {
    if (isShared) because('tab', adopt);
  }

  function forget() {
    ask(LOGOUT, '');
    end('logout');
  }

  const { renew, renewUnasked, plan, stop, catchUp, mayAsk } = renewal(name, tools, {
    because,
    isSignedIn: () => isSignedIn,
    token,
    frame: async (type) => (await windows.frame(type)).token,
  });

  client.subscribe(({ type }) => {
    if (type === 'expire') return autoRenew && catchUp();
    // It lives here alone from now on.
    if (type === 'unkept') return void (isShared = false);
    isSignedIn = type === 'login' || type === 'renew';
    if (type === 'login') mayAsk();
    if (isSignedIn && autoRenew) plan();
    else stop();
    // Whoever never signed in has nothing to forget.
    if (isSignedIn) others.open();
  });

  if (isShared || tokenStore === 'session') because('tab', adopt);
  // Only this event says that another tab's entry can be read here; a message may come before it.
  if (isShared) globalThis.addEventListener?.('storage', ({ key }) => key === `claviger:session:${registration}` && look());
  if (autoRenew && isSignedIn && !token()) renewUnasked();
  // What slept while others went on looks first, and trusts what it has afterwards.
  if (isShared) awake(look, true);

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
      return windows.popup(parameters, options, readSignal(options));
    },
    async fetch(input, init) {
      try {
        return await client.fetch(input, init);
      } catch (error) {
        // Nothing was sent, so nothing is sent twice.
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
      const { requests, ...answer } = ask(LOGOUT, options?.revoke ? 'revoke' : '');
      await because('caller', client.logout);
      others.tell();
      check(answer);
      await Promise.all((requests ?? '').split('\n').filter(Boolean).map(revoke));
    },
  };
}

/** RFC 7009, section 2.2: status 200 means that the token is dead. */
async function revoke(line) {
  let answer = '';
  try {
    answer = await post(line, LIMIT);
  } catch {}
  if (new URLSearchParams(answer.split('\n')[0]).get('status') !== '200') {
    throw new OAuthError('revocation_unconfirmed', 'The tokens were forgotten here, but the server did not confirm that it revoked them; they may stay valid until they expire.');
  }
}
