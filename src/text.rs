//! Text taken apart and put together. `core`'s string patterns do the same and more, for 4 kB.

use alloc::string::String;
use alloc::vec::Vec;

/// The text before the first delimiter, and the text behind it where there is one.
pub(crate) fn cut(text: &str, delimiter: u8) -> (&str, Option<&str>) {
    match text.bytes().position(|byte| byte == delimiter) {
        Some(at) => (
            text.get(..at).unwrap_or_default(),
            text.get(at.saturating_add(1)..),
        ),
        None => (text, None),
    }
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
    text.as_bytes().contains(&byte)
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
    let mut digits = Vec::new();
    loop {
        // A remainder of ten is a digit.
        #[allow(clippy::cast_possible_truncation)]
        digits.push((number % 10) as u8 | b'0');
        number /= 10;
        if number == 0 {
            break;
        }
    }
    digits
        .iter()
        .rev()
        .map(|digit| char::from(*digit))
        .collect()
}

/// The number that the digits write, at most 2^64 - 1; `None` where there is anything but digits.
pub(crate) fn number(digits: &str) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.bytes().try_fold(0_u64, |number, byte| {
        let digit = byte.is_ascii_digit().then_some(byte & 0x0F)?;
        Some(number.saturating_mul(10).saturating_add(digit.into()))
    })
}
