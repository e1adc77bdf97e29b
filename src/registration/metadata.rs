//! A server's metadata: RFC 8414; OpenID Connect Discovery 1.0.

use super::server::AuthorizationServer;
use crate::error::{Error, Invalid};
use crate::syntax::arena::Arena;
use crate::syntax::json::{Document, Member};
use crate::syntax::text::{has, is};
use crate::syntax::url::Url;

/// Where a server's metadata can stand, in the order in which to ask: RFC 8414, section 3.1, and
/// OpenID Connect Discovery 1.0, section 4.1.
pub(crate) fn write_urls<'a>(issuer: &Url<'_>, arena: &mut Arena<'a>) -> [&'a [u8]; 2] {
    let path = issuer.path().strip_suffix(b"/").unwrap_or(issuer.path());
    arena.put(issuer.origin());
    arena.put(b"/.well-known/oauth-authorization-server");
    arena.put(path);
    let first = arena.take();
    arena.put(issuer.origin());
    arena.put(path);
    arena.put(b"/.well-known/openid-configuration");
    [first, arena.take()]
}

/// RFC 8414, section 2.
pub(crate) fn check_issuer(issuer: &Url<'_>) -> Result<(), Invalid> {
    if issuer.is_endpoint() && issuer.query().is_none() {
        Ok(())
    } else {
        Err(Invalid::Issuer)
    }
}

/// What judges an endpoint, in the form that a URL parser has written.
type Check = fn(Url<'_>) -> bool;

/// Whether a document is the metadata of this issuer, by simple string comparison (RFC 8414, section
/// 3.3), and has what a client can be made of. `parsed` asks about a text as the platform's parser reads it;
/// what is no URL is `false`.
pub(crate) fn check(
    issuer: &[u8],
    document: &impl Document,
    parsed: impl Fn(&[u8], Check) -> bool,
) -> Result<(), Error> {
    let named = match document.member("issuer") {
        Member::Text(named) if !named.is_empty() => named,
        _ => return Err(Error::InvalidMetadata),
    };
    if !is(named, issuer) {
        return Err(difference(named, issuer));
    }
    // Whether it is there; null and false stand for none.
    let endpoint = |name, is_sound: Check| match document.member(name) {
        Member::Absent | Member::False => Ok(false),
        Member::Text(text) if parsed(text, is_sound) => Ok(true),
        _ => Err(Error::InvalidMetadata),
    };
    let authorizes = endpoint("authorization_endpoint", |url| {
        AuthorizationServer::new(url).is_ok()
    })?;
    let gives_tokens = endpoint("token_endpoint", is_endpoint)?;
    endpoint("revocation_endpoint", is_endpoint)?;
    // Where the grants are not named, they are these two (RFC 8414, section 2).
    let asks_users = ["authorization_code", "implicit"]
        .iter()
        .any(|grant| !document.lacks("grant_types_supported", grant));
    if !authorizes && (asks_users || !gives_tokens) {
        return Err(Error::InvalidMetadata);
    }
    Ok(())
}

fn is_endpoint(url: Url<'_>) -> bool {
    url.is_endpoint()
}

/// How the issuer of a document differs from the one that it was asked of.
fn difference(named: &[u8], issuer: &[u8]) -> Error {
    let has_slash_more = |longer: &[u8], shorter| longer.strip_suffix(b"/") == Some(shorter);
    if has_slash_more(named, issuer) || has_slash_more(issuer, named) {
        Error::MetadataWithOtherSlash
    } else if has(named, b'{') {
        Error::MetadataOfPattern
    } else if is(Url::of(named).origin(), Url::of(issuer).origin()) {
        Error::MetadataOfOtherPath
    } else {
        Error::MetadataOfAnotherIssuer
    }
}

/// Which response type to take, and why, in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// `code` or `token`.
    pub response_type: &'static str,
    /// What in the metadata decides.
    pub reason: &'static str,
}

/// What a public client in a browser may use here, by what the server says of itself: the code with
/// PKCE where nothing rules it out (RFC 9700, sections 2.1.1 and 2.1.2), else the token.
///
/// No metadata tells whether the token endpoint allows CORS, and real servers leave out that they let
/// public clients in (`none`), so neither decides.
pub(crate) fn best_response_type(document: &impl Document) -> Choice {
    let choice = |response_type, reason| Choice {
        response_type,
        reason,
    };
    let token_endpoint = document.member("token_endpoint");
    let against_code = if matches!(
        token_endpoint,
        Member::Absent | Member::False | Member::Text(b"")
    ) {
        Some("The metadata names no token_endpoint, where a code would be exchanged.")
    } else if document.lacks("response_types_supported", "code") {
        Some("The metadata's response_types_supported does not have code.")
    } else if document.lacks("grant_types_supported", "authorization_code") {
        Some("The metadata's grant_types_supported does not have authorization_code.")
    } else if document.lacks("code_challenge_methods_supported", "S256") {
        Some(
            "The metadata's code_challenge_methods_supported does not have S256, without which a code can be stolen.",
        )
    } else {
        None
    };
    match against_code {
        Some(_) if document.lacks("response_types_supported", "token") => choice(
            "code",
            "The metadata offers a page neither: there is no token, and for code a token_endpoint, authorization_code or S256 is missing; ask the server's operator.",
        ),
        Some(reason) => choice("token", reason),
        None if document.has_list("code_challenge_methods_supported") => choice(
            "code",
            "The metadata has the authorization code with PKCE (S256), which keeps the token out of every URL; only a token_endpoint without CORS would leave a page no choice but token.",
        ),
        None => choice(
            "code",
            "Nothing in the metadata speaks against the authorization code, which keeps the token out of every URL; it does not promise PKCE, so make sure that the server checks the code_challenge.",
        ),
    }
}
