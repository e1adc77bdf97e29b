//! The algorithms of signatures: RFC 7518, section 3.1; RFC 8037, section 3.1; RFC 9864, section 2.2.

use crate::syntax::text::place_of;

/// An algorithm by which an ID token can be signed here. `none` and those with a shared secret are not
/// among them, whoever lists them (RFC 8725, sections 3.1 and 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Algorithm {
    /// Its place among the names.
    place: usize,
}

/// The names, as the header of a token and a server's metadata have them.
const NAMES: &str = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 Ed25519 EdDSA";

/// What a key is of: its `kty`, for which of these algorithms, and on which curve.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    Rsa,
    /// With its curve, and the bytes of a coordinate (RFC 7518, section 6.2.1.2).
    Ec(&'static str, usize),
    /// Ed25519 (RFC 8037, section 2).
    Okp,
}

impl Algorithm {
    /// `None` where no ID token can be signed so, or not here.
    pub(crate) fn of(name: &[u8]) -> Option<Self> {
        Some(Self {
            place: place_of(name, NAMES)?,
        })
    }

    /// Its name (RFC 7515, section 4.1.1).
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.split(' ').nth(self.place).unwrap_or_default()
    }

    pub(crate) fn key_type(self) -> KeyType {
        match self.place {
            0..=5 => KeyType::Rsa,
            6 => KeyType::Ec("P-256", 32),
            7 => KeyType::Ec("P-384", 48),
            8 => KeyType::Ec("P-521", 66),
            _ => KeyType::Okp,
        }
    }

    /// Bytes of its hash: that of the signature, and of `at_hash`, `c_hash` and `s_hash` (OpenID Connect
    /// Core 1.0, section 3.1.3.6), for which Ed25519 has SHA-512.
    #[must_use]
    pub fn hash_bytes(self) -> usize {
        match self.place {
            0 | 3 | 6 => 32,
            1 | 4 | 7 => 48,
            _ => 64,
        }
    }
}
