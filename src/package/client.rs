//! A client of the npm package: its options, and its token.

use alloc::string::String;

use super::page;
use super::reply::Reply;
#[cfg(feature = "code")]
use super::session::Session;
use super::store::Store;
use crate::authorization::request::AuthorizationRequest;
use crate::error::{Error, InvalidOption};
use crate::login::record::Granted;
use crate::login::store::Handled;
use crate::registration::client::{Client, RedirectUri};
use crate::registration::server::AuthorizationServer;
use crate::resource::allowlist::Resources;
use crate::syntax::form::{Params, decode, next_pair};
use crate::syntax::text::{cut, decimal, number, split};
use crate::syntax::url::Url;
#[cfg(feature = "code")]
use crate::token::response::TokenSet;
use crate::token::token::Token;

/// The members of a client's form. A flag counts by being there; of the redirect URI there is the
/// text that was given, and what the browser's parser made of it.
#[cfg(not(feature = "code"))]
const OPTIONS: &str = "authorization_endpoint issuer promised client_id redirect_uri redirect scope stateLifetime hashRouter assumeTokenType store page own resources";
#[cfg(feature = "code")]
const OPTIONS: &str = "authorization_endpoint issuer promised client_id redirect_uri redirect scope stateLifetime hashRouter assumeTokenType store page own resources response_type response_mode token_endpoint revocation_endpoint client_secret token_endpoint_auth_method tokenRequestFormat allowSecretInBrowser tokenStore";

/// What a login takes along.
#[cfg(not(feature = "code"))]
const KEPT: &str = "app_state return_to";
#[cfg(feature = "code")]
const KEPT: &str = "app_state return_to relay";

/// A call that failed: the facade throws it.
pub(crate) enum Failure {
    OAuth(Error),
    Argument(InvalidOption),
}

pub(crate) struct PackageClient {
    pub(super) client: Client,
    pub(super) resources: Resources,
    pub(super) logins: Store,
    /// The page's address when the client was made; empty where there is no page.
    page: Url,
    pub(super) token: Option<Token>,
    #[cfg(feature = "code")]
    pub(super) session: Session,
}

impl PackageClient {
    pub(crate) fn new(options: &str) -> Result<Self, Failure> {
        let options = Params::read(options, OPTIONS)?;
        let url = |name| Url::from_serialization(owned(&options, name));
        let mut server = AuthorizationServer::new(url("authorization_endpoint"))?;
        if options.has("issuer") {
            server.set_issuer(owned(&options, "issuer"), options.has("promised"));
        } else if options.has("promised") {
            return Err(wrong(
                "server.issuer",
                "be there when authorization_response_iss_parameter_supported is",
            ));
        }
        let redirect_uri = RedirectUri::new(owned(&options, "redirect_uri"), url("redirect"))?;
        let mut client = Client::new(server, owned(&options, "client_id"), redirect_uri)?;
        if options.has("scope") {
            client.set_scope(owned(&options, "scope"))?;
        }
        if options.has("stateLifetime") {
            client.set_state_lifetime(number(options.get("stateLifetime")).unwrap_or_default())?;
        }
        client.set_hash_router(options.get("hashRouter") == "true");
        client.assume_bearer(assumes_bearer(&options)?);
        let page = url("page");
        let resources = if options.has("own") {
            Resources::own_origin(&page)
        } else {
            super::resources::read(options.get("resources"))?
        };
        #[cfg(feature = "code")]
        let session = Session::new(&options, &page, &mut client)?;
        Ok(Self {
            client,
            resources,
            logins: Store::named(options.get("store")),
            page,
            token: None,
            #[cfg(feature = "code")]
            session,
        })
    }

