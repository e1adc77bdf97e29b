//! What can go wrong, each with a code that never changes and one sentence that says what to do.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use crate::syntax::text::{concat, consists_of, cut, has, split_at};

/// A login, a response or a call that was refused.
///
/// The sentences quote nothing from outside: no URL, no state, no token, no word of the server's.
/// What the server said stands in [`Error::AuthorizationError`], as data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The store for logins under way refused to keep or to give up a record.
    StorageUnavailable,
    /// The page is neither `https:` nor on a loopback host.
    InsecureContext,
    /// The platform's random source failed (RFC 6749, section 10.10).
    RandomUnavailable,
    /// `returnTo` is not a path on this origin (RFC 9700, section 4.11.1).
    InvalidReturnTo,
    /// The response has no state (RFC 6749, section 10.12).
    MissingState,
    /// No login under way has this state.
    UnknownState,
    /// The login was started longer ago than its lifetime.
    StateExpired,
    /// The login with this state was finished before.
    StateReplayed,
    /// The login with this state was started by another client.
    StateWrongClient,
    /// The response came to another URL than the one that was asked for (RFC 9700, section 4.4).
    RedirectUriMismatch,
    /// A parameter occurs more than once (RFC 6749, section 3.1).
    DuplicateParameter,
    /// The encoding or a value breaks its grammar (RFC 6749, appendix A and B).
    MalformedResponse,
    /// More than 128 KiB, or more than 256 parameters.
    ResponseTooLarge,
    /// The token came in the query (RFC 6749, section 4.2.2).
    WrongLocation,
    /// Query and fragment both hold a response.
    AmbiguousResponse,
    /// The response holds what was not asked for.
    UnexpectedResponseType,
    /// The response has no access token (RFC 6749, section 4.2.2).
    MissingAccessToken,
    /// The response has no token type (RFC 6749, section 7.1).
    MissingTokenType,
    /// The token type is not `Bearer` (RFC 6749, section 7.1).
    UnsupportedTokenType,
    /// The response names another issuer (RFC 9207, section 2.4).
    IssuerMismatch,
    /// The server promises an issuer in its responses, and this one has none (RFC 9207, section 2.4).
    IssuerMissing,
    /// The server refused (RFC 6749, section 4.2.2.1).
    AuthorizationError(Box<ServerError>),
    /// There is no token to send.
    LoginRequired,
    /// The token has expired, or will within 30 seconds.
    TokenExpired,
    /// The URL is not among the resources that may see the token.
    ResourceNotAllowed,
    /// The URL is neither `https:` nor on a loopback host (RFC 6750, section 5.3).
    InsecureResource,
    /// The body can't hold the token that its resource takes there (RFC 6750, section 2.2).
    #[cfg(feature = "bearer")]
    UnsupportedBody,
    /// The response has no code (RFC 6749, section 4.1.2).
    #[cfg(feature = "code")]
    MissingCode,
    /// The code came in another part of the URL than was asked for.
    #[cfg(feature = "code")]
    CodeInWrongLocation,
    /// The token endpoint refused (RFC 6749, section 5.2).
    #[cfg(feature = "code")]
    TokenError(Box<ServerError>),
    /// The token endpoint's answer is none of RFC 6749's (sections 5.1 and 5.2).
    #[cfg(feature = "code")]
    InvalidTokenResponse,
    /// The metadata is no document of RFC 8414's, or none that a client can use.
    #[cfg(feature = "code")]
    InvalidMetadata,
    /// The metadata names another issuer than the one that it was asked of (RFC 8414, section 3.3).
    #[cfg(feature = "code")]
    MetadataOfAnotherIssuer,
}

/// Characters that are kept of a server's description of an error.
const MAX_DESCRIPTION: usize = 1024;

/// The server's own words, as they came: inert text, never to be shown as HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// The error code (RFC 6749, section 4.2.2.1).
    pub error: String,
    /// For the client's developer; at most 1,024 characters.
    pub description: Option<String>,
    /// A page about the error: always `http:` or `https:`.
    pub uri: Option<String>,
}

