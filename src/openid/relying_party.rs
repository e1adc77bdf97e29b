//! The client as a relying party, and what it asked of an ID token: OpenID Connect Core 1.0, sections 2
//! and 3.1.2.1.

use super::algorithm::Algorithm;
use crate::error::Invalid;
use crate::syntax::text::{is, split};

/// Seconds by which clocks may differ, where the client says nothing; what replays an ID token is stopped
/// by its nonce, so that they cost nothing.
pub(crate) const CLOCK_TOLERANCE_SECONDS: u64 = 300;
const MAX_CLOCK_TOLERANCE_SECONDS: u64 = 600;

/// Without any word about it, an ID token is signed so (OpenID Connect Core 1.0, section 3.1.3.7).
const DEFAULT_ALGORITHM: &[u8] = b"RS256";

/// A client at an OpenID provider: what all of its ID tokens have to fit.
#[derive(Clone, Copy)]
pub(crate) struct RelyingParty<'a> {
    /// As the server writes it, to the letter.
    pub(crate) issuer: &'a [u8],
    pub(crate) client_id: &'a [u8],
    /// The client's `id_token_signed_response_alg`; empty where it has none.
    pub(crate) registered_algorithm: &'a [u8],
    /// The metadata's `id_token_signing_alg_values_supported`, with single spaces between them.
    pub(crate) supported_algorithms: Option<&'a [u8]>,
    /// Audiences that an ID token may have beside the client, each in a line.
    pub(crate) trusted_audiences: &'a [u8],
    /// Seconds by which this clock may differ from the server's.
    pub(crate) clock_tolerance: u64,
}

impl RelyingParty<'_> {
    pub(crate) fn check(&self) -> Result<(), Invalid> {
        if self.issuer.is_empty() {
            return Err(Invalid::IssuerOfIdToken);
        }
        let registered = self.registered_algorithm;
        if !registered.is_empty() && Algorithm::of(registered).is_none() {
            return Err(Invalid::SignedResponseAlg);
        }
        if self.clock_tolerance > MAX_CLOCK_TOLERANCE_SECONDS {
            return Err(Invalid::ClockTolerance);
        }
        Ok(())
    }

    /// Whether an ID token may be signed so: as the client is registered, else as the metadata says.
    pub(super) fn allows(&self, algorithm: &[u8]) -> bool {
        if !self.registered_algorithm.is_empty() {
            return is(algorithm, self.registered_algorithm);
        }
        let supported = self.supported_algorithms.unwrap_or(DEFAULT_ALGORITHM);
        split(supported, b' ').any(|one| is(one, algorithm))
    }

    pub(super) fn trusts(&self, audience: &[u8]) -> bool {
        !audience.is_empty() && split(self.trusted_audiences, b'\n').any(|one| is(one, audience))
    }
}

/// What one ID token has to fit: what its login, or its renewal, asked for.
#[derive(Clone, Copy)]
pub(crate) struct Expected<'a> {
    pub(crate) nonce: Nonce<'a>,
    /// Seconds since the user signed in that were allowed.
    pub(crate) max_age: Option<u64>,
    /// The authentication contexts of which one is demanded, with single spaces between them; empty where
    /// none is.
    pub(crate) required_acr: &'a [u8],
    /// The user of the session that is renewed; empty where anybody may sign in.
    pub(crate) subject: &'a [u8],
    /// What came beside the ID token.
    pub(crate) beside: Beside<'a>,
}

/// The `nonce` that an ID token must have.
#[derive(Clone, Copy)]
pub(crate) enum Nonce<'a> {
    /// That of the login's request.
    Sent(&'a [u8]),
    /// None, or that of the session's first login (OpenID Connect Core 1.0, section 12.2).
    OfSession(&'a [u8]),
}

/// What came beside an ID token; each of the three is empty where it did not.
#[derive(Clone, Copy, Default)]
pub(crate) struct Beside<'a> {
    pub(crate) access_token: &'a [u8],
    /// The access token came in the redirect, where another one can be put into its place.
    pub(crate) is_in_redirect: bool,
    pub(crate) code: &'a [u8],
    pub(crate) state: &'a [u8],
}
