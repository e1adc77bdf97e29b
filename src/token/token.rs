//! The access token: RFC 6749, section 4.2.2, and RFC 6750.

use alloc::string::String;
use core::fmt;

use crate::syntax::text::{consists_of, cut, number};

/// Seconds before its end from which a token is no longer sent: it may expire on the way.
const LEEWAY: u64 = 30;
/// The largest whole number that JavaScript holds exactly.
const FOREVER: u64 = (1 << 53) - 1;

/// A bearer token that a verified response brought. There is no other way to one.
///
/// Its `Debug` does not show the token itself.
#[derive(Clone)]
pub struct Token {
    pub(crate) access_token: String,
    pub(crate) expires_at: Option<u64>,
    pub(crate) scope: Option<String>,
}

impl Token {
    /// The token itself, for libraries that must have the string.
    #[must_use]
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    /// When it expires, in seconds since 1970 by this machine's clock; `None` when the server didn't say.
    #[must_use]
    pub fn expires_at(&self) -> Option<u64> {
        self.expires_at
    }

    /// What was granted, or what was asked for where the server didn't say (RFC 6749, section 5.1).
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// From when on it is no longer sent, in seconds since 1970: 30 seconds before it expires.
    /// `None` when the server didn't say how long it lives.
    #[must_use]
    pub fn usable_until(&self) -> Option<u64> {
        self.expires_at.map(|end| end.saturating_sub(LEEWAY))
    }

    /// Seconds for which it may still be sent; `None` when the server didn't say how long it lives.
    #[must_use]
    pub fn usable_for(&self, now: u64) -> Option<u64> {
        self.usable_until().map(|end| end.saturating_sub(now))
    }

    pub(crate) fn is_usable(&self, now: u64) -> bool {
        self.usable_until().is_none_or(|end| now < end)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("access_token", &"[redacted]")
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .finish()
    }
}

/// `expires_in`, counted from now. What is no whole number says nothing, and an age is never "for ever".
pub(crate) fn expires_at(expires_in: &str, now: u64) -> Option<u64> {
    number(expires_in).map(|seconds| now.saturating_add(seconds).min(FOREVER))
}

/// RFC 6750, section 2.1: `b64token`. Nothing else may reach a header.
pub(crate) fn is_b64token(text: &str) -> bool {
    let (unpadded, padding) = cut(text, b'=');
    !unpadded.is_empty()
        && consists_of(padding.unwrap_or_default(), |b| b == b'=')
        && consists_of(unpadded, |b| {
            b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
        })
}
