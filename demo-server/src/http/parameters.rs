//! `application/x-www-form-urlencoded` parameters: RFC 6749, section 3.1 and appendix B.

use percent_encoding::percent_decode_str;

#[derive(Default)]
pub struct Parameters(Vec<(String, String)>);

/// A parameter occurs more than once.
#[derive(Debug)]
pub struct Repeated;

impl Parameters {
    /// Nothing where the text is no UTF-8 once it is decoded.
    pub fn parse(text: &str) -> Option<Self> {
        text.split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                Some((decode(name)?, decode(value)?))
            })
            .collect::<Option<_>>()
            .map(Self)
    }

    pub fn parse_bytes(bytes: &[u8]) -> Option<Self> {
        Self::parse(str::from_utf8(bytes).ok()?)
    }

    /// A parameter without a value counts as left out, but not as a licence to send it twice.
    pub fn get(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Repeated),
            (first, None) => Ok(first.filter(|value| !value.is_empty())),
        }
    }

    /// A field of a form of our own: empty, unless it is there exactly once.
    pub fn one(&self, name: &str) -> &str {
        self.get(name).ok().flatten().unwrap_or_default()
    }

    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }
}

fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    Some(percent_decode_str(&spaced).decode_utf8().ok()?.into_owned())
}

/// The pairs in the order given.
pub fn encode(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
