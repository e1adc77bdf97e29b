// The other entries of the package.
import 'claviger/early';
import * as early from 'claviger/early';
import * as claviger from 'claviger';
import * as implicit from 'claviger/implicit';
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

// The package's values are these; claviger/early has none.
check<Equal<keyof typeof claviger, 'challenges' | 'createClient' | 'createFetch' | 'OAuthError'>>();
check<Equal<keyof typeof implicit, 'createClient' | 'OAuthError'>>();
check<Equal<typeof implicit.OAuthError, typeof claviger.OAuthError>>();
check<Equal<keyof typeof early, never>>();

// The small build has the same types, but for its resources, which are strings.
check<Equal<AuthorizationParameters, claviger.AuthorizationParameters>>();
check<Equal<AuthorizationServer, claviger.AuthorizationServer>>();
check<Equal<Client, claviger.Client>>();
check<Equal<keyof ClientOptions, keyof claviger.ClientOptions>>();
check<Equal<ClientOptions['resources'], readonly string[] | undefined>>();
check<Equal<LoginOptions, claviger.LoginOptions>>();
check<Equal<OAuthErrorCode, claviger.OAuthErrorCode>>();
check<Equal<Redirect, claviger.Redirect>>();
check<Equal<ServerWords, claviger.ServerWords>>();
check<Equal<SessionEvent, claviger.SessionEvent>>();
check<Equal<TokenResponse, claviger.TokenResponse>>();
