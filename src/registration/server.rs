//! The authorization server, in the terms of its metadata: RFC 8414, section 2.

use alloc::string::String;

use crate::authorization::request::OURS;
use crate::error::InvalidOption;
use crate::syntax::form::names;
use crate::syntax::text::has;
use crate::syntax::url::Url;

/// An authorization server that was checked when it was made.
#[derive(Clone, Debug)]
pub struct AuthorizationServer {
    authorization_endpoint: Url,
    issuer: Option<String>,
    promises_issuer: bool,
}

impl AuthorizationServer {
    /// A server known by its authorization endpoint alone (RFC 6749, section 3.1).
    ///
    /// # Errors
    ///
    /// The endpoint is neither `https:` nor `http:` on a loopback host, has a fragment, carries
    /// credentials, or has a parameter of ours in its query.
    pub fn new(authorization_endpoint: Url) -> Result<Self, InvalidOption> {
        let parts = authorization_endpoint.parts();
        if !parts.is_secure()
            || parts.fragment.is_some()
            || has(parts.authority, b'@')
            || names(parts.query.unwrap_or_default(), OURS)
        {
            return Err(InvalidOption {
                option: "server.authorization_endpoint",
                must: "be an absolute https: URL (http: on a loopback host) without fragment, credentials, or a parameter that this package sets",
            });
        }
        Ok(Self {
            authorization_endpoint,
            issuer: None,
            promises_issuer: false,
        })
    }

    /// The server's issuer identifier, to which an `iss` in a response is compared (RFC 9207).
    /// `promised` is its metadata's `authorization_response_iss_parameter_supported`: a response
    /// without `iss` is then refused.
    pub fn set_issuer(&mut self, issuer: String, promised: bool) {
        self.issuer = Some(issuer);
        self.promises_issuer = promised;
    }

    pub(crate) fn authorization_endpoint(&self) -> &str {
        self.authorization_endpoint.as_str()
    }

    pub(crate) fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    pub(crate) fn promises_issuer(&self) -> bool {
        self.promises_issuer
    }
}
