// What the small build is made of: the implicit grant, and the header Authorization.
import { wrong } from './client-options.js';

export { resources, send } from './authorization-header.js';

/** Nothing but its timer ends a session. */
export function awake() {}

/** The options that only this build reads. */
export function readFurther({ response_type, stateStore = 'session' }) {
  if (response_type !== 'token') throw wrong('response_type', "be 'token'");
  if (stateStore !== 'session' && stateStore !== 'local') throw wrong('stateStore', "be 'session' or 'local'");
}

/** Nothing but a token comes in a response, and a client is no more than that. */
export function redeem() {}
export function rescue() {}
export function extend() {}
