//! Requests to the token endpoint and their answers: RFC 6749, sections 2.3, 3.2 and 5; RFC 7009.

use alloc::string::String;
use core::fmt;

use super::error::{Error, InvalidOption};
use super::form::append;
use super::json::Document;
use super::room::{if_any, owned, with_room};
use super::token::TokenSet;
use super::url::Url;
use crate::error::{self as core_error, Invalid};
use crate::token::endpoint::{
    self as core_endpoint, Authentication, check_client_secret, check_further, check_raw_client_id,
};
use crate::token::http::{self as core_http, Format};
use crate::token::request::{self as core_request, Expected};
use crate::token::response::{self as core_response, refusal};

/// A server's token endpoint as one client sees it.
///
/// Its `Debug` does not show the client's secret.
#[derive(Clone)]
pub struct TokenEndpoint {
    url: Url,
    client_id: String,
    authentication: OwnedAuthentication,
    format: Format,
    assumes_bearer: bool,
    /// What exchanges and renewals say in addition, as a form.
    further: String,
}

#[derive(Clone)]
enum OwnedAuthentication {
    None,
    Basic(String),
    RawBasic(String),
    Post(String),
}

impl TokenEndpoint {
    /// The token endpoint for a public client.
    ///
    /// # Errors
    ///
    /// The URL is neither `https:` nor `http:` on a loopback host, has a fragment or carries
    /// credentials; `client_id` has other characters than RFC 6749, appendix A.1 allows.
    pub fn new(url: Url, client_id: String) -> Result<Self, InvalidOption> {
        core_endpoint::TokenEndpoint::new(url.parts(), client_id.as_bytes())?;
        Ok(Self {
            url,
            client_id,
            authentication: OwnedAuthentication::None,
            format: Format::Form,
            assumes_bearer: false,
            further: String::new(),
        })
    }

    /// Authenticates by HTTP Basic (`client_secret_basic`). Only for a program that can keep a secret:
    /// no page can.
    ///
    /// # Errors
    ///
    /// The secret is empty or has other characters than RFC 6749, appendix A.2 allows.
    pub fn authenticate_by_basic(&mut self, secret: String) -> Result<(), InvalidOption> {
        check_client_secret(secret.as_bytes())?;
        self.authentication = OwnedAuthentication::Basic(secret);
        Ok(())
    }

    /// The same for a server that decodes neither the identifier nor the secret, against RFC 6749, section
    /// 2.3.1.
    ///
    /// # Errors
    ///
    /// As [`Self::authenticate_by_basic`]; the client's identifier has a `:`.
    pub fn authenticate_by_raw_basic(&mut self, secret: String) -> Result<(), InvalidOption> {
        check_client_secret(secret.as_bytes())?;
        check_raw_client_id(self.client_id.as_bytes())?;
        self.authentication = OwnedAuthentication::RawBasic(secret);
        Ok(())
    }

    /// Authenticates by parameters of the request (`client_secret_post`). Only for a program that can
    /// keep a secret: no page can.
    ///
    /// # Errors
    ///
    /// As [`Self::authenticate_by_basic`].
    pub fn authenticate_by_post(&mut self, secret: String) -> Result<(), InvalidOption> {
        check_client_secret(secret.as_bytes())?;
        self.authentication = OwnedAuthentication::Post(secret);
        Ok(())
    }

    /// How the parameters travel; [`Format::Form`] by default.
    pub fn set_format(&mut self, format: Format) {
        self.format = format;
    }

    /// A parameter that the exchange of a code and each renewal has in addition, such as `audience`.
    /// `resource` (RFC 8707) and `audience` can be added several times.
    ///
    /// # Errors
    ///
    /// The name or the value is empty; the name was given before, or is one that such a request sets itself.
    pub fn add_parameter(&mut self, name: &str, value: &str) -> Result<(), InvalidOption> {
        let mut further = self.further.clone();
        append(&mut further, name, value);
        check_further(further.as_bytes())?;
        self.further = further;
        Ok(())
    }

