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
            /// Starts a login: `app_state return_to is_relayed parameters -> DONE [ADDRESS]`.
            START,
            /// Answers a URL: `URL -> NOTHING [ADDRESS] | TOKEN [ADDRESS token…] | REQUEST [ADDRESS request…]`.
            FINISH,
            /// What goes along with a request: `URL token usable_until (method type body) -> DONE [HEADER_NAME…]`.
            AUTHORIZE,
            /// As FINISH, and `RELAY [ADDRESS]` for what another window waits for.
            FINISH_HERE,
            /// As AUTHORIZE, with a credential: `URL - - method type body kind token username password`;
            /// without a URL it is only checked.
            AUTHORIZE_CREDENTIAL,
            /// Whether a resource's refusal means the token: `URL challenges -> DONE | NOTHING`.
            IS_TOKEN_REFUSED,
            /// The challenges of a header: `header -> DONE [CHALLENGE_LINES]`.
            CHALLENGES,
            /// The answer to an exchange: `expected answer… -> TOKEN [token…]`.
            EXCHANGED,
            /// Renews a session: `record known_token -> REQUEST [request…] | TOKEN [token…]`.
            RENEW,
            /// Its answer: as EXCHANGED, and `GRANT_REFUSED [ERROR…]`.
            RENEWED,
            /// Reads a session that was kept: `record -> TOKEN [token…] | NOTHING`.
            RESTORE,
            /// What revokes a session's tokens: `record -> DONE [request… request…]`, the second FURTHER_REQUEST behind the first.
            REVOKE,
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
            RELAY = 5,
            /// The refresh token is used up, expired or revoked.
            GRANT_REFUSED = 6,
            /// Nothing was changed; the same call with more room can be answered.
            MORE_ROOM = 7,
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
            /// The page's address when the client was made; absent where there is no page.
            PAGE,
            /// The logins are kept where several tabs see them.
            SHARES_LOGINS,
            RESPONSE_TYPE,
            RESPONSE_MODE,
            TOKEN_ENDPOINT,
            REVOCATION_ENDPOINT,
            CLIENT_SECRET,
            TOKEN_ENDPOINT_AUTH_METHOD,
            TOKEN_REQUEST_FORMAT,
            ALLOW_SECRET_IN_BROWSER,
        }
    };
}
pub(crate) use client_texts;

/// Hands the positions of an answer's texts to another macro. Answers of different kinds use the same ones.
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
            /// The session, as a store keeps it.
            RECORD = 8,
            REFRESH_TOKEN = 9,
            // A request to send, and what comes back to the module with its answer.
            REQUEST_URL = 2,
            CONTENT_TYPE = 3,
            AUTHORIZATION = 4,
            BODY = 5,
            EXPECTED = 8,
            /// So far behind a request a second one stands.
            FURTHER_REQUEST = 4,
            // What a server said of its refusal.
            ERROR = 2,
            ERROR_DESCRIPTION = 3,
            ERROR_URI = 4,
            // What goes along with a request.
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

/// Texts that stand in front of a client's or of resources.
pub(crate) const ARGUMENTS: usize = 12;
/// Positions of an answer: the status has the first one, and its texts have the others.
pub(crate) const REPLIES: usize = 10;
