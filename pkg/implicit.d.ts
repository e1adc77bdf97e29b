/**
 * The small build: the implicit grant, and tokens in the `Authorization` header (RFC 6750, section 2.1).
 *
 * It has the same client as `claviger`, and less:
 * - `response_type` is `'token'`, and nothing is renewed, kept over a reload or revoked;
 * - there are no popups and no hidden frames;
 * - `resources` are strings, and the token goes in no other header, nor in the query or the body;
 * - a 401 changes nothing, and there is no `revoke` event, no `challenges` and no `createFetch`;
 * - `expire` comes from a timer alone, so that it can be late after a sleep; a token that has expired is
 *   never sent;
 * - `logout` forgets the token of this page, and other tabs keep theirs.
 *
 * The two are separate modules: their classes and their sessions are not shared.
 *
 * @packageDocumentation
 */

import type { Client as FullClient, ClientOptions as Options, Redirect } from './index.js';

export { OAuthError } from './index.js';
export type {
  AuthorizationParameters,
  AuthorizationServer,
  LoginOptions,
  OAuthErrorCode,
  Redirect,
  ServerWords,
  TokenResponse,
} from './index.js';

/** What {@link Client.subscribe} tells. */
export interface SessionEvent {
  /** As for `claviger`. */
  readonly type: 'login' | 'expire' | 'logout';
}

/** What {@link createClient} needs to know: as for `claviger`, with strings alone as resources. */
export interface ClientOptions
  extends Pick<
    Options,
    'server' | 'client_id' | 'redirect_uri' | 'scope' | 'stateLifetime' | 'hashRouter' | 'assumeTokenType'
  > {
  /** The implicit grant (RFC 6749, section 4.2). */
  readonly response_type: 'token';

  /** The URLs that may be sent the token, as for `claviger`. */
  readonly resources?: readonly string[] | undefined;

  /** As for `claviger`, in one of the page's two storages. */
  readonly stateStore?: 'session' | 'local' | undefined;
}

/** As the client of `claviger`, for a session that lives in the page's memory. */
export interface Client
  extends Pick<FullClient, 'authorizationUrl' | 'login' | 'fetch' | 'token'> {
  /** As for `claviger`, of fewer events. */
  readonly subscribe: (listener: (event: SessionEvent) => void) => () => void;

  /** As for `claviger`; nothing is waited for. */
  readonly handleRedirect: (url?: string | URL) => Promise<Redirect | null>;

  /** Forgets the token of this page. The server is told nothing. */
  readonly logout: () => Promise<void>;
}

/** Makes a client, as `createClient` of `claviger` does. */
export function createClient(options: ClientOptions): Promise<Client>;
