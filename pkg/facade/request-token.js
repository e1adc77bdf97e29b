// A token that is asked for without a login: RFC 6749, sections 4.4, 4.5 and 6.
import { ANSWER, asking, REQUEST } from './door.js';
import { post, readAuthentication } from './token-endpoint.js';
import { check } from './oauth-error.js';
import { object, present, readSignal, url, wrong } from './client-options.js';
import { tokenOf } from './token-response.js';

/** How long a request may take, in milliseconds. */
const LIMIT = 30_000;

/** Checks the options, and gives the function that asks. */
export function readTokenRequest(call, options) {
  const { server, client_id, grant_type, scope, parameters = {} } = object(options, 'options');
  const form = new URLSearchParams({
    token_endpoint: url(object(server, 'server').token_endpoint, 'server.token_endpoint'),
    page: globalThis.location?.href ?? '',
  });
  const put = (name, value, type, must) => {
    if (value === undefined) return;
    if (typeof value !== type) throw wrong(name, must);
    form.set(name, present(value));
  };
  for (const [name, value] of Object.entries({ client_id, grant_type })) put(name, value, 'string', 'be a string');
  put('assumeTokenType', options.assumeTokenType, 'string', "be 'Bearer'");
  readAuthentication(options, put);
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...object(parameters, 'parameters'), ...(scope !== undefined && { scope }) })) {
    if (value === undefined) continue;
    if (typeof value !== 'string') throw wrong('parameters', 'have strings as values');
    given.append(name, value);
  }
  const ask = asking(call);
  const asked = check(ask(REQUEST, `${form}\n${given}`));
  return async (signal) => {
    const answer = check(ask(ANSWER, `${asked.expected}\n${await post(asked.request, LIMIT, signal)}`));
    const { refresh_token } = answer;
    return Object.freeze({ ...tokenOf(answer), ...(refresh_token && { refresh_token }) });
  };
}

export async function requestToken(call, options) {
  return readTokenRequest(call, options)(readSignal(options));
}
