//! The client and the server: RFC 6749, section 2; RFC 8414, section 2.

#[cfg(feature = "sign-in")]
use alloc::boxed::Box;
use alloc::string::String;

use super::error::InvalidOption;
use super::redirect_uri::RedirectUri;
#[cfg(feature = "sign-in")]
use super::relying_party::RelyingParty;
use super::token_endpoint::TokenEndpoint;
use super::url::Url;
use crate::authorization::place::Place;
use crate::error::Invalid;
use crate::registration::client::{
    self as core_client, check_client_id, check_scope, check_state_lifetime,
};
use crate::registration::server::{self as core_server, OURS_FOR_CODE};
use crate::registration::state_lifetime::STATE_LIFETIME_SECONDS;
use crate::syntax::form::has_name;

/// An authorization server that was checked when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        core_server::AuthorizationServer::new(authorization_endpoint.parts())?;
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

    fn as_core(&self) -> core_server::AuthorizationServer<'_> {
        core_server::AuthorizationServer {
            authorization_endpoint: self.authorization_endpoint.parts(),
            issuer: self.issuer.as_deref().map(str::as_bytes),
            promises_issuer: self.promises_issuer,
        }
    }
}

/// In which part of the redirect URI a code comes back: OAuth 2.0 Multiple Response Type Encoding
/// Practices, section 2.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseMode {
    /// The server's default for a code.
    #[default]
    Query,
    /// The part that browsers send to no server.
    Fragment,
}

impl ResponseMode {
    pub(super) fn place(self) -> Place {
        match self {
            Self::Query => Place::Query,
            Self::Fragment => Place::Fragment,
        }
    }
}

/// One client at one server: all that its requests have in common.
#[derive(Clone, Debug)]
pub struct Client {
    server: AuthorizationServer,
    client_id: String,
    redirect_uri: RedirectUri,
    scope: String,
    state_lifetime: u64,
    hash_router: bool,
    assumes_bearer: bool,
    /// Where codes are exchanged, for a client that asks for them.
    token_endpoint: Option<TokenEndpoint>,
    response_mode: ResponseMode,
    #[cfg(feature = "sign-in")]
    party: Option<Box<RelyingParty>>,
    /// No access token beside the ID token.
    #[cfg(feature = "sign-in")]
    is_id_token_alone: bool,
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
        check_client_id(client_id.as_bytes())?;
        Ok(Self {
            server,
            client_id,
            redirect_uri,
            scope: String::new(),
            state_lifetime: STATE_LIFETIME_SECONDS,
            hash_router: false,
            assumes_bearer: false,
            token_endpoint: None,
            response_mode: ResponseMode::Query,
            #[cfg(feature = "sign-in")]
            party: None,
            #[cfg(feature = "sign-in")]
            is_id_token_alone: false,
        })
    }

    /// Asks for codes from now on, with PKCE, and exchanges them there (RFC 6749, section 4.1;
    /// RFC 7636).
    ///
    /// # Errors
    ///
    /// The token endpoint is another client's; the authorization endpoint has a parameter of ours in
    /// its query.
    pub fn ask_for_codes(
        &mut self,
        endpoint: TokenEndpoint,
        mode: ResponseMode,
    ) -> Result<(), InvalidOption> {
        if endpoint.client_id() != self.client_id {
            return Err(Invalid::ClientIdAtEndpoints.into());
        }
        let query = self.server.authorization_endpoint.parts().query();
        if has_name(query.unwrap_or_default(), OURS_FOR_CODE) {
            return Err(Invalid::AuthorizationEndpointForCode.into());
        }
        self.token_endpoint = Some(endpoint);
        self.response_mode = mode;
        Ok(())
    }

    /// Where this client exchanges codes; `None` for one that asks for tokens.
    #[must_use]
    pub fn token_endpoint(&self) -> Option<&TokenEndpoint> {
        self.token_endpoint.as_ref()
    }

    pub(super) fn response_mode(&self) -> ResponseMode {
        self.response_mode
    }

    /// The scope to ask for (RFC 6749, section 3.3).
    ///
    /// # Errors
    ///
    /// It is not a list of scope tokens with single spaces between them, or lacks the `openid` of a client
    /// that asks for ID tokens.
    pub fn set_scope(&mut self, scope: String) -> Result<(), InvalidOption> {
        check_scope(scope.as_bytes())?;
        #[cfg(feature = "sign-in")]
        if self.party.is_some() && !has_openid(&scope) {
            return Err(NO_OPENID);
        }
        self.scope = scope;
        Ok(())
    }

    /// Seconds that a login may take; 3,600 by default.
    ///
    /// # Errors
    ///
    /// It is zero.
    pub fn set_state_lifetime(&mut self, seconds: u64) -> Result<(), InvalidOption> {
        check_state_lifetime(seconds)?;
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

    pub(super) fn as_core(&self) -> core_client::Client<'_> {
        core_client::Client {
            server: self.server.as_core(),
            client_id: self.client_id.as_bytes(),
            redirect_uri: self.redirect_uri.as_core(),
            scope: self.scope.as_bytes(),
            state_lifetime: self.state_lifetime,
            hash_router: self.hash_router,
            assumes_bearer: self.assumes_bearer,
        }
    }
}

