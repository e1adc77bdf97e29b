//! A URL that a WHATWG parser has read.

use alloc::string::String;
use core::fmt;

use crate::syntax::url::Url as Parts;

/// An absolute URL in the form that a WHATWG URL parser writes it.
///
/// [`Url::parse`] makes one, natively and with the feature `browser` in a page.
#[derive(Clone, PartialEq, Eq)]
pub struct Url(String);

impl Url {
    /// Takes a URL as its parser serialized it. Text that no parser has seen doesn't belong here.
    #[must_use]
    pub fn from_serialization(href: String) -> Self {
        Self(href)
    }

    /// The whole URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn parts(&self) -> Parts<'_> {
        Parts::of(self.0.as_bytes())
    }

    /// Whether everybody on the way can read what travels to or from there.
    #[cfg(all(target_arch = "wasm32", feature = "browser"))]
    pub(crate) fn is_in_the_clear(&self) -> bool {
        self.parts().is_in_the_clear()
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Url {
    /// Reads an absolute URL as a browser does.
    ///
    /// # Errors
    ///
    /// The text is no absolute URL.
    pub fn parse(text: &str) -> Result<Self, url::ParseError> {
        url::Url::parse(text).map(|url| Self(url.into()))
    }

    /// Reads a URL, relative ones against this one, as a browser does.
    ///
    /// # Errors
    ///
    /// The text is no URL.
    pub fn join(&self, text: &str) -> Result<Self, url::ParseError> {
        url::Url::parse(&self.0)?
            .join(text)
            .map(|url| Self(url.into()))
    }
}

/// Shows scheme, host and path only: a query or a fragment may hold a token.
impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = &self.0;
        let end = whole.find(['?', '#']).unwrap_or(whole.len());
        write!(f, "Url({})", whole.get(..end).unwrap_or_default())
    }
}
