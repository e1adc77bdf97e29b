/**
 * The small build: the implicit grant and nothing else. In this release it has the same members as
 * `claviger`. The two are separate modules: their classes and their sessions are not shared.
 *
 * @packageDocumentation
 */

export { createClient, OAuthError } from './index.js';
export type {
  AuthorizationParameters,
  AuthorizationServer,
  Client,
  ClientOptions,
  LoginOptions,
  OAuthErrorCode,
  Redirect,
  SessionEvent,
  TokenResponse,
} from './index.js';
