// How the implicit entry sends the token: in the header Authorization, and in no other way.
import { AUTHORIZE } from 'claviger:numbers';
import { url, wrong } from './arguments.js';
import { call } from './door.js';
import { requestOf, send, sendAuthorized, targetOf } from './fetch-request.js';
import { BE_URLS } from './musts.js';
import { check } from './verdict.js';

/** The texts of resources: a URL each. */
export function readResources(resources) {
  if (!Array.isArray(resources)) throw wrong('resources', BE_URLS);
  return resources.map((resource) => url(resource, 'resources', BE_URLS));
}

/**
 * Requests `input` with the session's token, where its URL may be sent it.
 *
 * The caller's objects are not changed. The URL that is judged is the one that is sent: a text that was read once, or
 * the URL inside of our own Request.
 */
export async function sendWithToken(input, init, resources, session) {
  const authorize = (url) => check(call(AUTHORIZE, [url, session.access, session.until], resources));
  const target = targetOf(input);
  // Authorize the caller's URL before a Request is built, so that a refusal leaves the body unread; checked again below
  // if it changed.
  authorize(target);
  const request = requestOf(input, target, init, true);
  const { url, headers } = request;
  if (url !== target) authorize(url);
  if (headers.has('Authorization')) return send(request);
  headers.set('Authorization', `Bearer ${session.access}`);
  return sendAuthorized(request);
}
