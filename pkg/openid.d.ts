/**
 * Who the user is: OpenID Connect Core 1.0 for {@link createClient}, as an add-on that a page without it pays
 * nothing for.
 *
 * @example
 * ```js
 * import { createClient, discover } from 'claviger';
 * import { openid } from 'claviger/openid';
 *
 * const client = await createClient({
 *   server: await discover('https://op.example'),
 *   client_id: 'city-issues',
 *   redirect_uri: 'https://app.example/',
 *   response_type: 'code',
 *   scope: 'openid profile',
 *   openid,
 * });
 * const redirect = await client.handleRedirect();
 * if (client.claims()) greet(client.claims().sub);
 * ```
 *
 * @packageDocumentation
 */
import type {
  AuthorizationParameters,
  AuthorizationServer,
  Client,
  ClientOptions,
  LoginOptions,
  LogoutOptions,
  Redirect,
  TokenResponse,
  WaitOptions,
} from './index.js';

/** The add-on, for {@link OpenIdClientOptions.openid}. */
export const openid: OpenId;

/** What {@link openid} is; it has nothing for a program to call. */
export interface OpenId {
  /** Makes the type a name of its own. */
  readonly load: () => Promise<void>;
}

/**
 * Verifies an ID token that came in another way than by {@link createClient}: from the browser (FedCM), from a
 * native program, or to a server. Every check of OpenID Connect Core 1.0, section 3.1.3.7, is made.
 *
 * @param idToken The ID token as it came.
 * @param options What it has to fit.
 * @returns Its claims, frozen.
 * @throws `TypeError` (as a rejection) for a wrong option; the message names it.
 * @throws {@link OAuthError} `missing_id_token`, `id_token_malformed`, `id_token_unsupported`,
 * `id_token_alg_refused`, `id_token_key_not_found`, `id_token_signature_invalid`, `id_token_issuer_mismatch`,
 * `id_token_audience_mismatch`, `id_token_claim_invalid`, `id_token_expired`, `id_token_not_yet_valid`,
 * `nonce_mismatch`, `at_hash_mismatch`, `c_hash_mismatch`, `s_hash_mismatch`, `auth_too_old`, `acr_mismatch`,
 * `subject_mismatch`, `jwks_unreachable`, `invalid_jwks`, `crypto_unavailable`, `load_failed`. Its class is that
 * of this entry.
 * @throws The reason of the signal, when it aborts.
 */
export function verifyIdToken(idToken: string, options: IdTokenOptions): Promise<IdTokenClaims>;

/** What an ID token has to fit, whoever brings it. */
export interface RelyingPartyOptions {
  /**
   * The algorithm that the client is registered for (OpenID Connect Registration 1.0, section 2): RS, PS or ES
   * with 256, 384 or 512, `Ed25519` or `EdDSA`. Left out, those of the metadata's
   * `id_token_signing_alg_values_supported` are allowed, and without that `RS256`. Never `none`, and never one
   * with a shared secret.
   */
  readonly id_token_signed_response_alg?: string | undefined;

  /**
   * Seconds by which this device's clock may differ from the server's: a whole number, at most 600.
   *
   * @defaultValue `300`
   */
  readonly clockTolerance?: number | undefined;

  /**
   * Audiences that an ID token may have beside the client (OpenID Connect Core 1.0, section 3.1.3.7). One whose
   * `azp` is the client needs none of them.
   */
  readonly trustedAudiences?: readonly string[] | undefined;
}

/** A provider in the terms of its metadata (OpenID Connect Discovery 1.0, section 3). */
export interface OpenIdProvider {
  /** The issuer identifier, byte for byte as ID tokens have it. */
  readonly issuer: string;

  /**
   * Where its keys are (RFC 7517): an `https:` URL, or `http:` on a loopback host, that is open to browsers by
   * CORS. They are asked for beside the request for the token, without cookies, at most 256 KiB and 64 keys in
   * 10 seconds, and used for ten minutes. A key that is not among them is asked for once more, at most once a
   * minute.
   */
  readonly jwks_uri?: string | undefined;

  /** The keys themselves, for a server whose keys no page can read; nothing is asked for then. */
  readonly jwks?: { readonly keys: readonly object[] } | undefined;

  /** The algorithms that it signs ID tokens by. */
  readonly id_token_signing_alg_values_supported?: readonly string[] | undefined;

  /** Where {@link OpenIdClient.userinfo} asks (OpenID Connect Core 1.0, section 5.3). */
  readonly userinfo_endpoint?: string | undefined;

  /** Where {@link OpenIdClient.logout} ends the user's session (RP-Initiated Logout 1.0, section 2.1). */
  readonly end_session_endpoint?: string | undefined;

