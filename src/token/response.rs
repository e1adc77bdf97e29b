//! The token endpoint's answer: RFC 6749, sections 5.1 and 5.2.

use super::http::HttpResponse;
use super::request::Expected;
use super::token::{Token, check_token_type, expires_at};
use crate::error::{Error, Refusal};
use crate::syntax::grammar::{is_b64token, is_scope, is_unquoted, is_uri, is_visible};
use crate::syntax::json::{Document, WrongType};

/// A token, and the means to renew it.
#[derive(Clone, Copy)]
pub(crate) struct TokenSet<'a> {
    pub(crate) token: Token<'a>,
    /// Empty where the server gives none.
    pub(crate) refresh_token: &'a [u8],
}

impl<'a> TokenSet<'a> {
    /// Reads the answer to a request; `now` is when it came.
    pub(crate) fn read<D: Document>(
        answer: &'a HttpResponse<D>,
        expected: &Expected<'a>,
        now: u64,
    ) -> Result<Self, Error> {
        let document = answer.document().ok_or(Error::InvalidTokenResponse)?;
        // Some servers refuse with a success.
        if !document.text("error")?.is_empty() {
            return Err(match refusal(document)? {
                Some(_) => Error::TokenError,
                None => Error::InvalidTokenResponse,
            });
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
        check_token_type(token_type, expected.assumes_bearer)?;
        let or = |text: &'a [u8], instead: &'a [u8]| if text.is_empty() { instead } else { text };
        Ok(Self {
            token: Token {
                access_token,
                granted_at: now,
                expires_at: expires_at(expires_in, now),
                scope: or(granted, expected.scope),
            },
            refresh_token: or(refresh_token, expected.refresh_token),
        })
    }
}

/// What the server said of its refusal; `None` where its code breaks its character set. Only the code
/// is a decision: words in another alphabet must not hide it.
pub(crate) fn refusal(document: &impl Document) -> Result<Option<Refusal<'_>>, WrongType> {
    let error = document.text("error")?;
    let description = document.text("error_description")?;
    let uri = document.text("error_uri")?;
    let if_readable =
        |text, is_readable: fn(&[u8]) -> bool| if is_readable(text) { text } else { b"" };
    Ok(is_unquoted(error).then(|| {
        let description = if_readable(description, is_unquoted);
        Refusal::of(error, description, if_readable(uri, is_uri))
    }))
}

impl From<WrongType> for Error {
    fn from(WrongType: WrongType) -> Self {
        Self::InvalidTokenResponse
    }
}
