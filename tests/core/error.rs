//! Every error in its own words. Its codes never change once released.

use std::collections::BTreeSet;

use crate::fixtures::{
    self, ENDPOINT, REDIRECT_URI, TOKEN_ENDPOINT, check_all, client, same, server, token_endpoint,
};
use claviger::{
    AuthorizationRequest, Client, Credential, Error, InvalidOption, Metadata, RenewalParameters,
    Resource, Resources, ResponseMode, ServerError, TokenEndpoint, TokenRequest, TokenToRevoke,
};

const DECLARED: &str = include_str!("../../pkg/index.d.ts");
const SOURCE: &str = include_str!("../../src/error/table.rs");
/// Codes that the package has beside the crate's.
const OF_THE_PACKAGE: [&str; 10] = [
    "load_failed",
    "module_failed",
    "popup_blocked",
    "popup_closed",
    "revocation_unconfirmed",
    "metadata_unreachable",
    "jwks_unreachable",
    "userinfo_unreachable",
    "crypto_unavailable",
    "end_session_unavailable",
];
/// Codes that say the same of several things, each in a sentence of its own.
const SHARED: [(&str, usize); 5] = [
    ("wrong_location", 2),
    ("state_expired", 2),
    ("token_endpoint_unreachable", 2),
    ("issuer_mismatch", 5),
    ("interaction_required", 5),
];

fn said() -> ServerError {
    ServerError {
        error: "access_denied".into(),
        description: Some("Not today".into()),
        uri: Some("https://as.example/e".into()),
        status: None,
    }
}

/// Every error, and the sentence of each code.
fn all() -> [Error; 67] {
    [
        Error::StorageUnavailable,
        Error::InsecureContext,
        Error::RandomUnavailable,
        Error::InvalidReturnTo,
        Error::MissingState,
        Error::UnknownState,
        Error::StateExpired,
        Error::ClockSetBack,
        Error::StateReplayed,
        Error::StateWrongClient,
        Error::RedirectUriMismatch,
        Error::DuplicateParameter,
        Error::MalformedResponse,
        Error::ResponseTooLarge,
        Error::WrongLocation,
        Error::AmbiguousResponse,
        Error::UnexpectedResponseType,
        Error::MissingAccessToken,
        Error::MissingTokenType,
        Error::UnsupportedTokenType,
        Error::IssuerMismatch,
        Error::IssuerMissing,
        Error::AuthorizationError(Box::new(said())),
        Error::LoginRequired,
        Error::TokenExpired,
        Error::ResourceNotAllowed,
        Error::InsecureResource,
        Error::OutOfMemory,
        Error::UnsupportedBody,
        Error::MissingCode,
        Error::CodeInWrongLocation,
        Error::TokenError(Box::new(said())),
        Error::TokenEndpointUnreachable,
        Error::Offline,
        Error::InvalidTokenResponse,
        Error::SessionEnded,
        Error::SessionBusy,
        Error::InteractionRequired(Box::new(said())),
        Error::UserUnknown(Box::new(said())),
        Error::ConsentRequired(Box::new(said())),
        Error::FrameUnanswered,
        Error::FrameForbidden,
        Error::InvalidMetadata,
        Error::MetadataOfAnotherIssuer,
        Error::MetadataWithOtherSlash,
        Error::MetadataOfPattern,
        Error::MetadataOfOtherPath,
        Error::MissingIdToken,
        Error::IdTokenMalformed,
        Error::IdTokenUnsupported,
        Error::IdTokenAlgRefused,
        Error::IdTokenKeyNotFound,
        Error::IdTokenSignatureInvalid,
        Error::IdTokenIssuerMismatch,
        Error::IdTokenAudienceMismatch,
        Error::IdTokenClaimInvalid,
        Error::IdTokenExpired,
        Error::IdTokenNotYetValid,
        Error::NonceMismatch,
        Error::AtHashMismatch,
        Error::CHashMismatch,
        Error::SHashMismatch,
        Error::AuthTooOld,
        Error::AcrMismatch,
        Error::SubjectMismatch,
        Error::InvalidJwks,
        Error::InvalidUserinfo,
    ]
}

