//! Tokens: RFC 6749, sections 4.2.2, 5.1 and 6; RFC 6750.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use subtle::ConstantTimeEq;

#[cfg(feature = "sign-in")]
use super::id_token::IdToken;
#[cfg(feature = "sign-in")]
use super::relying_party::RelyingParty;
use super::room::{if_any, owned};
use crate::token::response as core_response;
use crate::token::token::{self as core_token, MARGIN_SECONDS};

/// A bearer token that a verified response brought. There is no other way to one.
///
/// Its `Debug` does not show the token itself. Two are equal where the token, its times, its scope and what
/// else the server said are the same, for the signals and memos of a framework. How long that takes does not tell
/// where two tokens differ.
///
/// ```
/// # fn example(before: Option<claviger::Token>, now: Option<claviger::Token>) {
/// if before != now {
///     // Show the page again.
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Token {
    access_token: String,
    granted_at: u64,
    expires_at: Option<u64>,
    scope: Option<String>,
    further: Option<Box<str>>,
}

impl Token {
    pub(super) fn of(token: &core_token::Token<'_>) -> Self {
        Self {
            access_token: owned(token.access_token),
            granted_at: token.granted_at,
            expires_at: token.expires_at,
            scope: if_any(token.scope),
            further: if_any(token.further).map(String::into_boxed_str),
        }
    }

    pub(super) fn as_core(&self) -> core_token::Token<'_> {
        core_token::Token {
            access_token: self.access_token.as_bytes(),
            granted_at: self.granted_at,
            expires_at: self.expires_at,
            scope: self.scope.as_deref().unwrap_or_default().as_bytes(),
            further: self.further.as_deref().unwrap_or_default().as_bytes(),
        }
    }

    /// The token itself, for libraries that must have the string; empty in the session of a login that asked
    /// for an ID token alone.
    #[must_use]
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    /// When it expires, in seconds since 1970 by this machine's clock; `None` when the server didn't say.
    #[must_use]
    pub fn expires_at(&self) -> Option<u64> {
        self.expires_at
    }

    /// What was granted, or what was asked for where the server didn't say (RFC 6749, section 5.1).
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// What else the server said, as it came: a JSON object of the token endpoint's members that have no
    /// meaning here, or, of a token that came in a redirect, its further parameters as pairs of a form, with
    /// a `&` in front of each. A session keeps it, and takes another one from a renewal that has one. It can
    /// be personal: `Debug` does not show it.
    #[must_use]
    pub fn further(&self) -> Option<&str> {
        self.further.as_deref()
    }

    /// From when on it is no longer sent, in seconds since 1970: 30 seconds before it expires, or, where
    /// it lives for less than five minutes, a tenth of its life. `None` when the server didn't say how
    /// long it lives.
    #[must_use]
    pub fn usable_until(&self) -> Option<u64> {
        self.as_core().usable_until(MARGIN_SECONDS)
    }

    /// Seconds for which it may still be sent; `None` when the server didn't say how long it lives.
    #[must_use]
    pub fn usable_for(&self, now: u64) -> Option<u64> {
        self.usable_until().map(|end| end.saturating_sub(now))
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            access_token,
            granted_at,
            expires_at,
            scope,
            further,
        } = self;
        let own = access_token.as_bytes();
        bool::from(own.ct_eq(other.access_token.as_bytes()))
            && (granted_at, expires_at) == (&other.granted_at, &other.expires_at)
            && (scope, further) == (&other.scope, &other.further)
    }
}

impl Eq for Token {}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("access_token", &"[redacted]")
            .field("granted_at", &self.granted_at)
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .field("further", &self.further.as_ref().map(|_| "[redacted]"))
            .finish()
    }
}

/// A token, and the means to renew it; of a client that asks for ID tokens who signed in, too.
///
/// Its `Debug` does not show them.
#[derive(Clone)]
pub struct TokenSet {
    /// The access token.
    pub token: Token,
    /// The refresh token, where the server gives one.
    pub refresh_token: Option<String>,
    /// As it came; verified then.
    id_token: Option<String>,
}

impl From<Token> for TokenSet {
    /// A token that nothing renews.
    fn from(token: Token) -> Self {
        Self {
            token,
            refresh_token: None,
            id_token: None,
        }
    }
}

impl TokenSet {
    pub(super) fn of(set: &core_response::TokenSet<'_>) -> Self {
        Self {
            token: Token::of(&set.token),
            refresh_token: if_any(set.refresh_token),
            id_token: if_any(set.id_token),
        }
    }

    pub(super) fn as_core(&self) -> core_response::TokenSet<'_> {
        core_response::TokenSet {
            token: self.token.as_core(),
            refresh_token: self.refresh_token.as_deref().unwrap_or_default().as_bytes(),
            id_token: self.id_token.as_deref().unwrap_or_default().as_bytes(),
        }
    }

    /// What an ID token brought alone: its token is empty, and never sent.
    #[cfg(feature = "sign-in")]
    pub(super) fn without_token(now: u64) -> Self {
        Self::from(Token {
            access_token: String::new(),
            granted_at: now,
            expires_at: None,
            scope: None,
            further: None,
        })
    }

    #[cfg(feature = "sign-in")]
    pub(super) fn with_id_token(self, id_token: &IdToken) -> Self {
        Self {
            id_token: Some(id_token.as_str().into()),
            ..self
        }
    }

    /// The ID token as it came, for a server that takes one, and as the hint of a logout. It was verified
    /// when it came, and may have expired.
    #[cfg(feature = "sign-in")]
    #[must_use]
    pub fn id_token_text(&self) -> Option<&str> {
        self.id_token.as_deref()
    }

    /// The ID token: who signed in. It was verified when it came, and may have expired; `None` where there
    /// is none, or it is no longer this client's.
    #[cfg(feature = "sign-in")]
    #[must_use]
    pub fn id_token(&self, party: &RelyingParty) -> Option<IdToken> {
        party.read_again(self.id_token.as_deref()?)
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
            .field("id_token", &self.id_token.as_ref().map(|_| "[redacted]"))
            .finish()
    }
}
