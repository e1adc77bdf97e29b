//! Form-urlencoded text, in and out: RFC 6749, section 3.1 and appendix B.

use alloc::string::String;
use alloc::vec::Vec;

use form_urlencoded::Serializer;

use crate::error::Error;
use crate::text::{cut, split};

/// The pairs as a query.
pub(crate) fn write(pairs: &[(&str, &str)]) -> String {
    let mut out = Serializer::new(String::new());
    for (name, value) in pairs {
        out.append_pair(name, value);
    }
    out.finish()
}

/// The parameters that we know, each at most once.
pub(crate) struct Params(Vec<(&'static str, String)>);

impl Params {
    /// Reads the pairs whose names are among `names`; the others are only checked for their encoding.
    pub(crate) fn read(text: &str, names: &[&'static str]) -> Result<Self, Error> {
        let mut known: Vec<(&'static str, String)> = Vec::new();
        let mut is_repeated = false;
        for (name, value) in pairs(text) {
            let (Some(name), Some(value)) = (decode(name), decode(value)) else {
                return Err(Error::MalformedResponse);
            };
            if let Some(name) = names.iter().find(|known| ***known == *name) {
                is_repeated |= known.iter().any(|(earlier, _)| earlier == name);
                known.push((name, value));
            }
        }
        if is_repeated {
            return Err(Error::DuplicateParameter);
        }
        Ok(Self(known))
    }

    /// A value; an empty one counts as absent (RFC 6749, section 3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, value)| *known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Like [`Params::get`], and the value is the caller's from now on.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.0
            .iter_mut()
            .find(|(known, value)| *known == name && !value.is_empty())
            .map(|(_, value)| core::mem::take(value))
    }
}

/// Split on `&`, then on the first `=`; empty pairs are none. Nothing is decoded yet.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    split(text, b'&')
        .filter(|pair| !pair.is_empty())
        .map(halves)
}

/// A pair's name and its value, which may be left out.
pub(crate) fn halves(pair: &str) -> (&str, &str) {
    let (name, value) = cut(pair, b'=');
    (name, value.unwrap_or_default())
}

/// Decoded once, or nothing where the encoding is broken: `form_urlencoded` would put U+FFFD there.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => (hex(bytes.next()?)? << 4) | hex(bytes.next()?)?,
            _ => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

pub(crate) fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit & 0x0F),
        b'A'..=b'F' | b'a'..=b'f' => Some((digit & 0x0F).saturating_add(9)),
        _ => None,
    }
}
