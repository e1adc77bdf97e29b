//! A JSON object from a server, read by `serde_json`: RFC 8259.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Number, Value};

use crate::syntax::json::{self, Member};
use crate::syntax::text::place_of;
use crate::token::response::KNOWN_MEMBERS;

/// The members of an object, as they came.
#[derive(Clone)]
pub(super) struct Document {
    members: Vec<(String, Owned)>,
    /// Those of a token endpoint's answer that have no meaning, as JSON.
    further: String,
}

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
        let mut others = object.clone();
        others.retain(|name, _| place_of(name.as_bytes(), KNOWN_MEMBERS).is_none());
        let further = if others.is_empty() {
            String::new()
        } else {
            Value::Object(others).to_string()
        };
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
        Some(Self {
            members: members.collect(),
            further,
        })
    }

    fn find(&self, name: &str) -> Option<&Owned> {
        let (_, value) = self.members.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// Whether a member is there and true.
    pub(super) fn is_true(&self, name: &str) -> bool {
        matches!(self.find(name), Some(Owned::Flag(true)))
    }
}

impl json::Document for Document {
    fn further(&self) -> &[u8] {
        self.further.as_bytes()
    }

    fn member(&self, name: &str) -> Member<'_> {
        match self.find(name) {
            None => Member::Absent,
            Some(Owned::Text(text)) => Member::Text(text.as_bytes()),
            Some(Owned::Number(digits)) => Member::Number(digits.as_bytes()),
            Some(Owned::List(lines)) => Member::List(lines.as_bytes()),
            Some(Owned::Flag(false)) => Member::False,
            Some(Owned::Flag(true) | Owned::Other) => Member::Other,
        }
    }
}

/// Its whole part, as far as 64 bits hold it.
fn digits(number: &Number) -> String {
    let value = number.as_f64().unwrap_or_default();
    // The cast saturates, and takes the fraction away.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = value.abs() as u64;
    if value < 0.0 {
        format!("-{whole}")
    } else {
        whole.to_string()
    }
}
