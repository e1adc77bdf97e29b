// Requests to the token endpoint and to the revocation endpoint: RFC 6749, section 3.2; RFC 7009, section 2.1.
import { AUTHORIZATION, BODY, CONTENT_TYPE, FURTHER, REQUEST_URL } from 'claviger:numbers';
import { throwIfAborted } from './abort.js';
import { flag } from './arguments.js';
import { furtherIn } from './further.js';
import { answerOf, exchange, isOffline } from './http-exchange.js';

/** Members of a token endpoint's answer, in the order of src/package/endpoint.rs. */
export const TOKEN_MEMBERS = ['access_token', 'token_type', 'scope', 'expires_in', 'refresh_token', 'error', 'error_description', 'error_uri', 'id_token'];

/** The other members as JSON, over what the server has said before. */
function furtherText(document, before) {
  const rest = Object.entries({ ...furtherIn(before), ...document }).filter(([name]) => !TOKEN_MEMBERS.includes(name));
  return rest.length ? JSON.stringify(Object.fromEntries(rest)) : '';
}

/**
 * Sends a request that the module made, so far `behind` its answer's first one, and gives what comes back in texts for
 * the module: none where nothing comes that this program may read, but for whether the device is offline. What is
 * thrown is the signal's reason.
 */
export async function post(answer, timeoutMs, signal, behind = 0) {
  const [url, type, authorization, body] = [REQUEST_URL, CONTENT_TYPE, AUTHORIZATION, BODY].map((at) => answer[at + behind]);
  const headers = { __proto__: null, Accept: 'application/json', ...(type && { 'Content-Type': type }), ...(authorization && { Authorization: authorization }) };
  try {
    const { status, contentType, text } = await exchange(url, { method: 'POST', headers, ...(body && { body }) }, timeoutMs, signal);
    return answerOf(status, contentType, text, TOKEN_MEMBERS, (document) => furtherText(document, answer[FURTHER]));
  } catch {
    throwIfAborted(signal);
    return [undefined, flag(isOffline())];
  }
}
