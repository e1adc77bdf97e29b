// A session that goes on: renewed by its refresh token, kept in a store, ended and revoked.
import { LOGOUT, RENEW, RENEWED, RESTORE } from './door.js';
import { post } from './endpoint.js';
import { check, OAuthError } from './error.js';
import { locked } from './lock.js';
import { readSignal, url } from './options.js';
import { until } from './shared.js';
import { together } from './together.js';

/** How long a request may take, in milliseconds: no longer than another tab waits for this one. */
const LIMIT = 9_000;
/** Longest time that the platform's timers wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

export function renewing(client, { ask, begin, end }, options) {
  const { autoRenew = false, tokenStore, client_id, server } = options;
  const isShared = tokenStore === 'local';
  const registration = `${client_id} ${url(server.authorization_endpoint, 'server.authorization_endpoint')}`;
  const name = `claviger:${registration}`;
  const { subscribe, token } = client;
  // A store that tabs share may have the next session already, which is not to be lost.
  const others = together(name, isShared, isShared ? adopt : forget);
  let isSignedIn = false;
  let renewal;
  let timer;
  let isPlanned;

  /** The session as the store has it now. */
  function adopt() {
    const { access_token, ...rest } = ask(RESTORE, '');
    if (!access_token) end('logout');
    else if (access_token !== token()?.access_token) begin({ access_token, ...rest }, isSignedIn ? 'renew' : 'login');
  }

  function forget() {
    ask(LOGOUT, '');
    end('logout');
  }

  async function request(known) {
    const asked = check(ask(RENEW, known));
    // Without a URL another tab has done it, and may have said so before this one had its turn.
    if (!asked.url) return asked.access_token === token()?.access_token ? token() : begin(asked, 'renew');
    const { ended, ...answer } = ask(RENEWED, `${asked.expected}\n${await post(asked, LIMIT)}`);
    if (ended) end('revoke');
    return begin(check(answer), 'renew');
  }

  /** Whoever asks meanwhile gets the same outcome. */
  function renew() {
    const known = token()?.access_token ?? '';
    renewal ??= locked(name, () => request(known)).finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  /** Nobody waits for it: what fails is tried again when the token is needed. */
  function renewUnasked() {
    renew().catch(() => {});
  }

  /** Before its end, but not sooner than half of its life: a short one must not be renewed without a pause. */
  function plan() {
    clearTimeout(timer);
    const left = (token()?.expires_at ?? NaN) * 1000 - Date.now();
    isPlanned = left > 30_000;
    if (!isPlanned) return;
    const wait = Math.max(left - 60_000, (left - 30_000) / 2);
    timer = setTimeout(wait > LONGEST ? plan : renewUnasked, Math.min(wait, LONGEST));
    timer.unref?.();
  }

  subscribe(({ type }) => {
    if (type === 'expire') {
      // The timer slept, or its request failed.
      if (isPlanned) renewUnasked();
      isPlanned = false;
      return;
    }
    isSignedIn = type === 'login' || type === 'renew';
    if (autoRenew) plan();
    // Whoever never signed in has nothing to forget.
    if (isSignedIn) others.open();
  });

  if (isShared || tokenStore === 'session') adopt();
  // Only this event says that another tab's entry can be read here; a message may come before it.
  if (isShared) globalThis.addEventListener?.('storage', ({ key }) => key === `claviger:session:${registration}` && adopt());
  if (autoRenew && isSignedIn && !token()) renewUnasked();

  return {
    ...client,
    async handleRedirect(given, options) {
      const signal = readSignal(options);
      const outcome = await client.handleRedirect(given);
      // A caller who no longer waits for an exchange ends it, unless another one waits.
      return outcome?.wait ? outcome.wait(signal) : outcome;
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
      await client.logout();
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
    answer = await post(Object.fromEntries(new URLSearchParams(line)), LIMIT);
  } catch {}
  if (new URLSearchParams(answer.split('\n')[0]).get('status') !== '200') {
    throw new OAuthError('revocation_unconfirmed', 'The tokens were forgotten here, but the server did not confirm that it revoked them; they may stay valid until they expire.');
  }
}
