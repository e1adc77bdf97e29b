//! Text taken apart and put together. `core`'s string patterns do the same and more, for 4 kB.

use alloc::string::String;

/// The text before the first delimiter, and the text behind it where there is one.
pub(crate) fn cut(text: &str, delimiter: u8) -> (&str, Option<&str>) {
    let mut at = 0_usize;
    for byte in text.as_bytes() {
        if *byte == delimiter {
            return (
                text.get(..at).unwrap_or_default(),
                text.get(at.saturating_add(1)..),
            );
        }
        at = at.saturating_add(1);
    }
    (text, None)
}

/// What stands between the delimiters.
pub(crate) fn split(text: &str, delimiter: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let (part, behind) = cut(rest?, delimiter);
        rest = behind;
        Some(part)
    })
}

pub(crate) fn has(text: &str, byte: u8) -> bool {
    cut(text, byte).1.is_some()
}

/// Whether every byte is one of a grammar's.
pub(crate) fn consists_of(text: &str, is_allowed: fn(u8) -> bool) -> bool {
    for byte in text.as_bytes() {
        if !is_allowed(*byte) {
            return false;
        }
    }
    true
}

/// Where the needle begins.
pub(crate) fn find(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes()
        .windows(needle.len())
        .position(|window| window == needle.as_bytes())
}

pub(crate) fn concat(parts: &[&str]) -> String {
    let mut whole = String::new();
    for part in parts {
        whole.push_str(part);
    }
    whole
}

/// A whole number in decimal.
pub(crate) fn decimal(mut number: u64) -> String {
    let mut digits = String::new();
    loop {
        // A remainder of ten is a digit.
        #[allow(clippy::cast_possible_truncation)]
        let digit = (number % 10) as usize;
        digits = concat(&["0123456789".get(digit..=digit).unwrap_or_default(), &digits]);
        number /= 10;
        if number == 0 {
            return digits;
        }
    }
}

/// The number that the digits write, at most 2^64 - 1; `None` where there is anything but digits.
pub(crate) fn number(digits: &str) -> Option<u64> {
    let mut number = 0_u64;
    for byte in digits.as_bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = if number > u64::MAX / 10 {
            u64::MAX
        } else {
            number.wrapping_mul(10).saturating_add((byte & 0x0F).into())
        };
    }
    (!digits.is_empty()).then_some(number)
}
