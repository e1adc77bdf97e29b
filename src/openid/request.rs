//! The authentication request, as far as it is one for a token or a code with more in it: OpenID Connect
//! Core 1.0, section 3.1.2.1.

#[cfg(feature = "package")]
use super::relying_party::Nonce;
use crate::error::{Error, Invalid};
use crate::syntax::arena::Arena;
use crate::syntax::form::{Slots, has_name, is_named, pairs, parameters, put_if_any};
use crate::syntax::grammar::number;
use crate::syntax::text::{is, split};

/// What is kept of a request beside its parameters, and is none of the caller's.
const OURS: &str = "nonce required_acr";

parameters! {
    /// What of a request its ID token has to fit.
    struct Members {
        nonce,
        max_age,
        required_acr,
    }
}

/// What a login has asked of its ID token.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) nonce: &'a [u8],
    pub(crate) max_age: Option<u64>,
    /// With single spaces between them.
    pub(crate) required_acr: &'a [u8],
}

impl<'a> Asked<'a> {
    /// Reads what [`write_kept`] wrote. Nothing fits what can't be read.
    pub(crate) fn parse(kept: &'a [u8], arena: &mut Arena<'a>) -> Result<Self, Error> {
        let slots = &mut Slots::default();
        let members = Members::parse(kept, slots, arena).map_err(|_| Error::NonceMismatch)?;
        Ok(Self {
            nonce: members.nonce(),
            max_age: number(members.max_age()),
            required_acr: members.required_acr(),
        })
    }

    /// The nonce that an ID token must have: that of its own login, or of the login whose session it renews.
    #[cfg(feature = "package")]
    pub(crate) fn nonce(&self, is_refreshed: bool) -> Nonce<'a> {
        if is_refreshed {
            Nonce::OfSession(self.nonce)
        } else {
            Nonce::Sent(self.nonce)
        }
    }
}

/// Checks further parameters, a form that is already encoded. `is_repeated` where it is what an earlier
/// request has kept.
pub(crate) fn check_parameters(parameters: &[u8], is_repeated: bool) -> Result<(), Invalid> {
    if !is_repeated && has_name(parameters, OURS) {
        return Err(Invalid::LoginParameters);
    }
    for (name, value) in pairs(parameters) {
        // No value of these two has an escape but the space.
        if is_named(name, "max_age") && number(value).is_none() {
            return Err(Invalid::LoginParameters);
        }
        if is_named(name, "prompt") {
            let mut prompts = split(value, b'+');
            let has_none = prompts.any(|prompt| is(prompt, b"none"));
            if has_none && !is(value, b"none") {
                return Err(Invalid::LoginParameters);
            }
        }
    }
    Ok(())
}

/// Writes the parameters to send: `parameters` with a nonce, and with the demanded authentication contexts
/// where nothing else says which.
pub(crate) fn write<'a>(
    nonce: &[u8],
    required_acr: &[u8],
    parameters: &[u8],
    arena: &mut Arena<'a>,
) -> &'a [u8] {
    begin(nonce, arena);
    if !has_name(parameters, "acr_values claims") {
        put_if_any(arena, b'&', "acr_values", required_acr);
    }
    put_others(parameters, arena);
    arena.take()
}

/// Writes the same as it is kept.
pub(crate) fn write_kept<'a>(
    nonce: &[u8],
    required_acr: &[u8],
    parameters: &[u8],
    arena: &mut Arena<'a>,
) -> &'a [u8] {
    begin(nonce, arena);
    put_if_any(arena, b'&', "required_acr", required_acr);
    put_others(parameters, arena);
    arena.take()
}

fn begin(nonce: &[u8], arena: &mut Arena<'_>) {
    arena.put(b"nonce=");
    arena.put(nonce);
}

/// Writes what is none of ours.
fn put_others(parameters: &[u8], arena: &mut Arena<'_>) {
    for pair in split(parameters, b'&') {
        if !pair.is_empty() && !has_name(pair, OURS) {
            arena.push(b'&');
            arena.put(pair);
        }
    }
}
