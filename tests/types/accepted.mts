// What the declarations must accept, and what they must say about the results.
import {
  bestResponseType,
  challenges,
  createClient,
  createFetch,
  discover,
  OAuthError,
  requestToken,
} from 'claviger';
import type {
  AuthorizationParameters,
  AuthorizationServer,
  Challenge,
  Client,
  ClientAuthentication,
  ClientCredential,
  ClientOptions,
  Credential,
  FetchOptions,
  LoginOptions,
  LogoutOptions,
  OAuthErrorCode,
  Redirect,
  RenewalOptions,
  Resource,
  ResponseTypeChoice,
  SessionEvent,
  TokenEndpointOptions,
  TokenRequestOptions,
  TokenResponse,
  TokenSet,
  TokenStore,
  WaitOptions,
} from 'claviger';
import { openid, type OpenIdProvider } from 'claviger/openid';
import { check, type Equal } from './equal.mjs';

const server = { authorization_endpoint: 'https://as.example/oauth/authorize' };
const required: ClientOptions = {
  server,
  client_id: 'city-issues',
  redirect_uri: 'https://app.example/',
  response_type: 'token',
};

// The options: the required ones alone, every one, and optional ones that are undefined.
const client = await createClient(required);
check<Equal<typeof client, Client>>();
await createClient({
  ...required,
  scope: 'profile issues',
  resources: ['https://api.example/v2', 'http://127.0.0.1:4181/api'],
  response_type: 'code',
  response_mode: 'fragment',
  stateStore: 'local',
  tokenStore: 'session',
  autoRenew: true,
  stateLifetime: 600,
  hashRouter: true,
  assumeTokenType: 'Bearer',
  client_secret: 'secret',
  allowSecretInBrowser: true,
  token_endpoint_auth_method: 'client_secret_post',
  encodeBasicCredentials: false,
  tokenRequestFormat: 'query',
  tokenParameters: { audience: ['https://a.example', 'https://b.example'], other: 'x', left_out: undefined },
});
await createClient({
  ...required,
  response_mode: undefined,
  scope: undefined,
  resources: undefined,
  stateStore: undefined,
  tokenStore: undefined,
  autoRenew: undefined,
  renewAt: undefined,
  expiryMargin: undefined,
  stateLifetime: undefined,
  hashRouter: undefined,
  assumeTokenType: undefined,
  client_secret: undefined,
  allowSecretInBrowser: undefined,
  token_endpoint_auth_method: undefined,
  encodeBasicCredentials: undefined,
  tokenRequestFormat: undefined,
  tokenParameters: undefined,
});
check<Equal<ClientOptions['response_type'], 'code' | 'token'>>();
check<Equal<ClientOptions['response_mode'], 'query' | 'fragment' | undefined>>();
check<Equal<ClientOptions['stateStore'], 'session' | 'local' | 'memory' | undefined>>();
check<Equal<ClientOptions['tokenStore'], 'session' | 'local' | 'memory' | TokenStore | undefined>>();
const kept = new Map<string, string>();
await createClient({
  ...required,
  tokenStore: {
    get: (name) => kept.get(name),
    set: async (name, text) => kept.set(name, text),
    remove: (name) => kept.delete(name),
  },
});
await createClient({ ...required, resources: ['https://api.example'] as const });
await createClient(Object.freeze({ ...required, resources: Object.freeze(['https://api.example']) }));
await createClient({
  ...required,
  resources: [
    'https://api.example/v1',
    { url: 'https://api.example/v2' },
    { url: 'https://api.example/v3', via: 'header', header: 'Authentication' },
    { url: 'https://api.example/v4', via: 'query' },
    { url: 'https://api.example/v5', via: 'body', header: undefined },
    { url: 'https://api.example/v6', via: undefined },
    { url: 'https://api.example/v7', scheme: 'OAuth' },
    { url: 'https://api.example/v8', header: 'X-Access-Token', scheme: null },
    { url: 'https://api.example/v9', scheme: undefined },
  ],
});
check<Equal<keyof Resource, 'url' | 'via' | 'header' | 'scheme'>>();
check<
  Equal<
    keyof ClientOptions,
    | 'server'
    | 'client_id'
    | 'redirect_uri'
    | 'response_type'
    | 'response_mode'
    | 'scope'
    | 'resources'
    | 'stateStore'
    | 'tokenStore'
    | 'autoRenew'
    | 'renewAt'
    | 'expiryMargin'
    | 'stateLifetime'
    | 'hashRouter'
    | 'assumeTokenType'
    | 'tokenParameters'
    | keyof ClientAuthentication
  >
>();
check<
  Equal<
    ClientAuthentication,
    {
      readonly client_secret?: string | undefined;
      readonly allowSecretInBrowser?: boolean | undefined;
      readonly token_endpoint_auth_method?: 'none' | 'client_secret_basic' | 'client_secret_post' | undefined;
      readonly encodeBasicCredentials?: boolean | undefined;
      readonly tokenRequestFormat?: 'form' | 'json' | 'query' | undefined;
    }
  >
>();

