//! The token endpoint's answer: RFC 6749, sections 5.1 and 5.2.

use alloc::string::String;
use core::fmt;

use crate::error::{Error, ServerError, is_text};
use crate::registration::client::{is_scope, is_visible};
use crate::syntax::json::{Document, WrongType};
use crate::syntax::text::has;
use crate::token::http::HttpResponse;
use crate::token::request::Expected;
use crate::token::token::{Token, expires_at, is_b64token};

/// A token, and the means to renew it.
///
/// Its `Debug` does not show them.
#[derive(Clone)]
pub struct TokenSet {
    /// The access token.
    pub token: Token,
    /// The refresh token, where the server gives one.
    pub refresh_token: Option<String>,
}

impl TokenSet {
    pub(crate) fn read(
        answer: &HttpResponse,
        expected: &Expected,
        now: u64,
    ) -> Result<Self, Error> {
        let document = answer.document().ok_or(Error::InvalidTokenResponse)?;
        // Some servers refuse with a success.
        if let Some(refused) = refusal(document)? {
            return Err(refused);
        }
        let document = answer.success().ok_or(Error::InvalidTokenResponse)?;
        let access_token = document.text("access_token")?;
        let token_type = document.text("token_type")?;
        let granted = document.text("scope")?;
        let expires_in = document.number("expires_in")?;
        let refresh_token = document.text("refresh_token")?;
        if !is_b64token(access_token)
            || !(granted.is_empty() || is_scope(granted))
            || !is_visible(refresh_token)
        {
            return Err(Error::InvalidTokenResponse);
        }
        if token_type.is_empty() {
            if !expected.assumes_bearer {
                return Err(Error::MissingTokenType);
            }
        } else if !token_type.eq_ignore_ascii_case("bearer") {
            return Err(Error::UnsupportedTokenType);
        }
        let or = |text: &str, instead: &str| -> Option<String> {
            let text = if text.is_empty() { instead } else { text };
            (!text.is_empty()).then(|| text.into())
        };
        Ok(Self {
            token: Token {
                access_token: access_token.into(),
                expires_at: expires_at(expires_in, now),
                scope: or(granted, &expected.scope),
            },
            refresh_token: or(refresh_token, &expected.refresh_token),
        })
    }
}

/// The server's refusal, where the document is one.
pub(crate) fn refusal(document: &Document) -> Result<Option<Error>, WrongType> {
    let error = document.text("error")?;
    if error.is_empty() {
        return Ok(None);
    }
    // Only the code is a decision: words in another alphabet must not hide it.
    let description = document.text("error_description")?;
    let description = if is_text(description) {
        description
    } else {
        ""
    };
    let uri = document.text("error_uri")?;
    let uri = if is_text(uri) && !has(uri, b' ') {
        uri
    } else {
        ""
    };
    Ok(Some(match ServerError::read(error, description, uri) {
        Some(said) => Error::TokenError(said),
        None => Error::InvalidTokenResponse,
    }))
}

impl From<WrongType> for Error {
    fn from(_: WrongType) -> Self {
        Self::InvalidTokenResponse
    }
}

impl fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSet")
            .field("token", &self.token)
            .field(
                "refresh_token",
                &self.refresh_token.as_ref().map(|_| "[redacted]"),
            )
            .finish()
    }
}
