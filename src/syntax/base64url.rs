//! base64url without padding, as bytes: RFC 4648, section 5; RFC 7515, section 2.

use super::arena::Arena;

/// The bytes that a text stands for; `None` where it has padding, white space or another alphabet, or
/// where its last character has bits that no byte has, which would be a second spelling of the same
/// bytes (RFC 4648, section 3.5).
pub(crate) fn decode<'a>(text: &[u8], arena: &mut Arena<'a>) -> Option<&'a [u8]> {
    // Bits that were read and not written yet: never more than twelve.
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut is_text = true;
    for character in text {
        let value = match character {
            b'A'..=b'Z' => character.wrapping_sub(b'A'),
            b'a'..=b'z' => character.wrapping_sub(b'a' - 26),
            b'0'..=b'9' => character.wrapping_add(52 - b'0'),
            b'-' => 62,
            b'_' => 63,
            _ => {
                is_text = false;
                break;
            }
        };
        bits = (bits << 6) | u32::from(value);
        count = count.wrapping_add(6);
        if count >= 8 {
            count = count.wrapping_sub(8);
            // Eight bits of it.
            #[allow(clippy::cast_possible_truncation)]
            arena.push((bits >> count) as u8);
            bits &= (1_u32 << count).wrapping_sub(1);
        }
    }
    let bytes = arena.take();
    (is_text && bits == 0 && count < 6).then_some(bytes)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests {
    use alloc::string::String;
    use alloc::vec;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::decode;
    use crate::syntax::arena::Arena;
    use crate::syntax::secret::encode;

    fn decoded(text: &str) -> Option<Vec<u8>> {
        let mut room = vec![0; text.len()];
        decode(text.as_bytes(), &mut Arena::new(&mut room)).map(<[u8]>::to_vec)
    }

    fn encoded(bytes: &[u8]) -> String {
        let mut text = vec![0; (bytes.len() * 4).div_ceil(3)];
        encode(bytes.iter().copied(), text.iter_mut(), *b"-_");
        String::from_utf8_lossy(&text).into_owned()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_encoded_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(decoded(&encoded(&bytes)), Some(bytes));
        }

        #[test]
        fn bytes_have_one_spelling(text in "[A-Za-z0-9_-]{0,9}[=+/ \\n]?") {
            let decoded = decoded(&text);
            if let Some(bytes) = &decoded {
                prop_assert_eq!(encoded(bytes), &*text);
            }
            // The characters whose last bits, two or four of them, are zeros.
            let ends = if text.len() % 4 == 2 { "AQgw" } else { "AEIMQUYcgkosw048" };
            let is_whole = text.len() % 4 == 0 || text.ends_with(|last| ends.contains(last));
            let is_broken = text.len() % 4 == 1 || text.ends_with(['=', '+', '/', ' ', '\n']);
            prop_assert_eq!(decoded.is_some(), is_whole && !is_broken, "{}", text);
        }
    }
}