// A metadata document of RFC 8414 fits as it is, parsed or written out.
await createClient({ ...required, server: JSON.parse('{}') });
const metadata: AuthorizationServer = {
  issuer: 'https://as.example',
  authorization_endpoint: 'https://as.example/oauth/authorize',
  token_endpoint: 'https://as.example/oauth/token',
  revocation_endpoint: 'https://as.example/oauth/revoke',
  response_types_supported: ['code', 'token'],
  authorization_response_iss_parameter_supported: true,
  mtls_endpoint_aliases: { token_endpoint: 'https://mtls.as.example/oauth/token' },
};
await createClient({ ...required, server: metadata });
check<Equal<typeof metadata.issuer, string | undefined>>();
check<Equal<AuthorizationServer['token_endpoint'], string | null | false | undefined>>();
check<Equal<AuthorizationServer['revocation_endpoint'], string | null | false | undefined>>();
await createClient({ ...required, server: { ...server, token_endpoint: null, revocation_endpoint: false } });
check<Equal<AuthorizationServer['jwks_uri'], unknown>>();

// The client: exactly these members, none of which needs a `this`.
check<
  Equal<
    keyof Client,
    | 'authorizationUrl'
    | 'login'
    | 'loginPopup'
    | 'state'
    | 'ready'
    | 'handleRedirect'
    | 'fetch'
    | 'token'
    | 'subscribe'
    | 'renew'
    | 'logout'
  >
>();
const { authorizationUrl, login, handleRedirect, fetch: clientFetch, token, subscribe, renew, logout } = client;

// A login.
check<Equal<ReturnType<Client['authorizationUrl']>, Promise<URL>>>();
check<Equal<ReturnType<Client['login']>, Promise<void>>>();
check<Equal<Parameters<Client['login']>, Parameters<Client['authorizationUrl']>>>();
await authorizationUrl();
await authorizationUrl({});
await authorizationUrl({ prompt: 'login', login_hint: 'ada@example.com' });
await authorizationUrl(undefined, { returnTo: '/issues?page=2' });
await login({ audience: 'https://api.example' }, { appState: { draft: 7 }, returnTo: '/' });
await login({}, { appState: null, returnTo: undefined });
const hint: string | undefined = new URL(location.href).searchParams.get('hint') ?? undefined;
await login({ prompt: 'login', login_hint: hint });
await login({ scope: 'admin', resource: ['https://a.example', 'https://b.example'] as const });
const parameters: Record<string, string> = Object.fromEntries(new URLSearchParams('prompt=login'));
const further: AuthorizationParameters = { ...parameters };
await login(further);
const loginOptions: LoginOptions = { appState: 1n };
check<Equal<typeof loginOptions.appState, unknown>>();

// A response.
check<Equal<Parameters<Client['handleRedirect']>[0], string | URL | undefined>>();
check<Equal<ReturnType<Client['handleRedirect']>, Promise<Redirect | null>>>();
const redirect = await handleRedirect();
await handleRedirect('com.example.app:/cb#access_token=AT');
await handleRedirect(new URL('https://app.example/'));
await handleRedirect(undefined, { signal: AbortSignal.timeout(5000) });
check<Equal<Parameters<Client['handleRedirect']>[1], WaitOptions | undefined>>();
if (redirect !== null) {
  check<Equal<typeof redirect.token, TokenResponse>>();
  check<Equal<typeof redirect.returnTo, string | undefined>>();
  check<Equal<typeof redirect.appState, unknown>>();
}
check<Equal<keyof Redirect, 'token' | 'appState' | 'returnTo'>>();

// Sending the token.
const asFetch: typeof fetch = clientFetch;
await asFetch('/api/v2/profile');
await clientFetch(new URL('https://api.example/v2/profile'));
await clientFetch(new Request('https://api.example/v2/issues'), { signal: AbortSignal.timeout(5000) });
check<Equal<ReturnType<Client['fetch']>, Promise<Response>>>();

// The token.
const current = token();
check<Equal<typeof current, TokenResponse | null>>();
check<
  Equal<
    TokenResponse,
    {
      readonly access_token: string;
      readonly token_type: 'Bearer';
      readonly expires_at?: number;
      readonly scope?: string;
      readonly further?: Readonly<Record<string, unknown>>;
    }
  >
>();

// A window of its own takes what a login takes, and a signal.
const inWindow = await client.loginPopup({ prompt: 'login' }, { returnTo: '/', signal: AbortSignal.timeout(1) });
check<Equal<typeof inWindow, Redirect>>();

// A renewal gives what the token is then; a request by hand what renews it, too.
check<Equal<ReturnType<Client['renew']>, Promise<TokenResponse>>>();
await renew();
await renew({ signal: null });
await renew({ parameters: { resource: ['https://a.example', 'https://b.example'], acr_values: '2', left_out: undefined }, signal: null });
const ofOneRenewal: RenewalOptions['parameters'] = undefined;
await renew({ parameters: ofOneRenewal });
check<Equal<WaitOptions, { readonly signal?: AbortSignal | null | undefined }>>();
check<Equal<keyof TokenSet, keyof TokenResponse | 'refresh_token'>>();
check<Equal<TokenSet['refresh_token'], string | undefined>>();

