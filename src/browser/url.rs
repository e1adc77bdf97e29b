//! The browser's own URL parser: what it reads is what the browser will request.

use web_sys::Url as Parsed;

use crate::owned::{InvalidOption, NO_ABSOLUTE_URL, NO_URL, Url};

impl Url {
    /// Reads an absolute URL, by the browser's own parser.
    ///
    /// # Errors
    ///
    /// The text is no absolute URL.
    pub fn parse(text: &str) -> Result<Self, InvalidOption> {
        let parsed = Parsed::new(text).map_err(|_| NO_ABSOLUTE_URL)?;
        Ok(Self::from_serialization(parsed.href()))
    }

    /// Reads a URL, relative ones against this one, by the browser's own parser.
    ///
    /// # Errors
    ///
    /// The text is no URL.
    pub fn join(&self, text: &str) -> Result<Self, InvalidOption> {
        let parsed = Parsed::new_with_base(text, self.as_str()).map_err(|_| NO_URL)?;
        Ok(Self::from_serialization(parsed.href()))
    }
}
