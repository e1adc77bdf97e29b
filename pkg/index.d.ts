/**
 * OAuth 2.0 for programs that run in a browser or a webview: the authorization code grant with PKCE
 * (RFC 6749, section 4.1; RFC 7636), the implicit grant (RFC 6749, section 4.2), refresh and
 * revocation, bearer tokens by RFC 6750, and credentials that need no login.
 *
 * Importing the package touches nothing of the page, so a server-side renderer can import it too.
 *
 * Three kinds of failure never mix:
 * - what goes wrong with a login, a response or a token is an {@link OAuthError} with a stable `code`;
 * - a wrong argument is a `TypeError` that names the option;
 * - aborts and network failures of a request are what the browser's `fetch` made of them.
 *
 * @example
 * ```js
 * import { createClient } from 'claviger';
 *
 * const client = await createClient({
 *   server: { authorization_endpoint: 'https://as.example/oauth/authorize' },
 *   client_id: 'city-issues',
 *   redirect_uri: 'https://app.example/',
 *   response_type: 'token',
 *   resources: ['https://api.example/v2'],
 * });
 * document.querySelector('#sign-in').onclick = () => client.login();
 * if (await client.handleRedirect()) {
 *   const response = await client.fetch('https://api.example/v2/profile');
 * }
 * ```
 *
 * @packageDocumentation
 */
import type { OpenIdClient, OpenIdClientOptions, OpenIdProvider } from './openid.js';

/**
 * Makes a client for one registration at one authorization server. It starts no login and sends nothing.
 *
 * Several clients on one page do not disturb each other. A `scope` with `openid` needs the add-on of
 * `claviger/openid`, and gives a client that knows who its user is.
 *
 * @param options The client's registration and its settings; checked here, once.
 * @returns A promise of the client; the first call compiles the WebAssembly module, which is inlined
 * in the script.
 * @throws `TypeError` (as a rejection) for a wrong option; the message names it.
 * @throws {@link OAuthError} `load_failed`: the WebAssembly module could not be compiled.
 */
export function createClient(options: OpenIdClientOptions): Promise<OpenIdClient>;
export function createClient(options: ClientOptions): Promise<Client>;

/**
 * Makes a `fetch` with a credential that needs no login: a personal access token, a user name and
 * password, or the client's own token. The same resources, and the same rules, as for
 * {@link Client.fetch}.
 *
 * Such a credential is as good as its owner's password: use it where its owner is the one who runs the
 * program, and never put one into a page that others load.
 *
 * @param options The credential, and who may see it; checked here, once.
 * @returns A promise of a function that can stand wherever `typeof fetch` is asked for. It throws
 * `resource_not_allowed`, `insecure_resource` or `unsupported_body` as {@link OAuthError}, before
 * anything is sent, and what `fetch` throws. A 401 is a `Response`, and changes nothing.
 * @throws `TypeError` (as a rejection) for a wrong option; the message names it.
 * @throws {@link OAuthError} `load_failed`: the WebAssembly module could not be compiled.
 *
 * @example
 * ```js
 * const fetch = await createFetch({
 *   credential: { type: 'bearer', token: personalAccessToken },
 *   resources: ['https://api.example/v2'],
 * });
 * const response = await fetch('https://api.example/v2/profile');
 * ```
 */
export function createFetch(options: FetchOptions): Promise<typeof fetch>;

/**
 * Asks the token endpoint for a token without a login: with the client's own credentials (RFC 6749,
 * section 4.4), a refresh token (section 6), or a grant of an extension (section 4.5). For programs
 * that run where their user is trusted, such as a script in Node; a page has {@link Client}.
 *
 * The request follows no redirect, carries no cookies, and is given up after 30 seconds.
 *
 * @param options The server, the client and the grant.
 * @returns The token, frozen. Nothing is kept.
 * @throws `TypeError` (as a rejection) for a wrong option; the message names it.
 * @throws {@link OAuthError} `token_error`, `invalid_token_response`, `missing_token_type`,
 * `unsupported_token_type`, `token_endpoint_unreachable`, `load_failed`.
 *
 * @example
 * ```js
 * const { access_token } = await requestToken({
 *   server: { token_endpoint: 'https://as.example/oauth/v2/token' },
 *   client_id,
 *   client_secret,
 *   tokenRequestFormat: 'json',
 *   grant_type: 'client_credentials',
 * });
 * ```
 */
export function requestToken(options: TokenRequestOptions): Promise<TokenSet>;

/**
 * Reads a server's metadata (RFC 8414; OpenID Connect Discovery 1.0) and checks that it is the
 * issuer's. The document fits {@link ClientOptions.server} as it is.
 *
 * Asked are, in this order, `/.well-known/oauth-authorization-server` before the issuer's path
 * (RFC 8414, section 3.1) and `/.well-known/openid-configuration` behind it. A document that was found
 * is remembered for the life of the page.
 *
 * @param issuer The issuer identifier, exactly as the server writes it: `https:`, or `http:` on a
 * loopback host, without query and fragment.
 * @returns The document: at most 1 MiB of JSON, whose `issuer` is the one that was asked for; an OpenID
 * provider's fits {@link OpenIdClientOptions.server}, too.
 * @throws `TypeError` (as a rejection) when `issuer` is no such URL.
 * @throws {@link OAuthError} `invalid_metadata`, `issuer_mismatch`, `metadata_unreachable`, `load_failed`.
 * @throws The reason of the signal, when it aborts.
 *
 * @example
 * ```js
 * const server = await discover('https://as.example');
 * const { response_type, reason } = bestResponseType(server);
 * ```
 */
export function discover(issuer: string, options?: WaitOptions): Promise<AuthorizationServer & OpenIdProvider>;

/**
 * Says which response type a page should use with a server, by the server's metadata: `code`, with
 * PKCE, where nothing in it rules that out (RFC 9700, sections 2.1.1 and 2.1.2), else `token`.
 *
 * No metadata says whether the token endpoint lets a browser in (CORS). Real servers leave out that
 * they let public clients in (`none` in `token_endpoint_auth_methods_supported`), so that does not count.
 *
 * @param server A metadata document, of {@link discover} or your own.
 * @returns The response type, and in a sentence what in the metadata decides; frozen.
 * @throws `TypeError` when `server` is no object.
 * @throws {@link OAuthError} `load_failed`: the WebAssembly module could not be compiled.
 */
export function bestResponseType(server: Readonly<Record<string, unknown>>): ResponseTypeChoice;

/** What {@link bestResponseType} says. */
export interface ResponseTypeChoice {
  /** For {@link ClientOptions.response_type}. */
  readonly response_type: 'code' | 'token';

  /** One sentence for the developer. */
  readonly reason: string;
}

