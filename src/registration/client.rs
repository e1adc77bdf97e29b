//! The client as it is registered at the server: RFC 6749, section 2.

use super::server::AuthorizationServer;
use crate::error::Invalid;
use crate::syntax::grammar::{is_scope, is_visible};
use crate::syntax::text::{ends_with, has, is, is_one_of, to};
use crate::syntax::url::Url;

/// One client at one server: all that its requests have in common.
#[derive(Clone, Copy)]
pub(crate) struct Client<'a> {
    pub(crate) server: AuthorizationServer<'a>,
    pub(crate) client_id: &'a [u8],
    pub(crate) redirect_uri: RedirectUri<'a>,
    /// What is asked for (RFC 6749, section 3.3); empty where the server is to choose.
    pub(crate) scope: &'a [u8],
    /// Seconds that a login may take.
    pub(crate) state_lifetime: u64,
    /// The response stands behind the `?` of a route in the fragment.
    pub(crate) hash_router: bool,
    /// A response without `token_type` counts as one with `Bearer`.
    pub(crate) assumes_bearer: bool,
}

/// RFC 6749, appendix A.1.
pub(crate) fn check_client_id(client_id: &[u8]) -> Result<(), Invalid> {
    if client_id.is_empty() || !is_visible(client_id) {
        return Err(Invalid::ClientId);
    }
    Ok(())
}

/// RFC 6749, section 3.3.
pub(crate) fn check_scope(scope: &[u8]) -> Result<(), Invalid> {
    if is_scope(scope) {
        Ok(())
    } else {
        Err(Invalid::Scope)
    }
}

/// A login that may take no time could never be answered.
pub(crate) fn check_state_lifetime(seconds: u64) -> Result<(), Invalid> {
    if seconds == 0 {
        return Err(Invalid::StateLifetime);
    }
    Ok(())
}

/// Schemes that run code, show what is at hand, or lead out of the browser's history.
const NO_REDIRECT: &str =
    "javascript data blob about file filesystem ftp ws wss view-source vbscript";

/// Where the server sends the user back to: RFC 6749, section 3.1.2.
#[derive(Clone, Copy)]
pub(crate) struct RedirectUri<'a> {
    /// As it is registered at the server, to the letter.
    pub(crate) text: &'a [u8],
    pub(crate) url: Url<'a>,
}

impl<'a> RedirectUri<'a> {
    /// The URI as it is registered, and the same one parsed. Only `https:`, `http:` on a loopback host,
    /// and private-use schemes may be one (RFC 8252, section 7).
    pub(crate) fn new(text: &'a [u8], url: Url<'a>) -> Result<Self, Invalid> {
        let is_allowed = if is_one_of(url.scheme(), "http https") {
            url.is_secure()
        } else {
            !is_one_of(url.scheme(), NO_REDIRECT)
        };
        if !is_allowed || url.fragment().is_some() || has(url.authority(), b'@') {
            return Err(Invalid::RedirectUri);
        }
        Ok(Self { text, url })
    }

    /// Whether scheme, host, port and path are the same; a slash that the server put at the end is
    /// forgiven (RFC 9700, section 4.4).
    pub(crate) fn receives(&self, url: &Url<'_>) -> bool {
        let (own, other) = (self.url.path(), url.path());
        let has_slash_more = other.len() == own.len().saturating_add(1) && ends_with(other, b"/");
        is(self.url.origin(), url.origin())
            && is(
                own,
                if has_slash_more {
                    to(other, own.len())
                } else {
                    other
                },
            )
    }
}
