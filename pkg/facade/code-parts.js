// What the entries for codes are made of: codes and tokens, every way to send a credential, sessions that are renewed
// and kept.
import {
  AUTO_RENEW, EXPIRY_MARGIN, HAS_FRAMES, RENEW_AT, RESPONSE_MODE, RESPONSE_TYPE, REVOCATION_ENDPOINT, TOKEN_ENDPOINT,
} from 'claviger:numbers';
import { flag, typed, url, wrong } from './arguments.js';
import { readAuthentication } from './token-endpoint-options.js';

export { readResources } from './attach-credential.js';
export { memoryStorage } from './memory-storage.js';
export { openSession } from './session.js';

const STATE_STORES = ['session', 'local', 'memory'];
const TOKEN_STORES = ['memory', 'session', 'local'];

/** The options that only these entries read; gives those that the session needs. */
export function readFurther(option, server, stateStore, texts) {
  const responseType = option('response_type');
  if (responseType !== 'token' && responseType !== 'code') throw wrong('response_type', "be 'token' or 'code'");
  if (!STATE_STORES.includes(stateStore)) throw wrong('stateStore', "be 'session', 'local' or 'memory'");
  texts[RESPONSE_TYPE] = responseType;
  texts[RESPONSE_MODE] = typed(option('response_mode'), 'string', 'response_mode', "be 'query' or 'fragment'");
  const tokenStore = option('tokenStore');
  if (tokenStore !== undefined && !TOKEN_STORES.includes(tokenStore)) throw wrong('tokenStore', "be 'memory', 'session' or 'local'");
  readAuthentication(option, texts);
  const endpoint = (name) => {
    const text = server(name);
    return text === undefined ? undefined : url(text, `server.${name}`);
  };
  texts[TOKEN_ENDPOINT] = endpoint('token_endpoint');
  texts[REVOCATION_ENDPOINT] = endpoint('revocation_endpoint');
  const autoRenew = typed(option('autoRenew'), 'boolean', 'autoRenew', 'be a boolean');
  texts[AUTO_RENEW] = flag(autoRenew);
  texts[HAS_FRAMES] = flag(globalThis.document);
  const margin = typed(option('expiryMargin'), 'number', 'expiryMargin', 'be a whole number of seconds, 0 or more');
  texts[EXPIRY_MARGIN] = margin === undefined ? undefined : `${margin}`;
  const renewAt = typed(option('renewAt'), 'number', 'renewAt', "be a share of a token's life, such as 0.8");
  texts[RENEW_AT] = renewAt === undefined ? undefined : `${Math.round(renewAt * 100)}`;
  return { tokenStore, autoRenew };
}
