// A server's metadata: RFC 8414; OpenID Connect Discovery 1.0.
import {
  BEST_RESPONSE_TYPE, BEST_TYPE, CHECK_METADATA, METADATA_URL, METADATA_URLS, OTHER_METADATA_URL, REASON,
} from 'claviger:numbers';
import { readSignal, url, wrong } from './arguments.js';
import { call } from './door.js';
import { answerOf, exchange, membersIn } from './http-exchange.js';
import { BE_A_STRING } from './musts.js';
import { OAuthError } from './oauth-error.js';
import { REQUEST_TIMEOUT_MS } from './time-limits.js';
import { check } from './verdict.js';

/** What is checked of a document, and what decides on the response type, in the order of src/package/discovery.rs. */
const CHECKED = ['issuer', 'authorization_endpoint', 'token_endpoint', 'revocation_endpoint'];
const DECIDING = ['token_endpoint', 'response_types_supported', 'grant_types_supported', 'code_challenge_methods_supported'];

/** The documents that were found, as text, for as long as the page lives. */
const found = new Map();

export async function discover(issuer, options) {
  const signal = readSignal(options);
  if (typeof issuer !== 'string') throw wrong('issuer', BE_A_STRING);
  if (!found.has(issuer)) found.set(issuer, await find(issuer, signal));
  signal?.throwIfAborted();
  return JSON.parse(found.get(issuer));
}

/** The first document that is the issuer's, or what was wrong with the first that came. */
async function find(issuer, signal) {
  const unreachable = new OAuthError('metadata_unreachable', "The server's metadata gave no answer that this program may read; if the network works, it is not open to browsers (CORS): check the issuer, or configure the endpoints by hand.");
  const { [METADATA_URL]: first, [OTHER_METADATA_URL]: other } = check(call(METADATA_URLS, [url(issuer, 'issuer')]));
  let failure;
  for (const place of [first, other]) {
    try {
      const { status, contentType, text } = await exchange(place, { headers: { Accept: 'application/json' } }, REQUEST_TIMEOUT_MS, signal, unreachable);
      check(call(CHECK_METADATA, [issuer, ...answerOf(status, contentType, text, CHECKED)]));
      return text;
    } catch (error) {
      if (signal?.aborted) throw error;
      if (!failure || failure === unreachable) failure = error;
    }
  }
  throw failure;
}

export function bestResponseType(server) {
  const { [BEST_TYPE]: response_type, [REASON]: reason } = check(call(BEST_RESPONSE_TYPE, [undefined, undefined, undefined, undefined, ...membersIn(server, DECIDING)]));
  return Object.freeze({ response_type, reason });
}
