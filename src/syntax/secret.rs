//! Values that nobody may guess: RFC 6749, section 10.10.

use core::fmt;

use subtle::ConstantTimeEq;

pub(crate) use super::lengths::{KEY_LENGTH, STATE_LENGTH};
use super::text::{consists_of, to};

/// The `state` of one login: 256 random bits in characters that every server returns unchanged.
///
/// It has no `==` and its `Debug` shows nothing of it.
#[derive(Clone, Copy, Default)]
pub(crate) struct State<'a>(&'a [u8]);

impl<'a> State<'a> {
    /// Nothing but a state of ours has this length and alphabet, so nothing else reaches the store.
    pub(crate) fn read(text: &'a [u8]) -> Option<Self> {
        let is_ours = text.len() == STATE_LENGTH
            && consists_of(text, |byte| {
                byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
            });
        is_ours.then_some(Self(text))
    }

    pub(crate) fn text(self) -> &'a [u8] {
        self.0
    }

    /// What of it the store may keep for good: enough to find a record, too little to answer one.
    pub(crate) fn key(self) -> &'a [u8] {
        to(self.0, KEY_LENGTH)
    }

    /// Whether both are the same, in a time that does not tell where they differ.
    pub(crate) fn matches(self, other: Self) -> bool {
        self.0.ct_eq(other.0).into()
    }
}

impl fmt::Debug for State<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State([redacted])")
    }
}

/// 32 bytes as 43 characters: RFC 4648, section 5, without padding.
pub(crate) fn base64url(bytes: &[u8; 32]) -> [u8; STATE_LENGTH] {
    let mut text = [0; STATE_LENGTH];
    encode(bytes.iter().copied(), text.iter_mut(), *b"-_");
    text
}

/// Writes bytes as base64 into as many places as there are; `last` are the characters of 62 and 63.
pub(crate) fn encode<'t>(
    mut bytes: impl Iterator<Item = u8>,
    text: impl Iterator<Item = &'t mut u8>,
    last: [u8; 2],
) {
    // Bits that were read and not written yet: never more than twelve.
    let (mut bits, mut count) = (0_u32, 0_u32);
    for character in text {
        if count < 6 {
            bits = (bits << 8) | u32::from(bytes.next().unwrap_or_default());
            count = count.wrapping_add(8);
        }
        count = count.wrapping_sub(6);
        // Six bits of it.
        #[allow(clippy::cast_possible_truncation)]
        let value = (bits >> count) as u8 & 63;
        *character = match value {
            0..=25 => b'A'.wrapping_add(value),
            26..=51 => b'a'.wrapping_add(value).wrapping_sub(26),
            52..=61 => b'0'.wrapping_add(value).wrapping_sub(52),
            62 => last[0],
            _ => last[1],
        };
    }
}
