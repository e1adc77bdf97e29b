//! The access token: RFC 6749, section 4.2.2, and RFC 6750.

use crate::error::Error;
use crate::syntax::grammar::number;
use crate::syntax::text::is_caseless;

/// Seconds before its end from which a token is no longer sent: it may expire on the way.
const LEEWAY_SECONDS: u64 = 30;
/// The largest whole number that JavaScript holds exactly.
const FOREVER: u64 = (1 << 53) - 1;

/// A bearer token that a verified response brought.
#[derive(Clone, Copy)]
pub(crate) struct Token<'a> {
    pub(crate) access_token: &'a [u8],
    /// When it expires, in seconds since 1970 by this machine's clock; `None` when the server didn't say.
    pub(crate) expires_at: Option<u64>,
    /// What was granted, or what was asked for where the server didn't say (RFC 6749, section 5.1);
    /// empty where neither did.
    pub(crate) scope: &'a [u8],
}

#[cfg(feature = "code")]
impl Token<'_> {
    pub(crate) fn is_usable(&self, now: u64) -> bool {
        is_before(self.expires_at.map(usable_until), now)
    }
}

/// From when on a token that expires then is no longer sent.
pub(crate) fn usable_until(expires_at: u64) -> u64 {
    expires_at.saturating_sub(LEEWAY_SECONDS)
}

fn is_before(end: Option<u64>, now: u64) -> bool {
    end.is_none_or(|end| now < end)
}

/// Whether there is a token, and it may still be sent.
pub(crate) fn check_usable(
    is_there: bool,
    usable_until: Option<u64>,
    now: u64,
) -> Result<(), Error> {
    if !is_there {
        Err(Error::LoginRequired)
    } else if is_before(usable_until, now) {
        Ok(())
    } else {
        Err(Error::TokenExpired)
    }
}

/// `expires_in`, counted from now. What is no whole number says nothing, and an age is never "for ever".
pub(crate) fn expires_at(expires_in: &[u8], now: u64) -> Option<u64> {
    number(expires_in).map(|seconds| now.saturating_add(seconds).min(FOREVER))
}

/// RFC 6749, section 7.1: a token of a type that is not understood must not be used.
pub(crate) fn check_token_type(token_type: &[u8], assumes_bearer: bool) -> Result<(), Error> {
    if token_type.is_empty() {
        return if assumes_bearer {
            Ok(())
        } else {
            Err(Error::MissingTokenType)
        };
    }
    if is_caseless(token_type, b"bearer") {
        Ok(())
    } else {
        Err(Error::UnsupportedTokenType)
    }
}
