//! The claims of an ID token, as far as no key is needed: OpenID Connect Core 1.0, section 3.1.3.7.

use subtle::ConstantTimeEq;

use super::numeric_date::whole_seconds;
use super::relying_party::{Expected, Nonce, RelyingParty};
use crate::error::Error;
use crate::syntax::json_text::{Object, Value};
use crate::syntax::text::{consists_of, is, split};

/// Bytes that a subject may have (section 2).
const MAX_SUBJECT_BYTES: usize = 255;

/// Checks who issued the claims, for whom, about whom, when, and for which request.
pub(super) fn check(
    claims: Object<'_>,
    party: &RelyingParty<'_>,
    expected: &Expected<'_>,
    now: u64,
) -> Result<(), Error> {
    let subject = check_parties(claims, party)?;
    let auth_time = check_times(claims, party.clock_tolerance, now)?;
    check_nonce(claims, expected.nonce)?;
    if let Some(max_age) = expected.max_age {
        let end = |time: u64| {
            time.saturating_add(max_age)
                .saturating_add(party.clock_tolerance)
        };
        if auth_time.is_none_or(|time| end(time) < now) {
            return Err(Error::AuthTooOld);
        }
    }
    if !expected.required_acr.is_empty() {
        let acr = claims.text("acr").ok().flatten().unwrap_or_default();
        if acr.is_empty() || !split(expected.required_acr, b' ').any(|one| is(one, acr)) {
            return Err(Error::AcrMismatch);
        }
    }
    if !expected.subject.is_empty() && !is(subject, expected.subject) {
        return Err(Error::SubjectMismatch);
    }
    Ok(())
}

/// Checks who issued the claims, and for whom; gives about whom.
pub(super) fn check_parties<'a>(
    claims: Object<'a>,
    party: &RelyingParty<'_>,
) -> Result<&'a [u8], Error> {
    // Simple string comparison: no slash, case, port or escape is forgiven.
    if !claims.is("iss", party.issuer) {
        return Err(Error::IdTokenIssuerMismatch);
    }
    check_audience(claims, party)?;
    subject(claims)
}

/// An ID token is the client's. Whom else it is for the client has to know: by name, or because the server
/// says that it was this client that it was issued to.
fn check_audience(claims: Object<'_>, party: &RelyingParty<'_>) -> Result<(), Error> {
    let is_own = |text: &[u8]| is(text, party.client_id);
    let (mut has_own, mut has_others) = (false, false);
    let mut add = |audience: Value<'_>| match audience {
        Value::Text(text) if is_own(text) => {
            has_own = true;
            true
        }
        Value::Text(text) => {
            has_others |= !party.trusts(text);
            true
        }
        _ => false,
    };
    let is_readable = match claims.get("aud") {
        Some(Value::List(mut audiences)) => audiences.all(add),
        Some(audience) => add(audience),
        None => false,
    };
    let is_vouched_for = match claims.text("azp") {
        Ok(None) => !has_others,
        Ok(Some(azp)) => is_own(azp),
        Err(_) => false,
    };
    if is_readable && has_own && is_vouched_for {
        Ok(())
    } else {
        Err(Error::IdTokenAudienceMismatch)
    }
}

/// Who signed in. What is beyond ASCII is compared, and not refused: servers send it.
pub(super) fn subject(claims: Object<'_>) -> Result<&[u8], Error> {
    let subject = claims.text("sub").ok().flatten().unwrap_or_default();
    let is_subject = !subject.is_empty()
        && subject.len() <= MAX_SUBJECT_BYTES
        && consists_of(subject, |byte| !byte.is_ascii_control());
    if is_subject {
        Ok(subject)
    } else {
        Err(Error::IdTokenClaimInvalid)
    }
}

/// A time that has to be a number where it is there.
fn time(claims: Object<'_>, name: &str) -> Result<Option<u64>, Error> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::Number(number)) => match whole_seconds(number) {
            None => Err(Error::IdTokenClaimInvalid),
            time => Ok(time),
        },
        Some(_) => Err(Error::IdTokenClaimInvalid),
    }
}

/// When the user signed in, where the claims say it.
pub(super) fn auth_time(claims: Object<'_>) -> Option<u64> {
    time(claims, "auth_time").ok().flatten()
}

/// Checks the times against this clock, which may differ by the tolerance; gives when the user signed in.
fn check_times(claims: Object<'_>, tolerance: u64, now: u64) -> Result<Option<u64>, Error> {
    let end = time(claims, "exp")?.ok_or(Error::IdTokenClaimInvalid)?;
    let issued = time(claims, "iat")?.ok_or(Error::IdTokenClaimInvalid)?;
    let not_before = time(claims, "nbf")?;
    let auth_time = time(claims, "auth_time")?;
    if end.saturating_add(tolerance) <= now {
        return Err(Error::IdTokenExpired);
    }
    let begins = [Some(issued), not_before, auth_time];
    let latest = now.saturating_add(tolerance);
    // A sign-in that is still to come would be fresh for ever.
    if begins.into_iter().flatten().any(|time| time > latest) {
        return Err(Error::IdTokenNotYetValid);
    }
    Ok(auth_time)
}

fn check_nonce(claims: Object<'_>, expected: Nonce<'_>) -> Result<(), Error> {
    let nonce = claims.text("nonce").map_err(|_| Error::NonceMismatch)?;
    let is_expected = match (expected, nonce) {
        (Nonce::Sent(_), None) => false,
        (Nonce::OfSession(_), None) => true,
        (Nonce::Sent(own) | Nonce::OfSession(own), Some(nonce)) => {
            !own.is_empty() && bool::from(own.ct_eq(nonce))
        }
    };
    if is_expected {
        Ok(())
    } else {
        Err(Error::NonceMismatch)
    }
}
