//! The authorization server, in the terms of its metadata: RFC 8414, section 2.

use crate::error::Invalid;
use crate::syntax::form::has_name;
use crate::syntax::url::Url;

/// The parameters of a request that this package sets, and nobody else.
pub(crate) const OURS: &str = "response_type client_id redirect_uri state";
/// The one of which a login can say another value than the client has.
pub(crate) const SCOPE: &str = "scope";
/// Those of a request for a code.
pub(crate) const OURS_FOR_CODE: &str = "response_mode code_challenge code_challenge_method";
/// Those that may be sent several times: RFC 8707, section 2; RFC 8693, section 2.1.
pub(crate) const REPEATABLE: &str = "resource audience";

/// An authorization server.
#[derive(Clone, Copy)]
pub(crate) struct AuthorizationServer<'a> {
    pub(crate) authorization_endpoint: Url<'a>,
    /// To which an `iss` in a response is compared (RFC 9207).
    pub(crate) issuer: Option<&'a [u8]>,
    /// The metadata's `authorization_response_iss_parameter_supported`: a response without `iss` is
    /// refused.
    pub(crate) promises_issuer: bool,
}

impl<'a> AuthorizationServer<'a> {
    /// A server known by its authorization endpoint alone (RFC 6749, section 3.1).
    pub(crate) fn new(authorization_endpoint: Url<'a>) -> Result<Self, Invalid> {
        let query = authorization_endpoint.query().unwrap_or_default();
        if !authorization_endpoint.is_endpoint() || has_name(query, OURS) || has_name(query, SCOPE)
        {
            return Err(Invalid::AuthorizationEndpoint);
        }
        Ok(Self {
            authorization_endpoint,
            issuer: None,
            promises_issuer: false,
        })
    }
}
