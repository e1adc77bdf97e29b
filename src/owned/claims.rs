//! Claims about a user: OpenID Connect Core 1.0, section 5.1.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::room::owned;
use crate::syntax::json_text::{Object, Value};

/// What a server says of a user, by the names of its claims.
///
/// Its `Debug` shows the names alone.
#[derive(Clone)]
pub struct Claims(Vec<(String, Claim)>);

#[derive(Clone)]
enum Claim {
    Text(String),
    Number(String),
    Flag(bool),
    /// An array of texts and nothing else.
    List(Vec<String>),
    Other,
}

impl Claims {
    pub(super) fn of(object: Object<'_>) -> Self {
        let members = object.members();
        Self(
            members
                .filter(|(_, value)| !matches!(value, Value::Null))
                .map(|(name, value)| (owned(name), Claim::of(value)))
                .collect(),
        )
    }

    fn find(&self, name: &str) -> Option<&Claim> {
        let (_, claim) = self.0.iter().find(|(known, _)| known == name)?;
        Some(claim)
    }

    /// A claim that is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.find(name)? {
            Claim::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A claim that is a number, as the server wrote it.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<&str> {
        match self.find(name)? {
            Claim::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// Whether a claim is there and true, such as `email_verified`.
    #[must_use]
    pub fn is_true(&self, name: &str) -> bool {
        matches!(self.find(name), Some(Claim::Flag(true)))
    }

    /// A claim that is an array of texts, such as `amr`.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&[String]> {
        match self.find(name)? {
            Claim::List(texts) => Some(texts),
            _ => None,
        }
    }

    /// The names of all claims.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl Claim {
    fn of(value: Value<'_>) -> Self {
        match value {
            Value::Text(text) => Self::Text(owned(text)),
            Value::Number(digits) => Self::Number(owned(digits)),
            Value::Flag(flag) => Self::Flag(flag),
            Value::List(items) => {
                let texts: Option<Vec<String>> = items
                    .map(|item| match item {
                        Value::Text(text) => Some(owned(text)),
                        _ => None,
                    })
                    .collect();
                texts.map_or(Self::Other, Self::List)
            }
            Value::Object(_) | Value::Null => Self::Other,
        }
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
