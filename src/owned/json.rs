//! A JSON object from a server, read by `serde_json`: RFC 8259.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Number, Value};

use crate::syntax::json::{self, Member};

/// The members of an object, as they came.
#[derive(Clone)]
pub(super) struct Document(Vec<(String, Owned)>);

/// A member's value.
#[derive(Clone)]
enum Owned {
    Text(String),
    Number(String),
    List(String),
    Flag(bool),
    Other,
}

impl Document {
    /// Reads a body; `None` when it is no JSON object. Its bytes become text as in a browser: a mark
    /// at their beginning is no part of it, and what is no UTF-8 spoils its own member alone.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(body);
        let text = text.strip_prefix("\u{FEFF}").unwrap_or(&text);
        let object: Map<String, Value> = serde_json::from_str(text).ok()?;
        let members = object.into_iter().filter_map(|(name, value)| {
            let value = match value {
                Value::Null => return None,
                Value::String(text) => Owned::Text(text),
                Value::Number(number) => Owned::Number(digits(&number)),
                Value::Array(values) => {
                    let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
                    Owned::List(texts.join("\n"))
                }
                Value::Bool(flag) => Owned::Flag(flag),
                Value::Object(_) => Owned::Other,
            };
            Some((name, value))
        });
        Some(Self(members.collect()))
    }

    fn find(&self, name: &str) -> Option<&Owned> {
        let (_, value) = self.0.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// Whether a member is there and true.
    pub(super) fn is_true(&self, name: &str) -> bool {
        matches!(self.find(name), Some(Owned::Flag(true)))
    }
}

impl json::Document for Document {
    fn member(&self, name: &str) -> Member<'_> {
        match self.find(name) {
            None => Member::Absent,
            Some(Owned::Text(text)) => Member::Text(text.as_bytes()),
            Some(Owned::Number(digits)) => Member::Number(digits.as_bytes()),
            Some(Owned::List(lines)) => Member::List(lines.as_bytes()),
            Some(Owned::Flag(_) | Owned::Other) => Member::Other,
        }
    }
}

/// A whole number that is too large for 64 bits is huge, whatever it is.
fn digits(number: &Number) -> String {
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