    /// Takes an answer without `token_type` as one with `Bearer`, for a server that leaves it out.
    pub fn assume_bearer(&mut self, assumes_bearer: bool) {
        self.assumes_bearer = assumes_bearer;
    }

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
        if !url.parts().is_endpoint() {
            return Err(Invalid::RevocationEndpoint.into());
        }
        let given = (self, url, token);
        Ok(with_room(&given, |(endpoint, url, token), arena| {
            let token = token.as_core();
            let request = endpoint.as_core().revocation(&url.parts(), token, arena);
            HttpRequest::of(&request)
        }))
    }

    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(super) fn as_core(&self) -> core_endpoint::TokenEndpoint<'_> {
        core_endpoint::TokenEndpoint {
            url: self.url.parts(),
            client_id: self.client_id.as_bytes(),
            authentication: match &self.authentication {
                OwnedAuthentication::None => Authentication::None,
                OwnedAuthentication::Basic(secret) => Authentication::Basic(secret.as_bytes()),
                OwnedAuthentication::RawBasic(secret) => {
                    Authentication::RawBasic(secret.as_bytes())
                }
                OwnedAuthentication::Post(secret) => Authentication::Post(secret.as_bytes()),
            },
            format: self.format,
            assumes_bearer: self.assumes_bearer,
            further: self.further.as_bytes(),
        }
    }
}

impl fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenEndpoint")
            .field("url", &self.url)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
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

impl<'a> TokenToRevoke<'a> {
    fn as_core(self) -> core_request::TokenToRevoke<'a> {
        match self {
            Self::Access(token) => core_request::TokenToRevoke::Access(token.as_bytes()),
            Self::Refresh(token) => core_request::TokenToRevoke::Refresh(token.as_bytes()),
        }
    }
}

impl fmt::Debug for TokenToRevoke<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Access(_) => "Access([redacted])",
            Self::Refresh(_) => "Refresh([redacted])",
        })
    }
}

/// One request for a token: an HTTP request to send, and what its answer has to fit.
///
/// Its `Debug` shows no secret.
#[derive(Clone)]
pub struct TokenRequest {
    http: HttpRequest,
    scope: String,
    refresh_token: String,
    assumes_bearer: bool,
    pub(super) further: Option<String>,
}

