//! The client as it is registered at the server: RFC 6749, section 2.

use alloc::string::String;

#[cfg(feature = "code")]
use crate::authorization::request::OURS_FOR_CODE;
use crate::error::InvalidOption;
use crate::registration::server::AuthorizationServer;
#[cfg(feature = "code")]
use crate::syntax::form::names;
#[cfg(feature = "code")]
use crate::syntax::text::cut;
use crate::syntax::text::{consists_of, has, split, word};
use crate::syntax::url::Url;
#[cfg(feature = "code")]
use crate::token::endpoint::TokenEndpoint;

/// Seconds after which a login that was started is no longer answered.
const STATE_LIFETIME: u64 = 3600;

/// One client at one server: all that its requests have in common.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) server: AuthorizationServer,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: RedirectUri,
    scope: String,
    pub(crate) state_lifetime: u64,
    pub(crate) hash_router: bool,
    pub(crate) assumes_bearer: bool,
    /// Where codes are exchanged, for a client that asks for them.
    #[cfg(feature = "code")]
    pub(crate) token_endpoint: Option<TokenEndpoint>,
    #[cfg(feature = "code")]
    pub(crate) response_mode: ResponseMode,
}

/// In which part of the redirect URI a code comes back: OAuth 2.0 Multiple Response Type Encoding
/// Practices, section 2.1.
#[cfg(feature = "code")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseMode {
    /// The server's default for a code.
    #[default]
    Query,
    /// The part that browsers send to no server.
    Fragment,
}

impl Client {
    /// A public client that asks for access tokens.
    ///
    /// # Errors
    ///
    /// `client_id` is empty or has other characters than RFC 6749, appendix A.1 allows.
    pub fn new(
        server: AuthorizationServer,
        client_id: String,
        redirect_uri: RedirectUri,
    ) -> Result<Self, InvalidOption> {
        check_id(&client_id)?;
        Ok(Self {
            server,
            client_id,
            redirect_uri,
            scope: String::new(),
            state_lifetime: STATE_LIFETIME,
            hash_router: false,
            assumes_bearer: false,
            #[cfg(feature = "code")]
            token_endpoint: None,
            #[cfg(feature = "code")]
            response_mode: ResponseMode::Query,
        })
    }

    /// Asks for codes from now on, with PKCE, and exchanges them there (RFC 6749, section 4.1;
    /// RFC 7636).
    ///
    /// # Errors
    ///
    /// The token endpoint is another client's; the authorization endpoint has a parameter of ours in
    /// its query.
    #[cfg(feature = "code")]
    pub fn ask_for_codes(
        &mut self,
        endpoint: TokenEndpoint,
        mode: ResponseMode,
    ) -> Result<(), InvalidOption> {
        if endpoint.client_id() != self.client_id {
            return Err(InvalidOption {
                option: "client_id",
                must: "be the same at the authorization endpoint and at the token endpoint",
            });
        }
        let (_, query) = cut(self.server.authorization_endpoint(), b'?');
        if names(query.unwrap_or_default(), OURS_FOR_CODE) {
            return Err(InvalidOption {
                option: "server.authorization_endpoint",
                must: "be without response_mode, code_challenge and code_challenge_method, which this package sets",
            });
        }
        self.token_endpoint = Some(endpoint);
        self.response_mode = mode;
        Ok(())
    }

    /// Where this client exchanges codes; `None` for one that asks for tokens.
    #[cfg(feature = "code")]
    #[must_use]
    pub fn token_endpoint(&self) -> Option<&TokenEndpoint> {
        self.token_endpoint.as_ref()
    }

