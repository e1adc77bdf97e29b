// What the implicit entry is made of: the implicit grant, and the header Authorization.
import { wrong } from './arguments.js';
import { BE_SESSION_OR_LOCAL, BE_TOKEN } from './musts.js';

export { readResources } from './authorization-header.js';
export { openSession } from './memory-session.js';

/** The options that only this entry reads. */
export function readFurther(option, server, stateStore) {
  if (option('response_type') !== 'token') throw wrong('response_type', BE_TOKEN);
  if (stateStore !== 'session' && stateStore !== 'local') throw wrong('stateStore', BE_SESSION_OR_LOCAL);
}
