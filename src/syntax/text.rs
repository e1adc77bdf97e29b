//! Bytes taken apart at their delimiters, and compared, without a copy.
//!
//! `core` has all of this. Here what is called often stays a call, and answers with a number: a slice
//! that a function returns travels through memory, and a comparison with a constant is unrolled where
//! it stands. Together that is a fifth of the module.

/// Where the first such byte is; the length of the text where there is none.
#[inline(never)]
pub(crate) fn position(text: &[u8], byte: u8) -> usize {
    let found = text.iter().position(|it| *it == byte);
    found.unwrap_or(text.len())
}

pub(crate) fn has(text: &[u8], byte: u8) -> bool {
    position(text, byte) < text.len()
}

/// The text before a place; all of it where it has no such place.
#[inline]
pub(crate) fn to(text: &[u8], place: usize) -> &[u8] {
    text.get(..place).unwrap_or(text)
}

/// The text from a place on; nothing where it has no such place.
#[inline]
pub(crate) fn from(text: &[u8], place: usize) -> &[u8] {
    text.get(place..).unwrap_or_default()
}

/// The text before the first delimiter; all of it where there is none.
#[inline]
pub(crate) fn before(text: &[u8], delimiter: u8) -> &[u8] {
    to(text, position(text, delimiter))
}

/// The text behind the first delimiter, where there is one.
#[inline]
pub(crate) fn behind(text: &[u8], delimiter: u8) -> Option<&[u8]> {
    let (_, behind) = from(text, position(text, delimiter)).split_first()?;
    Some(behind)
}

/// The text before the first delimiter, and the text behind it where there is one.
#[inline]
pub(crate) fn cut(text: &[u8], delimiter: u8) -> (&[u8], Option<&[u8]>) {
    let place = position(text, delimiter);
    let rest = from(text, place).split_first();
    (to(text, place), rest.map(|(_, behind)| behind))
}

/// Whether both are the same text.
#[inline(never)]
pub(crate) fn is(text: &[u8], other: &[u8]) -> bool {
    text.len() == other.len() && starts_with(text, other)
}

/// Whether the text begins with another one.
#[inline(never)]
pub(crate) fn starts_with(text: &[u8], start: &[u8]) -> bool {
    text.len() >= start.len() && text.iter().zip(start).all(|(one, other)| one == other)
}

/// Whether the text ends with another one.
pub(crate) fn ends_with(text: &[u8], end: &[u8]) -> bool {
    let start = text.len().checked_sub(end.len());
    start.is_some_and(|start| is(from(text, start), end))
}

/// Whether both are the same text but for the case of ASCII letters.
#[inline(never)]
pub(crate) fn is_caseless(text: &[u8], other: &[u8]) -> bool {
    text.eq_ignore_ascii_case(other)
}

/// Whether every byte is one of a grammar's.
#[inline(never)]
pub(crate) fn consists_of(text: &[u8], is_allowed: fn(u8) -> bool) -> bool {
    text.iter().all(|byte| is_allowed(*byte))
}

/// What stands between delimiters.
#[derive(Clone)]
pub(crate) struct Split<'a> {
    rest: Option<&'a [u8]>,
    delimiter: u8,
}

pub(crate) fn split(text: &[u8], delimiter: u8) -> Split<'_> {
    Split {
        rest: Some(text),
        delimiter,
    }
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a [u8];

    #[inline(never)]
    fn next(&mut self) -> Option<&'a [u8]> {
        let (part, behind) = cut(self.rest?, self.delimiter);
        self.rest = behind;
        Some(part)
    }
}

/// The place of a text among words with single spaces between them; an empty text is none of them. An
/// array of texts would add a pointer and a length to each.
#[inline(never)]
pub(crate) fn place_of(text: &[u8], words: &str) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    split(words.as_bytes(), b' ').position(|word| is(word, text))
}

/// Whether the text is one of the words.
pub(crate) fn is_one_of(text: &[u8], words: &str) -> bool {
    place_of(text, words).is_some()
}