    /// `text` is a form with `app_state` and `return_to`, and on a second line the form of further
    /// parameters.
    pub(crate) fn start(&self, text: &str, reply: &mut Reply) -> Result<(), Failure> {
        let (kept, parameters) = cut(text, b'\n');
        let mut request = AuthorizationRequest::new(&self.client);
        let mut form = split(parameters.unwrap_or_default(), b'&');
        while let Some((name, value)) = next_pair(&mut form) {
            // The browser's own encoder wrote them.
            if let (Some(name), Some(value)) = (decode(name), decode(value)) {
                request.add_parameter(&name, &value)?;
            }
        }
        let kept = Params::read(kept, KEPT)?;
        #[cfg(feature = "code")]
        if kept.has("relay") {
            request.set_relayed();
        }
        request.set_app_state(kept.get("app_state"));
        if kept.has("return_to") {
            request.set_return_to(kept.get("return_to"))?;
        }
        if self.page.is_in_the_clear() {
            return Err(Error::InsecureContext.into());
        }
        let (url, pending) = request.start(&page::random()?, page::now());
        self.client.keep(&self.logins, &pending)?;
        reply.add("url", &url);
        Ok(())
    }

    /// Answers the response before anything can wait. The address to show instead of the response's
    /// comes with every outcome.
    pub(crate) fn finish(&mut self, url: &str, reply: &mut Reply) -> Result<(), Failure> {
        let url = Url::from_serialization(url.into());
        let handled = self.client.handle(&self.logins, &url, page::now());
        self.take(handled, reply)
    }

    /// What a response came to.
    pub(super) fn take(&mut self, handled: Handled, reply: &mut Reply) -> Result<(), Failure> {
        if let Some(address) = &handled.scrubbed {
            reply.add("address", address);
        }
        let Some(grant) = handled.outcome? else {
            return Ok(());
        };
        reply.add("app_state", grant.app_state.as_deref().unwrap_or_default());
        reply.add("return_to", grant.return_to.as_deref().unwrap_or_default());
        match grant.granted {
            #[cfg(not(feature = "code"))]
            Granted::Token(token) => write_token(self.token.insert(token), reply),
            #[cfg(feature = "code")]
            Granted::Token(token) => self.begin(
                TokenSet {
                    token,
                    refresh_token: None,
                },
                reply,
            ),
            #[cfg(feature = "code")]
            Granted::Code(request) => {
                self.session.is_exchanging = true;
                super::endpoint::write(&request, reply);
            }
        }
        Ok(())
    }

    /// The value of the `Authorization` header for a request to this URL.
    #[cfg(not(feature = "bearer"))]
    pub(crate) fn authorize(&self, url: &str, reply: &mut Reply) -> Result<(), Failure> {
        let url = Url::from_serialization(url.into());
        let token = self.token.as_ref();
        let header = self.resources.authorize(&url, token, page::now())?;
        reply.add("header", &header);
        Ok(())
    }

    #[cfg(not(feature = "code"))]
    pub(crate) fn logout(&mut self) {
        self.token = None;
    }
}

/// What the facade shows of a token.
pub(super) fn write_token(token: &Token, reply: &mut Reply) {
    reply.add("access_token", token.access_token());
    if let (Some(end), Some(until)) = (token.expires_at(), token.usable_until()) {
        reply.add("expires_at", &decimal(end));
        reply.add("usable_until", &decimal(until));
    }
    reply.add("scope", token.scope().unwrap_or_default());
}

impl Failure {
    /// What the facade makes an `OAuthError` or a `TypeError` of.
    pub(crate) fn write(&self, reply: &mut Reply) {
        match self {
            Self::OAuth(error) => {
                reply.add("code", error.code());
                reply.add("message", error.message());
                if let Some(said) = error.server() {
                    reply.add("error", &said.error);
                    reply.add(
                        "error_description",
                        said.description.as_deref().unwrap_or_default(),
                    );
                    reply.add("error_uri", said.uri.as_deref().unwrap_or_default());
                }
            }
            Self::Argument(invalid) => reply.add("message", &invalid.message()),
        }
    }
}

pub(super) fn owned(options: &Params, name: &str) -> String {
    options.get(name).into()
}

/// For a server that leaves the type out.
pub(super) fn assumes_bearer(options: &Params) -> Result<bool, Failure> {
    match options.get("assumeTokenType") {
        "" => Ok(false),
        "Bearer" => Ok(true),
        _ => Err(wrong("assumeTokenType", "be 'Bearer'")),
    }
}

pub(super) fn wrong(option: &'static str, must: &'static str) -> Failure {
    Failure::Argument(InvalidOption { option, must })
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::OAuth(error)
    }
}

impl From<InvalidOption> for Failure {
    fn from(invalid: InvalidOption) -> Self {
        Self::Argument(invalid)
    }
}
