// What the entries for codes are made of: codes and tokens, every way to send a credential, sessions that are renewed
// and kept.
import {
  AUTO_RENEW, EXPIRY_MARGIN, HAS_FRAMES, RENEW_AT, RESPONSE_MODE, RESPONSE_TYPE, REVOCATION_ENDPOINT, SCOPE, TOKEN_ENDPOINT, TOKEN_PARAMETERS,
} from 'claviger:numbers';
import { flag, form, owns, typed, url, wrong } from './arguments.js';
import {
  BE_A_BOOLEAN, BE_A_RESPONSE_MODE, BE_A_SHARE, BE_A_TOKEN_STORE, BE_SECONDS_OR_0, BE_SESSION_LOCAL_OR_MEMORY, BE_THE_ADD_ON, BE_TOKEN_OR_CODE,
} from './musts.js';
import { readStore } from './callers-store.js';
import { readAuthentication } from './token-endpoint-options.js';

export { readResources } from './attach-credential.js';
export { claim } from './claim.js';
export { memoryStorage } from './memory-storage.js';
export { openSession } from './session.js';

const STATE_STORES = ['session', 'local', 'memory'];
const TOKEN_STORES = ['memory', 'session', 'local'];

/** The options that only these entries read; gives those that the session needs. */
export function readFurther(option, server, stateStore, texts, addOn) {
  texts[RESPONSE_TYPE] = option('response_type');
  const asksForOpenId = /(^| )openid( |$)/.test(texts[SCOPE]);
  if (asksForOpenId !== Boolean(addOn && owns(addOn, 'open'))) throw wrong('openid', BE_THE_ADD_ON);
  const openid = asksForOpenId ? addOn.open(option, server, texts) : undefined;
  if (!openid && texts[RESPONSE_TYPE] !== 'token' && texts[RESPONSE_TYPE] !== 'code') throw wrong('response_type', BE_TOKEN_OR_CODE);
  if (!STATE_STORES.includes(stateStore)) throw wrong('stateStore', BE_SESSION_LOCAL_OR_MEMORY);
  texts[RESPONSE_MODE] = typed(option('response_mode'), 'string', 'response_mode', BE_A_RESPONSE_MODE);
  const chosen = option('tokenStore');
  const tokenStore = chosen && typeof chosen === 'object' ? readStore(chosen) : chosen;
  if (tokenStore === chosen && chosen !== undefined && !TOKEN_STORES.includes(chosen)) throw wrong('tokenStore', BE_A_TOKEN_STORE);
  readAuthentication(option, texts);
  const endpoint = (name) => {
    const text = server(name);
    // In the metadata of some servers null or false stands for none.
    return (text ?? false) === false ? undefined : url(text, `server.${name}`);
  };
  texts[TOKEN_ENDPOINT] = endpoint('token_endpoint');
  texts[REVOCATION_ENDPOINT] = endpoint('revocation_endpoint');
  const tokenParameters = option('tokenParameters');
  texts[TOKEN_PARAMETERS] = tokenParameters === undefined ? undefined : form(tokenParameters, 'tokenParameters');
  const autoRenew = typed(option('autoRenew'), 'boolean', 'autoRenew', BE_A_BOOLEAN);
  texts[AUTO_RENEW] = flag(autoRenew);
  texts[HAS_FRAMES] = flag(globalThis.document);
  const margin = typed(option('expiryMargin'), 'number', 'expiryMargin', BE_SECONDS_OR_0);
  texts[EXPIRY_MARGIN] = margin === undefined ? undefined : `${margin}`;
  const renewAt = typed(option('renewAt'), 'number', 'renewAt', BE_A_SHARE);
  texts[RENEW_AT] = renewAt === undefined ? undefined : `${Math.round(renewAt * 100)}`;
  return { tokenStore, autoRenew, openid };
}