/**
 * What a server asks for in the `WWW-Authenticate` header of a response (RFC 9110, section 11.6.1;
 * RFC 6750, section 3), as data. It comes from outside: show it as text, never as HTML.
 *
 * A server on another origin must expose the header by CORS
 * (`Access-Control-Expose-Headers: WWW-Authenticate`), or there is nothing to read. The body is not read.
 *
 * @param response Any response.
 * @returns The challenges in the order of the header, frozen; none where there is no header. What breaks
 * the grammar is left out up to the next comma, and the rest is read. Parameters between which a server
 * puts spaces alone are read, too; a value without quotes that goes on behind a space is left out.
 * @throws `TypeError` when `response` is no response.
 * @throws {@link OAuthError} `load_failed`: the WebAssembly module could not be compiled.
 *
 * @example
 * ```js
 * const response = await client.fetch('https://api.example/v2/issues', { method: 'POST', body });
 * const challenge = challenges(response).find(({ scheme }) => scheme === 'bearer');
 * if (challenge?.parameters.error === 'insufficient_scope') askFor(challenge.parameters.scope);
 * ```
 */
export function challenges(response: Response): readonly Challenge[];

/** One challenge of a `WWW-Authenticate` header (RFC 9110, section 11.3). */
export interface Challenge {
  /** The authentication scheme in lower case, such as `'bearer'`. */
  readonly scheme: string;

  /** What some schemes have in the place of parameters (RFC 9110, section 11.2). */
  readonly token68?: string;

  /**
   * The parameters, without quotes and escapes; their names are in lower case. Of a name that is
   * repeated the first one counts. The object inherits nothing.
   */
  readonly parameters: Readonly<Partial<Record<string, string>>>;
}

/** What {@link createFetch} needs to know. */
export interface FetchOptions {
  /** The credential to send. */
  readonly credential: Credential;

  /** Who may see it, as in {@link ClientOptions.resources}; here there is no default. */
  readonly resources: readonly (string | Resource)[];
}

/** A credential that needs no login. */
export type Credential = BearerCredential | BasicCredential | ClientCredential;

/**
 * The client itself (RFC 6749, section 4.4): a token is asked for with the first request and again when
 * it has less than 30 seconds left or a resource calls it invalid, once for all requests that wait.
 * {@link createFetch} then throws what {@link requestToken} throws, too.
 */
export interface ClientCredential extends TokenEndpointOptions {
  readonly type: 'client_credentials';

  /** The scope to ask for (RFC 6749, section 3.3); left out, the server's own default applies. */
  readonly scope?: string | undefined;

  /** Further parameters of the request, such as `audience`. */
  readonly parameters?: TokenParameters | undefined;
}

/**
 * Parameters of a request to the token endpoint: texts that are not empty, each name once; what is `undefined`
 * is left out. `resource` (RFC 8707, section 2) and `audience` (RFC 8693, section 2.1) may be lists, which are
 * sent once for each text, or as an array where the request is JSON. None may be one that the request sets
 * itself, and each takes the place of one in the endpoint's own query.
 */
export type TokenParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The client at the token endpoint. */
export interface TokenEndpointOptions extends ClientAuthentication {
  /** Where tokens are asked for (RFC 6749, section 3.2); the other members do not matter here. */
  readonly server: { readonly token_endpoint: string; readonly [member: string]: unknown };

  /** As {@link ClientOptions.client_id}. */
  readonly client_id: string;

  /** As {@link ClientOptions.assumeTokenType}. */
  readonly assumeTokenType?: 'Bearer' | undefined;
}

/** What {@link requestToken} needs to know. */
export interface TokenRequestOptions extends TokenEndpointOptions, WaitOptions {
  /** The grant: one of RFC 6749's, or the absolute URI of an extension (section 4.5). */
  readonly grant_type: 'client_credentials' | 'refresh_token' | 'authorization_code' | 'password' | `${string}:${string}`;

  /** The scope to ask for; also, where the answer has none, the scope of the token. */
  readonly scope?: string | undefined;

  /** The grant's own parameters, such as `refresh_token` or `assertion`, and further ones. */
  readonly parameters?: TokenParameters | undefined;
}

/** How a client shows the token endpoint who it is (RFC 6749, section 2.3). */
export interface ClientAuthentication {
  /**
   * The client's secret, for programs that can keep one: printable ASCII characters. In a page it is
   * refused with a `TypeError`, because everybody who opens the page can read it; a page is a public
   * client, with PKCE and without a secret.
   */
  readonly client_secret?: string | undefined;

  /**
   * Take a `client_secret` in a page. Only where the page's one user is the secret's owner, such as a
   * personal tool on loopback.
   *
   * @defaultValue `false`
   */
  readonly allowSecretInBrowser?: boolean | undefined;

  /**
   * How the client authenticates (RFC 7591, section 2).
   *
   * @defaultValue `'client_secret_basic'` with a secret, else `'none'`
   */
  readonly token_endpoint_auth_method?: 'none' | 'client_secret_basic' | 'client_secret_post' | undefined;

  /**
   * Whether HTTP Basic has the identifier and the secret form-encoded, as RFC 6749, section 2.3.1, says. Set
   * it to `false` for a server that decodes neither; the identifier then has no `:`.
   *
   * @defaultValue `true`
   */
  readonly encodeBasicCredentials?: boolean | undefined;

  /**
   * How the parameters travel to the token endpoint: as a form (RFC 6749, section 3.2), or, for servers
   * that document it, as a JSON body or in the query, where logs keep them.
   *
   * @defaultValue `'form'`
   */
  readonly tokenRequestFormat?: 'form' | 'json' | 'query' | undefined;
}

/** How long to wait. */
export interface WaitOptions {
  /** Ends the waiting; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | null | undefined;
}

/** A token with what renews it (RFC 6749, section 5.1). */
export interface TokenSet extends TokenResponse {
  /** The refresh token, where the server gave one, or where it stays the same (section 6). */
  readonly refresh_token?: string;
}

/** A token that was made by hand, such as a personal access token (RFC 6750). */
export interface BearerCredential {
  readonly type: 'bearer';

  /** The token: printable ASCII characters without spaces (RFC 6749, appendix A.12). */
  readonly token: string;
}

/** A user name and a password (HTTP Basic, RFC 7617), sent as UTF-8, and in a header only. */
export interface BasicCredential {
  readonly type: 'basic';

  /** Without `:` and control characters. */
  readonly username: string;

  /** Without control characters; may be empty. */
  readonly password: string;
}

/** Where a credential may be sent, and how. A string stands for one that takes it by `Authorization`. */
export interface Resource {
  /** As a string in {@link ClientOptions.resources}. */
  readonly url: string;

  /**
   * How the resource takes an access token (RFC 6750, section 2); never in two ways at once.
   *
   * - `'header'`: in the header {@link Resource.header} (section 2.1). Every server understands it.
   * - `'query'`: as the query parameter `access_token`, with `Cache-Control: no-store` (section 2.3),
   *   which the server must allow by CORS. The token then stands in `response.url`, in the browser's
   *   list of resources, in its console where the request fails, in reports of a Content-Security-Policy
   *   that forbids it and in the server's logs: only for a server that takes it in no other way. A
   *   `Request` with a body has it read first; its `priority` is lost.
   * - `'body'`: as the parameter `access_token` of a form-encoded body (section 2.2). Another body, or a
   *   method without one, is refused with `unsupported_body`.
   *
   * With a header other than `Authorization`, the query or the body, every redirect is an error
   * (`redirect: 'error'`): browsers would carry the token along, to whatever origin it leads. With
   * `mode: 'no-cors'` they refuse such a request. Old browsers do so with `Authorization`, too, and there a
   * redirect is an error with every token (see {@link Client.fetch}).
   *
   * @defaultValue `'header'`
   */
  readonly via?: 'header' | 'query' | 'body' | undefined;

