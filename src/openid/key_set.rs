//! How long an issuer's keys are kept, and when they are asked for again: OpenID Connect Core 1.0, section
//! 10.1.1, which lets the issuer change them at any time.

#[cfg(any(feature = "package", feature = "sign-in"))]
use super::jwk::read_set;
use crate::error::Error;
#[cfg(any(feature = "package", feature = "sign-in"))]
use crate::syntax::arena::Arena;
#[cfg(any(feature = "package", feature = "sign-in"))]
use crate::syntax::media_type::is_json;

/// Seconds for which keys that were fetched are used without a question.
const LIFETIME_SECONDS: u64 = 600;
/// Seconds between two requests that ID tokens can cause: forged ones must not make a page flood the issuer.
const REFETCH_INTERVAL_SECONDS: u64 = 60;

/// Whether an answer to a request for the keys has a key set.
#[cfg(any(feature = "package", feature = "sign-in"))]
pub(crate) fn check_answer(
    status: u64,
    content_type: &[u8],
    body: &[u8],
    arena: &mut Arena<'_>,
) -> Result<(), Error> {
    if matches!(status, 200..=299) && is_json(content_type) {
        read_set(body, arena).map(drop)
    } else {
        Err(Error::InvalidJwks)
    }
}

/// Whether keys that were fetched then can still be used. A clock that was set back says nothing of their age.
pub(crate) fn is_fresh(fetched_at: u64, now: u64) -> bool {
    now.checked_sub(fetched_at)
        .is_some_and(|age| age < LIFETIME_SECONDS)
}

/// Whether an ID token that was refused is a reason to ask for the keys again: no key is its own, or its
/// header names none and the signature is not that of the one that fits. `refetched_at` is when that was
/// done last.
pub(crate) fn may_refetch(
    error: Error,
    names_key: bool,
    refetched_at: Option<u64>,
    now: u64,
) -> bool {
    let may_be_rotated = match error {
        Error::IdTokenKeyNotFound => true,
        Error::IdTokenSignatureInvalid => !names_key,
        _ => false,
    };
    may_be_rotated && refetched_at.is_none_or(|time| now.abs_diff(time) >= REFETCH_INTERVAL_SECONDS)
}
