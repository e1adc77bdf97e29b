/**
 * The small build: the implicit grant, and tokens in the `Authorization` header (RFC 6750, section 2.1).
 *
 * It has the same client as `claviger`, and less:
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

import type { Client, ClientOptions as Options } from './index.js';

export { OAuthError } from './index.js';
export type {
  AuthorizationParameters,
  AuthorizationServer,
  Client,
  LoginOptions,
  OAuthErrorCode,
  Redirect,
  ServerWords,
  SessionEvent,
  TokenResponse,
} from './index.js';

/** What {@link createClient} needs to know: as for `claviger`, with strings alone as resources. */
export interface ClientOptions extends Omit<Options, 'resources'> {
  /** The URLs that may be sent the token, as for `claviger`. */
  readonly resources?: readonly string[] | undefined;
}

/** Makes a client, as `createClient` of `claviger` does. */
export function createClient(options: ClientOptions): Promise<Client>;