  /**
   * The header's name, for a server that wants another: a token of RFC 9110, section 5.6.2, and none
   * that browsers set themselves or that means something else, such as `Cookie` or `Content-Type`. Only
   * with `via: 'header'`.
   *
   * @defaultValue `'Authorization'`
   */
  readonly header?: string | undefined;

  /**
   * What stands in front of an access token in its header (RFC 9110, section 11.1), for a server that wants
   * another scheme, such as `'OAuth'`; `null` for the bare token. Only with `via: 'header'`, and not for a
   * user name and password.
   *
   * @defaultValue `'Bearer'`
   */
  readonly scheme?: string | null | undefined;
}

/** What {@link createClient} needs to know. Members of the protocol have the standards' names. */
export interface ClientOptions extends ClientAuthentication {
  /** The authorization server. */
  readonly server: AuthorizationServer;

  /** The identifier that the server gave this client (RFC 6749, section 2.2): printable ASCII characters. */
  readonly client_id: string;

  /**
   * Where the server sends the user back to, to the letter as it is registered there
   * (RFC 6749, section 3.1.2).
   *
   * An absolute URL without fragment and without credentials: `https:`, `http:` on a loopback host, or
   * a private-use scheme such as `com.example.app:/cb` (RFC 8252, section 7). For a page it is a URL of
   * the page's own origin.
   *
   * A response is taken at this URL alone: scheme, host, port, path and every parameter of its query are
   * the same (RFC 9700, section 4.4). Of the path is forgiven what servers of static files make of it: `/`
   * or `index.html` behind a folder, `.html` or `index.html` taken away. Give two clients of one origin
   * redirect URIs that differ in more than that.
   */
  readonly redirect_uri: string;

  /**
   * The grant to use (RFC 6749, section 3.1.1): `'code'` is the authorization code with PKCE (S256,
   * RFC 7636), `'token'` the implicit grant. Nothing else in a program changes with it.
   *
   * It is required because it is a decision: RFC 9700, section 2.1.2, prefers the code wherever the
   * server lets a browser use its token endpoint; {@link bestResponseType} says what a server allows.
   */
  readonly response_type: 'code' | 'token';

  /**
   * In which part of the redirect URI a code comes back (OAuth 2.0 Multiple Response Type Encoding
   * Practices, section 2.1). `'fragment'` is asked for, and keeps the code from the page's own server.
   * An error is understood in either part.
   *
   * @defaultValue `'query'`
   */
  readonly response_mode?: 'query' | 'fragment' | undefined;

  /**
   * The scope to ask for: scope tokens with single spaces between them (RFC 6749, section 3.3).
   * Left out, the server's own default applies. With `openid` in it, see `claviger/openid`.
   */
  readonly scope?: string | undefined;

  /**
   * The URLs that may be sent the token: `https:`, or `http:` on a loopback host; without credentials,
   * query, fragment or wildcard.
   *
   * A request is allowed where scheme, host and port are the same and its path is the resource's path
   * or goes on behind it at a `/`: `https://api.example/v1` allows `https://api.example/v1/me`, and not
   * `https://api.example/v10`. A segment behind it that is `..` once it is decoded, or decoded twice, or
   * without what stands behind a `;`, is refused. Where several hold, the one with the longest path decides. An empty list
   * allows nothing.
   *
   * @defaultValue this page's own origin, and nothing else
   */
  readonly resources?: readonly (string | Resource)[] | undefined;

  /**
   * Where logins under way are kept until their response comes. The token is never kept there. It is no
   * store that answers later, because a response is verified in the same turn in which it leaves the
   * address bar.
   *
   * - `'session'`: `sessionStorage`, for a redirect that comes back in the same tab;
   * - `'local'`: `localStorage`, for one that may come back in another tab or view. If two get the same
   *   response at once one takes it, where the browser has Web Locks, and the other one says `state_replayed`,
   *   and of several that start a login at once none loses it to another. A login waits up to 250
   *   milliseconds for one that another tab has just started;
   * - `'memory'`: this program's memory, for one without a page, which is opened with the response
   *   while it runs.
   *
   * @defaultValue `'session'`
   */
  readonly stateStore?: 'session' | 'local' | 'memory' | undefined;

  /**
   * Where the session is kept, refresh token included. A script that gets into the page reads any of them.
   *
   * - `'memory'`: a reload forgets it;
   * - `'session'`: `sessionStorage`, until the tab is closed;
   * - `'local'`: `localStorage`, for all tabs of the origin, which then share one session: a login, a
   *   renewal or a logout in one is one in all;
   * - a {@link TokenStore} of the program's own, such as a native shell's encrypted storage or IndexedDB. It
   *   counts as one for all tabs of the origin, as `'local'` does.
   *
   * What is there is bound to the client, the server, the redirect URI, the scope and
   * {@link ClientOptions.tokenParameters}, so clients that ask for different things have sessions of their own. What can't be read is no session, and is left alone
   * until one begins. After a logout `'local'` keeps a record without tokens, by which other tabs know that
   * whatever they asked before it is over.
   *
   * @defaultValue `'memory'`
   */
  readonly tokenStore?: 'memory' | 'session' | 'local' | TokenStore | undefined;

  /**
   * What the exchange of a code and each renewal say in addition, such as `audience`; no `scope`, which the
   * login asks for.
   */
  readonly tokenParameters?: TokenParameters | undefined;

  /**
   * Renew the token before it expires, as {@link Client.renew} does: at {@link ClientOptions.renewAt}, and
   * when {@link Client.fetch} is called with one that has expired. One tab does it for all that share a
   * session. What fails without a refusal of the server's (no network, a server that is down) is told as
   * `renewal-failed` and tried again, after 2 seconds at first and 300 at most, and at once when the page
   * wakes or comes online. Two requests of its own are at least 10 seconds apart.
   *
   * @defaultValue `false`
   */
  readonly autoRenew?: boolean | undefined;

  /**
   * After which share of its life a token is renewed: a number between 0 and 1, in hundredths.
   *
   * @defaultValue `0.8`
   */
  readonly renewAt?: number | undefined;

  /**
   * Seconds before its end from which a token is no longer sent, because it may expire on the way: a whole
   * number, of which at most a tenth of the token's life counts.
   *
   * @defaultValue `30`
   */
  readonly expiryMargin?: number | undefined;

  /**
   * How long a login may take, in seconds: a positive whole number. A response that comes later is
   * refused with `state_expired`.
   *
   * @defaultValue `3600`
   */
  readonly stateLifetime?: number | undefined;

