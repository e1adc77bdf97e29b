// Requests to a server's endpoints, and their answers as the module reads them.
import { reasonOf } from './abort.js';
import { owns, wrong } from './arguments.js';
import { BE_AN_OBJECT } from './musts.js';

/** Bytes that an answer may have. */
const MAX_BODY_BYTES = 2 ** 20;

/** The platform knows that it has no network; that it thinks to have one says nothing. */
export function isOffline() {
  return globalThis.navigator?.onLine === false;
}

/**
 * Sends a request without cookies that no redirect takes elsewhere. It throws the signal's reason, or undefined
 * where there is no answer that this program may read.
 */
export async function exchange(url, init, timeoutMs, signal) {
  const abort = new AbortController();
  const end = () => abort.abort();
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener('abort', end);
  try {
    if (signal?.aborted) end();
    // Not 'error', which Cloudflare Workers refuse: a redirect that is not followed has no status in a page.
    const response = await fetch(url, { __proto__: null, redirect: 'manual', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', ...init, signal: abort.signal });
    if (!response.ok && response.status < 400) throw response;
    return { status: response.status, contentType: response.headers.get('Content-Type') ?? '', text: await bodyOf(response) };
  } catch {
    end();
    // The browser's own error is dropped, because it can quote the URL.
    throw signal?.aborted ? reasonOf(signal) : undefined;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** The body; an empty text if it is longer than allowed. */
export async function bodyOf(response) {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > MAX_BODY_BYTES) {
      await reader.cancel();
      return '';
    }
    text += decoder.decode(value, { stream: true });
  }
}

/**
 * An answer's status, its content type and, where it is a JSON object, what `furtherOf` makes of that and its members
 * with these names.
 */
export function answerOf(status, contentType, text, names, furtherOf = () => '') {
  let members = [undefined];
  try {
    const document = JSON.parse(text);
    const known = membersIn(document, names);
    members = [furtherOf(document), ...known];
  } catch {}
  return [`${status}`, contentType, ...members];
}

/** Members as texts with a character for their kind in front: a text, a number, an array of texts, false, something else. */
export function membersIn(document, names) {
  if (!document || typeof document !== 'object' || Array.isArray(document)) throw wrong('server', BE_AN_OBJECT);
  return names.map((name) => {
    const value = owns(document, name) ? document[name] : undefined;
    if (value === null || value === undefined) return undefined;
    if (typeof value === 'string') return `t${value}`;
    // The digits of the whole part, also where JavaScript would write an exponent.
    if (typeof value === 'number') return `n${Number.isFinite(value) ? BigInt(Math.floor(value)) : value}`;
    if (Array.isArray(value)) return `l${value.filter((item) => typeof item === 'string').join('\n')}`;
    return value === false ? 'f' : 'o';
  });
}