const SENTENCES: [(&str, &str); 67] = [
    (
        "storage_unavailable",
        "The browser's storage refused the login's record; allow storage for this site or free some, then sign in again.",
    ),
    (
        "insecure_context",
        "This page was not loaded over https: or from a loopback host; serve it securely, then sign in again.",
    ),
    (
        "random_unavailable",
        "The platform gave no secure random bytes; sign in with a browser that has crypto.getRandomValues.",
    ),
    (
        "invalid_return_to",
        "returnTo is not a path on this origin; pass one that starts with a single slash.",
    ),
    (
        "missing_state",
        "The response has no state, so nothing shows that this page asked for it; sign in again.",
    ),
    (
        "unknown_state",
        "The response answers no login that this browser has under way; sign in again, and set stateStore to 'local' if the redirect comes back in another tab or view.",
    ),
    (
        "state_expired",
        "The login took longer than its lifetime; sign in again.",
    ),
    (
        "state_expired",
        "This device's clock was set back while the login was under way, so nobody knows how long that took; sign in again.",
    ),
    (
        "state_replayed",
        "The login that this response answers was finished before; go on with the session, or sign in again.",
    ),
    (
        "state_wrong_client",
        "The response answers a login of another client on this origin; let that client handle it.",
    ),
    (
        "redirect_uri_mismatch",
        "The response came to another URL than the login's redirect_uri; correct redirect_uri here or at the server, then sign in again.",
    ),
    (
        "duplicate_parameter",
        "A parameter occurs twice in the response, so its meaning is open; sign in again, and report it to the server's operator if it stays.",
    ),
    (
        "malformed_response",
        "The response breaks the encoding or the grammar of RFC 6749; sign in again, and report it to the server's operator if it stays.",
    ),
    (
        "response_too_large",
        "The response is larger than 128 KiB or has more than 256 parameters; sign in again.",
    ),
    (
        "wrong_location",
        "The token came in the query, where logs and other sites can see it; have the server send it in the fragment.",
    ),
    (
        "ambiguous_response",
        "The URL holds one response in its query and another in its fragment; sign in again.",
    ),
    (
        "unexpected_response_type",
        "The response holds something else than the response_type that was asked for; check which response types the server grants this client.",
    ),
    (
        "missing_access_token",
        "The response has no access token; check that the server grants this client the response_type token.",
    ),
    (
        "missing_token_type",
        "The response has no token_type; set assumeTokenType to 'Bearer' if the server's documents say that its tokens are bearer tokens.",
    ),
    (
        "unsupported_token_type",
        "The token is not a bearer token, and no other type is understood; have the server issue bearer tokens to this client.",
    ),
    (
        "issuer_mismatch",
        "The response names another issuer than the configured one; check server.issuer, and take it for an attack if that is right.",
    ),
    (
        "issuer_missing",
        "The server's metadata promises an issuer in every response, and this one has none; sign in again.",
    ),
    (
        "authorization_error",
        "The server refused the request; its own code is in the member error.",
    ),
    (
        "login_required",
        "There is no token to send; sign in first.",
    ),
    ("token_expired", "The token has expired; sign in again."),
    (
        "resource_not_allowed",
        "This URL is none of the configured resources; add it to resources, or use plain fetch for a request without token.",
    ),
    (
        "insecure_resource",
        "This URL is neither https: nor on a loopback host, so the token would travel in the clear; use https:.",
    ),
    (
        "out_of_memory",
        "There is no memory for so large a text; pass less, or load the page again.",
    ),
    (
        "unsupported_body",
        "The request's body can't hold the token; send a form-encoded body with a method that has one, or set via to 'header'.",
    ),
    (
        "missing_code",
        "The response has no code; check that the server grants this client the response_type code.",
    ),
    (
        "wrong_location",
        "The code came in another part of the URL than was asked for; set response_mode to the one that the server uses.",
    ),
    (
        "token_error",
        "The token endpoint refused the request; its own code is in the member error.",
    ),
    (
        "token_endpoint_unreachable",
        "The server gave no answer that this program may read; if the network works, it does not let a browser use this endpoint (CORS) or hides why it refused: use response_type 'token', or exchange the code at a server of yours.",
    ),
    (
        "token_endpoint_unreachable",
        "This device is offline, so the server was not reached; try again when it is online.",
    ),
    (
        "invalid_token_response",
        "The token endpoint's answer is not the JSON of RFC 6749; check server.token_endpoint, and report it to the server's operator if that is right.",
    ),
    (
        "session_ended",
        "The session ended, or another one began, before the answer came, so it changed nothing; sign in again if you are not signed in.",
    ),
    (
        "session_busy",
        "Another tab keeps the renewal of this session to itself; it stays as it is, and is renewed later.",
    ),
    (
        "interaction_required",
        "The server renews nothing without its user, and its own code is in the member error; sign in again.",
    ),
    (
        "interaction_required",
        "The server knows no user here: nobody is signed in there, or the browser blocks third-party cookies and so keeps them from the hidden frame; sign in again.",
    ),
    (
        "interaction_required",
        "The user has not yet allowed at the server what this page asks for; sign in again.",
    ),
    (
        "interaction_required",
        "The hidden frame got no answer within 10 seconds, as where a server refuses to be framed; sign in again.",
    ),
    (
        "interaction_required",
        "The page's Content-Security-Policy forbids the hidden frame; add the server to its frame-src, or sign in again.",
    ),
    (
        "invalid_metadata",
        "The server's metadata is not the JSON of RFC 8414; check the issuer, or configure the endpoints by hand.",
    ),
    (
        "issuer_mismatch",
        "The metadata names an issuer on another host, port or scheme than the one that it was asked of; pass the issuer exactly as the server writes it.",
    ),
    (
        "issuer_mismatch",
        "The metadata's issuer and the one that it was asked of differ in the slash at their end alone; pass it exactly as the server writes it.",
    ),
    (
        "issuer_mismatch",
        "The metadata's issuer has a placeholder in braces, as of a server that many tenants share; pass the issuer of one tenant.",
    ),
    (
        "issuer_mismatch",
        "The metadata names an issuer with another path than the one that it was asked of; pass the issuer exactly as the server writes it.",
    ),
    (
        "missing_id_token",
        "The server sent no ID token although openid was asked for; check the client's registration.",
    ),
    (
        "id_token_malformed",
        "The ID token is not three parts of base64url that hold JSON objects (RFC 7515); tell the server's operator.",
    ),
    (
        "id_token_unsupported",
        "The ID token is encrypted, another kind of JWT, or has an extension; register for signed ID tokens.",
    ),
    (
        "id_token_alg_refused",
        "The ID token's algorithm is not allowed here, or not in this browser; set id_token_signed_response_alg.",
    ),
    (
        "id_token_key_not_found",
        "The issuer's key set has not exactly one sound key for this ID token; check jwks_uri.",
    ),
    (
        "id_token_signature_invalid",
        "The ID token was changed or is not the issuer's; take it for an attack, and sign in again.",
    ),
    (
        "id_token_issuer_mismatch",
        "The ID token names another issuer than server.issuer; set it exactly as the server writes it.",
    ),
    (
        "id_token_audience_mismatch",
        "The ID token is for another client, or for audiences that trustedAudiences lacks; check client_id.",
    ),
    (
        "id_token_claim_invalid",
        "The ID token's sub, exp or iat is missing, or a claim has a wrong type; tell the server's operator.",
    ),
    (
        "id_token_expired",
        "The ID token has expired by this device's clock; set the clock, or clockTolerance.",
    ),
    (
        "id_token_not_yet_valid",
        "The ID token is from the future by this device's clock; set the clock, or clockTolerance.",
    ),
    (
        "nonce_mismatch",
        "The ID token belongs to another login; sign in again.",
    ),
    (
        "at_hash_mismatch",
        "The access token is not the one that came with the ID token; take it for an attack, and sign in again.",
    ),
    (
        "c_hash_mismatch",
        "The code is not the one that came with the ID token; take it for an attack, and sign in again.",
    ),
    (
        "s_hash_mismatch",
        "The state is not the one that came with the ID token; take it for an attack, and sign in again.",
    ),
    (
        "auth_too_old",
        "The user's sign-in is not shown to be within max_age; sign in with prompt=login.",
    ),
    (
        "acr_mismatch",
        "The user signed in by none of requiredAcr; sign in again in one of these ways.",
    ),
    (
        "subject_mismatch",
        "The answer is about another user than the one who signed in; log out first.",
    ),
    (
        "invalid_jwks",
        "The issuer's keys are not the JSON of RFC 7517; check jwks_uri.",
    ),
    (
        "invalid_userinfo",
        "The UserInfo endpoint's answer is no JSON with a sub; register for userinfo without signature, or tell the server's operator.",
    ),
];

