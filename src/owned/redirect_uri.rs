//! The redirect URI: RFC 6749, section 3.1.2; OpenID Connect RP-Initiated Logout 1.0, section 3.1.

use alloc::string::String;

use super::error::InvalidOption;
use super::url::Url;
use crate::registration::client as core_client;

/// Where the server sends the user back to: RFC 6749, section 3.1.2.
#[derive(Clone, Debug)]
pub struct RedirectUri {
    text: String,
    url: Url,
}

impl RedirectUri {
    /// The URI as it is registered at the server, to the letter, and the same one parsed.
    ///
    /// # Errors
    ///
    /// It has a fragment or credentials, or a scheme that no redirect may have: only `https:`,
    /// `http:` on a loopback host, and private-use schemes may (RFC 8252, section 7).
    pub fn new(text: String, url: Url) -> Result<Self, InvalidOption> {
        core_client::RedirectUri::new(text.as_bytes(), url.parts())?;
        Ok(Self { text, url })
    }

    /// The URI as it is registered at the server, to the letter, by the parser of [`Url::parse`].
    ///
    /// ```
    /// use claviger::RedirectUri;
    ///
    /// assert!(RedirectUri::parse("https://app.example/callback").is_ok());
    /// let refused = RedirectUri::parse("http://app.example/callback").unwrap_err();
    /// assert_eq!(refused.option, "redirect_uri");
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Self::new`], and the text is no absolute URL.
    #[cfg(any(not(target_arch = "wasm32"), feature = "browser"))]
    pub fn parse(text: &str) -> Result<Self, InvalidOption> {
        let url = Url::parse(text).map_err(|wrong| InvalidOption {
            option: "redirect_uri",
            ..wrong
        })?;
        Self::new(text.into(), url)
    }

    pub(super) fn as_core(&self) -> core_client::RedirectUri<'_> {
        core_client::RedirectUri {
            text: self.text.as_bytes(),
            url: self.url.parts(),
        }
    }
}
