// WWW-Authenticate as data: RFC 9110, section 11.6.1.
import { asking, CHALLENGES } from './door.js';
import { wrong } from './client-options.js';

export function readChallenges(call, response) {
  if (typeof response?.headers?.get !== 'function') throw wrong('response', 'be a Response');
  const header = response.headers.get('WWW-Authenticate') ?? '';
  const { challenges: lines = '' } = asking(call)(CHALLENGES, header);
  return Object.freeze(lines.split('\n').filter(Boolean).map(read));
}

/** A name from outside must not reach what every object inherits. */
function read(line) {
  const [[scheme, token68], ...parameters] = new URLSearchParams(line);
  return Object.freeze({
    scheme,
    ...(token68 && { token68 }),
    parameters: Object.freeze({ __proto__: null, ...Object.fromEntries(parameters) }),
  });
}
