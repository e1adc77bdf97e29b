//! A server's metadata: RFC 8414; OpenID Connect Discovery 1.0.

use alloc::string::String;

use crate::error::{Error, InvalidOption};
use crate::syntax::json::Document;
use crate::syntax::text::{concat, has, split};
use crate::syntax::url::Url;
use crate::token::http::HttpResponse;

/// A server's metadata document that names the issuer it was asked of.
#[derive(Clone)]
pub struct Metadata(Document);

/// Which response type to take, and why, in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// `code` or `token`.
    pub response_type: &'static str,
    /// What in the metadata decides.
    pub reason: &'static str,
}

impl Metadata {
    /// Where a server's metadata can stand, in the order in which to ask: RFC 8414, section 3.1, and
    /// OpenID Connect Discovery 1.0, section 4.1.
    ///
    /// # Errors
    ///
    /// The issuer is neither `https:` nor `http:` on a loopback host, or has a query, a fragment or
    /// credentials (RFC 8414, section 2).
    pub fn urls(issuer: &Url) -> Result<[String; 2], InvalidOption> {
        let parts = issuer.parts();
        if !parts.is_secure()
            || parts.query.is_some()
            || parts.fragment.is_some()
            || has(parts.authority, b'@')
        {
            return Err(InvalidOption {
                option: "issuer",
                must: "be an absolute https: URL (http: on a loopback host) without query, fragment or credentials",
            });
        }
        let path = parts.path.strip_suffix("/").unwrap_or(parts.path);
        let origin = [parts.scheme, "://", parts.authority];
        let origin = concat(&origin);
        Ok([
            concat(&[&origin, "/.well-known/oauth-authorization-server", path]),
            concat(&[&origin, path, "/.well-known/openid-configuration"]),
        ])
    }

    /// Reads an answer of one of these URLs. `issuer` is the identifier to the letter.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidMetadata`]: it is no document, or a member that a client needs is missing or
    /// of another type. [`Error::MetadataOfAnotherIssuer`]: its issuer is another one, by simple
    /// string comparison (RFC 8414, section 3.3).
    pub fn read(issuer: &str, answer: &HttpResponse) -> Result<Self, Error> {
        let document = answer.success().ok_or(Error::InvalidMetadata)?;
        let text = |name| document.text(name).map_err(|_| Error::InvalidMetadata);
        let named = text("issuer")?;
        if named.is_empty() || text("authorization_endpoint")?.is_empty() {
            return Err(Error::InvalidMetadata);
        }
        if named != issuer {
            return Err(Error::MetadataOfAnotherIssuer);
        }
        for name in ["token_endpoint", "revocation_endpoint"] {
            text(name)?;
        }
        Ok(Self(document.clone()))
    }

    /// Metadata that the application brings along.
    #[cfg(all(target_arch = "wasm32", feature = "package"))]
    pub(crate) fn of(document: Document) -> Self {
        Self(document)
    }

    /// A text member; empty where there is none.
    fn text(&self, name: &str) -> &str {
        self.0.text(name).unwrap_or_default()
    }

    /// The issuer identifier.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.text("issuer")
    }

    /// Whether the server promises to name itself in every response (RFC 9207, section 3).
    #[cfg(feature = "json")]
    #[must_use]
    pub fn promises_issuer(&self) -> bool {
        self.0
            .flag("authorization_response_iss_parameter_supported")
    }

    /// The authorization endpoint.
    #[must_use]
    pub fn authorization_endpoint(&self) -> &str {
        self.text("authorization_endpoint")
    }

    /// The token endpoint, where the server has one.
    #[must_use]
    pub fn token_endpoint(&self) -> Option<&str> {
        Some(self.text("token_endpoint")).filter(|url| !url.is_empty())
    }

    /// The revocation endpoint, where the server has one (RFC 7009).
    #[must_use]
    pub fn revocation_endpoint(&self) -> Option<&str> {
        Some(self.text("revocation_endpoint")).filter(|url| !url.is_empty())
    }

    /// What a public client in a browser may use here, by what the server says of itself: the code
    /// with PKCE where nothing rules it out (RFC 9700, sections 2.1.1 and 2.1.2), else the token.
    ///
    /// No metadata tells whether the token endpoint allows CORS, and real servers leave out that
    /// they let public clients in (`none`), so neither decides.
    #[must_use]
    pub fn best_response_type(&self) -> Choice {
        let choice = |response_type, reason| Choice {
            response_type,
            reason,
        };
        let lacks = |name: &str, value: &str| {
            let list = self.0.list(name).unwrap_or_default();
            list.is_some_and(|lines| !split(lines, b'\n').any(|line| line == value))
        };
        let against_code = if self.token_endpoint().is_none() {
            Some("The metadata names no token_endpoint, where a code would be exchanged.")
        } else if lacks("response_types_supported", "code") {
            Some("The metadata's response_types_supported does not have code.")
        } else if lacks("grant_types_supported", "authorization_code") {
            Some("The metadata's grant_types_supported does not have authorization_code.")
        } else if lacks("code_challenge_methods_supported", "S256") {
            Some(
                "The metadata's code_challenge_methods_supported does not have S256, without which a code can be stolen.",
            )
        } else {
            None
        };
        match against_code {
            Some(_) if lacks("response_types_supported", "token") => choice(
                "code",
                "The metadata offers a page neither: there is no token, and for code a token_endpoint, authorization_code or S256 is missing; ask the server's operator.",
            ),
            Some(reason) => choice("token", reason),
            None if self
                .0
                .list("code_challenge_methods_supported")
                .is_ok_and(|it| it.is_some()) =>
            {
                choice(
                    "code",
                    "The metadata has the authorization code with PKCE (S256), which keeps the token out of every URL; only a token_endpoint without CORS would leave a page no choice but token.",
                )
            }
            None => choice(
                "code",
                "Nothing in the metadata speaks against the authorization code, which keeps the token out of every URL; it does not promise PKCE, so make sure that the server checks the code_challenge.",
            ),
        }
    }
}

impl core::fmt::Debug for Metadata {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Metadata")
            .field("issuer", &self.issuer())
            .finish_non_exhaustive()
    }
}
