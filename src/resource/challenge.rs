//! What a server asks for when it refuses: RFC 9110, section 11.6.1; RFC 6750, section 3.

use alloc::string::String;
use alloc::vec::Vec;

use crate::syntax::text::{is_token_byte, split_at};

/// Parameters that one challenge may have; the rest is left out.
const MAX_PARAMETERS: usize = 64;

/// One challenge of a `WWW-Authenticate` header: inert data from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The authentication scheme, in lower case.
    pub scheme: String,
    /// What stands in the place of parameters in some schemes.
    pub token68: Option<String>,
    /// Names, in lower case and each once, and values without their quotes and escapes.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The challenges of a header, or of several that were joined with commas. What breaks the
    /// grammar is left out, up to the next comma.
    #[must_use]
    pub fn read(header: &str) -> Vec<Self> {
        let mut challenges: Vec<Self> = Vec::new();
        let mut reader = Reader(header);
        loop {
            reader.take(|byte| matches!(byte, b',' | b' ' | b'\t'));
            if reader.0.is_empty() {
                return challenges;
            }
            let name = reader.take(is_token_byte).to_ascii_lowercase();
            let space = reader.space();
            if name.is_empty() {
                reader.skip();
            } else if reader.0.starts_with("=") {
                match (reader.value(), challenges.last_mut()) {
                    (Some(value), Some(challenge)) => challenge.add(name, value),
                    (Some(_), None) => {}
                    (None, _) => reader.skip(),
                }
            } else if space.is_empty() && !reader.is_at_end() {
                reader.skip();
            } else {
                challenges.push(Self {
                    scheme: name,
                    token68: reader.token68(),
                    parameters: Vec::new(),
                });
            }
        }
    }

    /// The value of a parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let (_, value) = parameters.find(|(known, _)| known == name)?;
        Some(value)
    }

    /// The token is expired, revoked, malformed or otherwise invalid (RFC 6750, section 3.1).
    #[must_use]
    pub fn is_invalid_token(&self) -> bool {
        self.scheme == "bearer" && self.parameter("error") == Some("invalid_token")
    }

    fn add(&mut self, name: String, value: String) {
        let is_alone = self.token68.is_none() && self.parameter(&name).is_none();
        if is_alone && self.parameters.len() < MAX_PARAMETERS {
            self.parameters.push((name, value));
        }
    }
}

/// What is left to read.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    /// The bytes up to the first one that is another.
    fn take(&mut self, is_taken: fn(u8) -> bool) -> &'a str {
        let end = self.0.bytes().position(|byte| !is_taken(byte));
        let (taken, rest) = split_at(self.0, end.unwrap_or(self.0.len()));
        self.0 = rest;
        taken
    }

    fn space(&mut self) -> &'a str {
        self.take(|byte| matches!(byte, b' ' | b'\t'))
    }

    fn is_at_end(&self) -> bool {
        self.0.is_empty() || self.0.starts_with(",")
    }

    /// What stands between `=` and the next comma; nothing where that is neither a token nor a
    /// quoted string.
    fn value(&mut self) -> Option<String> {
        self.0 = split_at(self.0, 1).1;
        self.space();
        let value = if self.0.starts_with("\"") {
            self.quoted()?
        } else {
            let token = self.take(is_token_byte);
            (!token.is_empty()).then(|| token.into())?
        };
        self.space();
        self.is_at_end().then_some(value)
    }

    /// A quoted string without its quotes and escapes (RFC 9110, section 5.6.4); nothing where it has
    /// no end.
    fn quoted(&mut self) -> Option<String> {
        self.0 = split_at(self.0, 1).1;
        let mut text = String::new();
        loop {
            text.push_str(self.take(|byte| !matches!(byte, b'"' | b'\\')));
            let mut rest = self.0.chars();
            let is_end = rest.next()? == '"';
            if !is_end {
                text.push(rest.next()?);
            }
            self.0 = rest.as_str();
            if is_end {
                return Some(text);
            }
        }
    }

    /// One token68 alone (RFC 9110, section 11.2), and nothing where parameters follow.
    fn token68(&mut self) -> Option<String> {
        let mut ahead = Reader(self.0);
        let token = ahead.take(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
        });
        let padding = ahead.take(|byte| byte == b'=');
        ahead.space();
        if token.is_empty() || !ahead.is_at_end() {
            return None;
        }
        let (whole, _) = split_at(self.0, token.len().saturating_add(padding.len()));
        self.0 = ahead.0;
        Some(whole.into())
    }

    /// Leaves out what stands before the next comma that is not quoted.
    fn skip(&mut self) {
        loop {
            self.take(|byte| !matches!(byte, b',' | b'"'));
            if self.is_at_end() {
                return;
            }
            if self.quoted().is_none() {
                self.0 = "";
            }
        }
    }
}
