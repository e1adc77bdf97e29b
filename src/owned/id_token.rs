//! The ID token: OpenID Connect Core 1.0, sections 2 and 3.1.3.7.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::claims::Claims;
use super::error::Error;
use super::relying_party::{ExpectedIdToken, RelyingParty};
use super::room::{owned, with_room};
use crate::error as core_error;
use crate::openid::algorithm::Algorithm;
use crate::openid::id_token::{self as core_id_token, Check, Unverified};
use crate::openid::key_set;
use crate::syntax::arena::Arena;

/// A text whose claims fit, and of which nobody knows yet who wrote it. It shows nothing of itself.
#[derive(Clone)]
pub struct UnverifiedIdToken {
    party: RelyingParty,
    text: String,
    expected: ExpectedIdToken,
    now: u64,
    names_key: bool,
}

#[cfg(feature = "sign-in")]
impl RelyingParty {
    /// Reads one again that was verified when it came.
    pub(super) fn read_again(&self, text: &str) -> Option<IdToken> {
        with_room(&(self, text), |(party, text), arena| {
            let read = core_id_token::IdToken::read_again(text.as_bytes(), &party.as_core(), arena);
            read.ok().map(|id_token| IdToken::of(&id_token))
        })
    }
}

impl RelyingParty {
    /// Reads an ID token, and makes every check that needs no key. `now` is in seconds since 1970.
    ///
    /// # Errors
    ///
    /// [`Error::MissingIdToken`]: the text is empty. [`Error::IdTokenMalformed`],
    /// [`Error::IdTokenUnsupported`], [`Error::IdTokenAlgRefused`]: its form, or its header.
    /// [`Error::IdTokenIssuerMismatch`], [`Error::IdTokenAudienceMismatch`],
    /// [`Error::IdTokenClaimInvalid`], [`Error::IdTokenExpired`], [`Error::IdTokenNotYetValid`],
    /// [`Error::NonceMismatch`], [`Error::AuthTooOld`], [`Error::AcrMismatch`],
    /// [`Error::SubjectMismatch`]: its claims, in this order.
    pub fn read(
        &self,
        id_token: &str,
        expected: &ExpectedIdToken,
        now: u64,
    ) -> Result<UnverifiedIdToken, Error> {
        let mut unverified = UnverifiedIdToken {
            party: self.clone(),
            text: id_token.into(),
            expected: expected.clone(),
            now,
            names_key: false,
        };
        let names_key = with_room(&unverified, |unverified, arena| {
            let read = unverified.parse(arena)?;
            Ok::<_, core_error::Error>(read.names_key())
        })?;
        unverified.names_key = names_key;
        Ok(unverified)
    }
}

impl UnverifiedIdToken {
    /// What was checked once is the same again: the core keeps nothing between its calls.
    fn parse<'a>(&'a self, arena: &mut Arena<'a>) -> Result<Unverified<'a>, core_error::Error> {
        let expected = self.expected.as_core();
        let (party, text) = (self.party.as_core(), self.text.as_bytes());
        Unverified::parse(text, &party, &expected, self.now, arena)
    }

    /// Whether its signature says what is not known already, and the issuer's keys are needed for that; see
    /// [`RelyingParty::trust_token_endpoint`].
    #[must_use]
    pub fn needs_keys(&self) -> bool {
        !(self.expected.is_from_token_endpoint && self.party.trusts_token_endpoint())
    }

    fn choose_key<'a>(
        &'a self,
        key_set: &[u8],
        arena: &mut Arena<'a>,
    ) -> Result<Check<'a>, core_error::Error> {
        let unverified = self.parse(arena)?;
        #[cfg(feature = "sign-in")]
        if !self.needs_keys() {
            return Ok(unverified.check_hashes());
        }
        unverified.check(key_set, arena)
    }

    /// Chooses the key from the issuer's set, the text of its JSON (RFC 7517, section 5), and names the job.
    /// Where none is [needed](Self::needs_keys) the set is not looked at, and the job is a matter of hashes.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidJwks`]: it is no key set. [`Error::IdTokenKeyNotFound`]: not exactly one sound key in
    /// it fits; the set may be an old one, see [`Self::may_refetch`]. [`Error::IdTokenSignatureInvalid`]: the
    /// signature is longer or shorter than that key makes them.
    pub fn check(self, key_set: &str) -> Result<IdTokenCheck, Error> {
        let given = (&self, key_set.as_bytes());
        let job = with_room(&given, |(unverified, key_set), arena| {
            let check = unverified.choose_key(key_set, arena)?;
            Ok::<_, core_error::Error>(Job {
                algorithm: check.algorithm(),
                jwk: owned(check.key.map_or(&b""[..], |key| key.write(arena))),
                #[cfg(all(feature = "verify", not(target_arch = "wasm32")))]
                numbers: check
                    .key
                    .map_or([&b""[..]; 2], |key| key.numbers)
                    .map(<[u8]>::to_vec),
                input: owned(check.input()),
                signature: check.signature().to_vec(),
                texts_to_hash: check.texts_to_hash().map(owned),
            })
        })?;
        Ok(IdTokenCheck {
            unverified: self,
            key_set: key_set.into(),
            job,
        })
    }

    /// Whether a failure is a reason to ask for the issuer's keys again, past every cache: they may have
    /// changed. `refetched_at` is when that was done last; once a minute is enough, so that forged tokens
    /// make nobody flood the issuer.
    #[must_use]
    pub fn may_refetch(&self, error: &Error, refetched_at: Option<u64>, now: u64) -> bool {
        key_set::may_refetch(error.to_core(), self.names_key, refetched_at, now)
    }
}

