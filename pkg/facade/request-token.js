// A token that is asked for without a login: RFC 6749, sections 4.4, 4.5 and 6.
import {
  ASSUME_TOKEN_TYPE, CLIENT_ID, CLIENT_TEXTS, EXPECTED, PAGE, REFRESH_TOKEN, REQUEST_TOKEN, TOKEN_ENDPOINT, TOKEN_REQUESTED, USABLE_UNTIL,
} from 'claviger:numbers';
import { form, membersOf, object, readSignal, typed, url } from './arguments.js';
import { call } from './door.js';
import { BE_BEARER } from './musts.js';
import { blank } from './texts.js';
import { REQUEST_TIMEOUT_MS } from './time-limits.js';
import { readAuthentication } from './token-endpoint-options.js';
import { post } from './token-endpoint.js';
import { tokenOf } from './token-response.js';
import { check } from './verdict.js';

/**
 * Checks the options, and gives the function that asks for a token, and until when it can be sent, in seconds since
 * 1970; `grantType` stands for an option of that name.
 */
export function readTokenRequest(options, grantType) {
  const option = membersOf(options, 'options');
  const texts = blank(CLIENT_TEXTS);
  texts[TOKEN_ENDPOINT] = url(membersOf(option('server'), 'server')('token_endpoint'), 'server.token_endpoint');
  texts[PAGE] = globalThis.location?.origin;
  texts[CLIENT_ID] = typed(option('client_id'), 'string', 'client_id');
  const grant = grantType ?? typed(option('grant_type'), 'string', 'grant_type');
  texts[ASSUME_TOKEN_TYPE] = typed(option('assumeTokenType'), 'string', 'assumeTokenType', BE_BEARER);
  readAuthentication(option, texts);
  const scope = option('scope');
  const given = option('parameters');
  const parameters = form({ ...(given === undefined ? {} : object(given, 'parameters')), ...(scope !== undefined && { scope }) });
  const asked = check(call(REQUEST_TOKEN, [grant, parameters], texts));
  return async (signal) => {
    const given = await post(asked, REQUEST_TIMEOUT_MS, signal);
    const answer = check(call(TOKEN_REQUESTED, [asked[EXPECTED], ...given], texts));
    const { [USABLE_UNTIL]: usableUntil, [REFRESH_TOKEN]: refresh_token } = answer;
    const token = Object.freeze({ ...tokenOf(answer), ...(refresh_token && { refresh_token }) });
    return { token, usableUntil: +(usableUntil ?? Infinity) };
  };
}

export async function requestToken(options) {
  const { token } = await readTokenRequest(options)(readSignal(options));
  return token;
}
