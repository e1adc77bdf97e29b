// How a client shows at the token endpoint who it is: RFC 6749, section 2.3.
import { ALLOW_SECRET_IN_BROWSER, CLIENT_SECRET, RAW_BASIC, TOKEN_ENDPOINT_AUTH_METHOD, TOKEN_REQUEST_FORMAT } from 'claviger:numbers';
import { flag, typed } from './arguments.js';
import { BE_AN_AUTH_METHOD, BE_A_BOOLEAN, BE_A_FORMAT } from './musts.js';

export function readAuthentication(option, texts) {
  texts[CLIENT_SECRET] = typed(option('client_secret'), 'string', 'client_secret');
  texts[TOKEN_ENDPOINT_AUTH_METHOD] = typed(option('token_endpoint_auth_method'), 'string', 'token_endpoint_auth_method', BE_AN_AUTH_METHOD);
  texts[TOKEN_REQUEST_FORMAT] = typed(option('tokenRequestFormat'), 'string', 'tokenRequestFormat', BE_A_FORMAT);
  texts[RAW_BASIC] = flag(typed(option('encodeBasicCredentials'), 'boolean', 'encodeBasicCredentials', BE_A_BOOLEAN) === false);
  texts[ALLOW_SECRET_IN_BROWSER] = flag(typed(option('allowSecretInBrowser'), 'boolean', 'allowSecretInBrowser', BE_A_BOOLEAN));
}