  /**
   * Whether the response stands behind the `?` of a route in the fragment, as in
   * `#/route?access_token=…`. Without it a fragment that is a route is left alone.
   *
   * @defaultValue `false`
   */
  readonly hashRouter?: boolean | undefined;

  /**
   * Take a response without `token_type`, which RFC 6749, section 4.2.2, requires, for one with this
   * type. Only for a server whose documents say that its tokens are bearer tokens.
   *
   * @defaultValue none: such a response is refused with `missing_token_type`
   */
  readonly assumeTokenType?: 'Bearer' | undefined;
}

/**
 * A place of the program's own for the record of the session ({@link ClientOptions.tokenStore}). Each
 * function may answer at once or with a promise, and is called with the object as `this`.
 *
 * - One is called at a time for a client. {@link createClient} waits for the first answer, and `handleRedirect`,
 *   `loginPopup`, `renew` and `logout` are fulfilled when the store has what they changed.
 * - One that throws, rejects or gives no answer within 5 seconds has refused: what it was asked for counts as
 *   absent, the session lives in memory from then on, and subscribers are told `unkept`. If `logout` can't
 *   have the record removed it says so, as `storage_unavailable`.
 * - Before each `set` and `remove` the record is read again, so that a logout in another tab is heard and not
 *   written over. Other tabs are told by a `BroadcastChannel` that the record has changed; where the
 *   platform has none, they look when they wake.
 *
 * @example
 * ```js
 * const tokenStore = {
 *   get: (name) => keychain.read(name),
 *   set: (name, text) => keychain.write(name, text),
 *   remove: (name) => keychain.delete(name),
 * };
 * ```
 */
export interface TokenStore {
  /** What was set under this name, as it was; anything but a text counts as absent. The name begins with `claviger:`. */
  get(name: string): unknown;

  /** Keeps a text, which holds tokens, in the place of an earlier one. */
  set(name: string, text: string): unknown;

  /** Removes it, where there is one. */
  remove(name: string): unknown;
}

/**
 * An authorization server in the terms of its metadata (RFC 8414, section 2). A metadata document fits
 * as it is; the members that are not named here are ignored.
 */
export interface AuthorizationServer {
  /**
   * The issuer identifier. A response that carries an `iss` must name exactly this one (RFC 9207,
   * section 2.4); another is refused with `issuer_mismatch`.
   */
  readonly issuer?: string | undefined;

  /**
   * The authorization endpoint (RFC 6749, section 3.1): an absolute `https:` URL, or `http:` on a
   * loopback host, without fragment and without credentials. A query is kept, but for what a login's own
   * parameters set, because no parameter is sent twice; it may hold none of those that the package sets:
   * `response_type`, `client_id`, `redirect_uri`, `scope`, `state`. Metadata of a server without any grant
   * that needs it has none: such a document is for {@link requestToken}.
   */
  readonly authorization_endpoint: string;

  /**
   * The token endpoint (RFC 6749, section 3.2), which `response_type: 'code'` needs: an absolute
   * `https:` URL, or `http:` on a loopback host, without fragment and without credentials. It must
   * allow the page's origin by CORS. `null` and `false` stand for none, as in some servers' metadata.
   */
  readonly token_endpoint?: string | null | false | undefined;

  /** The revocation endpoint (RFC 7009, section 2), for {@link Client.logout}: a URL of the same kind. */
  readonly revocation_endpoint?: string | null | false | undefined;

  /**
   * The server's promise to name itself in every response (RFC 9207, section 3). A response without
   * `iss` is then refused with `issuer_missing`. It needs an `issuer` to compare with.
   *
   * @defaultValue `false`
   */
  readonly authorization_response_iss_parameter_supported?: boolean | undefined;

  /** Other metadata; ignored. */
  readonly [member: string]: unknown;
}

/**
 * One client: a plain object of functions that need no `this`, so that they can be taken apart.
 *
 * The session lives where {@link ClientOptions.tokenStore} says: by default in the page's memory, and
 * nowhere else.
 *
 * @example
 * ```js
 * const { login, fetch } = client;
 * ```
 */
export interface Client {
  /**
   * Starts a login: keeps its record, then gives the URL of the authorization request to send the user
   * to (RFC 6749, section 4.2.1). For a webview or a link of your own; {@link Client.login} goes there
   * by itself.
   *
   * Each call is a login of its own with a fresh `state`: 32 bytes, of which 5 bits name its place in the store
   * and 250 are random. A store has 32 places; where none is free, a login that was finished makes room, else
   * the client's oldest. Two tabs that start a login in the very same instant may take one place of a
   * store that they share; then the earlier login is unknown when its response comes.
   *
   * @param parameters Further parameters for the server, such as `prompt` or `login_hint`.
   * @param options What is to come back with the response.
   * @throws `TypeError` for a wrong parameter or option.
   * @throws {@link OAuthError} `storage_unavailable`, `insecure_context`, `random_unavailable`,
   * `invalid_return_to`; no URL is given then, and nothing that was stored is lost.
   */
  readonly authorizationUrl: (
    parameters?: AuthorizationParameters,
    options?: LoginOptions,
  ) => Promise<URL>;

  /**
   * Starts a login and leaves the page for the authorization endpoint: {@link Client.authorizationUrl},
   * then `location.assign`.
   *
   * @param parameters Further parameters for the server, such as `prompt` or `login_hint`.
   * @param options What is to come back with the response.
   * @returns A promise that is fulfilled when the navigation has begun.
   * @throws `TypeError` for a wrong parameter or option.
   * @throws {@link OAuthError} as {@link Client.authorizationUrl}; the page stays where it is then.
   *
   * @example
   * ```js
   * await client.login({ prompt: 'login' }, { returnTo: '/issues?page=2' });
   * ```
   */
  readonly login: (parameters?: AuthorizationParameters, options?: LoginOptions) => Promise<void>;

  /**
   * Signs in in a window of its own, and leaves this page as it is. Call it in a click: the window is
   * opened at once, and goes to the authorization endpoint when the login's record is kept.
   *
   * The window comes back to `redirect_uri`, a page of this origin that calls
   * {@link Client.handleRedirect} or is the one line of `claviger/callback`; it hands the response over,
   * by `postMessage` and by a channel that is named after the state, and closes itself. Here the response
   * is verified as any other. Where the server isolates its pages (`Cross-Origin-Opener-Policy`) the
   * window seems closed while it is open; it counts as closed when it has seemed so for 10 seconds with
   * the user in this page.
   *
   * @param parameters Further parameters for the server, such as `prompt` or `login_hint`.
   * @param options What is to come back with the response, and a signal that ends the login and closes
   * the window.
   * @returns As {@link Client.handleRedirect}.
   * @throws `TypeError` for a wrong parameter or option.
   * @throws {@link OAuthError} `popup_blocked`, `popup_closed`, and those of
   * {@link Client.authorizationUrl} and {@link Client.handleRedirect}; nothing has changed then.
   *
   * @example
   * ```js
   * button.onclick = async () => {
   *   const { token } = await client.loginPopup();
   * };
   * ```
   */
  readonly loginPopup: (
    parameters?: AuthorizationParameters,
    options?: LoginOptions & WaitOptions,
  ) => Promise<Redirect>;

