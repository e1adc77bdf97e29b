//! The ID token: OpenID Connect Core 1.0, sections 2 and 3.1.3.7, in the form of RFC 7515, section 7.1.
//!
//! It is read in steps, of which none can be left out. [`Unverified::parse`] makes every check that needs
//! no key. [`Unverified::check`] chooses the key and names the job: a signature to verify and texts to
//! hash, by whoever has the algorithms. [`Check::verified`] takes the outcome, and is the only way to an
//! [`IdToken`]; what came from there once can be read again.

use super::algorithm::Algorithm;
use super::claims;
use super::header::Header;
use super::jwk::Key;
use super::relying_party::{Expected, RelyingParty};
use crate::error::Error;
use crate::syntax::arena::Arena;
use crate::syntax::base64url::decode;
use crate::syntax::json_text::Object;
use crate::syntax::secret::encode;
use crate::syntax::text::{cut, is, split, to};

/// Characters that an ID token may have: what a response can hold is twice as much.
const MAX_CHARACTERS: usize = 65_536;

/// Characters of the left half of the longest hash.
const MAX_HASH_CHARACTERS: usize = 43;

/// A text whose claims fit, and of which nobody knows yet who wrote it. It shows nothing of itself.
#[derive(Clone, Copy)]
pub(crate) struct Unverified<'a> {
    parts: Parts<'a>,
    hashed: [Hashed<'a>; 3],
}

/// The parts of a text, each read by itself.
#[derive(Clone, Copy)]
struct Parts<'a> {
    header: Header<'a>,
    /// What it is once all of it has been verified.
    id_token: IdToken<'a>,
    /// What was signed: the first two parts as they came (RFC 7515, section 5.2).
    input: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Parts<'a> {
    fn read(
        text: &'a [u8],
        party: &RelyingParty<'_>,
        arena: &mut Arena<'a>,
    ) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::MissingIdToken);
        }
        if text.len() > MAX_CHARACTERS {
            return Err(Error::IdTokenMalformed);
        }
        // An encrypted one has five parts (RFC 7516, section 3).
        match split(text, b'.').count() {
            3 => {}
            5 => return Err(Error::IdTokenUnsupported),
            _ => return Err(Error::IdTokenMalformed),
        }
        let (header, rest) = cut(text, b'.');
        let (payload, signature) = cut(rest.unwrap_or_default(), b'.');
        let signature = signature.unwrap_or_default();
        let input = text.len().saturating_sub(signature.len().saturating_add(1));
        let mut bytes = |part: &[u8]| decode(part, arena).ok_or(Error::IdTokenMalformed);
        let (header, payload, signature) = (bytes(header)?, bytes(payload)?, bytes(signature)?);
        let mut object = |text: &[u8]| Object::parse(text, arena).ok_or(Error::IdTokenMalformed);
        let (header, claims) = (object(header)?, object(payload)?);
        Ok(Self {
            header: Header::read(header, party)?,
            id_token: IdToken {
                text,
                payload,
                claims,
            },
            input: to(text, input),
            signature,
        })
    }
}

/// A text that came beside the ID token, and the claim that holds its hash.
#[derive(Clone, Copy)]
struct Hashed<'a> {
    claim: &'static str,
    /// Empty where nothing came.
    text: &'a [u8],
    /// The claim must be there.
    is_required: bool,
    mismatch: Error,
}

impl<'a> Unverified<'a> {
    /// Reads a text, and makes every check that needs no key: its form, its header, its claims.
    pub(crate) fn parse(
        text: &'a [u8],
        party: &RelyingParty<'_>,
        expected: &Expected<'a>,
        now: u64,
        arena: &mut Arena<'a>,
    ) -> Result<Self, Error> {
        let read = Parts::read(text, party, arena)?;
        claims::check(read.id_token.claims, party, expected, now)?;
        let beside = &expected.beside;
        Ok(Self {
            parts: read,
            hashed: [
                Hashed {
                    claim: "at_hash",
                    text: beside.access_token,
                    is_required: beside.is_in_redirect,
                    mismatch: Error::AtHashMismatch,
                },
                Hashed {
                    claim: "c_hash",
                    text: beside.code,
                    is_required: true,
                    mismatch: Error::CHashMismatch,
                },
                Hashed {
                    claim: "s_hash",
                    text: beside.state,
                    is_required: false,
                    mismatch: Error::SHashMismatch,
                },
            ],
        })
    }

    /// The `kid` that the header names: a key set without it may be an old one.
    pub(crate) fn names_key(&self) -> bool {
        self.parts.header.kid.is_some()
    }