#[cfg(feature = "sign-in")]
const NO_OPENID: InvalidOption = InvalidOption {
    option: "scope",
    must: "have openid, set before, for a client that asks for ID tokens",
};

#[cfg(feature = "sign-in")]
fn has_openid(scope: &str) -> bool {
    scope.split(' ').any(|one| one == "openid")
}

/// Signing in with OpenID Connect: by the code where the client asks for codes, else by the fragment.
#[cfg(feature = "sign-in")]
impl Client {
    /// Asks for ID tokens from now on, with what they have to fit (OpenID Connect Core 1.0): beside a code
    /// (section 3.1), where the client [asks for codes](Self::ask_for_codes), which it does before this; else
    /// beside the token, by the response type `id_token token` (section 3.2).
    ///
    /// No token counts then before its ID token is verified: a response brings a [`crate::SignIn`].
    ///
    /// ```
    /// # fn client(mut client: claviger::Client) -> Result<claviger::Client, claviger::InvalidOption> {
    /// use claviger::{RelyingParty, Url};
    ///
    /// client.set_scope("openid profile".into())?;
    /// let mut party = RelyingParty::new("https://as.example".into(), "spa".into())?;
    /// party.set_jwks_uri(Url::parse("https://as.example/jwks")?)?;
    /// client.ask_for_id_tokens(party)?;
    /// # Ok(client)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The scope lacks `openid`; the issuer or the `client_id` is another one than this client's; there is
    /// neither [`RelyingParty::set_jwks_uri`] nor [`RelyingParty::set_jwks`], and no
    /// [`RelyingParty::trust_token_endpoint`] for a client that asks for codes.
    pub fn ask_for_id_tokens(&mut self, party: RelyingParty) -> Result<(), InvalidOption> {
        if !has_openid(&self.scope) {
            return Err(NO_OPENID);
        }
        if party.client_id() != self.client_id {
            return Err(InvalidOption {
                option: "client_id",
                must: "be the same for the relying party and for the client",
            });
        }
        let issuer = self
            .server
            .issuer
            .get_or_insert_with(|| party.issuer().into());
        if issuer != party.issuer() {
            return Err(Invalid::IssuerOfIdToken.into());
        }
        let is_signed = !(party.trusts_token_endpoint() && self.token_endpoint.is_some());
        if is_signed && party.jwks_uri().is_none() && party.jwks().is_none() {
            return Err(Invalid::JwksUri.into());
        }
        self.party = Some(Box::new(party));
        self.is_id_token_alone = false;
        Ok(())
    }

    /// The same for a client that wants to know who the user is, and nothing else: by the response type
    /// `id_token`, without an access token in any URL. Such a session has no [`crate::Token`].
    ///
    /// # Errors
    ///
    /// Those of [`Self::ask_for_id_tokens`]; the client asks for codes.
    pub fn ask_for_id_tokens_alone(&mut self, party: RelyingParty) -> Result<(), InvalidOption> {
        if self.token_endpoint.is_some() {
            return Err(InvalidOption {
                option: "response_type",
                must: "be either code or id_token",
            });
        }
        self.ask_for_id_tokens(party)?;
        self.is_id_token_alone = true;
        Ok(())
    }

    /// What this client's ID tokens have to fit; `None` for one that asks for none.
    #[must_use]
    pub fn relying_party(&self) -> Option<&RelyingParty> {
        self.party.as_deref()
    }

    pub(super) fn asks_for_id_token_alone(&self) -> bool {
        self.is_id_token_alone && self.token_endpoint.is_none()
    }
}
