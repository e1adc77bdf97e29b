// The keys of an issuer: OpenID Connect Core 1.0, section 10.1.1; RFC 7517, section 5.
import { ARE_KEYS_FRESH, CHECK_KEYS, DONE, STATUS } from 'claviger:numbers';
import { call } from './door.js';
import { exchange } from './http-exchange.js';
import { OAuthError } from './oauth-error.js';
import { KEYS_TIMEOUT_MS } from './time-limits.js';
import { check } from './verdict.js';

/** What was fetched, by its URL, for as long as the page lives. */
const fetched = new Map();

const now = () => `${Math.floor(Date.now() / 1000)}`;

/** Keys that were given, or those that stand at a URL: `get` gives them, as text. */
export function issuersKeys(uri, given) {
  if (given !== undefined || uri === undefined) {
    const get = async () => given;
    // Nothing can have changed.
    return { get, refetch: get, refetchedAt: now };
  }
  if (!fetched.has(uri)) fetched.set(uri, {});
  const own = fetched.get(uri);

  function ask(cache) {
    const { keys, time } = own;
    own.time = now();
    own.keys = request(uri, cache);
    // What was there before is as good as it was.
    own.keys.catch(() => Object.assign(own, { keys, time }));
    return own.keys;
  }

  return {
    get: () => (own.keys && call(ARE_KEYS_FRESH, [own.time])[STATUS] === DONE ? own.keys : ask('default')),
    /** Asks again, past every cache. */
    refetch() {
      own.refetchedAt = now();
      return ask('no-cache');
    },
    refetchedAt: () => own.refetchedAt,
  };
}

async function request(uri, cache) {
  const answer = await exchange(uri, { headers: { Accept: 'application/json' }, cache }, KEYS_TIMEOUT_MS).catch(() => {
    throw new OAuthError('jwks_unreachable', "The issuer's keys can't be read by this page; if the network works, jwks_uri is not open to browsers (CORS): give the keys as server.jwks, or set idTokenSignature to 'front-channel'.");
  });
  const { status, contentType, text } = answer;
  check(call(CHECK_KEYS, [`${status}`, contentType, text]));
  return text;
}
