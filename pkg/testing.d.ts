/**
 * An authorization server and an API for the tests of your application, without any network. The client is the real one:
 * what it refuses at a real server it refuses here.
 *
 * ```js
 * import { createClient } from 'claviger';
 * import { fakeServer } from 'claviger/testing';
 *
 * const fake = await fakeServer();
 * const uninstall = fake.install();
 * const client = await createClient({
 *   server: fake.server, client_id: 'app', redirect_uri: 'https://app.example/cb',
 *   response_type: 'code', resources: [fake.resource], stateStore: 'memory',
 * });
 * await client.handleRedirect(await fake.signIn(await client.authorizationUrl()));
 * ```
 *
 * It needs `crypto.subtle`, `Request` and `Response`, as Node and browsers have them. It is no server for anything else:
 * it signs everybody in.
 *
 * @module
 */
import type { AuthorizationServer } from './index.js';

/** @returns A server of its own, with no user's session but the one that `signIn` begins. */
export function fakeServer(options?: FakeServerOptions): Promise<FakeServer>;

export interface FakeServerOptions {
  /** Where the server is; its issuer, too. Nothing is asked there. @defaultValue `'https://as.example'` */
  readonly origin?: string | undefined;
  /** Where the API is: every URL that begins with it. @defaultValue `'https://api.example'` */
  readonly resource?: string | undefined;
  /** How long an access token and an ID token live, in seconds. @defaultValue `3600` */
  readonly lifetime?: number | undefined;
  /** Who signs in, as claims of an ID token. @defaultValue `{ sub: 'ada', name: 'Ada Lovelace' }` */
  readonly user?: FakeUser | undefined;
}

/** Claims of an ID token (OpenID Connect Core 1.0, section 5.1). */
export interface FakeUser {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** What {@link FakeServer.server} has: every endpoint that a client can use. */
export interface FakeMetadata extends AuthorizationServer {
  readonly issuer: string;
  readonly token_endpoint: string;
  readonly revocation_endpoint: string;
  readonly jwks_uri: string;
  readonly userinfo_endpoint: string;
  readonly end_session_endpoint: string;
}

export interface FakeServer {
  /** For the client's option `server`; `discover` finds the same. */
  readonly server: FakeMetadata;
  /** For the client's option `resources`. */
  readonly resource: string;
  /** Every request that came, in their order, as a copy that can be read. */
  readonly requests: readonly Request[];

  /**
   * Answers for the server and the API, and hands every other request to the `fetch` that was there before.
   *
   * @throws `TypeError` while it is {@link FakeServer.offline}, as `fetch` without a network.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Puts {@link FakeServer.fetch} in the place of `globalThis.fetch`. @returns What puts the old one back. */
  readonly install: () => () => void;
  /**
   * For Playwright: `await context.route(/^https:\/\/(as|api)\.example\//, fake.route)`. A user who comes to the
   * authorization endpoint is signed in and sent back at once.
   */
  readonly route: (route: FakeRoute) => Promise<void>;

  /**
   * What the user does at the URL of a login: signs in, as `user` or as another one, and allows it.
   *
   * @returns The URL of the redirect, for `handleRedirect`.
   */
  readonly signIn: (url: string | URL, user?: FakeUser) => Promise<URL>;
  /**
   * The user, or the server, refuses.
   *
   * @param error - As RFC 6749, section 4.1.2.1, has them. `'access_denied'` unless given.
   * @returns The URL of the redirect, whose `handleRedirect` throws `authorization_error`.
   */
  readonly deny: (url: string | URL, error?: string) => Promise<URL>;
  /** The user's session at the server ends: a hidden frame gets `login_required`. */
  readonly signOut: () => void;
  /** The API calls every access token invalid that was given until now; refresh tokens stay. */
  readonly expire: () => void;
  /** Nothing that was given until now is good any more: a renewal is `invalid_grant`. */
  readonly revoke: () => void;
  /** From now on there is no network, or, with `false`, there is one again. */
  readonly offline: (isOffline?: boolean) => void;
  /** ID tokens are signed with a new key from now on, and the old one is gone. */
  readonly rotateKeys: () => Promise<void>;
  /** What the API answers to a request with a good token; without it `{ "ok": true }`. */
  readonly answer: (run: (request: Request) => Response | Promise<Response>) => void;
}

/** What {@link FakeServer.route} needs of Playwright's `Route`. */
export interface FakeRoute {
  request(): { url(): string; method(): string; postData(): string | null; allHeaders(): Promise<Record<string, string>> };
  fulfill(response: { status: number; headers: Record<string, string>; body: string }): Promise<void>;
  abort(errorCode?: string): Promise<void>;
  fallback(): Promise<void>;
}
