// How the full build sends a credential: in a header, in the query or in the body (RFC 6750, section 2).
import { asked, fetchAsked, targetOf } from './fetch-request.js';
import { present, url, wrong } from './client-options.js';

/** The form in which the module takes resources: one in each line. */
export function resources(resources) {
  const must = 'be an array of absolute URLs, or of objects with one as url';
  if (!Array.isArray(resources)) throw wrong('resources', must);
  return resources
    .map((resource) => {
      const { url: text, via = 'header', header } = resource instanceof Object ? resource : { url: resource };
      const form = new URLSearchParams({ url: url(text, 'resources', must) });
      for (const [name, value] of [['via', via], ['header', header]]) {
        if (value === undefined) continue;
        if (typeof value !== 'string') throw wrong(`resources.${name}`, 'be a string');
        form.set(name, present(value));
      }
      return form;
    })
    .join('\n');
}

/**
 * Requests `input` with what `authorize` says for its URL, and tells `refused` of a 401.
 *
 * The caller's objects are left alone. What is judged is what is sent: text that was read once, or the
 * URL inside of our own Request.
 */
export async function send(input, init, authorize, refused) {
  const target = targetOf(input);
  const isStream = init?.body instanceof ReadableStream;
  // First by its word, so that a refusal leaves its body unread; then by what it really is.
  let way = authorize(target);
  // A stream is never read here, so it is no form; any other body is read from a copy.
  if (way.body && isStream) authorize(`${target}\n`);
  const given = way.body && input instanceof Request ? input.clone() : input;
  const own = asked(given, target, init, way.header);
  const { url, headers } = own;
  if (url !== target) way = authorize(url);
  if (['Authorization', way.header].some((name) => name && headers.has(name))) return fetchAsked(own);
  if (way.body) way = await fill(own, authorize);
  const { header, value, redirect, token } = way;
  if (header) headers.set(header, value);
  const response = await (way.url ? fetch(...(await elsewhere(own, way.url, isStream, init))) : fetchAsked(own, way.body || redirect ? again(own, way) : undefined));
  if (response.status === 401 && token) {
    refused(String(new URLSearchParams({ token, url: response.url, challenges: response.headers.get('WWW-Authenticate') ?? '' })));
  }
  return response;
}

/** The form of a request with its token in it: its body is read when nothing else speaks against it. */
async function fill(request, authorize) {
  const form = new URLSearchParams({ method: request.method, type: request.headers.get('Content-Type') ?? '' });
  authorize(`${request.url}\n${form}`);
  const body = await request.text();
  form.set('body', body);
  return { body, ...authorize(`${request.url}\n${form}`) };
}

/** What is changed of a request that follows no redirect; perhaps it has another body. */
function again(own, { redirect, body }) {
  // Whoever changes a request loses these two.
  const { referrer, referrerPolicy } = own;
  return { redirect, referrer, referrerPolicy, ...(body && { body }) };
}

/** The arguments of fetch for the same request to another URL; nothing of it stays in a cache. */
async function elsewhere(request, url, isStream, init) {
  const { method, headers, mode, credentials, referrer, referrerPolicy, integrity, keepalive, signal } = request;
  headers.append('Cache-Control', 'no-store');
  const body = request.body && (isStream ? request.body : await request.blob());
  return [
    url,
    {
      method, headers, mode, credentials, referrer, referrerPolicy, integrity, keepalive, signal,
      ...(body && { body, duplex: 'half' }),
      ...(init?.priority && { priority: init.priority }),
      cache: 'no-store',
      redirect: 'error',
    },
  ];
}
