// What the declarations must refuse.
import {
  bestResponseType,
  challenges,
  createClient,
  createFetch,
  discover,
  OAuthError,
  requestToken,
  type Client,
  type ClientOptions,
} from 'claviger';
import { createClient as createSmall, type Client as SmallClient, type ClientOptions as SmallOptions } from 'claviger/implicit';

const server = { authorization_endpoint: 'https://as.example/oauth/authorize' };
const required: ClientOptions = {
  server,
  client_id: 'city-issues',
  redirect_uri: 'https://app.example/',
  response_type: 'token',
};

// @ts-expect-error: no options
await createClient();
// @ts-expect-error: server is required
await createClient({ client_id: 'x', redirect_uri: 'https://app.example/', response_type: 'token' });
// @ts-expect-error: client_id is required
await createClient({ server, redirect_uri: 'https://app.example/', response_type: 'token' });
// @ts-expect-error: redirect_uri is required
await createClient({ server, client_id: 'x', response_type: 'token' });
// @ts-expect-error: response_type is a decision, not a default
await createClient({ server, client_id: 'x', redirect_uri: 'https://app.example/' });
// @ts-expect-error: one of the two
await createClient({ ...required, response_type: 'code token' });
// @ts-expect-error: the two modes in which a page gets its response
await createClient({ ...required, response_mode: 'form_post' });
// @ts-expect-error: an endpoint is required
await createClient({ ...required, server: { issuer: 'https://as.example' } });
// @ts-expect-error: a URL as a string
await createClient({ ...required, server: { authorization_endpoint: new URL('https://as.example/') } });
// @ts-expect-error: the issuer is a string
await createClient({ ...required, server: { ...server, issuer: 7 } });
// @ts-expect-error: a client_id is a string
await createClient({ ...required, client_id: 7 });
// @ts-expect-error: a URL as a string
await createClient({ ...required, redirect_uri: new URL('https://app.example/') });
// @ts-expect-error: one string, not a list
await createClient({ ...required, scope: ['profile', 'issues'] });
// @ts-expect-error: a list
await createClient({ ...required, resources: 'https://api.example' });
// @ts-expect-error: a resource has a URL
await createClient({ ...required, resources: [{ via: 'query' }] });
// @ts-expect-error: one of the three ways of RFC 6750
await createClient({ ...required, resources: [{ url: 'https://api.example', via: 'cookie' }] });
// @ts-expect-error: a header's name
await createClient({ ...required, resources: [{ url: 'https://api.example', header: ['X-Token'] }] });
// @ts-expect-error: a scheme is a text, or null
await createClient({ ...required, resources: [{ url: 'https://api.example', scheme: false }] });
// @ts-expect-error: a parameter is a text, or a list of them
await createClient({ ...required, tokenParameters: { audience: 7 } });
// @ts-expect-error: the small build knows the header Authorization alone
await createSmall({ ...required, resources: [{ url: 'https://api.example' }] });
// @ts-expect-error: a URL as a string
await createClient({ ...required, resources: [new URL('https://api.example')] });
// @ts-expect-error: there is no such store
await createClient({ ...required, stateStore: 'cookie' });
// @ts-expect-error: there is no such store
await createClient({ ...required, tokenStore: 'indexedDB' });
// @ts-expect-error: a store can remove what it keeps
await createClient({ ...required, tokenStore: new Map<string, string>() });
// @ts-expect-error: a boolean
await createClient({ ...required, autoRenew: 60 });
// @ts-expect-error: seconds as a number
await createClient({ ...required, stateLifetime: '600' });
// @ts-expect-error: a boolean
await createClient({ ...required, hashRouter: 'yes' });
// @ts-expect-error: in this spelling
await createClient({ ...required, assumeTokenType: 'bearer' });
// @ts-expect-error: a misspelled option
await createClient({ ...required, redirectUri: 'https://app.example/' });
// @ts-expect-error: a string
await createClient({ ...required, client_secret: 7 });
// @ts-expect-error: a boolean
await createClient({ ...required, client_secret: 'secret', allowSecretInBrowser: 'yes' });
// @ts-expect-error: it takes more than a secret
await createClient({ ...required, client_secret: 'secret', token_endpoint_auth_method: 'private_key_jwt' });
// @ts-expect-error: one of the three formats
await createClient({ ...required, tokenRequestFormat: 'xml' });
// @ts-expect-error: a URL as a string
await createClient({ ...required, server: { ...server, token_endpoint: new URL('https://as.example/') } });

// The small build has none of it.
const smallRequired: SmallOptions = { ...required, response_type: 'token', resources: [], stateStore: 'session' };
// @ts-expect-error: the implicit grant alone
await createSmall({ ...smallRequired, response_type: 'code' });
// @ts-expect-error: a token comes in the fragment
await createSmall({ ...smallRequired, response_mode: 'fragment' });
// @ts-expect-error: it needs a page
await createSmall({ ...smallRequired, stateStore: 'memory' });
// @ts-expect-error: in memory alone
await createSmall({ ...smallRequired, tokenStore: 'local' });
// @ts-expect-error: there is nothing to renew with
await createSmall({ ...smallRequired, autoRenew: true });
// @ts-expect-error: a page holds no secret
await createSmall({ ...smallRequired, client_secret: 'secret' });
// @ts-expect-error: no token endpoint is asked
await createSmall({ ...smallRequired, tokenRequestFormat: 'json' });

