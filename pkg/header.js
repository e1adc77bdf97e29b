// How the small build sends the token: in the header Authorization, and in no other way.
import { url, wrong } from './options.js';

/** The form in which the module takes resources. */
export function resources(resources) {
  const must = 'be an array of absolute URLs';
  if (!Array.isArray(resources)) throw wrong('resources', must);
  return resources.map((resource) => url(resource, 'resources', must)).join(' ');
}

/**
 * Requests `input` with the header that `authorize` gives for its URL.
 *
 * The caller's objects go into a Request of our own, which fetch would make of them anyway, and are
 * themselves left alone. What is judged is what is sent: text that was read once, or the URL inside
 * of our own Request.
 */
export function send(input, init, authorize) {
  let target = input;
  // First by its word, so that a refusal leaves its body unread; then by what it really is.
  if (input instanceof Request) authorize(input.url);
  else authorize((target = new URL(input, globalThis.location?.href).href));
  const request = new Request(target, init);
  const { header } = authorize(request.url);
  if (!request.headers.has('Authorization')) request.headers.set('Authorization', header);
  return fetch(request);
}
