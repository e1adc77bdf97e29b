//! The token endpoint, and how a client shows there who it is: RFC 6749, sections 2.3 and 3.2.

use alloc::string::String;
use core::fmt;

use form_urlencoded::byte_serialize;

use crate::error::InvalidOption;
use crate::registration::client::{check_id, is_visible};
use crate::resource::credential::basic;
use crate::syntax::text::has;
use crate::syntax::url::Url;
use crate::token::http::{Format, HttpRequest};

/// A server's token endpoint as one client sees it.
///
/// Its `Debug` does not show the client's secret.
#[derive(Clone)]
pub struct TokenEndpoint {
    url: Url,
    client_id: String,
    authentication: ClientAuthentication,
    format: Format,
    assumes_bearer: bool,
}

/// How a client authenticates: RFC 6749, section 2.3.1; RFC 7591, section 2.
#[derive(Clone)]
enum ClientAuthentication {
    None,
    Basic(String),
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
        check_endpoint(&url, "server.token_endpoint")?;
        check_id(&client_id)?;
        Ok(Self {
            url,
            client_id,
            authentication: ClientAuthentication::None,
            format: Format::Form,
            assumes_bearer: false,
        })
    }

    /// Authenticates by HTTP Basic (`client_secret_basic`). Only for a program that can keep a secret:
    /// no page can.
    ///
    /// # Errors
    ///
    /// The secret is empty or has other characters than RFC 6749, appendix A.2 allows.
    pub fn authenticate_by_basic(&mut self, secret: String) -> Result<(), InvalidOption> {
        check_secret(&secret)?;
        self.authentication = ClientAuthentication::Basic(secret);
        Ok(())
    }

    /// Authenticates by parameters of the request (`client_secret_post`). Only for a program that can
    /// keep a secret: no page can.
    ///
    /// # Errors
    ///
    /// As [`Self::authenticate_by_basic`].
    pub fn authenticate_by_post(&mut self, secret: String) -> Result<(), InvalidOption> {
        check_secret(&secret)?;
        self.authentication = ClientAuthentication::Post(secret);
        Ok(())
    }

    /// How the parameters travel; [`Format::Form`] by default.
    pub fn set_format(&mut self, format: Format) {
        self.format = format;
    }

    /// Takes an answer without `token_type` as one with `Bearer`, for a server that leaves it out.
    pub fn assume_bearer(&mut self, assumes_bearer: bool) {
        self.assumes_bearer = assumes_bearer;
    }

    pub(crate) fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(crate) fn assumes_bearer(&self) -> bool {
        self.assumes_bearer
    }

    /// The request with these parameters, and with the client's own.
    pub(crate) fn request(&self, parameters: &[(&str, &str)]) -> HttpRequest {
        self.request_to(&self.url, self.format, parameters)
    }

    /// The same to another endpoint of the server's.
    pub(crate) fn request_to(
        &self,
        url: &Url,
        format: Format,
        parameters: &[(&str, &str)],
    ) -> HttpRequest {
        let mut request = HttpRequest::new(url, format);
        for (name, value) in parameters {
            request.add(name, value);
        }
        match &self.authentication {
            ClientAuthentication::None => request.add("client_id", &self.client_id),
            ClientAuthentication::Basic(secret) => {
                let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                request.authorization = Some(basic(&encoded(&self.client_id), &encoded(secret)));
            }
            ClientAuthentication::Post(secret) => {
                request.add("client_id", &self.client_id);
                request.add("client_secret", secret);
            }
        }
        request
    }
}

/// RFC 6749, section 3.2; RFC 7009, section 2.
pub(crate) fn check_endpoint(url: &Url, option: &'static str) -> Result<(), InvalidOption> {
    let parts = url.parts();
    if !parts.is_secure() || parts.fragment.is_some() || has(parts.authority, b'@') {
        return Err(InvalidOption {
            option,
            must: "be an absolute https: URL (http: on a loopback host) without fragment or credentials",
        });
    }
    Ok(())
}

fn check_secret(secret: &str) -> Result<(), InvalidOption> {
    if secret.is_empty() || !is_visible(secret) {
        return Err(InvalidOption {
            option: "client_secret",
            must: "be the secret that the server gave this client, in printable ASCII characters",
        });
    }
    Ok(())
}

impl fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenEndpoint")
            .field("url", &self.url)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
