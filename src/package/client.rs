//! A client of the npm package: its options, and its token.

use alloc::string::String;

use super::page;
use super::store::Store;
use crate::authorization::AuthorizationRequest;
use crate::bearer::Resources;
use crate::client::{Client, RedirectUri};
use crate::error::{Error, InvalidOption};
use crate::params::{Params, decode, next_pair};
use crate::server::AuthorizationServer;
use crate::text::{cut, decimal, number, split};
use crate::token::Token;
use crate::url::Url;

/// The members of a client's form. A flag counts by being there; of the redirect URI there is the
/// text that was given, and what the browser's parser made of it.
const OPTIONS: &str = "authorization_endpoint issuer promised client_id redirect_uri redirect scope stateLifetime hashRouter assumeTokenType store page own resources";

/// A call that failed: the facade throws it.
pub(crate) enum Failure {
    OAuth(Error),
    Argument(InvalidOption),
}

pub(crate) struct PackageClient {
    client: Client,
    pub(super) resources: Resources,
    store: Store,
    /// The page's address when the client was made; empty where there is no page.
    page: Url,
    pub(super) token: Option<Token>,
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
        match options.get("assumeTokenType") {
            "" => {}
            "Bearer" => client.assume_bearer(true),
            _ => return Err(wrong("assumeTokenType", "be 'Bearer'")),
        }
        let page = url("page");
        let resources = if options.has("own") {
            Resources::own_origin(&page)
        } else {
            super::resources::read(options.get("resources"))?
        };
        Ok(Self {
            client,
            resources,
            store: Store(owned(&options, "store")),
            page,
            token: None,
        })
    }

    /// `text` is a form with `app_state` and `return_to`, and on a second line the form of further
    /// parameters.
    pub(crate) fn start(&self, text: &str, reply: &mut Params) -> Result<(), Failure> {
        let (kept, parameters) = cut(text, b'\n');
        let mut request = AuthorizationRequest::new(&self.client);
        let mut form = split(parameters.unwrap_or_default(), b'&');
        while let Some((name, value)) = next_pair(&mut form) {
            // The browser's own encoder wrote them.
            if let (Some(name), Some(value)) = (decode(name), decode(value)) {
                request.add_parameter(&name, &value)?;
            }
        }
        let kept = Params::read(kept, "app_state return_to")?;
        request.set_app_state(kept.get("app_state"));
        if kept.has("return_to") {
            request.set_return_to(kept.get("return_to"))?;
        }
        if self.page.is_in_the_clear() {
            return Err(Error::InsecureContext.into());
        }
        let (url, pending) = request.start(&page::random()?, page::now());
        self.client.keep(&self.store, &pending)?;
        reply.add("url", &url);
        Ok(())
    }

    /// Answers the response before anything can wait. The address to show instead of the response's
    /// comes with every outcome.
    pub(crate) fn finish(&mut self, url: &str, reply: &mut Params) -> Result<(), Failure> {
        let url = Url::from_serialization(url.into());
        let handled = self.client.handle(&self.store, &url, page::now());
        if let Some(address) = &handled.scrubbed {
            reply.add("address", address);
        }
        let Some(grant) = handled.outcome? else {
            return Ok(());
        };
        let token = self.token.insert(grant.token);
        reply.add("access_token", token.access_token());
        if let (Some(end), Some(until)) = (token.expires_at(), token.usable_until()) {
            reply.add("expires_at", &decimal(end));
            reply.add("usable_until", &decimal(until));
        }
        reply.add("scope", token.scope().unwrap_or_default());
        reply.add("app_state", grant.app_state.as_deref().unwrap_or_default());
        reply.add("return_to", grant.return_to.as_deref().unwrap_or_default());
        Ok(())
    }

    /// The value of the `Authorization` header for a request to this URL.
    #[cfg(not(feature = "bearer"))]
    pub(crate) fn authorize(&self, url: &str, reply: &mut Params) -> Result<(), Failure> {
        let url = Url::from_serialization(url.into());
        let token = self.token.as_ref();
        let header = self.resources.authorize(&url, token, page::now())?;
        reply.add("header", &header);
        Ok(())
    }

    pub(crate) fn logout(&mut self) {
        self.token = None;
    }
}

impl Failure {
    /// What the facade makes an `OAuthError` or a `TypeError` of.
    pub(crate) fn write(&self, reply: &mut Params) {
        match self {
            Self::OAuth(error) => {
                reply.add("code", error.code());
                reply.add("message", error.message());
                if let Error::AuthorizationError(said) = error {
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

fn owned(options: &Params, name: &str) -> String {
    options.get(name).into()
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