/// What stands between the quotes and looks like a code.
fn codes_in(text: &str, quote: char) -> BTreeSet<&str> {
    text.split(quote)
        .filter(|part| {
            part.contains('_') && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        })
        .collect()
}

#[test]
fn every_error_says_its_sentence() {
    check_all(all().iter().zip(SENTENCES), |(error, (code, sentence))| {
        same("the code", &error.code(), code)?;
        same(code, &error.message(), sentence)?;
        same(code, &error.to_string().as_str(), sentence)
    });
}

#[test]
fn every_code_of_the_crate_and_of_the_package_has_its_row() {
    let rows = BTreeSet::from(SENTENCES.map(|(code, _)| code));
    let further = SHARED.iter().map(|(_, sentences)| sentences - 1);
    assert_eq!(rows.len() + further.sum::<usize>(), SENTENCES.len());
    for (code, count) in SHARED {
        let sentences = SENTENCES.iter().filter(|(it, _)| *it == code);
        assert_eq!(sentences.count(), count, "{code}");
    }
    let sentences = BTreeSet::from(SENTENCES.map(|(_, sentence)| sentence));
    assert_eq!(sentences.len(), SENTENCES.len());
    let (_, declared) = DECLARED.split_once("export type OAuthErrorCode =").unwrap();
    let mut declared = codes_in(declared, '\'');
    for code in OF_THE_PACKAGE {
        assert!(declared.remove(code), "{code}");
    }
    assert_eq!(rows, declared);
    // A row of the source is `Variant: "code", "sentence";`.
    let of_the_source = SOURCE.lines().filter_map(|line| {
        let (_, code) = line.trim().split_once(": \"")?;
        code.split_once("\", \"").map(|(code, _)| code)
    });
    assert_eq!(rows, of_the_source.collect());
}

