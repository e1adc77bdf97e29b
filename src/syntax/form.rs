//! Form-urlencoded text, in and out: RFC 6749, section 3.1 and appendix B.

use alloc::string::String;
use alloc::vec::Vec;

use form_urlencoded::byte_serialize;

use crate::error::Error;
use crate::syntax::text::{Split, cut, split, word};

/// Parameters that we know, each at most once; an empty value counts as absent (RFC 6749, section 3.1).
#[derive(Clone, Default)]
pub(crate) struct Params(Vec<(&'static str, String)>);

impl Params {
    /// Reads the pairs whose names are among `names`; the others are only checked for their encoding.
    pub(crate) fn read(text: &str, names: &'static str) -> Result<Self, Error> {
        let mut known = Self::default();
        let mut is_repeated = false;
        let mut form = split(text, b'&');
        while let Some((name, value)) = next_pair(&mut form) {
            let (Some(name), Some(value)) = (decode(name), decode(value)) else {
                return Err(Error::MalformedResponse);
            };
            if let Some(name) = word(&name, names) {
                is_repeated |= known.find(name).is_some();
                known.0.push((name, value));
            }
        }
        if is_repeated {
            return Err(Error::DuplicateParameter);
        }
        Ok(known)
    }

    /// A value; empty where there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.find(name).map_or("", String::as_str)
    }

    fn find(&self, name: &str) -> Option<&String> {
        for (known, value) in &self.0 {
            if *known == name {
                return Some(value);
            }
        }
        None
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// A copy of a value, where there is one.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let value = self.get(name);
        (!value.is_empty()).then(|| value.into())
    }

    /// Sets a parameter, in the place of an earlier one.
    pub(crate) fn add(&mut self, name: &'static str, value: &str) {
        for (known, earlier) in &mut self.0 {
            if *known == name {
                *earlier = value.into();
                return;
            }
        }
        self.0.push((name, value.into()));
    }

    /// The parameters that have a value, as a form.
    pub(crate) fn write(&self) -> String {
        let mut form = String::new();
        for (name, value) in &self.0 {
            if !value.is_empty() {
                append(&mut form, name, value);
            }
        }
        form
    }
}

/// Puts one more pair behind a form.
pub(crate) fn append(form: &mut String, name: &str, value: &str) {
    let delimiter = if form.is_empty() { "" } else { "&" };
    for (delimiter, text) in [(delimiter, name), ("=", value)] {
        form.push_str(delimiter);
        form.extend(byte_serialize(text.as_bytes()));
    }
}

/// The next pair of a form that has a name or a value: split on `&`, then on the first `=`. Nothing
/// is decoded yet.
pub(crate) fn next_pair<'a>(form: &mut Split<'a>) -> Option<(&'a str, &'a str)> {
    loop {
        let pair = form.next()?;
        if !pair.is_empty() {
            return Some(halves(pair));
        }
    }
}

/// Whether a pair has one of the names.
pub(crate) fn names(text: &str, names: &str) -> bool {
    let mut form = split(text, b'&');
    while let Some((name, _)) = next_pair(&mut form) {
        if is_among(name, names) {
            return true;
        }
    }
    false
}

/// Whether the name, once decoded, is one of these.
pub(crate) fn is_among(name: &str, names: &str) -> bool {
    decode(name).is_some_and(|name| word(&name, names).is_some())
}

/// A pair's name and its value, which may be left out.
pub(crate) fn halves(pair: &str) -> (&str, &str) {
    let (name, value) = cut(pair, b'=');
    (name, value.unwrap_or_default())
}

/// Decoded once, or nothing where the encoding is broken: `form_urlencoded` would put U+FFFD there.
pub(crate) fn decode(text: &str) -> Option<String> {
    match unescape(text) {
        (bytes, true) => String::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// The bytes behind the escapes, and whether every `%` began one.
pub(crate) fn unescape(text: &str) -> (Vec<u8>, bool) {
    let mut plain = Vec::new();
    let mut is_well_formed = true;
    let mut rest = text.as_bytes();
    while let [byte, behind @ ..] = rest {
        rest = behind;
        let escaped = match behind {
            [high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        plain.extend_from_slice(&[match (byte, escaped) {
            (b'%', Some((high, low))) => {
                rest = behind.get(2..).unwrap_or_default();
                (high << 4) | low
            }
            (b'%', None) => {
                is_well_formed = false;
                b'%'
            }
            (b'+', _) => b' ',
            (byte, _) => *byte,
        }]);
    }
    (plain, is_well_formed)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit & 0x0F),
        b'A'..=b'F' | b'a'..=b'f' => Some((digit & 0x0F).saturating_add(9)),
        _ => None,
    }
}