// What a page can show of the session.
check<Equal<ReturnType<Client['state']>, 'signed-out' | 'signed-in' | 'renewing' | 'renewable'>>();
check<Equal<Client['ready'], Promise<void>>>();

// The session's events.
check<Equal<keyof SessionEvent, 'type' | 'cause' | 'error'>>();
check<Equal<SessionEvent['error'], OAuthError | undefined>>();
const unsubscribe = subscribe(({ type, cause }) => {
  switch (cause) {
    case 'redirect':
    case 'popup':
    case 'frame':
    case 'refresh':
    case 'tab':
    case 'time':
    case 'resource':
    case 'server':
    case 'caller':
    case 'store':
      break;
    default:
      check<Equal<typeof cause, never>>();
  }
  switch (type) {
    case 'login':
    case 'renew':
    case 'renewal-failed':
    case 'expire':
    case 'revoke':
    case 'logout':
    case 'unkept':
      break;
    default:
      check<Equal<typeof type, never>>();
  }
});
check<Equal<typeof unsubscribe, () => void>>();
subscribe(() => undefined);
check<Equal<ReturnType<Client['logout']>, Promise<void>>>();
await logout();
await logout({ revoke: true });
await logout({});
check<Equal<LogoutOptions, { readonly revoke?: boolean | undefined }>>();

// Errors are errors, with a code to decide by.
try {
  await handleRedirect();
} catch (error) {
  if (error instanceof OAuthError) {
    const plain: Error = error;
    check<Equal<typeof error.name, 'OAuthError'>>();
    check<Equal<typeof error.code, OAuthErrorCode>>();
    check<Equal<typeof error.error, string | undefined>>();
    check<Equal<typeof error.error_description, string | undefined>>();
    check<Equal<typeof error.error_uri, string | undefined>>();
    if (error.code === 'authorization_error' && error.error === 'access_denied') throw plain;
  }
}

// An application's tests make them, and hand the class to assertions.
export const denied: Error = new OAuthError('authorization_error', 'A sentence.', { error: 'access_denied' });
export const kind: new (...values: any[]) => Error = OAuthError;

// A fetch with a credential that needs no login.
const credential: Credential = { type: 'basic', username: 'ada@example.com', password: '' };
const options: FetchOptions = { credential, resources: [{ url: 'https://api.example', via: 'header' }] };
const withPassword: typeof fetch = await createFetch(options);
await withPassword('https://api.example/', { method: 'POST', body: new URLSearchParams() });
await createFetch({ credential: { type: 'bearer', token: 'a/b-c' }, resources: ['https://api.example'] as const });

// A token by hand, and a fetch with a token of the client's own.
const asked: TokenEndpointOptions = {
  server: { token_endpoint: 'https://as.example/oauth/v2/token' },
  client_id: 'script',
  client_secret: 'secret',
  tokenRequestFormat: 'json',
};
const set = await requestToken({ ...asked, grant_type: 'client_credentials' });
check<Equal<typeof set, TokenSet>>();
await requestToken({ ...asked, server: metadata as AuthorizationServer & { token_endpoint: string }, grant_type: 'client_credentials', scope: 'a b', signal: AbortSignal.timeout(1) });
await requestToken({ ...asked, grant_type: 'refresh_token', parameters: { refresh_token: set.refresh_token } });
await requestToken({ ...asked, grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', parameters: { assertion: 'a.b.c' }, assumeTokenType: 'Bearer' });
check<Equal<keyof TokenRequestOptions, keyof TokenEndpointOptions | 'grant_type' | 'scope' | 'parameters' | 'signal'>>();
check<Equal<keyof TokenEndpointOptions, keyof ClientAuthentication | 'server' | 'client_id' | 'assumeTokenType'>>();
const own: ClientCredential = { type: 'client_credentials', ...asked, scope: undefined };
const asClient: typeof fetch = await createFetch({ credential: own, resources: ['https://api.example'] });
await asClient('https://api.example/');
check<Equal<Credential['type'], 'bearer' | 'basic' | 'client_credentials'>>();

// The metadata of a server is a server, and says what to choose.
const found = await discover('https://as.example', { signal: AbortSignal.timeout(5000) });
check<Equal<typeof found, AuthorizationServer & OpenIdProvider>>();
const choice = bestResponseType(found);
check<Equal<typeof choice, ResponseTypeChoice>>();
check<Equal<ResponseTypeChoice, { readonly response_type: 'code' | 'token'; readonly reason: string }>>();
await createClient({ ...required, server: found, response_type: choice.response_type });
await createClient({ ...required, server: found, response_type: 'code', scope: 'openid', openid, post_logout_redirect_uri: 'https://app.example/bye' });
bestResponseType(JSON.parse('{}'));

// Challenges are data that nobody changes.
const challenged = challenges(new Response());
check<Equal<typeof challenged, readonly Challenge[]>>();
for (const { scheme, token68, parameters } of challenged) {
  check<Equal<typeof scheme, string>>();
  check<Equal<typeof token68, string | undefined>>();
  check<Equal<(typeof parameters)['realm'], string | undefined>>();
}