    /// What is asked for (RFC 6749, section 3.1.1).
    #[cfg_attr(
        not(feature = "code"),
        allow(clippy::unused_self, reason = "there is no choice")
    )]
    pub(crate) fn response_type(&self) -> &'static str {
        #[cfg(feature = "code")]
        if self.token_endpoint.is_some() {
            return "code";
        }
        "token"
    }

    /// The scope to ask for (RFC 6749, section 3.3).
    ///
    /// # Errors
    ///
    /// It is not a list of scope tokens with single spaces between them.
    pub fn set_scope(&mut self, scope: String) -> Result<(), InvalidOption> {
        check_scope(&scope)?;
        self.scope = scope;
        Ok(())
    }

    /// What is asked for; empty where the server is to choose.
    pub(crate) fn scope(&self) -> &str {
        &self.scope
    }

    /// Seconds that a login may take; 3,600 by default.
    ///
    /// # Errors
    ///
    /// It is zero.
    pub fn set_state_lifetime(&mut self, seconds: u64) -> Result<(), InvalidOption> {
        if seconds == 0 {
            return Err(InvalidOption {
                option: "stateLifetime",
                must: "be a positive whole number of seconds",
            });
        }
        self.state_lifetime = seconds;
        Ok(())
    }

    /// The response stands behind the `?` of a route in the fragment: `#/route?access_token=…`.
    pub fn set_hash_router(&mut self, hash_router: bool) {
        self.hash_router = hash_router;
    }

    /// Takes a response without `token_type` as one with `Bearer`, for a server that leaves it out.
    pub fn assume_bearer(&mut self, assumes_bearer: bool) {
        self.assumes_bearer = assumes_bearer;
    }
}

/// RFC 6749, appendix A.1.
pub(crate) fn check_id(client_id: &str) -> Result<(), InvalidOption> {
    if client_id.is_empty() || !is_visible(client_id) {
        return Err(InvalidOption {
            option: "client_id",
            must: "be the identifier that the server gave this client, in printable ASCII characters",
        });
    }
    Ok(())
}

/// `VSCHAR` of RFC 6749, appendix A: a client's identifier and secret, codes and refresh tokens.
pub(crate) fn is_visible(text: &str) -> bool {
    consists_of(text, |b| matches!(b, 0x20..=0x7E))
}

/// Schemes that run code, show what is at hand, or lead out of the browser's history.
const NO_REDIRECT: &str =
    "javascript data blob about file filesystem ftp ws wss view-source vbscript";

/// Where the server sends the user back to: RFC 6749, section 3.1.2.
#[derive(Clone, Debug)]
pub struct RedirectUri {
    text: String,
    url: Url,
}

impl RedirectUri {
    /// The URI as it is registered at the server, to the letter, and the same one parsed.
    ///
    /// # Errors
    ///
    /// It has a fragment or credentials, or a scheme that no redirect may have: only `https:`,
    /// `http:` on a loopback host, and private-use schemes may (RFC 8252, section 7).
    pub fn new(text: String, url: Url) -> Result<Self, InvalidOption> {
        let parts = url.parts();
        let is_allowed = if word(parts.scheme, "http https").is_some() {
            parts.is_secure()
        } else {
            word(parts.scheme, NO_REDIRECT).is_none()
        };
        if !is_allowed || parts.fragment.is_some() || has(parts.authority, b'@') {
            return Err(InvalidOption {
                option: "redirect_uri",
                must: "be an absolute https: URL (http: on a loopback host, or a private-use scheme) without fragment or credentials",
            });
        }
        Ok(Self { text, url })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host, port and path are the same; a slash that the server put at the end is forgiven
    /// (RFC 9700, section 4.4).
    pub(crate) fn receives(&self, url: &Url) -> bool {
        let (own, other) = (self.url.parts(), url.parts());
        own.is_same_origin(&other)
            && (other.path == own.path || other.path.strip_suffix("/") == Some(own.path))
    }
}

/// RFC 6749, section 3.3.
pub(crate) fn check_scope(scope: &str) -> Result<(), InvalidOption> {
    if !is_scope(scope) {
        return Err(InvalidOption {
            option: "scope",
            must: "be scope tokens with single spaces between them, in printable ASCII characters other than \" and \\",
        });
    }
    Ok(())
}

/// The same as a question.
pub(crate) fn is_scope(text: &str) -> bool {
    split(text, b' ').all(|token| {
        !token.is_empty() && consists_of(token, |b| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
    })
}
