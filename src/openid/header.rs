//! The header of an ID token: RFC 7515, section 4; RFC 8725, section 3.
//!
//! Keys and addresses in it (`jwk`, `jku`, `x5u`, `x5c`) are not looked at, and nothing is fetched from them
//! (RFC 8725, section 3.10).

use super::algorithm::Algorithm;
use super::relying_party::RelyingParty;
use crate::error::Error;
use crate::syntax::json_text::Object;
use crate::syntax::text::is_caseless;

/// What of a header decides.
#[derive(Clone, Copy)]
pub(super) struct Header<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) kid: Option<&'a [u8]>,
}

impl<'a> Header<'a> {
    pub(super) fn read(header: Object<'a>, party: &RelyingParty<'_>) -> Result<Self, Error> {
        let text = |name| header.text(name).map_err(|_| Error::IdTokenMalformed);
        let algorithm = header.text("alg").ok().flatten();
        let algorithm = algorithm.filter(|it| party.allows(it));
        let algorithm = algorithm.and_then(Algorithm::of);
        let algorithm = algorithm.ok_or(Error::IdTokenAlgRefused)?;
        // No extension is understood here, and an empty list of them is forbidden (RFC 7515, section
        // 4.1.11). A payload that is not encoded is none of a JWT's (RFC 7797, section 7).
        if header.has("crit") || header.has("b64") {
            return Err(Error::IdTokenUnsupported);
        }
        let kid = text("kid")?;
        // A token of another kind says so (RFC 8725, section 3.11).
        let is_of_our_kind = text("typ")?
            .is_none_or(|kind| is_caseless(kind, b"jwt") || is_caseless(kind, b"application/jwt"));
        if !is_of_our_kind {
            return Err(Error::IdTokenUnsupported);
        }
        Ok(Self { algorithm, kid })
    }
}