impl TokenRequest {
    /// A request with a grant: `client_credentials`, `refresh_token` or another, and its parameters.
    ///
    /// # Errors
    ///
    /// The grant type is none of RFC 6749's and no absolute URI; a parameter is empty, one that is set
    /// here, or another one than `resource` and `audience` that stands there twice.
    pub fn new(
        endpoint: &TokenEndpoint,
        grant_type: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Self, InvalidOption> {
        let mut form = String::new();
        for (name, value) in parameters {
            append(&mut form, name, value);
        }
        let given = (endpoint, grant_type, form);
        with_room(&given, |(endpoint, grant_type, form), arena| {
            let endpoint = endpoint.as_core();
            let (grant_type, form) = (grant_type.as_bytes(), form.as_bytes());
            let request = core_request::TokenRequest::new(&endpoint, grant_type, form, arena)?;
            Ok(Self::of(&request))
        })
    }

    /// Renews a token (RFC 6749, section 6). `scope` is that of the token to renew; it is not asked
    /// for again.
    #[must_use]
    pub fn refresh(endpoint: &TokenEndpoint, refresh_token: &str, scope: &str) -> Self {
        let given = (endpoint, refresh_token, scope);
        with_room(&given, |(endpoint, refresh_token, scope), arena| {
            let endpoint = endpoint.as_core();
            let (refresh_token, scope) = (refresh_token.as_bytes(), scope.as_bytes());
            let request = core_request::TokenRequest::refresh(
                &endpoint,
                refresh_token,
                scope,
                endpoint.further,
                arena,
            );
            Self::of(&request)
        })
    }

    /// Exchanges a code of a response that was verified.
    pub(super) fn exchange(
        endpoint: &TokenEndpoint,
        code: &[u8],
        redirect_uri: &[u8],
        code_verifier: &[u8],
        scope: &[u8],
    ) -> Self {
        let given = (endpoint, [code, redirect_uri, code_verifier, scope]);
        with_room(&given, |(endpoint, texts), arena| {
            let [code, redirect_uri, verifier, scope] = *texts;
            let endpoint = endpoint.as_core();
            let request = core_request::TokenRequest::exchange(
                &endpoint,
                code,
                redirect_uri,
                verifier,
                scope,
                arena,
            );
            Self::of(&request)
        })
    }

    pub(super) fn of(request: &core_request::TokenRequest<'_>) -> Self {
        Self {
            http: HttpRequest::of(&request.http),
            scope: owned(request.expected.scope),
            refresh_token: owned(request.expected.refresh_token),
            assumes_bearer: request.expected.assumes_bearer,
            further: None,
        }
    }

    /// What else the server said in the redirect that brought a code, as pairs of a form with a `&` in front
    /// of each. It can be personal: `Debug` does not show it.
    #[must_use]
    pub fn further(&self) -> Option<&str> {
        self.further.as_deref()
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
        let expected = Expected {
            scope: self.scope.as_bytes(),
            refresh_token: self.refresh_token.as_bytes(),
            assumes_bearer: self.assumes_bearer,
        };
        with_room(&(answer, expected), |(answer, expected), arena| {
            match core_response::TokenSet::read(&answer.0, expected, now, arena) {
                Ok(set) => Ok(TokenSet::of(&set)),
                Err(error @ core_error::Error::TokenError) => {
                    let said = answer.0.document().map(|it| refusal(it, arena));
                    let refused = Error::new(error, said.and_then(Result::ok).flatten());
                    Err(refused.with_status(answer.0.status))
                }
                Err(error) => Err(error.into()),
            }
        })
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest")
            .field("http", &self.http)
            .finish_non_exhaustive()
    }
}

/// A request to send: always `POST`.
///
/// Follow no redirect (whoever answers one could be sent the secrets), send no cookies, and keep the
/// answer out of every cache. Its `Debug` shows no secret.
#[derive(Clone)]
pub struct HttpRequest {
    url: String,
    format: Format,
    authorization: Option<String>,
    body: String,
}

impl HttpRequest {
    pub(super) fn of(request: &core_http::HttpRequest<'_>) -> Self {
        Self {
            url: owned(request.url),
            format: request.format,
            authorization: if_any(request.authorization),
            body: owned(request.body),
        }
    }

    /// Where to send it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The value of its `Content-Type`; `None` for a request without a body.
    #[must_use]
    pub fn content_type(&self) -> Option<&'static str> {
        Some(self.format.content_type()).filter(|it| !it.is_empty())
    }

    /// The value of its `Authorization`, for a client that authenticates by HTTP Basic.
    #[must_use]
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// Its body; empty where everything stands in the URL.
    #[must_use]
    pub fn body(&self) -> String {
        self.body.clone()
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.url.find('?').unwrap_or(self.url.len());
        f.debug_struct("HttpRequest")
            .field("url", &self.url.get(..end).unwrap_or_default())
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// An answer as it came. Its `Debug` shows the status alone.
#[derive(Clone)]
pub struct HttpResponse(pub(super) core_http::HttpResponse<Document>);

impl HttpResponse {
    /// `content_type` is the value of the header, empty where there is none. A body of more than
    /// 1 MiB, or one that is no JSON object or says that it is HTML or a form, says nothing but its
    /// status; metadata also has to say that it is JSON.
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: &[u8]) -> Self {
        /// Bytes that a body may have.
        const MAX_BODY_BYTES: usize = 1 << 20;
        let document = if body.len() <= MAX_BODY_BYTES {
            Document::parse(body)
        } else {
            None
        };
        let content_type = content_type.as_bytes();
        Self(core_http::HttpResponse::new(status, content_type, document))
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.0.status)
            .finish_non_exhaustive()
    }
}