impl fmt::Debug for UnverifiedIdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedIdToken").finish_non_exhaustive()
    }
}

/// A job for whoever has the algorithms: a signature to verify, and texts to hash.
#[derive(Clone)]
pub struct IdTokenCheck {
    unverified: UnverifiedIdToken,
    key_set: String,
    pub(super) job: Job,
}

#[derive(Clone)]
pub(super) struct Job {
    pub(super) algorithm: Algorithm,
    jwk: String,
    /// The numbers of the key, as bytes.
    #[cfg(all(feature = "verify", not(target_arch = "wasm32")))]
    pub(super) numbers: [Vec<u8>; 2],
    pub(super) input: String,
    pub(super) signature: Vec<u8>,
    pub(super) texts_to_hash: [String; 3],
}

/// What came of a job.
#[derive(Clone, Debug, Default)]
pub struct CheckOutcome {
    /// The signature is the key's.
    pub is_signed: bool,
    /// The whole hash of each text; nothing of an empty one.
    pub digests: [Vec<u8>; 3],
}

impl IdTokenCheck {
    /// The algorithm of the signature, whose hash is that of the texts, too.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.job.algorithm
    }

    /// The public key as a JWK (RFC 7517) that has nothing but what makes it this key; empty where the
    /// signature need not be verified.
    #[must_use]
    pub fn jwk(&self) -> &str {
        &self.job.jwk
    }

    /// What was signed.
    #[must_use]
    pub fn input(&self) -> &[u8] {
        self.job.input.as_bytes()
    }

    /// The signature: of ES, the two numbers behind each other (RFC 7518, section 3.4).
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.job.signature
    }

    /// The texts whose hashes are needed; an empty one is none.
    #[must_use]
    pub fn texts_to_hash(&self) -> [&str; 3] {
        self.job.texts_to_hash.each_ref().map(String::as_str)
    }

    /// Takes the outcome. There is no other way to an ID token.
    ///
    /// # Errors
    ///
    /// [`Error::IdTokenSignatureInvalid`]; [`Error::AtHashMismatch`], [`Error::CHashMismatch`],
    /// [`Error::SHashMismatch`]: what came beside it is another login's.
    pub fn verified(&self, outcome: &CheckOutcome) -> Result<IdToken, Error> {
        let given = (self, outcome);
        let verified = with_room(&given, |(check, outcome), arena| {
            let made = check
                .unverified
                .choose_key(check.key_set.as_bytes(), arena)?;
            let outcome = core_id_token::Outcome {
                is_signed: outcome.is_signed,
                digests: outcome.digests.each_ref().map(Vec::as_slice),
            };
            made.verified(&outcome)
                .map(|verified| IdToken::of(&verified))
        });
        Ok(verified?)
    }

    /// See [`UnverifiedIdToken::may_refetch`].
    #[must_use]
    pub fn may_refetch(&self, error: &Error, refetched_at: Option<u64>, now: u64) -> bool {
        self.unverified.may_refetch(error, refetched_at, now)
    }
}

impl fmt::Debug for IdTokenCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdTokenCheck")
            .field("algorithm", &self.job.algorithm)
            .finish_non_exhaustive()
    }
}

/// A verified ID token: who signed in, and what the server says of them.
///
/// Its `Debug` shows no claim.
#[derive(Clone)]
pub struct IdToken {
    text: String,
    issuer: String,
    subject: String,
    auth_time: Option<u64>,
    payload: String,
    claims: Claims,
}

impl IdToken {
    fn of(verified: &core_id_token::IdToken<'_>) -> Self {
        let issuer = verified.claims.text("iss").ok().flatten();
        Self {
            text: owned(verified.text),
            issuer: owned(issuer.unwrap_or_default()),
            subject: owned(verified.subject()),
            auth_time: verified.auth_time(),
            payload: owned(verified.payload),
            claims: Claims::of(verified.claims),
        }
    }

    /// The token as it came, for a server that takes one, and as the hint of a logout.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Who issued it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Who signed in: unique and never given to somebody else, for this issuer.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// When the user signed in, in seconds since 1970; `None` where the server does not say.
    #[must_use]
    pub fn auth_time(&self) -> Option<u64> {
        self.auth_time
    }

    /// All that the server says of the user.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The claims as the server wrote them, in JSON.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.payload
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdToken")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Whether keys that were fetched then are still used; after ten minutes they are asked for again.
#[must_use]
pub fn are_keys_fresh(fetched_at: u64, now: u64) -> bool {
    key_set::is_fresh(fetched_at, now)
}
