//! Values that nobody may guess: RFC 6749, section 10.10.

use alloc::string::String;
use core::fmt;

use subtle::ConstantTimeEq;

/// 32 bytes as base64url without padding.
const LENGTH: usize = 43;
/// So much of a state names its record: 132 random bits, and not the whole secret.
pub(crate) const KEY_LENGTH: usize = 22;

/// The `state` of one login: 256 random bits in characters that every server returns unchanged.
///
/// It has no `==` and its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct State(String);

impl State {
    pub(crate) fn from_random(random: &[u8; 32]) -> Self {
        Self(base64url(random))
    }

    /// Nothing but a state of ours has this length and alphabet, so nothing else reaches the store.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let is_ours = text.len() == LENGTH
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        is_ours.then(|| Self(text.into()))
    }

    /// The value as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What of it the store may keep for good: enough to find a record, too little to answer one.
    pub(crate) fn key(&self) -> &str {
        self.0.get(..KEY_LENGTH).unwrap_or_default()
    }

    /// Whether both are the same, in a time that does not tell where they differ.
    pub(crate) fn matches(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

/// RFC 4648, section 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group
            .iter()
            .chain([&0, &0])
            .take(3)
            .fold(0_usize, |bits, byte| (bits << 8) | usize::from(*byte));
        let characters = [bits >> 18, bits >> 12, bits >> 6, bits];
        text.extend(
            characters
                .iter()
                .take(group.len().saturating_add(1))
                .filter_map(|bits| ALPHABET.get(bits & 63))
                .map(|character| char::from(*character)),
        );
    }
    text
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State([redacted])")
    }
}
