// WWW-Authenticate as data: RFC 9110, section 11.6.1.
import { wrong } from './options.js';

// What the module's door does; src/package/door.rs has the same number.
const CHALLENGES = 7;

export function readChallenges(call, response) {
  if (typeof response?.headers?.get !== 'function') throw wrong('response', 'be a Response');
  const header = response.headers.get('WWW-Authenticate') ?? '';
  const lines = new URLSearchParams(call(CHALLENGES, 0, header)).get('challenges') ?? '';
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