  /**
   * Takes the authorization response out of the URL (RFC 6749, sections 4.1.2 and 4.2.2), verifies it,
   * exchanges its code, if it has one, at the token endpoint (section 4.1.3), and begins a session. Call
   * it on every load of the redirect URI.
   *
   * The response leaves the address bar and the history entry before anything else happens, whether it is
   * accepted or refused, with all that the server put beside it: a redirect URI has no fragment (RFC 6749,
   * section 3.1.2), so a response takes that along, unless it stands behind a hash route; of a query stays
   * what is the redirect URI's own. The other part of the URL and `history.state` stay as they were, and
   * `history.length` does not change. `state` is verified before anything else is believed,
   * errors included, and used once. A response that is refused changes nothing in the session.
   *
   * In a popup or a hidden frame that another page waits for, the response goes to that page, the popup
   * closes itself, and the outcome is `null`.
   *
   * Called again for the same URL, as React's StrictMode does, it gives the same outcome, until the next
   * login or logout.
   *
   * @param url The absolute URL that a webview was opened with; it is only read. Left out: the page's
   * own URL.
   * @param options A signal that ends the exchange. When several calls wait for the same one, it goes on
   * until none of them does. It is given up after 30 seconds.
   * @returns The token and what the login was given, or `null` when the URL is no response for this
   * client: then it stays as it is, but for a token that a broken link left in its fragment.
   * @throws `TypeError` when `url` is no absolute URL.
   * @throws {@link OAuthError} `missing_state`, `unknown_state`, `state_expired`, `state_replayed`,
   * `state_wrong_client`, `redirect_uri_mismatch`, `duplicate_parameter`, `malformed_response`,
   * `response_too_large`, `wrong_location`, `ambiguous_response`, `unexpected_response_type`,
   * `missing_access_token`, `missing_token_type`, `unsupported_token_type`, `issuer_mismatch`,
   * `issuer_missing`, `authorization_error`, `invalid_return_to`, `storage_unavailable`; for a code also
   * `missing_code`, `token_error`, `invalid_token_response`, `token_endpoint_unreachable`, and
   * `login_required` when {@link Client.logout} was called meanwhile. The login is used up then.
   *
   * @example
   * ```js
   * try {
   *   const redirect = await client.handleRedirect();
   *   if (redirect?.returnTo) router.replace(redirect.returnTo);
   * } catch (error) {
   *   if (!(error instanceof OAuthError)) throw error;
   *   show(error.error === 'access_denied' ? 'You did not allow it.' : error.message);
   * }
   * ```
   */
  readonly handleRedirect: (url?: string | URL, options?: WaitOptions) => Promise<Redirect | null>;

  /**
   * The browser's `fetch` with the token added, in the way of its resource: `Authorization: Bearer`
   * (RFC 6750, section 2.1) unless {@link Resource.via} says otherwise. It can stand wherever
   * `typeof fetch` is asked for.
   *
   * The URL is parsed once, and that URL is both judged and requested; a relative one resolves against
   * the page's location. Everything of the caller's is used as it is, and the response is the
   * browser's own, its body unread: a 401 is a `Response`, not an error. An `Authorization` header, or
   * an `access_token` in the query or the form, of the caller's stays, and ours is not added. A redirect
   * to another origin does not carry the token; one within the origin does, also out of the resource's path.
   * Where the browser is too old to take it off, or does not show its age (before Chrome 125, Firefox 129 and
   * Safari 17), every redirect is an error.
   *
   * A 401 of a resource whose `WWW-Authenticate` says `invalid_token` (RFC 6750, section 3.1) to the token
   * that is still the session's asks for a new one first, where there is a refresh token (RFC 6749, section
   * 1.5), and the call is sent again, once, unless its body is a stream or in a `Request`. If the new token
   * is refused, too, or there is no refresh token, the session ends, and subscribers are told `revoke`,
   * once. Any other answer leaves it as it is, and nothing is sent twice. See {@link challenges}.
   *
   * A call that waits for a new token is sent with one of the session in which it was made, and of no
   * other: if somebody signs in meanwhile, in whatever way, a frame included, it is not sent (again).
   *
   * A signal of the call's ends every wait of it, also the one for a new token.
   *
   * @param input The request, as for `fetch`.
   * @param init Its settings, as for `fetch`.
   * @throws {@link OAuthError} `resource_not_allowed`, `insecure_resource`, `login_required`,
   * `token_expired`, `unsupported_body`; nothing has been sent then.
   * @throws What `fetch` throws: `AbortError`, or `TypeError` for a failed network.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

  /**
   * The token of the session, for libraries that must have the string. Prefer {@link Client.fetch},
   * which sends it to the configured resources alone.
   *
   * @returns A frozen copy, or `null` when nobody is signed in or when the token is too near to its end
   * ({@link ClientOptions.expiryMargin}): then {@link Client.fetch} does not send it either.
   */
  readonly token: () => TokenResponse | null;

  /**
   * What the page can show of the session:
   *
   * - `'signed-in'`: there is a token that can be sent;
   * - `'renewing'`: there is none, and one is being asked for;
   * - `'renewable'`: there is none, but the session is not lost: {@link Client.renew} may get one, as when
   *   the network is back;
   * - `'signed-out'`: nobody is signed in.
   *
   * It changes with the events of {@link Client.subscribe} and with {@link Client.renew}.
   */
  readonly state: () => SessionState;

  /**
   * Resolves when the store has been asked for a session and, with {@link ClientOptions.autoRenew}, a
   * token of it that had expired has been renewed or could not be: from then on {@link Client.state} says
   * what the page has to show first. It is never rejected.
   */
  readonly ready: Promise<void>;

  /**
   * Tells the listener whenever a session begins, goes on or ends. {@link Client.token} gives the same
   * object until one of these events, so that the two fit React's `useSyncExternalStore` and the like.
   *
   * @param listener Called once for each event.
   * @returns A function that ends the subscription.
   * @throws `TypeError` when `listener` is no function.
   *
   * @example
   * ```js
   * const unsubscribe = client.subscribe(({ type }) => {
   *   signInButton.hidden = type === 'login';
   * });
   * ```
   */
  readonly subscribe: (listener: (event: SessionEvent) => void) => () => void;

