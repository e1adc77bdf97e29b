// How a client shows at the token endpoint who it is: RFC 6749, section 2.3.
import { ALLOW_SECRET_IN_BROWSER, CLIENT_SECRET, TOKEN_ENDPOINT_AUTH_METHOD, TOKEN_REQUEST_FORMAT } from 'claviger:numbers';
import { flag, typed } from './arguments.js';

export function readAuthentication(option, texts) {
  texts[CLIENT_SECRET] = typed(option('client_secret'), 'string', 'client_secret');
  texts[TOKEN_ENDPOINT_AUTH_METHOD] = typed(option('token_endpoint_auth_method'), 'string', 'token_endpoint_auth_method', "be 'none', 'client_secret_basic' or 'client_secret_post'");
  texts[TOKEN_REQUEST_FORMAT] = typed(option('tokenRequestFormat'), 'string', 'tokenRequestFormat', "be 'form', 'json' or 'query'");
  texts[ALLOW_SECRET_IN_BROWSER] = flag(typed(option('allowSecretInBrowser'), 'boolean', 'allowSecretInBrowser', 'be a boolean'));
}
