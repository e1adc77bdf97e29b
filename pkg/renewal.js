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
  const { autoRenew = false, tokenStore } = options;
  const isShared = tokenStore === 'local';
  const { client_id, server } = options;
  const name = `claviger:${client_id} ${url(server.authorization_endpoint, 'server.authorization_endpoint')}`;
  const { subscribe, token } = client;
  const others = together(name, isShared, hear);
  let isHearing = false;
  let renewal;
  let timer;

  function hear(message) {
    isHearing = true;
    if (message === 'logout') forget();
    else if (isShared) adopt();
    isHearing = false;
  }

  /** The session as the store has it now. */
  function adopt() {
    const { access_token, ...rest } = ask(RESTORE, '');
    if (!access_token) end('logout');
    else if (access_token !== token()?.access_token) begin({ access_token, ...rest }, token() ? 'renew' : 'login');
  }

  function forget() {
    ask(LOGOUT, '');
    end('logout');
  }

  async function request() {
    const asked = check(ask(RENEW, ''));
    // Without a URL another tab has done it.
    if (!asked.url) return begin(asked, 'renew');
    const { ended, ...answer } = ask(RENEWED, `${asked.expected}\n${await post(asked, LIMIT)}`);
    if (ended) end('revoke');
    return begin(check(answer), 'renew');
  }

  /** Whoever asks meanwhile gets the same outcome. */
  function renew() {
    renewal ??= locked(name, request).finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  /** Before its end, but not sooner than half of its life: a short one must not be renewed without a pause. */
  function plan() {
    clearTimeout(timer);
    const left = (token()?.expires_at ?? NaN) * 1000 - Date.now();
    if (!(left > 30_000)) return;
    const wait = Math.max(left - 60_000, (left - 30_000) / 2);
    timer = setTimeout(() => (wait > LONGEST ? plan() : renew().catch(() => {})), Math.min(wait, LONGEST));
  }
  if (autoRenew) subscribe(plan);
  // Whoever never signed in has nothing to forget; a store that tabs share is theirs from the start.
  subscribe(({ type }) => {
    if (isShared && !isHearing && type !== 'expire') others.tell('changed');
    else if (type === 'login') others.open();
  });

  if (tokenStore === 'session' || isShared) adopt();
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
      return until(renew(), readSignal(options));
    },
    async logout(options) {
      const { requests, ...answer } = ask(LOGOUT, options?.revoke ? 'revoke' : '');
      client.logout();
      others.tell('logout');
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