  /**
   * Renews the token by its refresh token (RFC 6749, section 6), or, where there is none, by a hidden
   * frame that asks the server without the user (`prompt=none`, OpenID Connect Core 1.0, section
   * 3.1.2.1); that also begins a session where the user is still signed in at the server. Whoever asks
   * meanwhile, in a tab that shares the session too, gets the outcome of the one request. A request is
   * given up after 9 seconds, a frame after 10, and another tab waits for 10.
   *
   * The frame needs a server that lets itself be framed and sees its own cookies there, and a redirect
   * URI whose page can be framed by this origin. Where the browser blocks third-party cookies, a server of
   * another site does not know its user and says `login_required`; one that refuses to be framed says
   * nothing. When it has said that the user must act, no further one is tried until the next login.
   *
   * A new refresh token takes the place of the old one at once. `invalid_grant` ends the session, and
   * subscribers are told `revoke`, once; with any other failure the session stays as it is, and they are
   * told `renewal-failed`. A frame begins a new session, because nothing shows that its user is the same
   * one: subscribers are told `logout`, then `login`. With OpenID Connect an ID token shows it: the same user's session
   * goes on, told as `renew`, and another's is refused. What the login asked for in addition, it asks for, too.
   *
   * @param options A signal that ends the waiting; the request goes on, because its answer may be the
   * only copy of the next refresh token. And what this renewal asks for in addition: if one is under way
   * already, here or in a tab that shares the session, that goes on as it was begun, and its token is given.
   * @returns The new token, as {@link Client.token} gives it.
   * @throws `TypeError` for parameters that a renewal sets itself; nothing is sent then.
   * @throws {@link OAuthError} `interaction_required` (the frame brought no token; the server's own code,
   * if it gave one, is in {@link OAuthError.error}), `login_required` (there is neither a refresh token nor
   * a page), `session_ended`, `session_busy`, `token_error`, `invalid_token_response`, `missing_token_type`, `unsupported_token_type`,
   * `token_endpoint_unreachable`.
   */
  readonly renew: (options?: RenewalOptions) => Promise<TokenResponse>;

  /**
   * Forgets this client's session at once, here and in every tab and worker of this origin that has a
   * client of the same registration, scope and `tokenParameters`. The user stays signed in to the server's own pages.
   *
   * Whatever was asked for the session before is over: an exchange, a renewal, a popup or a frame signs
   * nobody in any more, and who waits for it gets `session_ended`.
   *
   * @param options `revoke`: then ask the server to revoke the refresh token and the access token, too
   * (RFC 7009), where it has a revocation endpoint. Without it the server is told nothing, and the
   * tokens stay valid there until they expire.
   * @throws {@link OAuthError} `revocation_unconfirmed`: all is forgotten here, but the server gave no
   * answer that says that the tokens are revoked; `storage_unavailable`: a {@link TokenStore} did not confirm
   * that it removed the record.
   */
  readonly logout: (options?: LogoutOptions) => Promise<void>;
}

/** How to end a session. */
export interface LogoutOptions {
  /**
   * Whether the server is to revoke the tokens (RFC 7009).
   *
   * @defaultValue `false`
   */
  readonly revoke?: boolean | undefined;
}

/** What a renewal asks for, and how long its caller waits for it. */
export interface RenewalOptions extends WaitOptions {
  /** What this renewal alone asks for in addition. */
  readonly parameters?: RenewalParameters | undefined;
}

/**
 * Parameters of one renewal, such as `resource` (RFC 8707, section 2.2) or `acr_values`, each as in
 * {@link TokenParameters}. With a refresh token they stand in the place of
 * {@link ClientOptions.tokenParameters} by the same names; in a hidden frame in the place of what the login
 * asked for. Neither a login's nor a token request's own parameters are among them, nor `prompt`, `nonce` and
 * `scope`: another scope takes a login. A `max_age` is a whole number of seconds.
 */
export type RenewalParameters = TokenParameters & {
  readonly [name in
    | 'grant_type'
    | 'refresh_token'
    | 'client_id'
    | 'client_secret'
    | 'code'
    | 'code_verifier'
    | 'redirect_uri'
    | 'scope'
    | 'response_type'
    | 'response_mode'
    | 'state'
    | 'code_challenge'
    | 'code_challenge_method'
    | 'prompt'
    | 'nonce'
    | 'required_acr']?: never;
};

/**
 * Further parameters of the authorization request (RFC 6749, section 3.1), such as `prompt` or
 * `login_hint`, each once: values are strings, and what is `undefined` is left out. Each takes the place of
 * one in the endpoint's own query. None may be one that the package sets itself.
 *
 * `resource` (RFC 8707, section 2) and `audience` may be lists, and are sent once for each text. `scope` is
 * that of this login alone, in the place of {@link ClientOptions.scope}; a hidden frame that renews its
 * session asks for it again.
 */
export type AuthorizationParameters = Readonly<Record<string, string | readonly string[] | undefined>> & {
  readonly scope?: string | undefined;
} & {
  readonly [name in
    | 'response_type'
    | 'client_id'
    | 'redirect_uri'
    | 'state'
    | 'code_challenge'
    | 'code_challenge_method']?: never;
};

/** What a login takes along. It stays in this browser, in the record of the login under way. */
export interface LoginOptions {
  /**
   * Any value that JSON can hold, in at most 64 KiB of it; it comes back in {@link Redirect.appState}. It
   * is kept in the clear in the store of {@link ClientOptions.stateStore}, so put no secret into it.
   */
  readonly appState?: unknown;

  /**
   * Where to go on after the login; it comes back in {@link Redirect.returnTo}. A path on this origin
   * that starts with a single slash, with its query and fragment; anything that could lead to another
   * origin is refused with `invalid_return_to`.
   */
  readonly returnTo?: string | undefined;
}

/** What {@link Client.handleRedirect} gives for a response that was verified. */
export interface Redirect {
  /** The token. */
  readonly token: TokenResponse;

  /** What the login was given as {@link LoginOptions.appState}. */
  readonly appState?: unknown;

  /** What the login was given as {@link LoginOptions.returnTo}; never a value from the response. */
  readonly returnTo?: string;
}

/** A token as the server issued it (RFC 6749, sections 4.2.2 and 7.1). */
export interface TokenResponse {
  /**
   * The token itself: printable ASCII characters without spaces (RFC 6749, appendix A.12). Keep it out of
   * logs, URLs and storage.
   */
  readonly access_token: string;

  /** How it is sent. The server may have spelled it in another case. */
  readonly token_type: 'Bearer';

  /**
   * When it expires, in whole seconds since 1970-01-01 UTC by this machine's clock, counted from the
   * receipt of the response. Absent when the server did not say: the time is unknown then, not endless. An
   * `expires_in` that is no number makes its response `malformed_response` or `invalid_token_response`.
   */
  readonly expires_at?: number;

  /**
   * What was granted, as scope tokens with single spaces between them, whatever the server puts there; it
   * can be less than what was asked for.
   * What was asked for, where the server did not say (RFC 6749, section 5.1). Absent when neither is known.
   */
  readonly scope?: string;