impl ServerError {
    /// RFC 6749, sections 4.2.2.1 and 5.2; `None` where one of the three breaks its character set.
    pub(crate) fn read(error: &str, description: &str, uri: &str) -> Option<Box<Self>> {
        if !is_text(error) || !is_text(description) || !is_text(uri) || has(uri, b' ') {
            return None;
        }
        let description = split_at(description, MAX_DESCRIPTION).0;
        let (scheme, rest) = cut(uri, b':');
        let is_page = rest.is_some()
            && (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"));
        Some(Box::new(Self {
            error: error.into(),
            description: (!description.is_empty()).then(|| description.into()),
            uri: is_page.then(|| uri.into()),
        }))
    }
}

/// The characters of the three.
pub(crate) fn is_text(text: &str) -> bool {
    consists_of(
        text,
        |b| matches!(b, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E),
    )
}

impl Error {
    /// The stable name of this kind of failure.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.words().0
    }

    /// One sentence: what happened, and what to do.
    #[must_use]
    pub fn message(&self) -> &'static str {
        self.words().1.unwrap_or_default()
    }

    fn words(&self) -> (&'static str, Option<&'static str>) {
        let (mut rest, line) = self.line();
        for _ in 0..line {
            rest = cut(rest, b'\n').1.unwrap_or_default();
        }
        cut(cut(rest, b'\n').0, b' ')
    }

    /// The table of this variant's words, and its line there.
    const fn line(&self) -> (&'static str, usize) {
        let line = match self {
            Self::StorageUnavailable => 0,
            Self::InsecureContext => 1,
            Self::RandomUnavailable => 2,
            Self::InvalidReturnTo => 3,
            Self::MissingState => 4,
            Self::UnknownState => 5,
            Self::StateExpired => 6,
            Self::StateReplayed => 7,
            Self::StateWrongClient => 8,
            Self::RedirectUriMismatch => 9,
            Self::DuplicateParameter => 10,
            Self::MalformedResponse => 11,
            Self::ResponseTooLarge => 12,
            Self::WrongLocation => 13,
            Self::AmbiguousResponse => 14,
            Self::UnexpectedResponseType => 15,
            Self::MissingAccessToken => 16,
            Self::MissingTokenType => 17,
            Self::UnsupportedTokenType => 18,
            Self::IssuerMismatch => 19,
            Self::IssuerMissing => 20,
            Self::AuthorizationError(_) => 21,
            Self::LoginRequired => 22,
            Self::TokenExpired => 23,
            Self::ResourceNotAllowed => 24,
            Self::InsecureResource => 25,
            #[cfg(feature = "bearer")]
            Self::UnsupportedBody => return (WORDS_OF_BEARER, 0),
            #[cfg(feature = "code")]
            Self::MissingCode => return (WORDS_OF_CODE, 0),
            #[cfg(feature = "code")]
            Self::CodeInWrongLocation => return (WORDS_OF_CODE, 1),
            #[cfg(feature = "code")]
            Self::TokenError(_) => return (WORDS_OF_CODE, 2),
            #[cfg(feature = "code")]
            Self::InvalidTokenResponse => return (WORDS_OF_CODE, 3),
            #[cfg(feature = "code")]
            Self::InvalidMetadata => return (WORDS_OF_CODE, 4),
            #[cfg(feature = "code")]
            Self::MetadataOfAnotherIssuer => return (WORDS_OF_CODE, 5),
        };
        (WORDS, line)
    }

    /// What the server said of its refusal, where it refused.
    #[must_use]
    pub fn server(&self) -> Option<&ServerError> {
        match self {
            Self::AuthorizationError(said) => Some(said),
            #[cfg(feature = "code")]
            Self::TokenError(said) => Some(said),
            _ => None,
        }
    }
}

