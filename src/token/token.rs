//! The access token: RFC 6749, section 4.2.2, and RFC 6750.

use crate::error::Error;
use crate::syntax::arena::Arena;
use crate::syntax::grammar::{scope_tokens, whole_part};
use crate::syntax::text::is_caseless;

/// Seconds before its end from which a token is no longer sent: it may expire on the way.
pub(crate) const MARGIN_SECONDS: u64 = 30;
/// The largest whole number that JavaScript holds exactly.
const FOREVER: u64 = (1 << 53) - 1;

/// A bearer token that a verified response brought.
#[derive(Clone, Copy)]
pub(crate) struct Token<'a> {
    pub(crate) access_token: &'a [u8],
    /// When it came, in seconds since 1970.
    pub(crate) granted_at: u64,
    /// When it expires, in seconds since 1970 by this machine's clock; `None` when the server didn't say.
    pub(crate) expires_at: Option<u64>,
    /// What was granted, or what was asked for where the server didn't say (RFC 6749, section 5.1);
    /// empty where neither did.
    pub(crate) scope: &'a [u8],
    /// What else the server said: a JSON object, or, of a redirect, pairs of a form with a `&` in front of
    /// each; empty where it said nothing.
    pub(crate) further: &'a [u8],
}

impl Token<'_> {
    /// From when on it is no longer sent: so many seconds before its end, but never more than a tenth of
    /// its life, so that a token with a short one can be used, too.
    pub(crate) fn usable_until(&self, margin: u64) -> Option<u64> {
        let end = self.expires_at?;
        let life = end.saturating_sub(self.granted_at);
        Some(end.saturating_sub(margin.min(life / 10)))
    }
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

/// `expires_in` was given, and is no number: when the token ends can't be told.
#[derive(Clone, Copy)]
pub(crate) struct NoNumber;

/// `expires_in`, counted from now, in whole seconds; what is negative has expired. Nothing says nothing, and
/// any other text is no answer: a token that it should have ended would be used for ever.
pub(crate) fn expires_at(expires_in: &[u8], now: u64) -> Result<Option<u64>, NoNumber> {
    if expires_in.is_empty() {
        return Ok(None);
    }
    let seconds = whole_part(expires_in).ok_or(NoNumber)?;
    Ok(Some(now.saturating_add(seconds).min(FOREVER)))
}

/// What was granted, with single spaces between its tokens, or what was asked for where the server names
/// none: how it separates them is no reason to refuse a token.
pub(crate) fn granted_scope<'r, 'a: 'r>(
    scope: &[u8],
    requested: &'r [u8],
    arena: &mut Arena<'a>,
) -> &'r [u8] {
    let mut is_first = true;
    for token in scope_tokens(scope) {
        if !is_first {
            arena.push(b' ');
        }
        is_first = false;
        arena.put(token);
    }
    let granted = arena.take();
    if granted.is_empty() {
        requested
    } else {
        granted
    }
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