  /** Other metadata; ignored. */
  readonly [member: string]: unknown;
}

/** What {@link verifyIdToken} needs to know. */
export interface IdTokenOptions extends RelyingPartyOptions, WaitOptions {
  /** The provider. */
  readonly server: OpenIdProvider;

  /** As {@link ClientOptions.client_id}. */
  readonly client_id: string;

  /**
   * What was asked for, which says whether it came in a redirect: there an access token must have its `at_hash`, and
   * a code its `c_hash`.
   */
  readonly response_type: OpenIdResponseType | 'code id_token';

  /** The nonce that was sent; a renewal's may have none. */
  readonly nonce?: string | undefined;

  /** The access token that came with it. */
  readonly access_token?: string | undefined;

  /** The code that came with it. */
  readonly code?: string | undefined;

  /** The state that came with it. */
  readonly state?: string | undefined;

  /** Seconds since the user signed in that were allowed. */
  readonly max_age?: number | undefined;

  /** As {@link OpenIdLoginOptions.requiredAcr}. */
  readonly requiredAcr?: readonly string[] | undefined;

  /** The claims of the ID token that this one renews: it has to be about the same user (section 12.2). */
  readonly previous?: Pick<IdTokenClaims, 'sub'> | undefined;
}

/** With OpenID Connect (OAuth 2.0 Multiple Response Type Encoding Practices, sections 3 and 5). */
export type OpenIdResponseType = 'code' | 'id_token' | 'id_token token' | 'token id_token';

/** What {@link createClient} needs to know for a client that asks who the user is. */
export interface OpenIdClientOptions extends Omit<ClientOptions, 'response_type' | 'scope' | 'server'>, RelyingPartyOptions {
  /** The server: an authorization server that is an OpenID provider. */
  readonly server: AuthorizationServer & OpenIdProvider;

  /** With `openid` among its words, which asks for an ID token. */
  readonly scope: string;

  /** The add-on of this entry. */
  readonly openid: OpenId;

  /**
   * `'code'` is the one to take. `'id_token'` signs in without a token. `'id_token token'`, its words in any order,
   * is for a server that leaves no choice: its `at_hash` stops a swapped token, which `'token'` alone does not.
   */
  readonly response_type: OpenIdResponseType;

  /**
   * `'front-channel'`: an ID token that came from the token endpoint, over TLS, needs no signature (OpenID Connect
   * Core 1.0, section 3.1.3.7), for a server whose keys no page can read. Every other rule holds.
   *
   * @defaultValue `'always'`
   */
  readonly idTokenSignature?: 'always' | 'front-channel' | undefined;

  /**
   * Where the provider sends the user back to from a logout, to the letter as it is registered there
   * (RP-Initiated Logout 1.0, section 3). Left out, the user stays at the provider.
   */
  readonly post_logout_redirect_uri?: string | undefined;
}

/** A client that knows who its user is. */
export interface OpenIdClient extends Omit<Client, 'authorizationUrl' | 'handleRedirect' | 'login' | 'loginPopup' | 'logout'> {
  /** As {@link Client.authorizationUrl}; with a `nonce` of 256 random bits. */
  readonly authorizationUrl: (parameters?: OpenIdParameters, options?: OpenIdLoginOptions) => Promise<URL>;

  /** As {@link Client.login}. */
  readonly login: (parameters?: OpenIdParameters, options?: OpenIdLoginOptions) => Promise<void>;

  /** As {@link Client.loginPopup}; throws what {@link OpenIdClient.handleRedirect} does. */
  readonly loginPopup: (parameters?: OpenIdParameters, options?: OpenIdLoginOptions & WaitOptions) => Promise<OpenIdRedirect>;

  /**
   * As {@link Client.handleRedirect}: the ID token is verified before anything of the response is kept, shown or told.
   *
   * @throws {@link OAuthError} also those of {@link verifyIdToken}.
   */
  readonly handleRedirect: (url?: string | URL, options?: WaitOptions) => Promise<OpenIdRedirect | null>;

  /**
   * Who signed in: the claims of the verified ID token. They are the proof, and {@link OpenIdClient.userinfo} the
   * profile; the two are not merged, and an ID token that has expired still says who signed in.
   *
   * @returns The claims, frozen, the same object until the next event; `null` where nobody is signed in.
   */
  readonly claims: () => IdTokenClaims | null;

  /**
   * The ID token, for a server that takes one. {@link Client.fetch} never sends it.
   *
   * @returns The text as it came; `null` where nobody is signed in.
   */
  readonly idToken: () => string | null;

