//! Every way to fail, a row each: its variant in Rust, the code that never changes, and one sentence that
//! says what happened and what to do. Rust, JavaScript and the declarations have theirs from here.
//!
//! The sentences quote nothing from outside: no URL, no state, no token, no word of the server's. A row
//! with `said` comes with what the server said, as data.

/// Hands the rows to another macro. The numbers of the rows are what the npm package's modules answer: the
/// small entry's knows those of the first group alone, the others' those of the second one, too, and the
/// third one is OpenID Connect's.
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
        /// The clock stands before the login's start.
        ClockSetBack: "state_expired", "This device's clock was set back while the login was under way, so nobody knows how long that took; sign in again.";
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
        WrongLocation: "wrong_location", "The token came in the query, where logs and other sites can see it; have the server send it in the fragment.";
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
        /// The platform says that it has no network.
        Offline: "token_endpoint_unreachable", "This device is offline, so the server was not reached; try again when it is online.";
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
        MetadataOfAnotherIssuer: "issuer_mismatch", "The metadata names an issuer on another host, port or scheme than the one that it was asked of; pass the issuer exactly as the server writes it.";
        /// The two differ in a slash at their end.
        MetadataWithOtherSlash: "issuer_mismatch", "The metadata's issuer and the one that it was asked of differ in the slash at their end alone; pass it exactly as the server writes it.";
        /// The metadata names a pattern for issuers.
        MetadataOfPattern: "issuer_mismatch", "The metadata's issuer has a placeholder in braces, as of a server that many tenants share; pass the issuer of one tenant.";
        /// The two differ in their path.
        MetadataOfOtherPath: "issuer_mismatch", "The metadata names an issuer with another path than the one that it was asked of; pass the issuer exactly as the server writes it.";
        ;;
        /// The server sent no ID token (OpenID Connect Core 1.0, section 3.1.3.3).
        MissingIdToken: "missing_id_token", "The server sent no ID token although openid was asked for; check the client's registration.";
        /// The ID token is no JWS of JSON objects (RFC 7515, section 7.1; RFC 7519, section 7.2).
        IdTokenMalformed: "id_token_malformed", "The ID token is not three parts of base64url that hold JSON objects (RFC 7515); tell the server's operator.";
        /// The ID token is encrypted, has an extension, or is a JWT of another kind (RFC 7516; RFC 7515, section 4.1.11; RFC 8725, section 3.11).
        IdTokenUnsupported: "id_token_unsupported", "The ID token is encrypted, another kind of JWT, or has an extension; register for signed ID tokens.";
        /// The ID token's algorithm is none that was agreed on (OpenID Connect Core 1.0, section 3.1.3.7; RFC 8725, section 3.1).
        IdTokenAlgRefused: "id_token_alg_refused", "The ID token's algorithm is not allowed here, or not in this browser; set id_token_signed_response_alg.";
        /// No key of the issuer's is the ID token's, or several are (OpenID Connect Core 1.0, section 10.1).
        IdTokenKeyNotFound: "id_token_key_not_found", "The issuer's key set has not exactly one sound key for this ID token; check jwks_uri.";
        /// The signature is not the key's (RFC 7515, section 5.2).
        IdTokenSignatureInvalid: "id_token_signature_invalid", "The ID token was changed or is not the issuer's; take it for an attack, and sign in again.";
        /// `iss` is another one (OpenID Connect Core 1.0, section 3.1.3.7).
        IdTokenIssuerMismatch: "id_token_issuer_mismatch", "The ID token names another issuer than server.issuer; set it exactly as the server writes it.";
        /// `aud` or `azp` is not this client's (OpenID Connect Core 1.0, section 3.1.3.7).
        IdTokenAudienceMismatch: "id_token_audience_mismatch", "The ID token is for another client, or for audiences that trustedAudiences lacks; check client_id.";
        /// A claim is missing or of a wrong type (OpenID Connect Core 1.0, section 2).
        IdTokenClaimInvalid: "id_token_claim_invalid", "The ID token's sub, exp or iat is missing, or a claim has a wrong type; tell the server's operator.";
        /// `exp` has passed (OpenID Connect Core 1.0, section 3.1.3.7).
        IdTokenExpired: "id_token_expired", "The ID token has expired by this device's clock; set the clock, or clockTolerance.";
        /// `iat`, `nbf` or `auth_time` is still to come (RFC 7519, section 4.1).
        IdTokenNotYetValid: "id_token_not_yet_valid", "The ID token is from the future by this device's clock; set the clock, or clockTolerance.";
        /// `nonce` is another login's (OpenID Connect Core 1.0, section 3.1.3.7).
        NonceMismatch: "nonce_mismatch", "The ID token belongs to another login; sign in again.";
        /// `at_hash` is that of another access token (OpenID Connect Core 1.0, sections 3.1.3.8 and 3.2.2.9).
        AtHashMismatch: "at_hash_mismatch", "The access token is not the one that came with the ID token; take it for an attack, and sign in again.";
        /// `c_hash` is that of another code (OpenID Connect Core 1.0, section 3.3.2.10).
        CHashMismatch: "c_hash_mismatch", "The code is not the one that came with the ID token; take it for an attack, and sign in again.";
        /// `s_hash` is that of another state (FAPI 1.0 Advanced, section 5.2.2.1).
        SHashMismatch: "s_hash_mismatch", "The state is not the one that came with the ID token; take it for an attack, and sign in again.";
        /// `auth_time` is older than `max_age` allows (OpenID Connect Core 1.0, section 3.1.3.7).
        AuthTooOld: "auth_too_old", "The user's sign-in is not shown to be within max_age; sign in with prompt=login.";
        /// `acr` is none that was demanded (OpenID Connect Core 1.0, section 5.5.1.1).
        AcrMismatch: "acr_mismatch", "The user signed in by none of requiredAcr; sign in again in one of these ways.";
        /// The answer is about another user (OpenID Connect Core 1.0, sections 5.3.2 and 12.2).
        SubjectMismatch: "subject_mismatch", "The answer is about another user than the one who signed in; log out first.";
        /// The issuer's keys are no key set (RFC 7517, section 5).
        InvalidJwks: "invalid_jwks", "The issuer's keys are not the JSON of RFC 7517; check jwks_uri.";
        /// The UserInfo endpoint's answer is none (OpenID Connect Core 1.0, section 5.3.2).
        InvalidUserinfo: "invalid_userinfo", "The UserInfo endpoint's answer is no JSON with a sub; register for userinfo without signature, or tell the server's operator.";
        }
    };
}
pub(crate) use errors;
