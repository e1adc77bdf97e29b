//! What a relying party is told of its provider beside the issuer: by metadata, or one by one. OpenID Connect
//! Discovery 1.0, section 3; RP-Initiated Logout 1.0, section 2.1.

use alloc::string::String;

use super::error::InvalidOption;
use super::metadata::Metadata;
use super::redirect_uri::RedirectUri;
use super::relying_party::RelyingParty;
use super::url::Url;
use crate::error::Invalid;
use crate::openid::end_session::check_endpoint;

impl RelyingParty {
    /// A client at the provider that its metadata describes, with all that this says: the issuer, the
    /// algorithms, where the keys are, and the endpoints.
    ///
    /// # Errors
    ///
    /// An endpoint in it is one that no client takes.
    pub fn discovered(metadata: &Metadata, client_id: String) -> Result<Self, InvalidOption> {
        let mut party = Self::new(metadata.issuer().into(), client_id)?;
        party.set_supported(metadata);
        if let Some(url) = metadata.jwks_uri() {
            party.set_jwks_uri(Url::parsed(url).ok_or(Invalid::JwksUri)?)?;
        }
        if let Some(url) = metadata.userinfo_endpoint() {
            let url = Url::parsed(url).ok_or(Invalid::UserinfoEndpoint)?;
            party.set_userinfo_endpoint(url)?;
        }
        if let Some(url) = metadata.end_session_endpoint() {
            let url = Url::parsed(url).ok_or(Invalid::EndSessionEndpoint)?;
            party.set_end_session_endpoint(url)?;
        }
        Ok(party)
    }

    /// The algorithms that the provider's metadata lists. Without such a list, and without an algorithm that
    /// was agreed on, it is RS256 alone (section 3.1.3.7).
    pub fn set_supported(&mut self, metadata: &Metadata) {
        self.supported_algorithms = metadata.id_token_algorithms();
    }

    /// Where the issuer's keys are.
    ///
    /// # Errors
    ///
    /// The URL is neither `https:` nor `http:` on a loopback host, has a fragment or carries credentials.
    pub fn set_jwks_uri(&mut self, url: Url) -> Result<(), InvalidOption> {
        if !url.parts().is_endpoint() {
            return Err(Invalid::JwksUri.into());
        }
        self.provider.jwks_uri = Some(url);
        Ok(())
    }

    /// The issuer's keys themselves, as the JSON text of RFC 7517, section 5: nobody is asked for them then.
    pub fn set_jwks(&mut self, key_set: String) {
        self.provider.jwks = Some(key_set);
    }

    /// Takes an ID token that came from the token endpoint without a look at its signature, for a server
    /// whose keys this program can't read: the TLS of that connection stands in for it (OpenID Connect Core
    /// 1.0, section 3.1.3.7, 6). All other checks are made, and what came in a redirect is always verified.
    pub fn trust_token_endpoint(&mut self, is_trusted: bool) {
        self.provider.trusts_token_endpoint = is_trusted;
    }

    /// Where a server tells more of the user (OpenID Connect Core 1.0, section 5.3).
    ///
    /// # Errors
    ///
    /// The URL is neither `https:` nor `http:` on a loopback host, has a fragment or carries credentials.
    pub fn set_userinfo_endpoint(&mut self, url: Url) -> Result<(), InvalidOption> {
        if !url.parts().is_endpoint() {
            return Err(Invalid::UserinfoEndpoint.into());
        }
        self.provider.userinfo_endpoint = Some(url);
        Ok(())
    }

    /// Where the user's session at the provider ends.
    ///
    /// # Errors
    ///
    /// As [`crate::EndSession::new`].
    pub fn set_end_session_endpoint(&mut self, url: Url) -> Result<(), InvalidOption> {
        check_endpoint(&url.parts())?;
        self.provider.end_session_endpoint = Some(url);
        Ok(())
    }

    /// Where the user comes back to from there, as it is registered.
    pub fn set_post_logout_redirect_uri(&mut self, redirect_uri: RedirectUri) {
        self.provider.post_logout_redirect_uri = Some(redirect_uri);
    }

    /// See [`Self::set_jwks_uri`].
    #[must_use]
    pub fn jwks_uri(&self) -> Option<&Url> {
        self.provider.jwks_uri.as_ref()
    }

    /// See [`Self::set_jwks`].
    #[must_use]
    pub fn jwks(&self) -> Option<&str> {
        self.provider.jwks.as_deref()
    }

    /// See [`Self::set_userinfo_endpoint`].
    #[must_use]
    pub fn userinfo_endpoint(&self) -> Option<&Url> {
        self.provider.userinfo_endpoint.as_ref()
    }

    /// See [`Self::set_end_session_endpoint`].
    #[must_use]
    pub fn end_session_endpoint(&self) -> Option<&Url> {
        self.provider.end_session_endpoint.as_ref()
    }

    /// See [`Self::set_post_logout_redirect_uri`].
    #[must_use]
    pub fn post_logout_redirect_uri(&self) -> Option<&RedirectUri> {
        self.provider.post_logout_redirect_uri.as_ref()
    }

    /// See [`Self::trust_token_endpoint`].
    #[must_use]
    pub fn trusts_token_endpoint(&self) -> bool {
        self.provider.trusts_token_endpoint
    }
}
