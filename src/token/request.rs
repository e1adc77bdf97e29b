//! Requests to the token endpoint, one for each grant: RFC 6749, sections 4.1.3, 4.4.2, 4.5 and 6;
//! RFC 7636, section 4.5; and to the revocation endpoint: RFC 7009, section 2.1.

use super::endpoint::TokenEndpoint;
use super::http::{Format, HttpRequest};
use crate::error::Invalid;
use crate::registration::client::check_scope;
use crate::registration::server::REPEATABLE;
use crate::syntax::arena::Arena;
use crate::syntax::form::{are_free, decode, is_named, pairs};
use crate::syntax::text::{consists_of, cut, is_one_of};
use crate::syntax::url::Url;

/// What a request for a token sets itself.
const OURS: &str = "grant_type client_id client_secret";
/// The grants of RFC 6749; every other one is an absolute URI (section 4.5).
const GRANTS: &str = "authorization_code refresh_token client_credentials password";

/// One request for a token: an HTTP request to send, and what its answer has to fit.
#[derive(Clone, Copy)]
pub(crate) struct TokenRequest<'a> {
    pub(crate) http: HttpRequest<'a>,
    pub(crate) expected: Expected<'a>,
}

/// What an answer can leave out, because the request has said it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Expected<'a> {
    pub(crate) scope: &'a [u8],
    /// The refresh token that stays where no new one comes; empty where there is none.
    pub(crate) refresh_token: &'a [u8],
    pub(crate) assumes_bearer: bool,
}

impl<'a> TokenRequest<'a> {
    /// A request with a grant: `client_credentials`, `refresh_token` or another, and a form of its
    /// parameters.
    pub(crate) fn new(
        endpoint: &TokenEndpoint<'a>,
        grant_type: &'a [u8],
        parameters: &'a [u8],
        arena: &mut Arena<'a>,
    ) -> Result<Self, Invalid> {
        let (scheme, rest) = cut(grant_type, b':');
        let is_uri = consists_of(scheme, |byte| byte.is_ascii_alphanumeric())
            && !scheme.is_empty()
            && rest.is_some_and(|rest| !rest.is_empty())
            && consists_of(grant_type, |byte| byte.is_ascii_graphic());
        if !is_one_of(grant_type, GRANTS) && !is_uri {
            return Err(Invalid::GrantType);
        }
        let mut expected = Expected {
            assumes_bearer: endpoint.assumes_bearer,
            ..Expected::default()
        };
        if !are_free(parameters, OURS, REPEATABLE) {
            return Err(Invalid::GrantParameters);
        }
        for (name, value) in pairs(parameters) {
            if value.is_empty() {
                return Err(Invalid::GrantParameters);
            }
            if is_named(name, "scope") {
                expected.scope = decode(value, arena).map_err(|_| Invalid::GrantParameters)?;
                check_scope(expected.scope)?;
            } else if is_named(name, "refresh_token") {
                expected.refresh_token =
                    decode(value, arena).map_err(|_| Invalid::GrantParameters)?;
            }
        }
        let own = [("grant_type", grant_type)];
        let http = endpoint.request(&own, parameters, arena);
        Ok(Self { http, expected })
    }

    /// Renews a token (RFC 6749, section 6). `scope` is that of the token to renew; it is not asked
    /// for again. `further` is what the request says in addition, a form that was checked.
    pub(crate) fn refresh(
        endpoint: &TokenEndpoint<'a>,
        refresh_token: &'a [u8],
        scope: &'a [u8],
        further: &'a [u8],
        arena: &mut Arena<'a>,
    ) -> Self {
        let own: [(&str, &[u8]); 2] = [
            ("grant_type", b"refresh_token"),
            ("refresh_token", refresh_token),
        ];
        Self {
            http: endpoint.request(&own, further, arena),
            expected: Expected {
                scope,
                refresh_token,
                assumes_bearer: endpoint.assumes_bearer,
            },
        }
    }

    /// Exchanges a code of a response that was verified.
    pub(crate) fn exchange(
        endpoint: &TokenEndpoint<'a>,
        code: &'a [u8],
        redirect_uri: &'a [u8],
        code_verifier: &'a [u8],
        scope: &'a [u8],
        arena: &mut Arena<'a>,
    ) -> Self {
        let own: [(&str, &[u8]); 4] = [
            ("grant_type", b"authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", code_verifier),
        ];
        Self {
            http: endpoint.request(&own, endpoint.further, arena),
            expected: Expected {
                scope,
                refresh_token: b"",
                assumes_bearer: endpoint.assumes_bearer,
            },
        }
    }
}

/// Which of a session's two tokens; with a refresh token a server revokes what it gave, too.
#[derive(Clone, Copy)]
pub(crate) enum TokenToRevoke<'a> {
    Access(&'a [u8]),
    Refresh(&'a [u8]),
}

impl<'a> TokenEndpoint<'a> {
    /// The request that revokes a token of this client's at the server's revocation endpoint.
    pub(crate) fn revocation(
        &self,
        url: &Url<'a>,
        token: TokenToRevoke<'a>,
        arena: &mut Arena<'a>,
    ) -> HttpRequest<'a> {
        let (token, hint): (_, &[u8]) = match token {
            TokenToRevoke::Access(token) => (token, b"access_token"),
            TokenToRevoke::Refresh(token) => (token, b"refresh_token"),
        };
        let own = [("token", token), ("token_type_hint", hint)];
        self.request_to(url, Format::Form, &own, b"", arena)
    }
}
