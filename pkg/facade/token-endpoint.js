// Requests to the token endpoint and to the revocation endpoint: RFC 6749, section 3.2; RFC 7009, section 2.1.
import { AUTHORIZATION, BODY, CONTENT_TYPE, REQUEST_URL } from 'claviger:numbers';
import { answerOf, exchange } from './http-exchange.js';

/** Members of a token endpoint's answer, in the order of src/package/endpoint.rs. */
const TOKEN_MEMBERS = ['access_token', 'token_type', 'scope', 'expires_in', 'refresh_token', 'error', 'error_description', 'error_uri'];

/**
 * Sends a request that the module made, so far `behind` its answer's first one, and gives what comes back in texts for
 * the module: none where nothing comes that this program may read. What is thrown is the signal's reason.
 */
export async function post(answer, timeoutMs, signal, behind = 0) {
  const [url, type, authorization, body] = [REQUEST_URL, CONTENT_TYPE, AUTHORIZATION, BODY].map((at) => answer[at + behind]);
  const headers = { __proto__: null, Accept: 'application/json', ...(type && { 'Content-Type': type }), ...(authorization && { Authorization: authorization }) };
  try {
    const { status, contentType, text } = await exchange(url, { method: 'POST', headers, ...(body && { body }) }, timeoutMs, signal);
    return answerOf(status, contentType, text, TOKEN_MEMBERS);
  } catch {
    signal?.throwIfAborted();
    return [];
  }
}
