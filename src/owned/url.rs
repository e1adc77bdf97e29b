//! A URL that a WHATWG parser has read.

use alloc::string::String;
use core::fmt;
#[cfg(any(not(target_arch = "wasm32"), feature = "browser"))]
use core::str::FromStr;

#[cfg(any(not(target_arch = "wasm32"), feature = "browser"))]
use super::error::InvalidOption;
use crate::syntax::url::Url as Parts;

/// An absolute URL in the form that a WHATWG URL parser writes it.
///
/// [`Url::parse`] makes one, natively and with the feature `browser` in a page. It has no `Display`, because
/// that of a response holds a token or a code; [`Url::as_str`] is the whole of it.
///
/// ```
/// use claviger::Url;
///
/// let api: Url = "https://API.example:443/v1".parse()?;
/// assert_eq!(api.as_str(), "https://api.example/v1");
/// assert_eq!(api.join("/v2/issues")?.as_str(), "https://api.example/v2/issues");
/// # Ok::<(), claviger::InvalidOption>(())
/// ```
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

    /// The URL that a text is, where this program has a parser; else as the text writes it.
    pub(super) fn parsed(text: &str) -> Option<Self> {
        #[cfg(any(not(target_arch = "wasm32"), feature = "browser"))]
        return Self::parse(text).ok();
        #[cfg(all(target_arch = "wasm32", not(feature = "browser")))]
        Some(Self::from_serialization(text.into()))
    }

    pub(crate) fn parts(&self) -> Parts<'_> {
        Parts::of(self.0.as_bytes())
    }

    /// Whether everybody on the way can read what travels to or from there.
    #[cfg(feature = "browser")]
    pub(crate) fn is_in_the_clear(&self) -> bool {
        self.parts().is_in_the_clear()
    }
}

#[cfg(any(not(target_arch = "wasm32"), feature = "browser"))]
pub(crate) const NO_ABSOLUTE_URL: InvalidOption = InvalidOption {
    option: "url",
    must: "be an absolute URL",
};
#[cfg(any(not(target_arch = "wasm32"), feature = "browser"))]
pub(crate) const NO_URL: InvalidOption = InvalidOption {
    option: "url",
    must: "be a URL",
};

#[cfg(not(target_arch = "wasm32"))]
impl Url {
    /// Reads an absolute URL as a browser does.
    ///
    /// # Errors
    ///
    /// The text is no absolute URL.
    pub fn parse(text: &str) -> Result<Self, InvalidOption> {
        match url::Url::parse(text) {
            Ok(url) => Ok(Self(url.into())),
            Err(_) => Err(NO_ABSOLUTE_URL),
        }
    }

    /// Reads a URL, relative ones against this one, as a browser does.
    ///
    /// # Errors
    ///
    /// The text is no URL.
    pub fn join(&self, text: &str) -> Result<Self, InvalidOption> {
        match url::Url::parse(&self.0).and_then(|base| base.join(text)) {
            Ok(url) => Ok(Self(url.into())),
            Err(_) => Err(NO_URL),
        }
    }
}

/// [`Url::parse`].
#[cfg(any(not(target_arch = "wasm32"), feature = "browser"))]
impl FromStr for Url {
    type Err = InvalidOption;

    fn from_str(text: &str) -> Result<Self, InvalidOption> {
        Self::parse(text)
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
