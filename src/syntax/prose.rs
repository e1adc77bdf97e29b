//! Words from outside, made fit to be shown: valid UTF-8 without control characters, RFC 3629.

use super::arena::Arena;
use super::text::{from, to};
use super::utf8::is_utf8;

/// Writes so many characters of it at most. Each control character becomes a space, line ends among them;
/// bytes that are no UTF-8 are left out, and so is the mark that a decoder has put in their place.
pub(crate) fn put_prose(arena: &mut Arena<'_>, text: &[u8], most: usize) {
    let mut rest = text;
    let mut left = most;
    while let ([first, ..], 1..) = (rest, left) {
        let length = match first {
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0.. => 4,
            _ => 1,
        };
        let character = to(rest, length);
        if !is_utf8(character) {
            rest = from(rest, 1);
            continue;
        }
        rest = from(rest, length);
        match character {
            b"\xEF\xBF\xBD" => continue,
            [0..=0x1F | 0x7F] | [0xC2, 0x80..=0x9F] | [0xE2, 0x80, 0xA8 | 0xA9] => arena.push(b' '),
            character => arena.put(character),
        }
        left = left.saturating_sub(1);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use alloc::string::String;
    use alloc::vec;

    use super::*;

    fn prose(text: &[u8], most: usize) -> String {
        let mut room = vec![0; 64];
        let mut arena = Arena::new(&mut room);
        put_prose(&mut arena, text, most);
        String::from_utf8_lossy(arena.take()).into_owned()
    }

    #[test]
    fn what_can_be_shown_stays_and_the_rest_leaves_no_mark() {
        let rows: [(&[u8], &str); 12] = [
            (b"", ""),
            (
                b"AADSTS65004: declined.\r\nTrace ID: 1",
                "AADSTS65004: declined.  Trace ID: 1",
            ),
            ("Ungültig – 🦊".as_bytes(), "Ungültig – 🦊"),
            (b"a \"code\" \\", "a \"code\" \\"),
            (b"Ung\xFCltig", "Ungltig"),
            ("Ung\u{FFFD}ltig".as_bytes(), "Ungltig"),
            (b"a\0b\tc\x7Fd", "a b c d"),
            ("a\u{80}b\u{85}c\u{9F}d\u{A0}".as_bytes(), "a b c d\u{A0}"),
            ("a\u{2028}b\u{2029}c\u{2027}".as_bytes(), "a b c\u{2027}"),
            (b"\xE2\x82", ""),
            (b"\xC0\xAFa\xED\xA0\x80b\xF8c", "abc"),
            (b"\xE2a\xF0\x9F\xA6", "a"),
        ];
        for (text, shown) in rows {
            assert_eq!(prose(text, 64), shown, "{text:x?}");
        }
    }

    #[test]
    fn characters_are_counted_and_not_their_bytes() {
        assert_eq!(prose("ä🦊ü\n!".as_bytes(), 4), "ä🦊ü ");
        assert_eq!(prose(b"\xFF\xFFab\xFFc", 2), "ab");
        assert_eq!(prose(b"ab", 0), "");
    }
}
