//! The numbers that the module and the facade speak in. This is their only table: the build makes the
//! facade's from it.

/// Hands the methods of the door to another macro, those of the small entry first.
macro_rules! methods {
    ($use_rows:ident) => {
        $use_rows! {
            /// Checks a client's options: `-> DONE [SESSION_NAME]`.
            CHECK_CLIENT,
            /// Checks resources, which stand in the place of the client.
            CHECK_RESOURCES,
            /// Starts a login: `app_state return_to parameters (kept) -> DONE [ADDRESS]`. `kept` is what its
            /// session is to know of what was asked for, where that is not the parameters.
            START,
            /// Answers a URL: `URL -> NOTHING | TOKEN | REQUEST | UNVERIFIED`, each with the address that is
            /// left. In the full entries a token is a turn of the session, a code is a request with its job,
            /// and an ID token is to be verified, with its job, what came beside it in EXPECTED, and what was
            /// asked for in PARAMETERS.
            FINISH,
            /// What goes along with a request: `URL token usable_until (method type body) -> DONE [HEADER_NAME…]`.
            AUTHORIZE,
            /// As AUTHORIZE, with a credential: `URL - - method type body kind token username password`;
            /// without a URL it is only checked.
            AUTHORIZE_CREDENTIAL,
            /// Whether a resource's refusal means the token: `URL challenges -> DONE | NOTHING`.
            IS_TOKEN_REFUSED,
            /// The challenges of a header: `header -> DONE [CHALLENGE_LINES]`.
            CHALLENGES,
            /// What a login in another window belongs to: `parameters -> DONE [JOB]`.
            JOIN,
            /// The methods from here to LOGOUT_HEARD are the events of a session; each answers with a turn.
            LOOK,
            /// The page woke, or the network is back.
            WOKE,
            /// The caller wants a new token: the parameters of this renewal, or none.
            RENEW,
            /// The turn of a renewal to ask: `lock`.
            LOCKED,
            /// The answer to a renewal: `expected answer…`.
            REFRESHED,
            /// The answer to the exchange of a code: `expected answer…`.
            EXCHANGED,
            /// What came in a redirect, and its ID token, now verified: `expected id_token`.
            VERIFIED,
            /// A frame brought no response, as none came or as it was forbidden: `is_forbidden`.
            UNFRAMED,
            /// A resource refused this token: `token is_fresh`.
            TOKEN_REFUSED,
            /// `revokes`.
            LOGOUT,
            /// Another tab's.
            LOGOUT_HEARD,
            /// `id`.
            RENEWED_ELSEWHERE,
            /// Asks for a token without a login: `grant_type parameters -> REQUEST [request…]`.
            REQUEST_TOKEN,
            /// Its answer: `expected answer… -> TOKEN [token…]`.
            TOKEN_REQUESTED,
            /// Where an issuer's metadata can stand: `issuer -> DONE [METADATA_URL OTHER_METADATA_URL]`.
            METADATA_URLS,
            /// Whether an answer is that: `issuer answer… -> DONE`.
            CHECK_METADATA,
            /// Which response type a server allows: `- - - - members… -> DONE [BEST_TYPE REASON]`.
            BEST_RESPONSE_TYPE,
            /// The methods from here on are those of the module for OpenID Connect. Checks the client as a
            /// relying party.
            CHECK_RELYING_PARTY,
            /// What a login asks for: `parameters required_acr is_repeated -> DONE [PARAMETERS KEPT]`.
            ASK,
            /// Whether an answer is the issuer's keys: `status type body -> DONE`.
            CHECK_KEYS,
            /// Whether keys that were fetched then are used without a question: `time -> DONE | NOTHING`.
            ARE_KEYS_FRESH,
            /// Makes every check of an ID token that needs no key, and names the job: `id_token kept
            /// access_token is_in_redirect code state subject is_refreshed refetched_at (keys) -> REQUEST |
            /// DONE [ALGORITHM JWK…]`, REQUEST where it needs keys. A failure with KEYS_MAY_HAVE_CHANGED is a
            /// reason to ask for them again.
            CHECK_ID_TOKEN,
            /// The same, and the outcome of the job: `… is_signed digest digest digest -> DONE [CLAIMS]`.
            ID_TOKEN_CHECKED,
            /// Reads one again that was verified before: `id_token -> DONE [CLAIMS]`.
            READ_ID_TOKEN,
            /// Whether an answer is about the user: `status type body subject -> DONE`.
            CHECK_USERINFO,
            /// Starts a logout at the provider: `app_state return_to parameters hint -> DONE [ADDRESS]`.
            END_SESSION,
            /// Answers a URL: `URL -> NOTHING | DONE [ADDRESS APP_STATE RETURN_TO]`.
            SESSION_ENDED,
        }
    };
}
pub(crate) use methods;

