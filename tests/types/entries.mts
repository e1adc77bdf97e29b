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
  SessionEvent,
  TokenResponse,
} from 'claviger/implicit';
import { check, type Equal } from './equal.mjs';

// The package's values are these, in both builds; claviger/early has none.
check<Equal<keyof typeof claviger, 'createClient' | 'OAuthError'>>();
check<Equal<typeof implicit, typeof claviger>>();
check<Equal<keyof typeof early, never>>();

// The small build has the same types.
check<Equal<AuthorizationParameters, claviger.AuthorizationParameters>>();
check<Equal<AuthorizationServer, claviger.AuthorizationServer>>();
check<Equal<Client, claviger.Client>>();
check<Equal<ClientOptions, claviger.ClientOptions>>();
check<Equal<LoginOptions, claviger.LoginOptions>>();
check<Equal<OAuthErrorCode, claviger.OAuthErrorCode>>();
check<Equal<Redirect, claviger.Redirect>>();
check<Equal<SessionEvent, claviger.SessionEvent>>();
check<Equal<TokenResponse, claviger.TokenResponse>>();
