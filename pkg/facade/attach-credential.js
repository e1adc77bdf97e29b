// How the entry for codes sends a credential: in a header, in the query or in the body (RFC 6750, section 2).
import {
  AUTHORIZE, BODY_WITH_TOKEN, DONE, HEADER_NAME, HEADER_VALUE, REDIRECT, STATUS, URL_WITH_TOKEN,
} from 'claviger:numbers';
import { isA, membersOf, typed, url, wrong } from './arguments.js';
import { call } from './door.js';
import { requestOf, send, sendAuthorized, targetOf } from './fetch-request.js';
import { BE_URLS_OR_OBJECTS } from './musts.js';
import { check } from './verdict.js';

/** The texts of resources: of each its URL, how it takes a credential, a header's name, and a scheme. */
export function readResources(resources) {
  if (!Array.isArray(resources)) throw wrong('resources', BE_URLS_OR_OBJECTS);
  return resources.flatMap((resource) => {
    const member = resource && typeof resource === 'object' ? membersOf(resource, 'resources') : (name) => (name === 'url' ? resource : undefined);
    const address = url(member('url'), 'resources', BE_URLS_OR_OBJECTS);
    const [via, header, scheme] = ['via', 'header', 'scheme'].map((name) => {
      const value = member(name);
      return value === null && name === 'scheme' ? value : typed(value, 'string', `resources.${name}`);
    });
    // An empty text stands for the bare token, so what is empty by mistake has to be another one.
    return [address, via, header, scheme === null ? '' : scheme === '' ? ' ' : scheme];
  });
}

/**
 * Requests `input` with the token that `credential` gives; once more with another one if `refused`, which is told of a
 * 401, says that there is another, `credential` still gives it, and the body can be sent again.
 */
export async function sendWithToken(input, init, resources, credential, refused) {
  const attempt = ({ access, until }) => {
    const authorize = (target, body = []) => check(call(AUTHORIZE, [target, access, until, ...body], resources));
    return sendAttached(input, init, authorize, (...refusal) => refused(access, ...refusal));
  };
  const { response, hasOther } = await attempt(credential());
  // Asked again in the same run in which it is used, because between two runs anybody may have signed in.
  const other = hasOther && mayRepeat(input, init) && credential();
  if (!other) return response;
  response.body?.cancel().catch(() => {});
  return (await attempt(other)).response;
}

/** Whether the same call can be made again: what is read from a stream or from a caller's Request is gone. */
function mayRepeat(input, init) {
  const body = init?.body ?? undefined;
  if (body !== undefined) return !(isA(body, 'ReadableStream') || body[Symbol.asyncIterator]);
  return !isA(input, 'Request') || ['GET', 'HEAD'].includes(input.method);
}

/**
 * Requests `input` with what `authorize` says for its URL, and tells `refused` of a 401 to what was attached; gives the
 * response, and what `refused` made of it.
 *
 * The caller's objects are not changed. The URL that is judged is the one that is sent: a text that was read once, or
 * the URL inside of our own Request.
 */
export async function sendAttached(input, init, authorize, refused) {
  const target = targetOf(input);
  const isStream = isA(init?.body, 'ReadableStream');
  // Authorize the caller's URL before a Request is built, so that a refusal leaves the body unread; checked again below
  // if it changed.
  let way = wayOf(authorize(target));
  // A stream is not read here, so it does not count as a form; any other body is read from a copy.
  if (way.body && isStream) authorize(target, ['', '', '']);
  const given = way.body && isA(input, 'Request') ? input.clone() : input;
  const request = requestOf(given, target, init, way.header);
  const { url, headers } = request;
  if (url !== target) way = wayOf(authorize(url));
  if (['Authorization', way.header].some((name) => name && headers.has(name))) return { response: await send(request) };
  if (way.body) way = await fill(request, authorize);
  const { header, value, redirect } = way;
  if (header) headers.set(header, value);
  let sent;
  if (way.url) sent = fetch(...(await withUrl(request, way.url, isStream, init)));
  // The module forbids redirects for every way to send a credential but this one, which is the platform's to guard.
  else if (header && !redirect) sent = sendAuthorized(request);
  else sent = send(request, way);
  const response = await sent;
  const isRefused = response.status === 401 && way.isAttached;
  return { response, hasOther: isRefused && (await refused(response.url, response.headers.get('WWW-Authenticate') ?? '')) };
}

/** What is to be changed of a request. */
function wayOf(answer) {
  return {
    isAttached: answer[STATUS] === DONE,
    header: answer[HEADER_NAME],
    value: answer[HEADER_VALUE],
    url: answer[URL_WITH_TOKEN],
    body: answer[BODY_WITH_TOKEN],
    redirect: answer[REDIRECT],
  };
}

/** Puts the token into a form; its body is read only when the rest of the request allows that. */
async function fill(request, authorize) {
  const head = [request.method, request.headers.get('Content-Type') ?? ''];
  authorize(request.url, [...head, '']);
  const body = await request.text();
  const way = wayOf(authorize(request.url, [...head, body]));
  // A form that has a token already is sent unchanged; it was read, so it has to be given again.
  return { ...way, body: way.body ?? body };
}

/** The arguments of fetch for the same request to a URL with the token in it, which no cache may keep. */
async function withUrl(request, url, isStream, init) {
  const { method, headers, mode, credentials, referrer, referrerPolicy, integrity, keepalive, signal } = request;
  headers.append('Cache-Control', 'no-store');
  // Firefox, and Chromium below 105, have no request.body: the body of every kind but a stream is read.
  const body = isStream && request.body ? request.body : await request.blob();
  return [
    url,
    {
      __proto__: null,
      method, headers, mode, credentials, referrer, referrerPolicy, integrity, keepalive, signal,
      ...(body.size !== 0 && { body, duplex: 'half' }),
      ...(init?.priority && { priority: init.priority }),
      cache: 'no-store',
      redirect: 'error',
    },
  ];
}
