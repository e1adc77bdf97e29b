// WWW-Authenticate as data: RFC 9110, section 11.6.1.
import { CHALLENGE_LINES, CHALLENGES } from 'claviger:numbers';
import { wrong } from './arguments.js';
import { call } from './door.js';
import { BE_A_RESPONSE } from './musts.js';
import { check } from './verdict.js';

export function readChallenges(response) {
  if (typeof response?.headers?.get !== 'function') throw wrong('response', BE_A_RESPONSE);
  const { [CHALLENGE_LINES]: lines = '' } = check(call(CHALLENGES, [response.headers.get('WWW-Authenticate') ?? '']));
  return Object.freeze(lines.split('\n').filter(Boolean).map(read));
}

/** A name from outside must not reach what every object inherits. */
function read(line) {
  const [[scheme, token68], ...pairs] = new URLSearchParams(line);
  const parameters = { __proto__: null };
  // Of a name that comes again the first one counts.
  for (const [name, value] of pairs) parameters[name] ??= value;
  return Object.freeze({ scheme, ...(token68 && { token68 }), parameters: Object.freeze(parameters) });
}