#[test]
fn every_message_is_one_sentence_that_quotes_nothing() {
    check_all(SENTENCES, |(code, sentence)| {
        let is_sentence = sentence.ends_with('.')
            && !sentence.trim_end_matches('.').contains(". ")
            && sentence
                .chars()
                .all(|it| (' '..='~').contains(&it) && !"{}%".contains(it));
        same(code, &is_sentence, &true)
    });
}

#[test]
fn the_servers_own_words_stand_apart_from_the_sentence() {
    for refusal in [
        Error::AuthorizationError(Box::new(said())),
        Error::TokenError(Box::new(said())),
        Error::InteractionRequired(Box::new(said())),
        Error::UserUnknown(Box::new(said())),
        Error::ConsentRequired(Box::new(said())),
    ] {
        let server = refusal.server().unwrap();
        assert_eq!(server.error, "access_denied");
        assert_eq!(server.description.as_deref(), Some("Not today"));
        assert_eq!(server.uri.as_deref(), Some("https://as.example/e"));
        for word in ["access_denied", "Not today", "as.example"] {
            assert!(!refusal.to_string().contains(word));
        }
    }
    let others = all().into_iter().filter(|error| error.server().is_none());
    assert_eq!(others.count(), all().len() - 5);
}

#[test]
fn every_wrong_option_is_named_with_what_it_must_be() {
    let client = client();
    let redirect = || fixtures::redirect_uri(REDIRECT_URI).unwrap();
    let resource = || Resource::new(fixtures::url("https://api.example/")).unwrap();
    let basic = Credential::basic("ada", "").unwrap();
    let rows: [(Result<(), InvalidOption>, &str); 12] = [
        (
            server("http://as.example/").map(drop),
            "server.authorization_endpoint must be an absolute https: URL (http: on a loopback host) without fragment, credentials, or a parameter that this package sets.",
        ),
        (
            Client::new(server(ENDPOINT).unwrap(), String::new(), redirect()).map(drop),
            "client_id must be the identifier that the server gave this client, in printable ASCII characters.",
        ),
        (
            fixtures::redirect_uri("javascript:alert(1)").map(drop),
            "redirect_uri must be an absolute https: URL (http: on a loopback host, or a private-use scheme) without fragment or credentials.",
        ),
        (
            client.clone().set_scope(String::new()),
            "scope must be scope tokens with single spaces between them, in printable ASCII characters other than \" and \\.",
        ),
        (
            client.clone().set_state_lifetime(0),
            "stateLifetime must be a positive whole number of seconds.",
        ),
        (
            AuthorizationRequest::new(&client).add_parameter("state", "x"),
            "parameters must have names other than response_type, client_id, redirect_uri and state, each once (resource and audience may be lists).",
        ),
        (
            fixtures::resources(&["http://api.example/"]).map(drop),
            "resources must be absolute https: URLs (http: on a loopback host) without credentials, wildcard, query or fragment.",
        ),
        (
            resource().by_header("Cookie").map(drop),
            "resources.header must be a header's name that is free for a credential, such as 'Authorization'.",
        ),
        (
            basic.check(&Resources::of(vec![resource().by_query()])),
            "resources.via must be 'header' for a user name and password.",
        ),
        (
            Credential::bearer("a b").map(drop),
            "credential.token must consist of printable ASCII characters without spaces.",
        ),
        (
            Credential::basic("a:b", "").map(drop),
            "credential.username must be without : and control characters.",
        ),
        (
            Credential::basic("a", "\n").map(drop),
            "credential.password must be without control characters.",
        ),
    ];
    check(rows);
}

