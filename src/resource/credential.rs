//! Credentials: bearer tokens (RFC 6750, section 2.1) and HTTP Basic (RFC 7617).

use super::resource::{BEARER, Resource, Way};
use crate::error::Invalid;
use crate::syntax::arena::Arena;
use crate::syntax::grammar::is_access_token;
use crate::syntax::secret::encode;
use crate::syntax::text::{consists_of, has, is};

/// What a request shows to be let in.
#[derive(Clone, Copy)]
pub(crate) enum Credential<'a> {
    /// An access token.
    Bearer(&'a [u8]),
    /// A user name and a password.
    Basic(&'a [u8], &'a [u8]),
}

impl<'a> Credential<'a> {
    /// A bearer token, such as a personal access token: RFC 6750, section 2.1.
    pub(crate) fn bearer(token: &'a [u8]) -> Result<Self, Invalid> {
        if is_access_token(token) {
            Ok(Self::Bearer(token))
        } else {
            Err(Invalid::CredentialToken)
        }
    }

    /// A user name and a password, as UTF-8 (RFC 7617, section 2.1).
    pub(crate) fn basic(username: &'a [u8], password: &'a [u8]) -> Result<Self, Invalid> {
        let is_text = |text| consists_of(text, |byte| !byte.is_ascii_control());
        if has(username, b':') || !is_text(username) {
            return Err(Invalid::CredentialUsername);
        }
        if !is_text(password) {
            return Err(Invalid::CredentialPassword);
        }
        Ok(Self::Basic(username, password))
    }

    /// Whether these resources take it: nothing but an access token goes into a query or a body.
    pub(crate) fn check(
        &self,
        mut resources: impl Iterator<Item = Resource<'a>>,
    ) -> Result<(), Invalid> {
        resources.try_for_each(|it| match self {
            Self::Basic(..) if matches!(it.way, Way::Query | Way::Body) => {
                Err(Invalid::ResourceViaForPassword)
            }
            Self::Basic(..) if !is(it.scheme, BEARER) => Err(Invalid::ResourceSchemeForPassword),
            _ => Ok(()),
        })
    }

    /// Writes the value of its header; an access token stands behind the scheme, where there is one.
    pub(crate) fn header<'b>(&self, scheme: &[u8], arena: &mut Arena<'b>) -> &'b [u8] {
        match self {
            Self::Bearer(token) => {
                arena.put(scheme);
                if !scheme.is_empty() {
                    arena.push(b' ');
                }
                arena.put(token);
            }
            Self::Basic(username, password) => {
                let separated = username.iter().chain(b":").chain(password.iter());
                put_basic(arena, separated.copied());
            }
        }
        arena.take()
    }

    /// The access token, where it is one.
    pub(crate) fn token(&self) -> Option<&'a [u8]> {
        match self {
            Self::Bearer(token) => Some(token),
            Self::Basic(..) => None,
        }
    }
}

/// Writes the header of HTTP Basic (RFC 7617, section 2) for a user name and a password with a colon
/// between them.
pub(crate) fn put_basic(arena: &mut Arena<'_>, mut user_pass: impl Iterator<Item = u8>) {
    arena.put(b"Basic ");
    loop {
        let mut group = [0; 3];
        let length = group
            .iter_mut()
            .zip(user_pass.by_ref())
            .map(|(place, byte)| *place = byte)
            .count();
        if length == 0 {
            return;
        }
        let mut characters = [b'='; 4];
        let written = characters.iter_mut().take(length.saturating_add(1));
        encode(group.into_iter(), written, *b"+/");
        arena.put(&characters);
    }
}
