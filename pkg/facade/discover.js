// A server's metadata: RFC 8414; OpenID Connect Discovery 1.0.
import {
  BEST_RESPONSE_TYPE, BEST_TYPE, CHECK_METADATA, METADATA_URL, METADATA_URLS, OTHER_METADATA_URL, REASON,
} from 'claviger:numbers';
import { throwIfAborted } from './abort.js';
import { readSignal, url, wrong } from './arguments.js';
import { call } from './door.js';
import { answerOf, exchange, isOffline, membersIn } from './http-exchange.js';
import { BE_A_STRING } from './musts.js';
import { OAuthError } from './oauth-error.js';
import { REQUEST_TIMEOUT_MS } from './time-limits.js';
import { check } from './verdict.js';

/** What is checked of a document, and what decides on the response type, in the order of src/package/discovery.rs. */
const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'revocation_endpoint'];
const CHECKED = ['issuer', ...ENDPOINTS, 'grant_types_supported'];
/** Where the first of them stands in an answer. */
const FIRST_MEMBER = 3;
const DECIDING = ['token_endpoint', 'response_types_supported', 'grant_types_supported', 'code_challenge_methods_supported'];

/** The documents that were found, as text, for as long as the page lives. */
const found = new Map();

export async function discover(issuer, options) {
  const signal = readSignal(options);
  if (typeof issuer !== 'string') throw wrong('issuer', BE_A_STRING);
  if (!found.has(issuer)) found.set(issuer, await find(issuer, signal));
  throwIfAborted(signal);
  return JSON.parse(found.get(issuer));
}

/** The first document that is the issuer's, or else what tells most of why there is none. */
async function find(issuer, signal) {
  const { [METADATA_URL]: first, [OTHER_METADATA_URL]: other } = check(call(METADATA_URLS, [url(issuer, 'issuer')]));
  const failures = [];
  for (const place of [first, other]) {
    try {
      const { status, contentType, text } = await exchange(place, { headers: { Accept: 'application/json' } }, REQUEST_TIMEOUT_MS, signal);
      check(call(CHECK_METADATA, [issuer, ...answerOf(status, contentType, text, CHECKED).map(parsed)]));
      return text;
    } catch (error) {
      if (signal?.aborted) throw error;
      failures.push(error ?? unreachable());
    }
  }
  // A document says more than another answer, and that more than none.
  const weight = ({ code, status }) => (code === 'issuer_mismatch' ? 3 : status < 300 ? 2 : status ? 1 : 0);
  const [one, another] = failures;
  throw weight(another) > weight(one) ? another : one;
}

function unreachable() {
  return new OAuthError('metadata_unreachable', isOffline()
    ? "This device is offline, so the server's metadata was not reached; try again when it is online."
    : "The server's metadata gave no answer that this program may read; if the network works, it is not open to browsers (CORS): check the issuer, or configure the endpoints by hand.");
}

/** Of an endpoint, what the browser's parser makes of it. */
function parsed(member, at) {
  if (!ENDPOINTS.includes(CHECKED[at - FIRST_MEMBER]) || member?.[0] !== 't') return member;
  try {
    return `t${new URL(member.slice(1))}`;
  } catch {
    return 'o';
  }
}

export function bestResponseType(server) {
  const { [BEST_TYPE]: response_type, [REASON]: reason } = check(call(BEST_RESPONSE_TYPE, [undefined, undefined, undefined, undefined, ...membersIn(server, DECIDING)]));
  return Object.freeze({ response_type, reason });
}
