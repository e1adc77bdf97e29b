// What the entries for codes are made of: codes and tokens, every way to send a credential, sessions that are renewed
// and kept.
import {
  AUTO_RENEW, EXPIRY_MARGIN, HAS_FRAMES, RENEW_AT, RESPONSE_MODE, RESPONSE_TYPE, REVOCATION_ENDPOINT, TOKEN_ENDPOINT,
} from 'claviger:numbers';
import { flag, typed, url, wrong } from './arguments.js';
import {
  BE_A_BOOLEAN, BE_A_RESPONSE_MODE, BE_A_SHARE, BE_MEMORY_SESSION_OR_LOCAL, BE_SECONDS_OR_0, BE_SESSION_LOCAL_OR_MEMORY, BE_TOKEN_OR_CODE,
} from './musts.js';
import { readAuthentication } from './token-endpoint-options.js';

export { readResources } from './attach-credential.js';
export { memoryStorage } from './memory-storage.js';
export { openSession } from './session.js';

const STATE_STORES = ['session', 'local', 'memory'];
const TOKEN_STORES = ['memory', 'session', 'local'];

/** The options that only these entries read; gives those that the session needs. */
export function readFurther(option, server, stateStore, texts) {
  const responseType = option('response_type');
  if (responseType !== 'token' && responseType !== 'code') throw wrong('response_type', BE_TOKEN_OR_CODE);
  if (!STATE_STORES.includes(stateStore)) throw wrong('stateStore', BE_SESSION_LOCAL_OR_MEMORY);
  texts[RESPONSE_TYPE] = responseType;
  texts[RESPONSE_MODE] = typed(option('response_mode'), 'string', 'response_mode', BE_A_RESPONSE_MODE);
  const tokenStore = option('tokenStore');
  if (tokenStore !== undefined && !TOKEN_STORES.includes(tokenStore)) throw wrong('tokenStore', BE_MEMORY_SESSION_OR_LOCAL);
  readAuthentication(option, texts);
  const endpoint = (name) => {
    const text = server(name);
    return text === undefined ? undefined : url(text, `server.${name}`);
  };
  texts[TOKEN_ENDPOINT] = endpoint('token_endpoint');
  texts[REVOCATION_ENDPOINT] = endpoint('revocation_endpoint');
  const autoRenew = typed(option('autoRenew'), 'boolean', 'autoRenew', BE_A_BOOLEAN);
  texts[AUTO_RENEW] = flag(autoRenew);
  texts[HAS_FRAMES] = flag(globalThis.document);
  const margin = typed(option('expiryMargin'), 'number', 'expiryMargin', BE_SECONDS_OR_0);
  texts[EXPIRY_MARGIN] = margin === undefined ? undefined : `${margin}`;
  const renewAt = typed(option('renewAt'), 'number', 'renewAt', BE_A_SHARE);
  texts[RENEW_AT] = renewAt === undefined ? undefined : `${Math.round(renewAt * 100)}`;
  return { tokenStore, autoRenew };
}
