//! Every way to fail, a row each: its variant in Rust, the code that never changes, and one sentence that
//! says what happened and what to do. Rust, JavaScript and the declarations have theirs from here.
//!
//! The sentences quote nothing from outside: no URL, no state, no token, no word of the server's. A row
//! with `said` comes with what the server said, as data.

/// Hands the rows to another macro. The numbers of the rows are what the npm package's module answers,
/// and its small entry knows those of the first group alone.
macro_rules! errors {
    ($use_rows:ident) => {
        $use_rows! {
        /// The store for logins under way refused to keep or to give up a record.
        StorageUnavailable: "storage_unavailable", "The browser's storage refused the login's record; allow storage for this site or free some, then sign in again.";
        /// The page is neither `https:` nor on a loopback host.
        InsecureContext: "insecure_context", "This page was not loaded over https: or from a loopback host; serve it securely, then sign in again.";
        /// The platform's random source failed (RFC 6749, section 10.10).
        RandomUnavailable: "random_unavailable", "The platform gave no secure random bytes; sign in with a browser that has crypto.getRandomValues.";
        /// `returnTo` is not a path on this origin (RFC 9700, section 4.11.1).
        InvalidReturnTo: "invalid_return_to", "returnTo is not a path on this origin; pass one that starts with a single slash.";
        /// The response has no state (RFC 6749, section 10.12).
        MissingState: "missing_state", "The response has no state, so nothing shows that this page asked for it; sign in again.";
        /// No login under way has this state.
        UnknownState: "unknown_state", "The response answers no login that this browser has under way; sign in again, and set stateStore to 'local' if the redirect comes back in another tab or view.";
        /// The login was started longer ago than its lifetime.
        StateExpired: "state_expired", "The login took longer than its lifetime; sign in again.";
        /// The login with this state was finished before.
        StateReplayed: "state_replayed", "The login that this response answers was finished before; go on with the session, or sign in again.";
        /// The login with this state was started by another client.
        StateWrongClient: "state_wrong_client", "The response answers a login of another client on this origin; let that client handle it.";
        /// The response came to another URL than the one that was asked for (RFC 9700, section 4.4).
        RedirectUriMismatch: "redirect_uri_mismatch", "The response came to another URL than the login's redirect_uri; correct redirect_uri here or at the server, then sign in again.";
        /// A parameter occurs more than once (RFC 6749, section 3.1).
        DuplicateParameter: "duplicate_parameter", "A parameter occurs twice in the response, so its meaning is open; sign in again, and report it to the server's operator if it stays.";
        /// The encoding or a value breaks its grammar (RFC 6749, appendix A and B).
        MalformedResponse: "malformed_response", "The response breaks the encoding or the grammar of RFC 6749; sign in again, and report it to the server's operator if it stays.";
        /// More than 128 KiB, or more than 256 parameters.
        ResponseTooLarge: "response_too_large", "The response is larger than 128 KiB or has more than 256 parameters; sign in again.";
        /// The token came in the query (RFC 6749, section 4.2.2).
        WrongLocation: "wrong_location", "The access token came in the query, where logs and other sites can see it; have the server send it in the fragment.";
        /// Query and fragment both hold a response.
        AmbiguousResponse: "ambiguous_response", "The URL holds one response in its query and another in its fragment; sign in again.";
        /// The response holds what was not asked for.
        UnexpectedResponseType: "unexpected_response_type", "The response holds something else than the response_type that was asked for; check which response types the server grants this client.";
        /// The response has no access token (RFC 6749, section 4.2.2).
        MissingAccessToken: "missing_access_token", "The response has no access token; check that the server grants this client the response_type token.";
        /// The response has no token type (RFC 6749, section 7.1).
        MissingTokenType: "missing_token_type", "The response has no token_type; set assumeTokenType to 'Bearer' if the server's documents say that its tokens are bearer tokens.";
        /// The token type is not `Bearer` (RFC 6749, section 7.1).
        UnsupportedTokenType: "unsupported_token_type", "The token is not a bearer token, and no other type is understood; have the server issue bearer tokens to this client.";
        /// The response names another issuer (RFC 9207, section 2.4).
        IssuerMismatch: "issuer_mismatch", "The response names another issuer than the configured one; check server.issuer, and take it for an attack if that is right.";
        /// The server promises an issuer in its responses, and this one has none (RFC 9207, section 2.4).
        IssuerMissing: "issuer_missing", "The server's metadata promises an issuer in every response, and this one has none; sign in again.";
        /// The server refused (RFC 6749, section 4.2.2.1).
        AuthorizationError said: "authorization_error", "The server refused the request; its own code is in the member error.";
        /// There is no token to send.
        LoginRequired: "login_required", "There is no token to send; sign in first.";
        /// The token has expired, or is too near to its end.
        TokenExpired: "token_expired", "The token has expired; sign in again.";
        /// The URL is not among the resources that may see the token.
        ResourceNotAllowed: "resource_not_allowed", "This URL is none of the configured resources; add it to resources, or use plain fetch for a request without token.";
        /// The URL is neither `https:` nor on a loopback host (RFC 6750, section 5.3).
        InsecureResource: "insecure_resource", "This URL is neither https: nor on a loopback host, so the token would travel in the clear; use https:.";
        /// There is no memory for what was given.
        OutOfMemory: "out_of_memory", "There is no memory for so large a text; pass less, or load the page again.";
        ;;
        /// The body can't hold the token that its resource takes there (RFC 6750, section 2.2).
        UnsupportedBody: "unsupported_body", "The request's body can't hold the token; send a form-encoded body with a method that has one, or set via to 'header'.";
        /// The response has no code (RFC 6749, section 4.1.2).
        MissingCode: "missing_code", "The response has no code; check that the server grants this client the response_type code.";
        /// The code came in another part of the URL than was asked for.
        CodeInWrongLocation: "wrong_location", "The code came in another part of the URL than was asked for; set response_mode to the one that the server uses.";
        /// The token endpoint refused (RFC 6749, section 5.2).
        TokenError said: "token_error", "The token endpoint refused the request; its own code is in the member error.";
        /// There was no answer of the token endpoint's.
        TokenEndpointUnreachable: "token_endpoint_unreachable", "The server gave no answer that this program may read; if the network works, it does not let a browser use this endpoint (CORS) or hides why it refused: use response_type 'token', or exchange the code at a server of yours.";
        /// The token endpoint's answer is none of RFC 6749's (sections 5.1 and 5.2).
        InvalidTokenResponse: "invalid_token_response", "The token endpoint's answer is not the JSON of RFC 6749; check server.token_endpoint, and report it to the server's operator if that is right.";
        /// What was asked for the session came after its end, or after somebody else had signed in.
        SessionEnded: "session_ended", "The session ended, or another one began, before the answer came, so it changed nothing; sign in again if you are not signed in.";
        /// Another tab has kept the session's renewal to itself for too long.
        SessionBusy: "session_busy", "Another tab keeps the renewal of this session to itself; it stays as it is, and is renewed later.";
        /// The server says nothing without its user (OpenID Connect Core 1.0, section 3.1.2.6).
        InteractionRequired said: "interaction_required", "The server renews nothing without its user, and its own code is in the member error; sign in again.";
        /// The server does not know the user in a hidden frame.
        UserUnknown said: "interaction_required", "The server knows no user here: nobody is signed in there, or the browser blocks third-party cookies and so keeps them from the hidden frame; sign in again.";
        /// The user has not allowed yet what is asked for.
        ConsentRequired said: "interaction_required", "The user has not yet allowed at the server what this page asks for; sign in again.";
        /// The hidden frame got no answer.
        FrameUnanswered: "interaction_required", "The hidden frame got no answer within 10 seconds, as where a server refuses to be framed; sign in again.";
        /// The hidden frame can't be opened, or its answer is none.
        FrameForbidden: "interaction_required", "The page's Content-Security-Policy forbids the hidden frame; add the server to its frame-src, or sign in again.";
        /// The metadata is no document of RFC 8414's, or none that a client can use.
        InvalidMetadata: "invalid_metadata", "The server's metadata is not the JSON of RFC 8414; check the issuer, or configure the endpoints by hand.";
        /// The metadata names another issuer than the one that it was asked of (RFC 8414, section 3.3).
        MetadataOfAnotherIssuer: "issuer_mismatch", "The metadata names another issuer than the one that it was asked of; pass the issuer exactly as the server writes it.";
        }
    };
}
pub(crate) use errors;
