// Requests to a server's endpoints, and their answers as the module reads them.
import { wrong } from './arguments.js';
import { BE_AN_OBJECT } from './musts.js';

/** Bytes that an answer may have. */
const MAX_BODY_BYTES = 2 ** 20;

/** Sends a request without cookies that no redirect takes elsewhere. */
export async function exchange(url, init, timeoutMs, signal, unreachable) {
  const abort = new AbortController();
  const end = () => abort.abort();
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener('abort', end);
  try {
    if (signal?.aborted) end();
    // Not 'error', which Cloudflare Workers refuse: a redirect that is not followed has no status in a page.
    const response = await fetch(url, { __proto__: null, redirect: 'manual', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', ...init, signal: abort.signal });
    if (!response.ok && response.status < 400) throw response;
    return { status: response.status, contentType: response.headers.get('Content-Type') ?? '', text: await read(response) };
  } catch {
    end();
    // The browser's own error is dropped, because it can quote the URL.
    throw signal?.aborted ? signal.reason : unreachable;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** The body; an empty text if it is longer than allowed. */
async function read(response) {
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

/** An answer's status, its content type, whether it is a JSON object, and of that the members with these names. */
export function answerOf(status, contentType, text, names) {
  let members = [undefined];
  try {
    members = ['1', ...membersIn(JSON.parse(text), names)];
  } catch {}
  return [`${status}`, contentType, ...members];
}

/** Members as texts with a character for their kind in front: a text, a number, an array of texts, something else. */
export function membersIn(document, names) {
  if (!document || typeof document !== 'object' || Array.isArray(document)) throw wrong('server', BE_AN_OBJECT);
  return names.map((name) => {
    const value = Object.hasOwn(document, name) ? document[name] : undefined;
    if (value === null || value === undefined) return undefined;
    if (typeof value === 'string') return `t${value}`;
    // Digits, also where JavaScript would write an exponent.
    if (typeof value === 'number') return `n${Number.isInteger(value) ? BigInt(value) : value}`;
    if (Array.isArray(value)) return `l${value.filter((item) => typeof item === 'string').join('\n')}`;
    return 'o';
  });
}
