// How the small build sends the token: in the header Authorization, and in no other way.
import { asked, fetchAsked, targetOf } from './fetch-request.js';
import { url, wrong } from './client-options.js';

/** The form in which the module takes resources. */
export function resources(resources) {
  const must = 'be an array of absolute URLs';
  if (!Array.isArray(resources)) throw wrong('resources', must);
  return resources.map((resource) => url(resource, 'resources', must)).join(' ');
}

/**
 * Requests `input` with the header that `authorize` gives for its URL.
 *
 * The caller's objects are left alone. What is judged is what is sent: text that was read once, or the
 * URL inside of our own Request.
 */
export function send(input, init, authorize) {
  const target = targetOf(input);
  // First by its word, so that a refusal leaves its body unread; then by what it really is.
  let { header } = authorize(target);
  const own = asked(input, target, init, true);
  const { url, headers } = own;
  if (url !== target) header = authorize(url).header;
  if (!headers.has('Authorization')) headers.set('Authorization', header);
  return fetchAsked(own);
}
