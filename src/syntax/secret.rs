//! Values that nobody may guess: RFC 6749, section 10.10.

use alloc::string::String;
use core::fmt;

use subtle::ConstantTimeEq;

use crate::syntax::text::{consists_of, split_at};

/// 32 bytes as base64url without padding.
const LENGTH: usize = 43;
/// So much of a state names its record: 132 random bits, and not the whole secret.
pub(crate) const KEY_LENGTH: usize = 22;

/// The `state` of one login: 256 random bits in characters that every server returns unchanged.
///
/// It has no `==` and its `Debug` shows nothing of it.
#[derive(Clone, Copy, Default)]
pub struct State<'a>(&'a str);

impl<'a> State<'a> {
    /// Nothing but a state of ours has this length and alphabet, so nothing else reaches the store.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let is_ours = text.len() == LENGTH
            && consists_of(text, |b| {
                b.is_ascii_alphanumeric() || b == b'-' || b == b'_'
            });
        is_ours.then_some(Self(text))
    }

    /// The value as it travels.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// What of it the store may keep for good: enough to find a record, too little to answer one.
    pub(crate) fn key(self) -> &'a str {
        split_at(self.0, KEY_LENGTH).0
    }

    /// Whether both are the same, in a time that does not tell where they differ.
    pub(crate) fn matches(self, other: Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

/// 32 bytes as 43 characters: RFC 4648, section 5, without padding.
pub(crate) fn base64url(bytes: &[u8; 32]) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |at: usize| group.get(at).map_or(0, |byte| usize::from(*byte));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for shift in [18, 12, 6, 0] {
            let at = (bits >> shift) & 63;
            if text.len() < LENGTH {
                text.push_str(split_at(split_at(ALPHABET, at).1, 1).0);
            }
        }
    }
    text
}

impl fmt::Debug for State<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State([redacted])")
    }
}
