//! What a renewal asks for in addition, by its caller's word: RFC 6749, section 6; OpenID Connect Core 1.0,
//! section 3.1.2.1. It counts for that renewal alone.

use crate::authorization::request::check_parameters;
use crate::error::Invalid;
use crate::syntax::arena::Arena;
use crate::syntax::form::{has_name, is_named, pairs, put_pairs};
use crate::syntax::grammar::number;
use crate::syntax::text::from;
use crate::token::endpoint::check_further;

/// What a login without its user sets, beside what every login does.
const OURS: &str = "prompt nonce required_acr";

/// Checks a form that is already encoded. A session is renewed by a request for a token or for authorization,
/// so neither one's own parameters are among them.
pub(crate) fn check(parameters: &[u8]) -> Result<(), Invalid> {
    let is_no_age = |(name, value)| is_named(name, "max_age") && number(value).is_none();
    if check_further(parameters).is_err()
        || check_parameters(parameters, true).is_err()
        || has_name(parameters, OURS)
        || pairs(parameters).any(is_no_age)
    {
        return Err(Invalid::RenewalParameters);
    }
    Ok(())
}

/// What is `asked` for, and of the `others` those that have none of its names.
pub(super) fn overlay<'a>(asked: &'a [u8], others: &'a [u8], arena: &mut Arena<'a>) -> &'a [u8] {
    if asked.is_empty() {
        return others;
    }
    arena.put(asked);
    put_pairs(arena, b'&', others, asked, false);
    arena.take()
}

/// What a session repeats once a frame was `framed` with what was `asked` for: of that its own, and what it
/// asked for `before` by the same names.
pub(super) fn lasting<'a>(
    asked: &[u8],
    framed: &'a [u8],
    before: &[u8],
    arena: &mut Arena<'a>,
) -> &'a [u8] {
    if asked.is_empty() {
        return framed;
    }
    put_pairs(arena, b'&', framed, asked, false);
    put_pairs(arena, b'&', before, asked, true);
    // Without the delimiter in front of the first pair.
    from(arena.take(), 1)
}
