//! The client as it is registered at the server: RFC 6749, section 2.

use super::server::AuthorizationServer;
use crate::error::Invalid;
use crate::syntax::form::{decoded, pairs};
use crate::syntax::grammar::{is_scope, is_visible};
use crate::syntax::text::{ends_with, from, has, is, is_one_of, starts_with};
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

    /// Whether scheme, host, port, path and every parameter of its own query are the same (RFC 9700,
    /// section 4.4). What servers of static files make of the path is forgiven.
    pub(crate) fn receives(&self, url: &Url<'_>) -> bool {
        is(self.url.origin(), url.origin())
            && is_same_file(self.url.path(), url.path())
            && has_all(url.query().unwrap_or_default(), self.query())
    }

    /// Its own query; empty where it has none.
    pub(crate) fn query(&self) -> &'a [u8] {
        self.url.query().unwrap_or_default()
    }
}

const INDEX: &[u8] = b"index.html";

/// Whether a server of static files could lead from the one path to the other: it puts a slash or
/// `index.html` at the end of a folder, or takes `.html` or `index.html` away.
fn is_same_file(own: &[u8], other: &[u8]) -> bool {
    let is_folder = |path| ends_with(path, b"/");
    is(own, other)
        || is_followed_by(own, b"/", other)
        || (is_folder(own) && is_followed_by(own, INDEX, other))
        || (is_folder(other) && is_followed_by(other, INDEX, own))
        || is_followed_by(other, b".html", own)
}

/// Whether the whole is the text with the end behind it.
fn is_followed_by(text: &[u8], end: &[u8], whole: &[u8]) -> bool {
    starts_with(whole, text) && is(from(whole, text.len()), end)
}

/// Whether a query has all parameters of another one, and no further one with a name of theirs.
fn has_all(query: &[u8], own: &[u8]) -> bool {
    pairs(own).all(|(name, value)| {
        let is_named = |(other, _): &(&[u8], &[u8])| decoded(other).eq(decoded(name));
        pairs(query).filter(is_named).count() == pairs(own).filter(is_named).count()
            && pairs(query)
                .filter(is_named)
                .any(|(_, other)| decoded(other).eq(decoded(value)))
    })
}
