// What the implicit entry is made of: the implicit grant, and the header Authorization.
import { wrong } from './arguments.js';

export { readResources } from './authorization-header.js';
export { openSession } from './memory-session.js';

/** The options that only this entry reads. */
export function readFurther(option, server, stateStore) {
  if (option('response_type') !== 'token') throw wrong('response_type', "be 'token'");
  if (stateStore !== 'session' && stateStore !== 'local') throw wrong('stateStore', "be 'session' or 'local'");
}
