// A server's metadata: RFC 8414; OpenID Connect Discovery 1.0.
import { asking, BEST_RESPONSE_TYPE, METADATA, METADATA_URLS } from './door.js';
import { lines, request } from './token-endpoint.js';
import { check, OAuthError } from './oauth-error.js';
import { readSignal, url, wrong } from './client-options.js';

/** How long a server may take, in milliseconds. */
const LIMIT = 30_000;

/** The documents that were found, as text, for as long as the page lives. */
const found = new Map();

export async function discover(call, issuer, options) {
  const signal = readSignal(options);
  if (typeof issuer !== 'string') throw wrong('issuer', 'be a string');
  if (!found.has(issuer)) found.set(issuer, await find(asking(call), issuer, signal));
  signal?.throwIfAborted();
  return JSON.parse(found.get(issuer));
}

/** The first document that is the issuer's, or what was wrong with the first that came. */
async function find(ask, issuer, signal) {
  const unreachable = new OAuthError('metadata_unreachable', "The server's metadata gave no answer that this program may read; if the network works, it is not open to browsers (CORS): check the issuer, or configure the endpoints by hand.");
  const { urls } = check(ask(METADATA_URLS, url(issuer, 'issuer')));
  let failure;
  for (const place of urls.split('\n')) {
    try {
      const { text, answer } = await request(place, { headers: { Accept: 'application/json' } }, LIMIT, signal, unreachable);
      check(ask(METADATA, `${new URLSearchParams({ issuer })}\n${answer}`));
      return text;
    } catch (error) {
      if (signal?.aborted) throw error;
      if (!failure || failure === unreachable) failure = error;
    }
  }
  throw failure;
}

export function bestResponseType(call, server) {
  return Object.freeze(asking(call)(BEST_RESPONSE_TYPE, lines(server)));
}
