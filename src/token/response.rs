//! The token endpoint's answer: RFC 6749, sections 5.1 and 5.2.

use super::http::HttpResponse;
use super::request::Expected;
use super::token::{NoNumber, Token, check_token_type, expires_at, granted_scope};
use crate::error::{Error, Refusal};
use crate::syntax::arena::Arena;
use crate::syntax::grammar::{is_access_token, is_visible};
use crate::syntax::json::{Document, Member, WrongType};

/// The members of an answer that have a meaning, or would have one had they been asked for.
#[cfg(feature = "alloc")]
pub(crate) const KNOWN_MEMBERS: &str = "access_token token_type scope expires_in refresh_token error error_description error_uri id_token";

/// A token, and the means to renew it.
#[derive(Clone, Copy)]
pub(crate) struct TokenSet<'a> {
    pub(crate) token: Token<'a>,
    /// Empty where the server gives none.
    pub(crate) refresh_token: &'a [u8],
    /// A verified ID token of the user's; empty where there is none.
    pub(crate) id_token: &'a [u8],
}

impl<'t> TokenSet<'t> {
    /// The token, or the ID token of a login that asked for no other one.
    pub(crate) fn proof(&self) -> &'t [u8] {
        match self.token.access_token {
            b"" => self.id_token,
            access_token => access_token,
        }
    }

    /// Reads the answer to a request; `now` is when it came. The token, its type and an error decide; what
    /// else a server says is advice, and of another type or other characters it is not there.
    pub(crate) fn read<'a: 't, D: Document>(
        answer: &'t HttpResponse<D>,
        expected: &Expected<'t>,
        now: u64,
        arena: &mut Arena<'a>,
    ) -> Result<Self, Error> {
        let document = answer.document().ok_or(Error::InvalidTokenResponse)?;
        // Some servers refuse with a success.
        if !error(document)?.is_empty() {
            return Err(match refusal(document, arena)? {
                Some(_) => Error::TokenError,
                None => Error::InvalidTokenResponse,
            });
        }
        let document = answer.success().ok_or(Error::InvalidTokenResponse)?;
        let access_token = document.text("access_token")?;
        let token_type = document.text("token_type")?;
        let refresh_token = document.text("refresh_token").unwrap_or_default();
        let expires_at = expires_at(document.number("expires_in"), now);
        let expires_at = expires_at.map_err(|NoNumber| Error::InvalidTokenResponse)?;
        if !is_access_token(access_token) {
            return Err(Error::InvalidTokenResponse);
        }
        check_token_type(token_type, expected.assumes_bearer)?;
        let has_refresh_token = !refresh_token.is_empty() && is_visible(refresh_token);
        Ok(Self {
            token: Token {
                access_token,
                granted_at: now,
                expires_at,
                scope: granted_scope(document.lines("scope"), expected.scope, arena),
                further: document.further(),
            },
            refresh_token: if has_refresh_token {
                refresh_token
            } else {
                expected.refresh_token
            },
            // Only who has verified it puts one here.
            id_token: b"",
        })
    }
}

/// The server's code of a refusal; empty where there is none. Some write that as `false`.
fn error(document: &impl Document) -> Result<&[u8], WrongType> {
    match document.member("error") {
        Member::False => Ok(b""),
        _ => document.text("error"),
    }
}

/// What the server said of its refusal; `None` where its code breaks its character set.
pub(crate) fn refusal<'t, 'a: 't>(
    document: &'t impl Document,
    arena: &mut Arena<'a>,
) -> Result<Option<Refusal<'t>>, WrongType> {
    let words = |name| document.text(name).unwrap_or_default();
    let (description, uri) = (words("error_description"), words("error_uri"));
    Ok(Refusal::of(error(document)?, description, uri, arena))
}

impl From<WrongType> for Error {
    fn from(WrongType: WrongType) -> Self {
        Self::InvalidTokenResponse
    }
}