#[test]
fn every_wrong_option_of_a_code_is_named_with_what_it_must_be() {
    let code_client = fixtures::code_client(ResponseMode::Query);
    let at = fixtures::url;
    let rows: [(Result<(), InvalidOption>, &str); 12] = [
        (
            RenewalParameters::new().add("scope", "x"),
            "parameters must have names other than scope, prompt, nonce and those that a login or a token request sets itself, each once (resource and audience may be lists), values that are not empty, and a max_age in whole seconds.",
        ),
        (
            token_endpoint().add_parameter("scope", "x"),
            "tokenParameters must have names other than grant_type, client_id, client_secret, code, redirect_uri, code_verifier, refresh_token and scope, each once (resource and audience may be lists), and values that are not empty.",
        ),
        (
            TokenEndpoint::new(at(TOKEN_ENDPOINT), "a:b".into())
                .unwrap()
                .authenticate_by_raw_basic("S".into()),
            "client_id must be without : where encodeBasicCredentials is false.",
        ),
        (
            client().ask_for_codes(
                TokenEndpoint::new(at(TOKEN_ENDPOINT), "other".into()).unwrap(),
                ResponseMode::Query,
            ),
            "client_id must be the same at the authorization endpoint and at the token endpoint.",
        ),
        (
            fixtures::client_of(&format!("{ENDPOINT}?response_mode=x"), "spa", REDIRECT_URI)
                .ask_for_codes(token_endpoint(), ResponseMode::Query),
            "server.authorization_endpoint must be without response_mode, code_challenge and code_challenge_method, which this package sets.",
        ),
        (
            AuthorizationRequest::new(&code_client).add_parameter("response_mode", "x"),
            "parameters must have names other than response_mode, code_challenge and code_challenge_method, which this package sets.",
        ),
        (
            TokenEndpoint::new(at("http://as.example/"), "spa".into()).map(drop),
            "server.token_endpoint must be an absolute https: URL (http: on a loopback host) without fragment or credentials.",
        ),
        (
            token_endpoint()
                .revocation(&at("http://as.example/"), TokenToRevoke::Access("AT"))
                .map(drop),
            "server.revocation_endpoint must be an absolute https: URL (http: on a loopback host) without fragment or credentials.",
        ),
        (
            token_endpoint().authenticate_by_basic(String::new()),
            "client_secret must be the secret that the server gave this client, in printable ASCII characters.",
        ),
        (
            TokenRequest::new(&token_endpoint(), "code", &[]).map(drop),
            "grant_type must be a grant type of RFC 6749 or an absolute URI.",
        ),
        (
            TokenRequest::new(&token_endpoint(), "password", &[("client_id", "x")]).map(drop),
            "parameters must have names other than grant_type, client_id and client_secret, each once (resource and audience may be lists), and values that are not empty.",
        ),
        (
            Metadata::urls(&at("https://as.example/?x")).map(drop),
            "issuer must be an absolute https: URL (http: on a loopback host) without query, fragment or credentials.",
        ),
    ];
    check(rows);
}

fn check<const N: usize>(rows: [(Result<(), InvalidOption>, &str); N]) {
    check_all(rows, |(result, message)| match result {
        Ok(()) => Err(format!("accepted: {message}")),
        Err(error) => {
            same("the message", &error.message().as_str(), message)?;
            same("the text", &error.to_string().as_str(), message)
        }
    });
}
