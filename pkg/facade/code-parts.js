// What the full build is made of: codes and tokens, every way to send a credential, sessions that are
// renewed and kept.
import { readAuthentication } from './token-endpoint.js';
import { url, wrong } from './client-options.js';

export { resources, send } from './attach-credential.js';

/** A page that slept, or whose clock was changed, looks again when it is looked at. */
export function awake(watch, isFirst) {
  for (const type of ['visibilitychange', 'pageshow', 'focus', 'online']) globalThis.addEventListener?.(type, watch, isFirst);
}

/** The options that only this build reads. */
export function readFurther(options, put, form) {
  const { server, response_type, stateStore = 'session' } = options;
  if (response_type !== 'token' && response_type !== 'code') throw wrong('response_type', "be 'token' or 'code'");
  if (!['session', 'local', 'memory'].includes(stateStore)) throw wrong('stateStore', "be 'session', 'local' or 'memory'");
  form.set('response_type', response_type);
  put('response_mode', options.response_mode, 'string', "be 'query' or 'fragment'");
  put('tokenStore', options.tokenStore, 'string', "be 'memory', 'session' or 'local'");
  readAuthentication(options, put);
  for (const name of ['token_endpoint', 'revocation_endpoint']) {
    if (server[name] !== undefined) form.set(name, url(server[name], `server.${name}`));
  }
  if (options.autoRenew !== undefined && typeof options.autoRenew !== 'boolean') throw wrong('autoRenew', 'be a boolean');
}

export { redeem, rescue } from './code-exchange.js';
export { goingOn as extend } from './session-lifecycle.js';