declare const small: SmallClient;
// @ts-expect-error: there is nothing to renew with
await small.renew();
// @ts-expect-error: nothing is revoked at the server
await small.logout({ revoke: true });
// @ts-expect-error: nothing is waited for
await small.handleRedirect(undefined, { signal: AbortSignal.timeout(1) });

declare const client: Client;
declare const error: OAuthError;

// @ts-expect-error: client_id is the package's own
await client.login({ client_id: 'another' });
// @ts-expect-error: redirect_uri is the package's own
await client.login({ redirect_uri: 'https://evil.example/' });
// @ts-expect-error: response_type is the package's own
await client.login({ response_type: 'code' });
// @ts-expect-error: the scope is one text
await client.login({ scope: ['admin'] });
// @ts-expect-error: state is the package's own
await client.login({ prompt: 'login', state: 'mine' });
// @ts-expect-error: state is the package's own
await client.authorizationUrl({ state: 'mine' });
// @ts-expect-error: a value is a string
await client.login({ max_age: 0 });
// @ts-expect-error: a value is a string
await client.login({ login_hint: null });
// @ts-expect-error: a list has texts
await client.login({ resource: [7] });
// @ts-expect-error: a record, not a query
await client.login('prompt=login');
// @ts-expect-error: a path as a string
await client.login({}, { returnTo: new URL('https://app.example/issues') });
// @ts-expect-error: a misspelled option
await client.login({}, { return_to: '/issues' });
// @ts-expect-error: a URL
await client.handleRedirect(location);
// @ts-expect-error: null is no URL
await client.handleRedirect(null);
// @ts-expect-error: fetch needs a request
await client.fetch();
// @ts-expect-error: there may be no token
client.token().access_token;
// @ts-expect-error: a listener is a function
client.subscribe('login');
// @ts-expect-error: there is no such event
client.subscribe(({ type }) => type === 'refresh');
// @ts-expect-error: a boolean
await client.logout({ revoke: 'access_token' });
// @ts-expect-error: a signal
await client.renew({ signal: 5000 });
// @ts-expect-error: texts
await client.renew({ parameters: { max_age: 60 } });
// @ts-expect-error: the client's own
await client.renew({ parameters: { refresh_token: 'x' } });
// @ts-expect-error: a frame asks without the user
await client.renew({ parameters: { prompt: 'login' } });
// @ts-expect-error: options, not the signal itself
await client.handleRedirect(undefined, AbortSignal.timeout(1));
// @ts-expect-error: what renews a token stays inside
(await client.renew()).refresh_token;

const redirect = await client.handleRedirect();
// @ts-expect-error: it may be no response
redirect.token;
// @ts-expect-error: the application's state has to be looked at before it is used
redirect?.appState.draft;

const token = client.token();
if (token !== null) {
  // @ts-expect-error: a frozen copy
  token.access_token = 'another';
  // @ts-expect-error: the time may be unknown
  token.expires_at - 60;
}

// @ts-expect-error: the client's members stay as they are
client.fetch = fetch;
// @ts-expect-error: a code is stable
error.code = 'login_required';
// @ts-expect-error: there is no such code
new OAuthError('popup_lost', 'A sentence.');
// @ts-expect-error: the server's words are one object
new OAuthError('authorization_error', 'A sentence.', 'access_denied');
// @ts-expect-error: there is no such code
if (error.code === 'popup_lost') throw error;

// @ts-expect-error: who may see it is a decision, not a default
await createFetch({ credential: { type: 'bearer', token: 'x' } });
// @ts-expect-error: a token has no user
await createFetch({ credential: { type: 'bearer', username: 'ada', password: 'x' }, resources: [] });
// @ts-expect-error: a password belongs to a user
await createFetch({ credential: { type: 'basic', password: 'x' }, resources: [] });
// @ts-expect-error: there is no such type
await createFetch({ credential: { type: 'digest', username: 'ada', password: 'x' }, resources: [] });
// @ts-expect-error: a Response, not its header
challenges('Bearer');
// @ts-expect-error: a parameter may not be there
challenges(new Response())[0]?.parameters['realm'].length;
// @ts-expect-error: inert data
challenges(new Response()).length = 0;

const asked = { server: { token_endpoint: 'https://as.example/token' }, client_id: 'script' };
// @ts-expect-error: a grant
await requestToken(asked);
// @ts-expect-error: one of RFC 6749's, or an absolute URI
await requestToken({ ...asked, grant_type: 'saml' });
// @ts-expect-error: a client
await requestToken({ server: asked.server, grant_type: 'client_credentials' });
// @ts-expect-error: a token endpoint
await requestToken({ ...asked, server: { issuer: 'https://as.example' }, grant_type: 'client_credentials' });
// @ts-expect-error: one string, not a list
await requestToken({ ...asked, grant_type: 'client_credentials', scope: ['a'] });
// @ts-expect-error: a list has texts
await requestToken({ ...asked, grant_type: 'client_credentials', parameters: { resource: [7] } });
// @ts-expect-error: there may be none
(await requestToken({ ...asked, grant_type: 'client_credentials' })).refresh_token.length;
// @ts-expect-error: a client of its own has a token endpoint
await createFetch({ credential: { type: 'client_credentials', client_id: 'script' }, resources: [] });
// @ts-expect-error: a grant is its type
await createFetch({ credential: { type: 'client_credentials', ...asked, grant_type: 'password' }, resources: [] });
// @ts-expect-error: an issuer as a string
await discover(new URL('https://as.example'));
// @ts-expect-error: the document, not its issuer
bestResponseType('https://as.example');
// @ts-expect-error: inert data
bestResponseType({}).response_type = 'token';
