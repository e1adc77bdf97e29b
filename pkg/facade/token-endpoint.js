// Requests to a server's endpoints: the token endpoint's, the revocation endpoint's, metadata.
import { OAuthError } from './oauth-error.js';
import { wrong } from './client-options.js';

/** Bytes that an answer may have. */
const LONGEST = 2 ** 20;

/** The options of a client at the token endpoint. */
export function readAuthentication(options, put) {
  put('client_secret', options.client_secret, 'string', 'be a string');
  put('token_endpoint_auth_method', options.token_endpoint_auth_method, 'string', "be 'none', 'client_secret_basic' or 'client_secret_post'");
  put('tokenRequestFormat', options.tokenRequestFormat, 'string', "be 'form', 'json' or 'query'");
  put('allowSecretInBrowser', options.allowSecretInBrowser, 'boolean', 'be a boolean');
}

/** Sends a request that the module made, and gives the answer as the module reads it; `limit` is in milliseconds. */
export async function post(form, limit, signal) {
  const { url, type, authorization, body } = Object.fromEntries(new URLSearchParams(form));
  const headers = { Accept: 'application/json', ...(type && { 'Content-Type': type }), ...(authorization && { Authorization: authorization }) };
  return request(
    url,
    { method: 'POST', headers, ...(body && { body }) },
    limit,
    signal,
    new OAuthError('token_endpoint_unreachable', "The server gave no answer that this program may read; if the network works, it does not let a browser use this endpoint (CORS) or hides why it refused: use response_type 'token', or exchange the code at a server of yours."),
  ).then(({ answer }) => answer);
}

/** Sends a request without cookies that no redirect takes elsewhere; gives the body, and the answer as the module reads it. */
export async function request(url, init, limit, signal, unreachable) {
  const abort = new AbortController();
  const end = () => abort.abort();
  const timer = setTimeout(end, limit);
  signal?.addEventListener('abort', end);
  try {
    if (signal?.aborted) end();
    const response = await fetch(url, { redirect: 'error', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', ...init, signal: abort.signal });
    const text = await read(response);
    const head = new URLSearchParams({ status: response.status, type: response.headers.get('Content-Type') ?? '' });
    return { text, answer: `${head}${members(text)}` };
  } catch {
    // The cause can quote the URL.
    throw signal?.aborted ? signal.reason : unreachable;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** The body; nothing of one that is too long. */
async function read(response) {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > LONGEST) {
      await reader.cancel();
      return '';
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** A JSON object's members, a line for each kind: texts, numbers, arrays, all others. Nothing of what is none. */
function members(text) {
  try {
    return `\n${lines(JSON.parse(text))}`;
  } catch {
    return '';
  }
}

export function lines(document) {
  if (!document || typeof document !== 'object' || Array.isArray(document)) throw wrong('server', 'be an object');
  const [texts, numbers, lists, others] = Array.from({ length: 4 }, () => new URLSearchParams());
  for (const [name, value] of Object.entries(document)) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'string') texts.append(name, value);
    // Digits, also where JavaScript would write an exponent.
    else if (typeof value === 'number') numbers.append(name, Number.isInteger(value) ? BigInt(value) : value);
    else if (Array.isArray(value)) lists.append(name, value.filter((item) => typeof item === 'string').join('\n'));
    else others.append(name, '');
  }
  return [texts, numbers, lists, others].join('\n');
}