    /// Chooses the key from the issuer's set, a JSON text, and names the job.
    pub(crate) fn check(self, key_set: &[u8], arena: &mut Arena<'a>) -> Result<Check<'a>, Error> {
        let Header { algorithm, kid } = self.parts.header;
        let key = Key::choose(key_set, algorithm, kid, arena)?;
        // WebKitGTK takes a number with zeros in front of it.
        if self.parts.signature.len() != key.signature_bytes() {
            return Err(Error::IdTokenSignatureInvalid);
        }
        Ok(Check {
            unverified: self,
            key: Some(key),
        })
    }

    /// The job without its signature, where the token endpoint's TLS stands in for it (section 3.1.3.7).
    #[cfg(any(feature = "package", feature = "sign-in"))]
    pub(crate) fn check_hashes(self) -> Check<'a> {
        Check {
            unverified: self,
            key: None,
        }
    }
}

/// A job: a signature to verify, and texts to hash.
#[derive(Clone, Copy)]
pub(crate) struct Check<'a> {
    unverified: Unverified<'a>,
    /// `None` where the signature says nothing that is not known already.
    pub(crate) key: Option<Key<'a>>,
}

/// What came of the job.
#[derive(Clone, Copy)]
pub(crate) struct Outcome<'o> {
    /// The signature is the key's.
    pub(crate) is_signed: bool,
    /// The whole hash of each text, in the order in which they were named; an empty text needs none.
    pub(crate) digests: [&'o [u8]; 3],
}

impl<'a> Check<'a> {
    pub(crate) fn algorithm(&self) -> Algorithm {
        self.unverified.parts.header.algorithm
    }

    pub(crate) fn input(&self) -> &'a [u8] {
        self.unverified.parts.input
    }

    /// As bytes.
    #[cfg(feature = "alloc")]
    pub(crate) fn signature(&self) -> &'a [u8] {
        self.unverified.parts.signature
    }

    /// The texts whose hashes are needed, by the algorithm's; an empty one is none.
    pub(crate) fn texts_to_hash(&self) -> [&'a [u8]; 3] {
        let claims = self.unverified.parts.id_token.claims;
        self.unverified.hashed.map(|hashed| {
            if claims.text(hashed.claim).is_ok_and(|it| it.is_some()) {
                hashed.text
            } else {
                b""
            }
        })
    }

    /// Takes the outcome. This is the only way to a new [`IdToken`].
    pub(crate) fn verified(&self, outcome: &Outcome<'_>) -> Result<IdToken<'a>, Error> {
        let Unverified { parts, hashed } = self.unverified;
        if self.key.is_some() && !outcome.is_signed {
            return Err(Error::IdTokenSignatureInvalid);
        }
        for (hashed, digest) in hashed.into_iter().zip(outcome.digests) {
            if !self.holds(&hashed, digest) {
                return Err(hashed.mismatch);
            }
        }
        Ok(parts.id_token)
    }

    /// Whether a claim has the left half of a text's hash (section 3.1.3.6), or may be missing.
    fn holds(&self, hashed: &Hashed<'_>, digest: &[u8]) -> bool {
        if hashed.text.is_empty() {
            return true;
        }
        let Ok(claim) = self.unverified.parts.id_token.claims.text(hashed.claim) else {
            return false;
        };
        let Some(claim) = claim else {
            return !hashed.is_required;
        };
        let half = to(digest, self.algorithm().hash_bytes() / 2);
        let mut characters = [0; MAX_HASH_CHARACTERS];
        let length = half.len().saturating_mul(4).div_ceil(3);
        let places = characters.iter_mut().take(length);
        encode(half.iter().copied(), places, *b"-_");
        digest.len() == self.algorithm().hash_bytes() && is(claim, to(&characters, length))
    }
}

/// A verified ID token: who signed in, and what the server says of them.
#[derive(Clone, Copy)]
pub(crate) struct IdToken<'a> {
    /// As it came, for a server that takes one.
    pub(crate) text: &'a [u8],
    /// Its claims as JSON.
    pub(crate) payload: &'a [u8],
    pub(crate) claims: Object<'a>,
}

impl<'a> IdToken<'a> {
    /// Reads one again that was verified when it came, and has been kept since: whose it is has to fit still,
    /// and it may have expired.
    #[cfg(any(feature = "package", feature = "sign-in"))]
    pub(crate) fn read_again(
        text: &'a [u8],
        party: &RelyingParty<'_>,
        arena: &mut Arena<'a>,
    ) -> Result<Self, Error> {
        let id_token = Parts::read(text, party, arena)?.id_token;
        claims::check_parties(id_token.claims, party)?;
        Ok(id_token)
    }

    pub(crate) fn subject(&self) -> &'a [u8] {
        // It was checked.
        claims::subject(self.claims).unwrap_or_default()
    }

    pub(crate) fn auth_time(&self) -> Option<u64> {
        claims::auth_time(self.claims)
    }
}
