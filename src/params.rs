//! Form-urlencoded text, in and out: RFC 6749, section 3.1 and appendix B.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use form_urlencoded::Serializer;
use percent_encoding::percent_decode_str;

use crate::error::Error;

/// Appends pairs to a query; what it holds already is kept.
pub(crate) fn append<'a>(
    to: String,
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut out = Serializer::new(to);
    out.extend_pairs(pairs);
    out.finish()
}

/// The parameters that we know, each at most once.
pub(crate) struct Params(Vec<(&'static str, String)>);

impl Params {
    /// Reads the pairs whose names are among `names`; the others are only checked for their encoding.
    pub(crate) fn read(text: &str, names: &[&'static str]) -> Result<Self, Error> {
        let mut known: Vec<(&'static str, String)> = Vec::new();
        let mut repeated = false;
        for (name, value) in pairs(text) {
            let name = decode(name).ok_or(Error::MalformedResponse)?;
            let value = decode(value).ok_or(Error::MalformedResponse)?;
            if let Some(name) = names.iter().copied().find(|known| *known == name) {
                repeated |= known.iter().any(|(earlier, _)| *earlier == name);
                known.push((name, value.into_owned()));
            }
        }
        if repeated {
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
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Decoded once, or nothing where the encoding is broken: `form_urlencoded` would put U+FFFD there.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['%', '+']) {
        return Some(Cow::Borrowed(text));
    }
    let mut behind_percents = text.split('%');
    behind_percents.next();
    let well_formed = behind_percents.all(|rest| {
        let mut digits = rest.bytes();
        digits.next().is_some_and(|b| b.is_ascii_hexdigit())
            && digits.next().is_some_and(|b| b.is_ascii_hexdigit())
    });
    if !well_formed {
        return None;
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(Cow::Owned(decoded.into_owned()))
}