/// Hands the answers of the door to another macro. None of them is zero: that is what an instance says
/// that does not answer, and it is never a yes.
macro_rules! statuses {
    ($use_rows:ident) => {
        $use_rows! {
            DONE = 1,
            NOTHING = 2,
            TOKEN = 3,
            REQUEST = 4,
            /// Nothing was changed; the same call with more room can be answered.
            MORE_ROOM = 5,
            /// An ID token came, and is to be verified.
            UNVERIFIED = 6,
            /// The number of the first error.
            ERRORS = 16,
            /// The number of the first wrong option.
            OPTIONS = 96,
        }
    };
}
pub(crate) use statuses;

/// Hands the positions of a client's texts to another macro, those of the small entry first. A flag
/// counts by being there.
macro_rules! client_texts {
    ($use_rows:ident) => {
        $use_rows! {
            AUTHORIZATION_ENDPOINT,
            ISSUER,
            PROMISES_ISSUER,
            CLIENT_ID,
            /// As it was given.
            REDIRECT_URI,
            /// As the browser's parser wrote it.
            REDIRECT_URL,
            SCOPE,
            STATE_LIFETIME,
            HASH_ROUTER,
            ASSUME_TOKEN_TYPE,
            /// The page's origin, and not its address, which may hold a response; absent where there is no page.
            PAGE,
            RESPONSE_TYPE,
            RESPONSE_MODE,
            TOKEN_ENDPOINT,
            REVOCATION_ENDPOINT,
            CLIENT_SECRET,
            TOKEN_ENDPOINT_AUTH_METHOD,
            TOKEN_REQUEST_FORMAT,
            ALLOW_SECRET_IN_BROWSER,
            /// The credentials of HTTP Basic are not form-encoded.
            RAW_BASIC,
            /// A form of what exchanges and renewals say in addition.
            TOKEN_PARAMETERS,
            /// The session is renewed without being asked.
            AUTO_RENEW,
            /// Several tabs see the session's record.
            SHARES_SESSION,
            /// There is a document for hidden frames.
            HAS_FRAMES,
            /// Seconds before its end from which a token is no longer sent.
            EXPIRY_MARGIN,
            /// Percent of its life after which a token is renewed.
            RENEW_AT,
            /// Who the user is was asked for, and ID tokens are verified.
            OPENID,
            // The rest is the relying party's.
            SIGNED_RESPONSE_ALG,
            /// With single spaces between them.
            SUPPORTED_ALGS,
            /// A line for each.
            TRUSTED_AUDIENCES,
            CLOCK_TOLERANCE,
            /// What the token endpoint sends needs no signature.
            TRUSTS_TOKEN_ENDPOINT,
            JWKS_URI,
            /// The keys were given.
            HAS_KEYS,
            USERINFO_ENDPOINT,
            END_SESSION_ENDPOINT,
            /// As it was given.
            POST_LOGOUT_REDIRECT_URI,
            /// As the browser's parser wrote it.
            POST_LOGOUT_REDIRECT_URL,
        }
    };
}
pub(crate) use client_texts;

