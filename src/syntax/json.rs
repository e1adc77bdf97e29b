//! A JSON object from a server: RFC 8259. It is the platform's parser that reads it.

use alloc::string::String;
use alloc::vec::Vec;

/// The members of an object, as they came.
#[derive(Clone, Default)]
pub(crate) struct Document(Vec<(String, Member)>);

/// A member's value, as far as one can have a meaning here.
#[derive(Clone)]
pub(crate) enum Member {
    Text(String),
    /// A number, as digits where it is a whole one.
    Number(String),
    /// An array, with a line for each text in it.
    List(String),
    #[cfg(feature = "json")]
    Flag(bool),
    /// Anything else.
    Other,
}

/// A member that is there, and of a wrong type.
pub(crate) struct WrongType;

impl Document {
    pub(crate) fn add(&mut self, name: String, member: Member) {
        self.0.push((name, member));
    }

    fn find(&self, name: &str) -> Option<&Member> {
        let (_, member) = self.0.iter().rev().find(|(known, _)| known == name)?;
        Some(member)
    }

    /// A text; empty where there is none.
    pub(crate) fn text(&self, name: &str) -> Result<&str, WrongType> {
        match self.find(name) {
            None => Ok(""),
            Some(Member::Text(text)) => Ok(text),
            Some(_) => Err(WrongType),
        }
    }

    /// A number's digits, also where they stand in a text; empty where there is none.
    pub(crate) fn number(&self, name: &str) -> Result<&str, WrongType> {
        match self.find(name) {
            Some(Member::Number(digits)) => Ok(digits),
            _ => self.text(name),
        }
    }

    /// A line for each text of an array; `None` where there is no such member.
    pub(crate) fn list(&self, name: &str) -> Result<Option<&str>, WrongType> {
        match self.find(name) {
            None => Ok(None),
            Some(Member::List(lines)) => Ok(Some(lines)),
            Some(_) => Err(WrongType),
        }
    }
}

#[cfg(feature = "json")]
impl Document {
    /// A truth value; false where there is none.
    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.find(name), Some(Member::Flag(true)))
    }

    /// Reads a body; `None` when it is no JSON object. Its bytes become text as in a browser: a mark
    /// at their beginning is no part of it, and what is no UTF-8 spoils its own member alone.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        use serde_json::{Map, Value};

        let text = String::from_utf8_lossy(body);
        let text = text.strip_prefix("\u{FEFF}").unwrap_or(&text);
        let object: Map<String, Value> = serde_json::from_str(text).ok()?;
        let mut document = Self::default();
        for (name, value) in object {
            let member = match value {
                Value::Null => continue,
                Value::String(text) => Member::Text(text),
                Value::Number(number) => Member::Number(digits(&number)),
                Value::Array(values) => {
                    let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
                    Member::List(texts.join("\n"))
                }
                Value::Bool(flag) => Member::Flag(flag),
                Value::Object(_) => Member::Other,
            };
            document.add(name, member);
        }
        Some(document)
    }
}

/// A whole number that is too large for 64 bits is huge, whatever it is.
#[cfg(feature = "json")]
fn digits(number: &serde_json::Number) -> String {
    use alloc::string::ToString;

    match number.as_f64() {
        // The cast saturates; a fraction or a sign does not survive it.
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            clippy::float_cmp
        )]
        Some(value) if value >= 1e19 || value as u64 as f64 == value => (value as u64).to_string(),
        _ => number.to_string(),
    }
}
