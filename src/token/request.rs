//! Requests to the token endpoint, one for each grant: RFC 6749, sections 4.1.3, 4.4.2, 4.5 and 6;
//! RFC 7636, section 4.5; and to the revocation endpoint: RFC 7009, section 2.1.

use alloc::string::String;
use core::fmt;

use crate::error::{Error, InvalidOption};
use crate::registration::client::check_scope;
use crate::syntax::text::{consists_of, cut, word};
use crate::syntax::url::Url;
use crate::token::endpoint::{TokenEndpoint, check_endpoint};
use crate::token::http::{Format, HttpRequest, HttpResponse};
use crate::token::response::TokenSet;

/// What a request for a token sets itself.
const OURS: &str = "grant_type client_id client_secret";
/// The grants of RFC 6749; every other one is an absolute URI (section 4.5).
const GRANTS: &str = "authorization_code refresh_token client_credentials password";

/// One request for a token: an HTTP request to send, and what its answer has to fit.
///
/// Its `Debug` shows no secret.
#[derive(Clone)]
pub struct TokenRequest {
    http: HttpRequest,
    pub(crate) expected: Expected,
}

/// What an answer can leave out, because the request has said it.
#[derive(Clone, Default)]
pub(crate) struct Expected {
    pub scope: String,
    /// The refresh token that stays where no new one comes.
    pub refresh_token: String,
    pub assumes_bearer: bool,
}

impl TokenRequest {
    /// A request with a grant: `client_credentials`, `refresh_token` or another, and its parameters.
    ///
    /// # Errors
    ///
    /// The grant type is none of RFC 6749's and no absolute URI; a parameter is empty, or one that
    /// is set here.
    pub fn new(
        endpoint: &TokenEndpoint,
        grant_type: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Self, InvalidOption> {
        let (scheme, rest) = cut(grant_type, b':');
        let is_uri = consists_of(scheme, |b| b.is_ascii_alphanumeric())
            && !scheme.is_empty()
            && rest.is_some_and(|rest| !rest.is_empty())
            && consists_of(grant_type, |b| b.is_ascii_graphic());
        if word(grant_type, GRANTS).is_none() && !is_uri {
            return Err(InvalidOption {
                option: "grant_type",
                must: "be a grant type of RFC 6749 or an absolute URI",
            });
        }
        let mut seen: [&str; 2] = ["", ""];
        let mut sent = alloc::vec![("grant_type", grant_type)];
        for (name, value) in parameters {
            let is_repeated = sent.iter().any(|(earlier, _)| earlier == name);
            if name.is_empty() || value.is_empty() || is_repeated || word(name, OURS).is_some() {
                return Err(InvalidOption {
                    option: "parameters",
                    must: "have names other than grant_type, client_id and client_secret, each once, and values that are not empty",
                });
            }
            match *name {
                "scope" => {
                    check_scope(value)?;
                    seen[0] = value;
                }
                "refresh_token" => seen[1] = value,
                _ => {}
            }
            sent.push((name, value));
        }
        Ok(Self::with(endpoint, &sent, seen[0], seen[1]))
    }

    /// Renews a token (RFC 6749, section 6). `scope` is that of the token to renew; it is not asked
    /// for again.
    #[must_use]
    pub fn refresh(endpoint: &TokenEndpoint, refresh_token: &str, scope: &str) -> Self {
        let parameters = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ];
        Self::with(endpoint, &parameters, scope, refresh_token)
    }

    /// Exchanges a code of a response that was verified.
    pub(crate) fn exchange(
        endpoint: &TokenEndpoint,
        code: &str,
        redirect_uri: &str,
        code_verifier: &str,
        scope: &str,
    ) -> Self {
        let parameters = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", code_verifier),
        ];
        Self::with(endpoint, &parameters, scope, "")
    }

    fn with(
        endpoint: &TokenEndpoint,
        parameters: &[(&str, &str)],
        scope: &str,
        refresh_token: &str,
    ) -> Self {
        Self {
            http: endpoint.request(parameters),
            expected: Expected {
                scope: scope.into(),
                refresh_token: refresh_token.into(),
                assumes_bearer: endpoint.assumes_bearer(),
            },
        }
    }

    /// The request to send.
    #[must_use]
    pub fn http(&self) -> &HttpRequest {
        &self.http
    }

    /// Reads the answer. `now` is in seconds since 1970, when the answer came.
    ///
    /// # Errors
    ///
    /// [`Error::TokenError`]: the server refused; with `invalid_grant` the grant is used up, expired
    /// or revoked. [`Error::InvalidTokenResponse`], [`Error::MissingTokenType`] and
    /// [`Error::UnsupportedTokenType`]: the answer is none of RFC 6749's.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "a grant is answered once, and so is its request"
    )]
    pub fn finish(self, answer: &HttpResponse, now: u64) -> Result<TokenSet, Error> {
        TokenSet::read(answer, &self.expected, now)
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest")
            .field("http", &self.http)
            .finish_non_exhaustive()
    }
}

impl TokenEndpoint {
    /// The request that revokes a token of this client's at the server's revocation endpoint; every
    /// answer with status 200 means that the token is dead (RFC 7009, section 2.2).
    ///
    /// # Errors
    ///
    /// The URL is neither `https:` nor `http:` on a loopback host, has a fragment or carries
    /// credentials.
    pub fn revocation(
        &self,
        url: &Url,
        token: TokenToRevoke<'_>,
    ) -> Result<HttpRequest, InvalidOption> {
        check_endpoint(url, "server.revocation_endpoint")?;
        let (token, hint) = match token {
            TokenToRevoke::Access(token) => (token, "access_token"),
            TokenToRevoke::Refresh(token) => (token, "refresh_token"),
        };
        let parameters = [("token", token), ("token_type_hint", hint)];
        Ok(self.request_to(url, Format::Form, &parameters))
    }
}

/// One of a session's two tokens. With a refresh token a server revokes what it gave, too.
#[derive(Clone, Copy)]
pub enum TokenToRevoke<'a> {
    /// The access token.
    Access(&'a str),
    /// The refresh token.
    Refresh(&'a str),
}

impl fmt::Debug for TokenToRevoke<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Access(_) => "Access([redacted])",
            Self::Refresh(_) => "Refresh([redacted])",
        })
    }
}