/// A code and its sentence for each variant, in the order of [`Error::line`]: a text, because a
/// pointer and a length for each cost a third more.
const WORDS: &str = "\
storage_unavailable The browser's storage refused the login's record; allow storage for this site or free some, then sign in again.
insecure_context This page was not loaded over https: or from a loopback host; serve it securely, then sign in again.
random_unavailable The platform gave no secure random bytes; sign in with a browser that has crypto.getRandomValues.
invalid_return_to returnTo is not a path on this origin; pass one that starts with a single slash.
missing_state The response has no state, so nothing shows that this page asked for it; sign in again.
unknown_state The response answers no login that this browser has under way; sign in again, and set stateStore to 'local' if the redirect comes back in another tab or view.
state_expired The login took longer than its lifetime; sign in again.
state_replayed The login that this response answers was finished before; go on with the session, or sign in again.
state_wrong_client The response answers a login of another client on this origin; let that client handle it.
redirect_uri_mismatch The response came to another URL than the login's redirect_uri; correct redirect_uri here or at the server, then sign in again.
duplicate_parameter A parameter occurs twice in the response, so its meaning is open; sign in again, and report it to the server's operator if it stays.
malformed_response The response breaks the encoding or the grammar of RFC 6749; sign in again, and report it to the server's operator if it stays.
response_too_large The response is larger than 128 KiB or has more than 256 parameters; sign in again.
wrong_location The access token came in the query, where logs and other sites can see it; have the server send it in the fragment.
ambiguous_response The URL holds one response in its query and another in its fragment; sign in again.
unexpected_response_type The response holds something else than the response_type that was asked for; check which response types the server grants this client.
missing_access_token The response has no access token; check that the server grants this client the response_type token.
missing_token_type The response has no token_type; set assumeTokenType to 'Bearer' if the server's documents say that its tokens are bearer tokens.
unsupported_token_type The token is not a bearer token, and no other type is understood; have the server issue bearer tokens to this client.
issuer_mismatch The response names another issuer than the configured one; check server.issuer, and take it for an attack if that is right.
issuer_missing The server's metadata promises an issuer in every response, and this one has none; sign in again.
authorization_error The server refused the request; its own code is in the member error.
login_required There is no token to send; sign in first.
token_expired The token has expired; sign in again.
resource_not_allowed This URL is none of the configured resources; add it to resources, or use plain fetch for a request without token.
insecure_resource This URL is neither https: nor on a loopback host, so the token would travel in the clear; use https:.";

/// Those that the small build has no room for.
#[cfg(feature = "bearer")]
const WORDS_OF_BEARER: &str = "\
unsupported_body The request's body can't hold the token; send a form-encoded body with a method that has one, or set via to 'header'.";

#[cfg(feature = "code")]
const WORDS_OF_CODE: &str = "\
missing_code The response has no code; check that the server grants this client the response_type code.
wrong_location The code came in another part of the URL than was asked for; set response_mode to the one that the server uses.
token_error The token endpoint refused the request; its own code is in the member error.
invalid_token_response The token endpoint's answer is not the JSON of RFC 6749; check server.token_endpoint, and report it to the server's operator if that is right.
invalid_metadata The server's metadata is not the JSON of RFC 8414; check the issuer, or configure the endpoints by hand.
issuer_mismatch The metadata names another issuer than the one that it was asked of; pass the issuer exactly as the server writes it.";

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for Error {}

/// A wrong argument: the program has to be corrected, not the user's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidOption {
    /// The option, as [`crate::Client`] and the npm package call it.
    pub option: &'static str,
    /// What it must be.
    pub must: &'static str,
}

impl InvalidOption {
    /// The option's name and what it must be, as one sentence.
    #[must_use]
    pub fn message(&self) -> String {
        concat(&[self.option, " must ", self.must, "."])
    }
}

impl fmt::Display for InvalidOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for InvalidOption {}