  /**
   * What else the server said, with the token or in the redirect: its own members, such as `instance_url`,
   * `athlete`, `team`, `realmId` or `authorization_details`, as it wrote them. Of a name that is repeated in
   * the redirect it is the last value; where both have a name, it is that of the token endpoint. It is
   * frozen, and its objects inherit nothing. It stays with the session, wherever that is kept, and what a
   * renewal does not say again stays. It comes from outside, and can be personal: keep it out of logs.
   * Absent when there is nothing.
   */
  readonly further?: Readonly<Record<string, unknown>>;
}

/** What {@link Client.subscribe} tells; frozen. */
export interface SessionEvent {
  /**
   * - `'login'`: a response was accepted, and there is a token. If somebody was signed in, `'logout'` is
   *   told before it, because nothing shows that it is the same user;
   * - `'expire'`: the token is too near to its end ({@link ClientOptions.expiryMargin}), and is sent no more.
   *   Told at its time, or when the page wakes, is looked at or comes online after it;
   * - `'renew'`: the same session has a new token, here or in another tab that shares it;
   * - `'renewal-failed'`: the token could not be renewed, and {@link SessionEvent.error} says why; the
   *   session is not lost;
   * - `'revoke'`: a resource said that the token is invalid, or the token endpoint that the grant is, and
   *   the session was forgotten;
   * - `'logout'`: {@link Client.logout} has forgotten the token, here or in another tab, or the session
   *   that tabs share has ended in another one;
   * - `'unkept'`: the store of {@link ClientOptions.tokenStore} refused the session, which lives in memory
   *   from then on. Told once.
   */
  readonly type: 'login' | 'renew' | 'renewal-failed' | 'expire' | 'revoke' | 'logout' | 'unkept';

  /** With `'renewal-failed'`: why. */
  readonly error?: OAuthError;

  /**
   * What it comes from:
   * - `'redirect'`, `'popup'` or `'frame'`: the response to a login of that kind;
   * - `'refresh'`: the refresh token;
   * - `'tab'`: another tab that shares the session, or the store, in which one was kept;
   * - `'time'`: the token's end;
   * - `'resource'`: a resource's `invalid_token`; `'server'`: the token endpoint's `invalid_grant`;
   * - `'caller'`: {@link Client.logout} of this client;
   * - `'store'`: a store that refused.
   */
  readonly cause:
    | 'redirect'
    | 'popup'
    | 'frame'
    | 'refresh'
    | 'tab'
    | 'time'
    | 'resource'
    | 'server'
    | 'caller'
    | 'store';
}

/** What {@link Client.state} says. */
export type SessionState = 'signed-out' | 'signed-in' | 'renewing' | 'renewable';

/**
 * What stands beside a code: what a server says of its refusal (RFC 6749, section 4.2.2.1), its HTTP status,
 * and what the login was given. They are the members of {@link OAuthError}.
 */
export type ServerWords = Pick<OAuthError, 'error' | 'error_description' | 'error_uri' | 'status' | 'appState' | 'returnTo'>;

/**
 * A login, a response or a request that was refused.
 *
 * The message is one sentence that says what happened and what to do. It quotes nothing from outside:
 * no URL, no state, no token, no word of the server's. So it can be shown and logged as it is.
 */
export class OAuthError extends Error {
  /**
   * The package makes these errors itself; an application's own tests may want to.
   *
   * @param said The further members.
   */
  constructor(code: OAuthErrorCode, message: string, said?: ServerWords);

  readonly name: 'OAuthError';

  /** What went wrong. A code does not change once it is released. */
  readonly code: OAuthErrorCode;

  /**
   * With `authorization_error`, `token_error` and `interaction_required`: the server's own code (RFC 6749, sections 4.2.2.1 and
   * 5.2), such as `access_denied` or `invalid_grant`.
   */
  readonly error?: string;

  /**
   * With the same codes: the server's words for the client's developer, at most 1,024 characters, with
   * spaces in the place of line ends and other control characters. Text, never HTML; it comes from outside.
   */
  readonly error_description?: string;

  /** With the same codes: a page of the server's about the error; always `http:` or `https:`. */
  readonly error_uri?: string;

  /**
   * The status of the HTTP response (RFC 9110, section 15) of which the error is: with `token_error`,
   * `invalid_token_response`, `missing_token_type`, `unsupported_token_type`, `invalid_metadata`, the
   * `issuer_mismatch` of metadata and `revocation_unconfirmed`. Absent where there was none.
   */
  readonly status?: number;

  /**
   * What the login was given as {@link LoginOptions.appState}, where the response had the state of a login of
   * this client's that was not answered before; also when it came too late or its code brought no token.
   */
  readonly appState?: unknown;

