//! A server's metadata: RFC 8414; OpenID Connect Discovery 1.0.

use alloc::string::String;
use core::fmt;

use super::error::{Error, InvalidOption};
use super::json::Document;
use super::registration::AuthorizationServer;
use super::room::{owned, with_room};
use super::token_endpoint::HttpResponse;
use super::url::Url;
use crate::registration::metadata::{Choice, best_response_type, check, check_issuer, write_urls};
use crate::syntax::json::{Document as _, Member};

/// A server's metadata document that names the issuer it was asked of.
#[derive(Clone)]
pub struct Metadata(Document);

impl Metadata {
    /// Where a server's metadata can stand, in the order in which to ask: RFC 8414, section 3.1, and
    /// OpenID Connect Discovery 1.0, section 4.1.
    ///
    /// # Errors
    ///
    /// The issuer is neither `https:` nor `http:` on a loopback host, or has a query, a fragment or
    /// credentials (RFC 8414, section 2).
    pub fn urls(issuer: &Url) -> Result<[String; 2], InvalidOption> {
        check_issuer(&issuer.parts())?;
        Ok(with_room(issuer, |issuer, arena| {
            write_urls(&issuer.parts(), arena).map(owned)
        }))
    }

    /// Reads an answer of one of these URLs. `issuer` is the identifier to the letter.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidMetadata`]: it is no document, or a member that a client needs is missing, of
    /// another type or an endpoint that no client takes. An authorization endpoint may be missing where
    /// none of its `grant_types_supported` needs one. [`Error::MetadataOfAnotherIssuer`],
    /// [`Error::MetadataWithOtherSlash`], [`Error::MetadataOfOtherPath`] or
    /// [`Error::MetadataOfPattern`]: its issuer is another one, by simple string comparison (RFC 8414,
    /// section 3.3).
    pub fn read(issuer: &str, answer: &HttpResponse) -> Result<Self, Error> {
        let document = answer.0.json_success().ok_or(Error::InvalidMetadata)?;
        check(issuer.as_bytes(), document, |text, is_sound| {
            let text = core::str::from_utf8(text).unwrap_or_default();
            Url::parsed(text).is_some_and(|url| is_sound(url.parts()))
        })?;
        Ok(Self(document.clone()))
    }

    /// A text member; empty where there is none.
    fn text(&self, name: &str) -> &str {
        let text = self.0.text(name).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }

    /// The issuer identifier.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.text("issuer")
    }

    /// Whether the server promises to name itself in every response (RFC 9207, section 3).
    #[must_use]
    pub fn promises_issuer(&self) -> bool {
        self.0
            .is_true("authorization_response_iss_parameter_supported")
    }

    /// The authorization endpoint; none where no grant of the server's needs one.
    #[must_use]
    pub fn authorization_endpoint(&self) -> Option<&str> {
        Some(self.text("authorization_endpoint")).filter(|url| !url.is_empty())
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

    /// Where the issuer's keys are, where the server has some (OpenID Connect Discovery 1.0, section 3).
    #[must_use]
    pub fn jwks_uri(&self) -> Option<&str> {
        Some(self.text("jwks_uri")).filter(|url| !url.is_empty())
    }

    /// The UserInfo endpoint, where the server has one (OpenID Connect Discovery 1.0, section 3).
    #[must_use]
    pub fn userinfo_endpoint(&self) -> Option<&str> {
        Some(self.text("userinfo_endpoint")).filter(|url| !url.is_empty())
    }

    /// Where a user's session at the provider ends, where the server has such an endpoint (OpenID Connect
    /// RP-Initiated Logout 1.0, section 2.1).
    #[must_use]
    pub fn end_session_endpoint(&self) -> Option<&str> {
        Some(self.text("end_session_endpoint")).filter(|url| !url.is_empty())
    }

    /// The algorithms of ID tokens, with single spaces between them.
    pub(super) fn id_token_algorithms(&self) -> Option<String> {
        match self.0.member("id_token_signing_alg_values_supported") {
            Member::List(lines) => Some(owned(lines).replace('\n', " ")),
            _ => None,
        }
    }

    /// What a public client in a browser may use here, by what the server says of itself: the code
    /// with PKCE where nothing rules it out (RFC 9700, sections 2.1.1 and 2.1.2), else the token.
    ///
    /// No metadata tells whether the token endpoint allows CORS, and real servers leave out that
    /// they let public clients in (`none`), so neither decides.
    #[must_use]
    pub fn best_response_type(&self) -> Choice {
        best_response_type(&self.0)
    }
}

/// The server that its metadata describes: its authorization endpoint, its issuer, and whether it promises `iss`
/// in every response. The other endpoints are for those who ask them, see [`TokenEndpoint`](crate::TokenEndpoint).
impl TryFrom<&Metadata> for AuthorizationServer {
    type Error = InvalidOption;

    /// # Errors
    ///
    /// The server has no authorization endpoint, or one that no client takes, see
    /// [`AuthorizationServer::new`].
    fn try_from(metadata: &Metadata) -> Result<Self, InvalidOption> {
        let endpoint = metadata.authorization_endpoint().and_then(Url::parsed);
        let mut server = Self::new(endpoint.ok_or(InvalidOption {
            option: "server.authorization_endpoint",
            must: "be there for a login, and this server's metadata has none",
        })?)?;
        server.set_issuer(metadata.issuer().into(), metadata.promises_issuer());
        Ok(server)
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metadata")
            .field("issuer", &self.issuer())
            .finish_non_exhaustive()
    }
}
