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

/// Scope tokens with single spaces between them: RFC 6749, section 3.3.
pub(crate) fn is_scope(text: &[u8]) -> bool {
    split(text, b' ').all(|token| !token.is_empty() && consists_of(token, is_unquoted_visible))
}

/// `b64token` of RFC 6750, section 2.1. Nothing else may reach a header.
pub(crate) fn is_b64token(text: &[u8]) -> bool {
    let (unpadded, padding) = cut(text, b'=');
    !unpadded.is_empty()
        && consists_of(padding.unwrap_or_default(), |byte| byte == b'=')
        && consists_of(unpadded, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
        })
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

/// A character of a token: RFC 9110, section 5.6.2.
#[cfg(feature = "bearer")]
pub(crate) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        )
}