/// Hands the positions of an answer's texts to another macro. What comes together has positions of its own;
/// answers of other kinds use the first ones, too.
macro_rules! reply_texts {
    ($use_rows:ident) => {
        $use_rows! {
            /// The answer's status.
            STATUS = 0,
            /// What the address bar is to show, or where the user is to be sent.
            ADDRESS = 1,
            // A token, and what the application wanted back.
            ACCESS_TOKEN = 2,
            GRANTED_SCOPE = 3,
            EXPIRES_AT = 4,
            USABLE_UNTIL = 5,
            APP_STATE = 6,
            RETURN_TO = 7,
            // What a server said of its refusal.
            ERROR = 8,
            ERROR_DESCRIPTION = 9,
            ERROR_URI = 10,
            // A request to send, and what comes back to the module with its answer, or with an ID token that was
            // verified.
            REQUEST_URL = 11,
            CONTENT_TYPE = 12,
            AUTHORIZATION = 13,
            BODY = 14,
            EXPECTED = 15,
            /// The same of an exchange: what its answer has to fit.
            JOB = 16,
            /// A refresh token that no session keeps.
            REFRESH_TOKEN = 17,
            /// Two requests that revoke tokens stand so far behind REQUEST_URL.
            REVOCATION = 7,
            OTHER_REVOCATION = 11,
            // A turn of the session.
            /// The record, where it is to be kept.
            RECORD = 26,
            /// What the tab knows now.
            TAB = 27,
            /// A letter for each thing to do.
            EFFECTS = 28,
            /// A line for each change that subscribers are told: what, and whose doing.
            CHANGES = 29,
            /// When the session wants to be asked again.
            DEADLINE = 30,
            /// What a page can show.
            SESSION_STATE = 31,
            /// The number of the renewal for which something is to be done.
            RENEWAL = 32,
            /// What the name of the lock has at its end.
            LOCK = 33,
            /// What a login, or the session's, has asked for in addition.
            PARAMETERS = 34,
            /// The session whose refresh token is used up.
            SESSION_ID = 35,
            /// Of the HTTP response that an answer is about.
            HTTP_STATUS = 36,
            /// The session's, or one that is still to be verified.
            ID_TOKEN = 37,
            /// What else a server said with a token or a code.
            FURTHER = 38,
            // What verifies an ID token, and what is in it.
            ALGORITHM = 1,
            JWK = 2,
            SIGNED_TEXT = 3,
            /// The first of three texts to hash.
            TEXT_TO_HASH = 5,
            CLAIMS = 8,
            KEYS_MAY_HAVE_CHANGED = 9,
            /// What a login is to keep of what it asks for.
            KEPT = 2,
            // What goes along with a request to an API.
            HEADER_NAME = 1,
            HEADER_VALUE = 2,
            URL_WITH_TOKEN = 3,
            BODY_WITH_TOKEN = 4,
            REDIRECT = 5,
            // The rest has one or two.
            SESSION_NAME = 1,
            /// A form in each line.
            CHALLENGE_LINES = 1,
            METADATA_URL = 1,
            OTHER_METADATA_URL = 2,
            BEST_TYPE = 1,
            REASON = 2,
        }
    };
}
pub(crate) use reply_texts;

/// Hands what a turn of the session wants done to another macro, each with its letter, in the order in
/// which it is done.
#[allow(unused_macros, reason = "the small entry has no such session")]
macro_rules! effects {
    ($use_rows:ident) => {
        $use_rows! {
            KEEP = b'k',
            REMOVE = b'x',
            TELL_LOGOUT = b'l',
            TELL_RENEWED = b'r',
            END_EXCHANGES = b'e',
            SETTLE = b's',
            DROP = b'd',
            CLOSE_FRAME = b'c',
            GIVE_LOCK = b'g',
            TAKE_LOCK = b't',
            SEND = b'q',
            OPEN_FRAME = b'f',
            REVOKE = b'v',
        }
    };
}
#[allow(unused_imports, reason = "the small entry has no such session")]
pub(crate) use effects;

/// Hands the positions of a session's texts in a call to another macro.
#[allow(unused_macros, reason = "the small entry has no such session")]
macro_rules! session_texts {
    ($use_rows:ident) => {
        $use_rows! {
            /// The record as the store has it now.
            GIVEN_RECORD = 13,
            /// What the tab knew after its last turn.
            GIVEN_TAB = 14,
            /// Whose doing a response is.
            GIVEN_CAUSE = 15,
            /// The number of the renewal that this is about.
            GIVEN_RENEWAL = 16,
            /// The job of an exchange, or of a login in another window.
            GIVEN_JOB = 17,
        }
    };
}
#[allow(unused_imports, reason = "the small entry has no such session")]
pub(crate) use session_texts;

/// Texts that stand in front of a client's or of resources.
pub(crate) const ARGUMENTS: usize = 18;
/// Positions of an answer: the status has the first one, and its texts have the others.
pub(crate) const REPLIES: usize = 39;
