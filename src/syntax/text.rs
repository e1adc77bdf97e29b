//! Text taken apart and put together. `core`'s string patterns do the same and more, for 4 kB.

use alloc::string::String;

/// The text before the first delimiter, and the text behind it where there is one.
pub(crate) fn cut(text: &str, delimiter: u8) -> (&str, Option<&str>) {
    let mut at = 0_usize;
    for byte in text.as_bytes() {
        if *byte == delimiter {
            let (before, behind) = split_at(text, at);
            return (before, Some(split_at(behind, 1).1));
        }
        at = at.saturating_add(1);
    }
    (text, None)
}

/// The text before a place and the text from there; all of it before one that it doesn't have.
pub(crate) fn split_at(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// What stands between delimiters.
pub(crate) struct Split<'a> {
    rest: Option<&'a str>,
    delimiter: u8,
}

pub(crate) fn split(text: &str, delimiter: u8) -> Split<'_> {
    Split {
        rest: Some(text),
        delimiter,
    }
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (part, behind) = cut(self.rest?, self.delimiter);
        self.rest = behind;
        Some(part)
    }
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

/// The word of a list that the text is. Words stand between spaces: an array would add a pointer
/// and a length to each.
#[allow(clippy::manual_find, reason = "the loop is 100 bytes smaller")]
pub(crate) fn word<'a>(text: &str, list: &'a str) -> Option<&'a str> {
    for word in split(list, b' ') {
        if word == text && !word.is_empty() {
            return Some(word);
        }
    }
    None
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
        digits = concat(&[split_at(split_at("0123456789", digit).1, 1).0, &digits]);
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

/// A character of a token: RFC 9110, section 5.6.2.
#[cfg(feature = "bearer")]
pub(crate) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        )
}