  /** The same of {@link LoginOptions.returnTo}. */
  readonly returnTo?: string;
}

/**
 * The stable names of what can go wrong.
 *
 * Starting a login:
 * - `storage_unavailable`: the browser's storage is blocked or full (while a response is handled: it
 *   is blocked); after a logout: a {@link TokenStore} may still have the session;
 * - `insecure_context`: the page is neither `https:` nor on a loopback host;
 * - `random_unavailable`: the platform gave no secure random bytes (RFC 6749, section 10.10);
 * - `invalid_return_to`: `returnTo` is no path on this origin (RFC 9700, section 4.11.1).
 *
 * The response:
 * - `missing_state`: it has no `state` (RFC 6749, section 10.12);
 * - `unknown_state`: this browser has no login under way with that `state`;
 * - `state_expired`: the login took longer than {@link ClientOptions.stateLifetime}, or the clock was set
 *   back meanwhile; the message says which;
 * - `state_replayed`: the login was finished before; the Back button can do it, so it is no sign of an
 *   attack;
 * - `state_wrong_client`: the login is another client's;
 * - `redirect_uri_mismatch`: it came to another URL than {@link ClientOptions.redirect_uri} (RFC 9700,
 *   section 4.4);
 * - `duplicate_parameter`: a known parameter occurs twice (RFC 6749, section 3.1), or `state` or `iss` says
 *   one thing in the query and another in the fragment;
 * - `malformed_response`: the encoding or a value of a parameter that decides breaks its grammar (RFC 6749,
 *   appendices A and B); what is advice, such as `error_description` and `scope`, never decides;
 * - `response_too_large`: more than 131,072 bytes or 256 parameters;
 * - `wrong_location`: the token came in the query (RFC 6749, section 4.2.2), or the code in another part
 *   than {@link ClientOptions.response_mode} says;
 * - `ambiguous_response`: query and fragment both hold a response;
 * - `unexpected_response_type`: it holds what was not asked for, such as a `code`;
 * - `missing_code`: it has no `code` (RFC 6749, section 4.1.2);
 * - `missing_access_token`: it has no `access_token` (RFC 6749, section 4.2.2);
 * - `missing_token_type`: it has no `token_type` (RFC 6749, section 7.1);
 * - `unsupported_token_type`: the type is not `Bearer`;
 * - `issuer_mismatch`: `iss` names another issuer (RFC 9207, section 2.4);
 * - `issuer_missing`: the server promised `iss`, and there is none (RFC 9207, section 2.4);
 * - `authorization_error`: the server refused; its own code is in {@link OAuthError.error}.
 *
 * Another window:
 * - `popup_blocked`: the browser did not open the window; it does in a click of the user;
 * - `popup_closed`: the user closed it before the login was finished, or another login took its place;
 * - `interaction_required`: the server renews nothing without the user, can't be framed, or gave no
 *   answer within 10 seconds (OpenID Connect Core 1.0, section 3.1.2.6).
 *
 * The token endpoint, and the server's metadata:
 * - `token_error`: the server refused (RFC 6749, section 5.2); its own code is in {@link OAuthError.error};
 * - `invalid_token_response`: the answer is not the JSON of RFC 6749, sections 5.1 and 5.2, says that it is
 *   HTML or a form, or has more than 1 MiB;
 * - `token_endpoint_unreachable`: no answer that the program may read: the device is offline, which the
 *   message then says, the network failed, the server does not let a browser use its token endpoint or hides
 *   its refusal (CORS), it sent a redirect, or it took too long;
 * - `revocation_unconfirmed`: the server did not confirm a revocation (RFC 7009, section 2.2);
 * - `invalid_metadata`: no JSON document of RFC 8414, one of more than 1 MiB, or one with an endpoint that
 *   {@link createClient} refuses;
 * - `metadata_unreachable`: no metadata that the program may read;
 * - `issuer_mismatch`, of metadata: it names another issuer (RFC 8414, section 3.3); the message says how the
 *   two differ.
 *
 * The session:
 * - `session_ended`: it ended, or another one began, before the answer came that was waited for;
 * - `session_busy`: another tab keeps its renewal to itself for more than 10 seconds, as one that hangs.
 *
 * The ID token:
 * - `missing_id_token`: there is none (OpenID Connect Core 1.0, section 3.1.3.3);
 * - `id_token_malformed`: it is not three parts of base64url that hold JSON objects with each name once
 *   (RFC 7515, section 7.1; RFC 7519, section 4), or has more than 65,536 characters;
 * - `id_token_unsupported`: it is encrypted (RFC 7516), has an extension (RFC 7515, section 4.1.11), or
 *   says that it is a JWT of another kind (RFC 8725, section 3.11);
 * - `id_token_alg_refused`: its algorithm is none that was agreed on (RFC 8725, section 3.1), or this
 *   browser has no such algorithm;
 * - `id_token_key_not_found`: the issuer's keys do not have exactly one sound key for it (OpenID Connect
 *   Core 1.0, section 10.1);
 * - `id_token_signature_invalid`: its signature is not that key's (RFC 7515, section 5.2);
 * - `id_token_issuer_mismatch`: `iss` is another one;
 * - `id_token_audience_mismatch`: `aud` lacks the client, has others that are not trusted, or `azp` is
 *   another client;
 * - `id_token_claim_invalid`: `sub`, `exp` or `iat` is missing, or a claim that is checked has a wrong
 *   type;
 * - `id_token_expired`: `exp` has passed, by this clock and the tolerance;
 * - `id_token_not_yet_valid`: `iat`, `nbf` or `auth_time` is still to come;
 * - `nonce_mismatch`: `nonce` is missing or another login's;
 * - `at_hash_mismatch`: `at_hash` is missing where it is required, or the hash of another access token;
 * - `c_hash_mismatch`: the same of `c_hash` and the code;
 * - `s_hash_mismatch`: `s_hash` is the hash of another state;
 * - `auth_too_old`: `auth_time` is missing, or longer ago than `max_age` allows;
 * - `acr_mismatch`: `acr` is none of those that were demanded;
 * - `subject_mismatch`: it, or a UserInfo answer, is about another user;
 * - `jwks_unreachable`: no keys of the issuer's that the page may read: the network failed, or `jwks_uri` is not open
 *   to browsers (CORS);
 * - `invalid_jwks`: the issuer's keys are no JSON of RFC 7517, have more than 256 KiB, or are more than
 *   64;
 * - `invalid_userinfo`: the UserInfo answer is no success with a JSON object that has a `sub`;
 * - `userinfo_unreachable`: there is no such answer that the page may read;
 * - `crypto_unavailable`: the page has no `crypto.subtle`, as one that is not secure;
 * - `end_session_unavailable`: the provider has no endpoint that ends the user's session.
 *
 * Sending the token:
 * - `login_required`: there is no token;
 * - `token_expired`: it has expired, or is too near to its end;
 * - `resource_not_allowed`: the URL is none of {@link ClientOptions.resources};
 * - `insecure_resource`: the URL is `http:` and not on a loopback host (RFC 6750, section 5.3);
 * - `unsupported_body`: the resource takes the token in the body, and this one is not form-encoded, is a
 *   stream, has a NUL in it, or its method has none (RFC 6750, section 2.2).
 *
 * Loading:
 * - `out_of_memory`: there is no memory for what was given, such as an `appState` far too large.
 * - `load_failed`: the WebAssembly module did not load; the message says whether the
 *   Content-Security-Policy lacks `'wasm-unsafe-eval'`, the browser has no WebAssembly or too old a one,
 *   the platform compiles none at run time, the file was changed, or, with `claviger/wasm`, did not
 *   arrive or was HTML, and then from which URL, without its query.
 * - `module_failed`: the module stopped, or was called from within one of its own calls; nothing was
 *   done, and after it has stopped nothing is until the page is loaded again.
 */
export type OAuthErrorCode =
  | 'storage_unavailable'
  | 'insecure_context'
  | 'random_unavailable'
  | 'invalid_return_to'
  | 'missing_state'
  | 'unknown_state'
  | 'state_expired'
  | 'state_replayed'
  | 'state_wrong_client'
  | 'redirect_uri_mismatch'
  | 'duplicate_parameter'
  | 'malformed_response'
  | 'response_too_large'
  | 'wrong_location'
  | 'ambiguous_response'
  | 'unexpected_response_type'
  | 'missing_code'
  | 'missing_access_token'
  | 'missing_token_type'
  | 'unsupported_token_type'
  | 'issuer_mismatch'
  | 'issuer_missing'
  | 'authorization_error'
  | 'popup_blocked'
  | 'popup_closed'
  | 'interaction_required'
  | 'token_error'
  | 'invalid_token_response'
  | 'token_endpoint_unreachable'
  | 'revocation_unconfirmed'
  | 'invalid_metadata'
  | 'metadata_unreachable'
  | 'session_ended'
  | 'session_busy'
  | 'missing_id_token'
  | 'id_token_malformed'
  | 'id_token_unsupported'
  | 'id_token_alg_refused'
  | 'id_token_key_not_found'
  | 'id_token_signature_invalid'
  | 'id_token_issuer_mismatch'
  | 'id_token_audience_mismatch'
  | 'id_token_claim_invalid'
  | 'id_token_expired'
  | 'id_token_not_yet_valid'
  | 'nonce_mismatch'
  | 'at_hash_mismatch'
  | 'c_hash_mismatch'
  | 's_hash_mismatch'
  | 'auth_too_old'
  | 'acr_mismatch'
  | 'subject_mismatch'
  | 'jwks_unreachable'
  | 'invalid_jwks'
  | 'invalid_userinfo'
  | 'userinfo_unreachable'
  | 'crypto_unavailable'
  | 'end_session_unavailable'
  | 'login_required'
  | 'token_expired'
  | 'resource_not_allowed'
  | 'insecure_resource'
  | 'unsupported_body'
  | 'out_of_memory'
  | 'load_failed'
  | 'module_failed';
