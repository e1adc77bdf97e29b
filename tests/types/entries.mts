// The other entries of the package.
import 'claviger/early';
import 'claviger/callback';
import * as callback from 'claviger/callback';
import * as early from 'claviger/early';
import * as claviger from 'claviger';
import * as implicit from 'claviger/implicit';
import * as openid from 'claviger/openid';
import * as testing from 'claviger/testing';
import * as wasm from 'claviger/wasm';
import type {
  AuthorizationParameters,
  AuthorizationServer,
  Client,
  ClientOptions,
  LoginOptions,
  OAuthErrorCode,
  Redirect,
  ServerWords,
  SessionEvent,
  TokenResponse,
} from 'claviger/implicit';
import { check, type Equal } from './equal.mjs';

// The package's values are these; claviger/early and claviger/callback have none.
check<
  Equal<
    keyof typeof claviger,
    'bestResponseType' | 'challenges' | 'createClient' | 'createFetch' | 'discover' | 'OAuthError' | 'requestToken'
  >
>();
check<Equal<keyof typeof implicit, 'createClient' | 'OAuthError'>>();
check<Equal<typeof implicit.OAuthError, typeof claviger.OAuthError>>();
// The streamed form has the same, and load.
check<Equal<Exclude<keyof typeof wasm, 'load'>, keyof typeof claviger>>();
check<Equal<typeof wasm.createClient, typeof claviger.createClient>>();
check<Equal<ReturnType<typeof wasm.load>, Promise<void>>>();
check<Equal<Parameters<typeof wasm.load>[0], string | URL | Response | PromiseLike<Response> | WebAssembly.Module | undefined>>();
check<Equal<keyof typeof early, never>>();
check<Equal<keyof typeof callback, never>>();

check<Equal<keyof typeof openid, 'openid' | 'verifyIdToken'>>();
// A client that knows its user has all of a client's, and more.
check<
  Equal<
    keyof openid.OpenIdClient,
    keyof claviger.Client | 'claims' | 'idToken' | 'userinfo' | 'resume' | 'handleLogout'
  >
>();
check<Equal<openid.OpenIdClientOptions['scope'], string>>();

// The small build has the same types, but for its client, which renews, keeps and revokes nothing.
check<Equal<AuthorizationParameters, claviger.AuthorizationParameters>>();
check<Equal<AuthorizationServer, claviger.AuthorizationServer>>();
check<Equal<keyof Client, Exclude<keyof claviger.Client, 'renew' | 'loginPopup' | 'state' | 'ready'>>>();
check<Equal<Parameters<Client['handleRedirect']>['length'], 0 | 1>>();
check<Equal<Parameters<Client['logout']>['length'], 0>>();
check<
  Equal<
    keyof ClientOptions,
    Exclude<
      keyof claviger.ClientOptions,
      keyof claviger.ClientAuthentication | 'response_mode' | 'tokenParameters' | 'tokenStore' | 'autoRenew' | 'renewAt' | 'expiryMargin'
    >
  >
>();
check<Equal<ClientOptions['response_type'], 'token'>>();
check<Equal<ClientOptions['stateStore'], 'session' | 'local' | undefined>>();
check<Equal<ClientOptions['resources'], readonly string[] | undefined>>();
check<Equal<LoginOptions, claviger.LoginOptions>>();
check<Equal<OAuthErrorCode, claviger.OAuthErrorCode>>();
check<Equal<Redirect, claviger.Redirect>>();
check<Equal<ServerWords, claviger.ServerWords>>();
check<Equal<SessionEvent, { readonly type: 'login' | 'expire' | 'logout' }>>();
check<Equal<TokenResponse, claviger.TokenResponse>>();

// What a test's server says of itself is what a client and a relying party take.
check<Equal<keyof typeof testing, 'fakeServer'>>();
const fake = await testing.fakeServer({ lifetime: 60 });
const registration = { client_id: 'app', redirect_uri: 'https://app.example/cb', response_type: 'code', resources: [fake.resource] } as const;
const tested = await claviger.createClient({ ...registration, server: fake.server });
await claviger.createClient({ ...registration, server: fake.server, scope: 'openid', openid: openid.openid });
await tested.handleRedirect(await fake.signIn(await tested.authorizationUrl(), { sub: 'grace' }));
globalThis.fetch = fake.fetch;
