//! A URL that a WHATWG parser has already read, taken apart.
//!
//! Parsing is the platform's: the `url` crate natively, the browser's own `URL` in a page, so that
//! what is judged is exactly what the browser will request. What is left to do is to split the
//! parser's serialization at its delimiters, which is the same for both.

use super::text::{
    before, behind, consists_of, ends_with, from, has, is, position, starts_with, to,
};

/// An absolute URL in the form that a WHATWG URL parser writes it. Its parts come without their
/// delimiters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Url<'a>(&'a [u8]);

impl<'a> Url<'a> {
    /// Takes a URL as its parser serialized it.
    pub(crate) fn of(serialized: &'a [u8]) -> Self {
        Self(serialized)
    }

    pub(crate) fn text(self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn fragment(self) -> Option<&'a [u8]> {
        behind(self.0, b'#')
    }

    pub(crate) fn query(self) -> Option<&'a [u8]> {
        behind(before(self.0, b'#'), b'?')
    }

    /// What stands before the query: scheme, authority and path.
    pub(crate) fn base(self) -> &'a [u8] {
        before(before(self.0, b'#'), b'?')
    }

    /// Where the path begins.
    #[inline(never)]
    fn start_of_path(self) -> usize {
        let base = self.base();
        let scheme = self.scheme().len().saturating_add(1);
        match from(base, scheme) {
            [b'/', b'/', behind @ ..] => position(behind, b'/')
                .saturating_add(scheme)
                .saturating_add(2),
            _ => scheme,
        }
    }

    /// Scheme and authority: `https://example.com`.
    pub(crate) fn origin(self) -> &'a [u8] {
        to(self.0, self.start_of_path())
    }

    pub(crate) fn path(self) -> &'a [u8] {
        from(self.base(), self.start_of_path())
    }

    pub(crate) fn scheme(self) -> &'a [u8] {
        before(self.0, b':')
    }

    /// User information, host and port; empty where there is none.
    pub(crate) fn authority(self) -> &'a [u8] {
        from(self.origin(), self.scheme().len().saturating_add(3))
    }

    /// Whether what is sent there stays secret on its way: `https:`, or `http:` that never leaves the
    /// machine.
    #[inline(never)]
    pub(crate) fn is_secure(self) -> bool {
        is(self.scheme(), b"https") || (is(self.scheme(), b"http") && is_loopback(self.authority()))
    }

    /// Whether everybody on the way can read what travels to or from there.
    pub(crate) fn is_in_the_clear(self) -> bool {
        is(self.scheme(), b"http") && !self.is_secure()
    }

    /// Whether requests can be sent there: secure, and neither a fragment nor credentials in it.
    pub(crate) fn is_endpoint(self) -> bool {
        self.is_secure() && self.fragment().is_none() && !has(self.authority(), b'@')
    }
}

const LOOPBACK_6: &[u8] = b"[::1]";

/// The parser has written the host in lower case, and every spelling of an IPv4 address as four numbers.
fn is_loopback(authority: &[u8]) -> bool {
    if starts_with(authority, LOOPBACK_6) {
        return matches!(from(authority, LOOPBACK_6.len()), [] | [b':', ..]);
    }
    let host = before(authority, b':');
    is(host, b"localhost")
        || ends_with(host, b".localhost")
        || (starts_with(host, b"127.")
            && consists_of(host, |byte| byte == b'.' || byte.is_ascii_digit()))
}