  /**
   * Asks the UserInfo endpoint with the access token (OpenID Connect Core 1.0, section 5.3). It needs no place in
   * {@link ClientOptions.resources}. Nothing of the answer is kept.
   *
   * @returns What the server says, frozen.
   * @throws {@link OAuthError} `userinfo_unreachable`, `invalid_userinfo`, `subject_mismatch` (the answer is about
   * another user than the ID token), `login_required`, `token_expired`, `session_ended`.
   */
  readonly userinfo: (options?: WaitOptions) => Promise<UserInfo>;

  /**
   * What a page does at its start: the session that is kept, or else its refresh token, or else the server, asked
   * without the user (`prompt=none`).
   *
   * `via: 'frame'` asks in a hidden frame, as {@link Client.renew}. `via: 'redirect'` leaves the page for it, where
   * browsers keep the server's cookies from a frame; the response comes to `redirect_uri` as any other, where a user
   * who is not signed in is `authorization_error` with `login_required`. A tab leaves once until the next login, so
   * that no loop comes of it.
   *
   * @returns The token; `null` where the server wants the user, and for `response_type: 'id_token'`.
   * @throws {@link OAuthError} as {@link Client.renew}, but for what only the user can change.
   */
  readonly resume: (
    options?: OpenIdLoginOptions & WaitOptions & { readonly via?: 'frame' | 'redirect' | undefined },
  ) => Promise<TokenResponse | null>;

  /**
   * As {@link Client.logout}. With `endSession` the page then goes to the provider, which ends the user's session
   * there, too (RP-Initiated Logout 1.0), and comes back to `post_logout_redirect_uri`.
   *
   * @throws {@link OAuthError} also `end_session_unavailable`: the provider has no such endpoint; and
   * `storage_unavailable`, `random_unavailable`, `invalid_return_to`. All is forgotten here nevertheless.
   * @throws `TypeError` for a wrong option; nothing has changed then.
   */
  readonly logout: (options?: OpenIdLogoutOptions) => Promise<void>;

  /**
   * Takes the redirect of a logout out of the URL (RP-Initiated Logout 1.0, section 3). Call it on every load of
   * `post_logout_redirect_uri`. It ends no session, and no login's response is one.
   *
   * @param url The absolute URL that a webview was opened with. Left out: the page's own URL.
   * @returns What the logout was given, once; `null` for every other URL, which stays as it is.
   */
  readonly handleLogout: (url?: string | URL) => Promise<LogoutRedirect | null>;
}

/** As {@link AuthorizationParameters}; `max_age` is also checked, and no `nonce` is the caller's. */
export type OpenIdParameters = AuthorizationParameters & { readonly nonce?: never; readonly required_acr?: never };

/** What a login takes along, and what its ID token has to show. */
export interface OpenIdLoginOptions extends LoginOptions {
  /**
   * Authentication contexts of which one is demanded (OpenID Connect Core 1.0, section 5.5.1.1; RFC 9470). They are
   * sent as `acr_values`, unless the parameters have that or `claims`; another one is `acr_mismatch`.
   */
  readonly requiredAcr?: readonly string[] | undefined;
}

/** How to end a session, here and at the provider. */
export interface OpenIdLogoutOptions extends LogoutOptions, LoginOptions {
  /**
   * Whether the provider is to end the user's session, too.
   *
   * @defaultValue `false`
   */
  readonly endSession?: boolean | undefined;

  /** Further parameters for it, such as `logout_hint` or `ui_locales`. */
  readonly parameters?: Readonly<Record<string, string | undefined>> | undefined;
}

/** What {@link OpenIdClient.handleRedirect} gives. */
export interface OpenIdRedirect extends Omit<Redirect, 'token'> {
  /** The token; none with `response_type: 'id_token'`. */
  readonly token?: TokenResponse;

  /** Who signed in, as {@link OpenIdClient.claims}. */
  readonly claims: IdTokenClaims;
}

/** What a logout was given. */
export type LogoutRedirect = Pick<Redirect, 'appState' | 'returnTo'>;

/** What an ID token says (OpenID Connect Core 1.0, section 2). Those that are not named here are there as they came. */
export interface IdTokenClaims {
  /** Who issued it. */
  readonly iss: string;
  /** Who signed in: unique and never given to somebody else, for this issuer. */
  readonly sub: string;
  /** For whom it is; the client is among them. */
  readonly aud: string | readonly string[];
  /** When it expires, in seconds since 1970. */
  readonly exp: number;
  /** When it was issued. */
  readonly iat: number;
  /** When the user signed in. */
  readonly auth_time?: number;
  /** The authentication context. */
  readonly acr?: string;
  readonly [claim: string]: unknown;
}

/** What the UserInfo endpoint says (OpenID Connect Core 1.0, section 5.3.2). */
export interface UserInfo {
  /** The user, as {@link IdTokenClaims.sub}. */
  readonly sub: string;
  readonly [claim: string]: unknown;
}
