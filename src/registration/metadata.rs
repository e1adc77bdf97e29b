//! A server's metadata: RFC 8414; OpenID Connect Discovery 1.0.

use crate::error::{Error, Invalid};
use crate::syntax::arena::Arena;
use crate::syntax::json::{Document, WrongType};
use crate::syntax::text::is;
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

/// Whether a document is the metadata of this issuer, by simple string comparison (RFC 8414, section
/// 3.3), and has what a client needs.
pub(crate) fn check(issuer: &[u8], document: &impl Document) -> Result<(), Error> {
    let text = |name| {
        document
            .text(name)
            .map_err(|WrongType| Error::InvalidMetadata)
    };
    let named = text("issuer")?;
    if named.is_empty() || text("authorization_endpoint")?.is_empty() {
        return Err(Error::InvalidMetadata);
    }
    if !is(named, issuer) {
        return Err(Error::MetadataOfAnotherIssuer);
    }
    text("token_endpoint")?;
    text("revocation_endpoint")?;
    Ok(())
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
    let against_code = if document.text("token_endpoint").is_ok_and(<[u8]>::is_empty) {
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
