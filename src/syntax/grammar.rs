//! Character sets and small grammars: RFC 6749, appendix A; RFC 6750, section 2.1; RFC 9110.

use super::text::{before, consists_of, cut, has, split, starts_with};

/// `VSCHAR` of RFC 6749, appendix A: a client's identifier and secret, codes and refresh tokens.
pub(crate) fn is_visible(text: &[u8]) -> bool {
    consists_of(text, |byte| matches!(byte, 0x20..=0x7E))
}

/// `NQSCHAR` of RFC 6749, appendix A: an error's code, its description and its URI.
pub(crate) fn is_unquoted(text: &[u8]) -> bool {
    consists_of(text, |byte| byte == b' ' || is_unquoted_visible(byte))
}

/// `NQCHAR` alone: an error's URI. Whether it is one is for whoever follows it.
pub(crate) fn is_uri(text: &[u8]) -> bool {
    consists_of(text, is_unquoted_visible)
}

/// `NQCHAR` of RFC 6749, appendix A.
fn is_unquoted_visible(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E)
}

/// The scope tokens of a text, whatever else stands between them. What is no ASCII is a part of none.
pub(crate) fn scope_tokens(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let words = text.split(|byte| byte.is_ascii() && !is_unquoted_visible(*byte));
    words.filter(|word| !word.is_empty() && word.is_ascii())
}

/// Scope tokens with single spaces between them: RFC 6749, section 3.3.
pub(crate) fn is_scope(text: &[u8]) -> bool {
    split(text, b' ').all(|token| !token.is_empty() && consists_of(token, is_unquoted_visible))
}

/// An access token: `VSCHAR` without the space (RFC 6749, appendix A.12), because servers issue more than
/// the `b64token` of RFC 6750. Nothing else may reach a header.
pub(crate) fn is_access_token(text: &[u8]) -> bool {
    !text.is_empty() && consists_of(text, |byte| byte.is_ascii_graphic())
}

/// A path, and nothing that a URL parser could take for a host or for another scheme: RFC 6749,
/// section 10.15; RFC 9700, section 4.11.1.
pub(crate) fn is_local_path(text: &[u8]) -> bool {
    let path = before(before(text, b'#'), b'?');
    starts_with(path, b"/")
        && !path
            .iter()
            .zip(path.iter().skip(1))
            .any(|pair| pair == (&b'/', &b'/'))
        && !has(path, b'\\')
        && consists_of(text, |byte| !byte.is_ascii_control())
}

/// The number that the digits write, at most 2^64 - 1; `None` where there is anything but digits.
#[inline(never)]
pub(crate) fn number(digits: &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        // A multiplication that saturates would be one of 128 bits.
        number = if number > u64::MAX / 10 {
            u64::MAX
        } else {
            number
                .wrapping_mul(10)
                .saturating_add(u64::from(byte & 0x0F))
        };
    }
    (!digits.is_empty()).then_some(number)
}

/// The whole part of a decimal number, and 0 for a negative one; `None` for any other text. An exponent is
/// none of its forms.
pub(crate) fn whole_part(decimal: &[u8]) -> Option<u64> {
    let (digits, is_negative) = match decimal {
        [b'-', digits @ ..] => (digits, true),
        digits => (digits, false),
    };
    let (whole, fraction) = cut(digits, b'.');
    number(fraction.unwrap_or(b"0"))?;
    let whole = number(whole)?;
    Some(if is_negative { 0 } else { whole })
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
