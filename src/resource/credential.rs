//! Credentials that need no login: bearer tokens (RFC 6750, section 2.1) and HTTP Basic (RFC 7617).

use alloc::string::String;
use core::fmt;

use crate::error::InvalidOption;
use crate::resource::allowlist::Resources;
use crate::resource::resource::Way;
use crate::syntax::text::{concat, consists_of, has, split_at};
use crate::token::token::{Token, is_b64token};

/// What a request shows to be let in. Its `Debug` does not show the credential itself.
#[derive(Clone)]
pub struct Credential {
    scheme: &'static str,
    text: String,
}

const BEARER: &str = "Bearer";
const BASIC: &str = "Basic";

impl Credential {
    /// A bearer token, such as a personal access token.
    ///
    /// # Errors
    ///
    /// It is no `b64token` of RFC 6750, section 2.1.
    pub fn bearer(token: &str) -> Result<Self, InvalidOption> {
        if !is_b64token(token) {
            return Err(InvalidOption {
                option: "credential.token",
                must: "consist of letters, digits and - . _ ~ + /, with = at its end only",
            });
        }
        Ok(Self {
            scheme: BEARER,
            text: token.into(),
        })
    }

    /// A user name and a password, as UTF-8 (RFC 7617, section 2.1).
    ///
    /// # Errors
    ///
    /// The user name has a `:`, or either has a control character.
    pub fn basic(username: &str, password: &str) -> Result<Self, InvalidOption> {
        let is_text = |text| consists_of(text, |byte| !byte.is_ascii_control());
        if has(username, b':') || !is_text(username) {
            return Err(InvalidOption {
                option: "credential.username",
                must: "be without : and control characters",
            });
        }
        if !is_text(password) {
            return Err(InvalidOption {
                option: "credential.password",
                must: "be without control characters",
            });
        }
        Ok(Self {
            scheme: BASIC,
            text: user_pass(username, password),
        })
    }

    pub(crate) fn of(token: &Token) -> Self {
        Self {
            scheme: BEARER,
            text: token.access_token().into(),
        }
    }

    /// Whether these resources take it: nothing but an access token goes into a query or a body.
    ///
    /// # Errors
    ///
    /// A password would go into a query or a body.
    pub fn check(&self, resources: &Resources) -> Result<(), InvalidOption> {
        let in_header = |way: &Way| matches!(way, Way::Authorization | Way::Header(_));
        if self.scheme == BASIC && !resources.iter().all(|resource| in_header(&resource.way)) {
            return Err(InvalidOption {
                option: "resources.via",
                must: "be 'header' for a user name and password",
            });
        }
        Ok(())
    }

    /// The value of its header.
    pub(crate) fn header(&self) -> String {
        concat(&[self.scheme, " ", &self.text])
    }

    /// The access token, where it is one.
    pub(crate) fn token(&self) -> Option<&str> {
        (self.scheme == BEARER).then_some(&self.text)
    }
}

/// RFC 7617, section 2.
fn user_pass(username: &str, password: &str) -> String {
    base64(&concat(&[username, ":", password]))
}

/// The header of a client that authenticates with its identifier and its secret, both of them
/// form-encoded (RFC 6749, section 2.3.1).
#[cfg(feature = "code")]
pub(crate) fn basic(client_id: &str, client_secret: &str) -> String {
    concat(&[BASIC, " ", &user_pass(client_id, client_secret)])
}

/// RFC 4648, section 4.
fn base64(plain: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in plain.as_bytes().chunks(3) {
        let byte = |at: usize| group.get(at).map_or(0, |byte| usize::from(*byte));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let at = (bits >> shift) & 63;
            text.push_str(if place > group.len() {
                "="
            } else {
                split_at(split_at(ALPHABET, at).1, 1).0
            });
        }
    }
    text
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}
