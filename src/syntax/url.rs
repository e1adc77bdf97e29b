//! A URL that a WHATWG parser has already read, taken apart.
//!
//! Parsing is the platform's: the `url` crate natively, the browser's own `URL` in a page, so that
//! what is judged here is exactly what the browser will request. What is left to do is to split the
//! parser's serialization at its delimiters, which is the same for both.

use alloc::string::String;

use crate::syntax::text::{consists_of, cut};

/// An absolute URL in the form that a WHATWG URL parser writes it.
///
/// [`Url::parse`] makes one, natively and with the feature `browser` in a page.
#[derive(Clone, PartialEq, Eq)]
pub struct Url(String);

/// A URL's parts, without their delimiters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    pub scheme: &'a str,
    /// User information, host and port; empty where there is none.
    pub authority: &'a str,
    pub path: &'a str,
    pub query: Option<&'a str>,
    pub fragment: Option<&'a str>,
}

impl Url {
    /// Takes a URL as its parser serialized it. Text that no parser has seen doesn't belong here.
    #[must_use]
    pub fn from_serialization(href: String) -> Self {
        Self(href)
    }

    /// The whole URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether everybody on the way can read what travels to or from there.
    #[cfg(all(target_arch = "wasm32", any(feature = "browser", feature = "package")))]
    pub(crate) fn is_in_the_clear(&self) -> bool {
        let parts = self.parts();
        parts.scheme == "http" && !parts.is_secure()
    }

    pub(crate) fn parts(&self) -> Parts<'_> {
        let (rest, fragment) = cut(&self.0, b'#');
        let (rest, query) = cut(rest, b'?');
        let (scheme, rest) = cut(rest, b':');
        let path = rest.unwrap_or_default();
        let (authority, path) = match path.strip_prefix("//") {
            Some(rest) => {
                let (authority, _) = cut(rest, b'/');
                (authority, rest.get(authority.len()..).unwrap_or_default())
            }
            None => ("", path),
        };
        Parts {
            scheme,
            authority,
            path,
            query,
            fragment,
        }
    }
}

impl Parts<'_> {
    /// Whether what is sent there stays secret on its way: `https:`, or `http:` that never leaves the machine.
    pub(crate) fn is_secure(&self) -> bool {
        self.scheme == "https" || (self.scheme == "http" && is_loopback(self.authority))
    }

    /// Scheme, host and port are the same, and neither carries a user name.
    pub(crate) fn is_same_origin(&self, other: &Self) -> bool {
        self.scheme == other.scheme && self.authority == other.authority
    }
}

/// The parser has written the host in lower case, and every spelling of an IPv4 address as four numbers.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix("[::1]") {
        Some(port) if port.is_empty() || port.starts_with(":") => return true,
        Some(_) => return false,
        None => cut(authority, b':').0,
    };
    host == "localhost"
        || host.ends_with(".localhost")
        || (host.starts_with("127.") && consists_of(host, |b| b == b'.' || b.is_ascii_digit()))
}

#[cfg(not(target_arch = "wasm32"))]
impl Url {
    /// Reads an absolute URL as a browser does.
    ///
    /// # Errors
    ///
    /// The text is no absolute URL.
    pub fn parse(text: &str) -> Result<Self, url::ParseError> {
        url::Url::parse(text).map(|url| Self(url.into()))
    }

    /// Reads a URL, relative ones against this one, as a browser does.
    ///
    /// # Errors
    ///
    /// The text is no URL.
    pub fn join(&self, text: &str) -> Result<Self, url::ParseError> {
        url::Url::parse(&self.0)?
            .join(text)
            .map(|url| Self(url.into()))
    }
}

/// Shows scheme, host and path only: a query or a fragment may hold a token.
impl core::fmt::Debug for Url {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let parts = self.parts();
        write!(
            f,
            "Url({}://{}{})",
            parts.scheme, parts.authority, parts.path
        )
    }
}
