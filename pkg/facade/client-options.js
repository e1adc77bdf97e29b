// A client's options, as texts by their positions for the module. Each is read once.
import {
  ASSUME_TOKEN_TYPE, AUTHORIZATION_ENDPOINT, CLIENT_ID, CLIENT_TEXTS, HASH_ROUTER, ISSUER, PAGE, PROMISES_ISSUER, REDIRECT_URI, REDIRECT_URL,
  SCOPE, STATE_LIFETIME, STATE_LIFETIME_SECONDS,
} from 'claviger:numbers';
import { flag, membersOf, typed, url } from './arguments.js';
import { BE_A_BOOLEAN, BE_BEARER, BE_SECONDS } from './musts.js';
import { blank } from './texts.js';

/**
 * The texts of a client, those of its resources, `hasResources` where the options named them, and where its logins are
 * kept. `readFurther` reads the options that only one entry knows, and gives those that its session needs.
 */
export function readClient(options, { readFurther, readResources }, addOn) {
  const option = membersOf(options, 'options');
  const server = membersOf(option('server'), 'server');
  const texts = blank(CLIENT_TEXTS);
  texts[AUTHORIZATION_ENDPOINT] = url(server('authorization_endpoint'), 'server.authorization_endpoint');
  const redirectUri = option('redirect_uri');
  texts[REDIRECT_URL] = url(redirectUri, 'redirect_uri');
  texts[PAGE] = globalThis.location?.origin;
  texts[ISSUER] = typed(server('issuer'), 'string', 'server.issuer');
  texts[PROMISES_ISSUER] = flag(server('authorization_response_iss_parameter_supported'));
  texts[REDIRECT_URI] = typed(redirectUri, 'string', 'redirect_uri');
  texts[CLIENT_ID] = typed(option('client_id'), 'string', 'client_id');
  texts[SCOPE] = typed(option('scope'), 'string', 'scope');
  const { stateStore = 'session' } = { stateStore: option('stateStore') };
  const further = readFurther(option, server, stateStore, texts, addOn);
  texts[STATE_LIFETIME] = `${typed(option('stateLifetime'), 'number', 'stateLifetime', BE_SECONDS) ?? STATE_LIFETIME_SECONDS}`;
  texts[HASH_ROUTER] = flag(typed(option('hashRouter'), 'boolean', 'hashRouter', BE_A_BOOLEAN));
  texts[ASSUME_TOKEN_TYPE] = typed(option('assumeTokenType'), 'string', 'assumeTokenType', BE_BEARER);
  const resources = option('resources');
  return {
    further,
    texts,
    stateStore,
    // The page's own origin. It is not checked, because it may be an insecure one: then each request to it is refused.
    resources: resources === undefined ? [`${globalThis.location?.origin ?? ''}/`] : readResources(resources),
    hasResources: resources !== undefined,
  };
}
