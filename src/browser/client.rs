//! A client of the npm package: its options, and its token.

use alloc::string::String;

use super::page;
use super::store::Store;
use crate::authorization::AuthorizationRequest;
use crate::bearer::Resources;
use crate::client::{Client, RedirectUri};
use crate::error::{Error, InvalidOption};
use crate::params::{Params, decode, pairs};
use crate::pending::Grant;
use crate::server::AuthorizationServer;
use crate::text::{decimal, number, split};
use crate::token::Token;
use crate::url::Url;

/// The members of a client's form. A flag counts by being there; of the redirect URI there is the
/// text that was given, and what the browser's parser made of it.
const OPTIONS: [&str; 13] = [
    "authorization_endpoint",
    "issuer",
    "promised",
    "client_id",
    "redirect_uri",
    "redirect",
    "scope",
    "stateLifetime",
    "hashRouter",
    "assumeTokenType",
    "local",
    "page",
    "resources",
];

/// A call that failed: the facade throws it.
pub(crate) enum Failure {
    OAuth(Error),
    Argument(InvalidOption),
}

pub(crate) struct PackageClient {
    client: Client,
    resources: Resources,
    store: Store,
    /// The page's address when the client was made; empty where there is no page.
    page: Url,
    token: Option<Token>,
}

impl PackageClient {
    pub(crate) fn new(options: &str) -> Result<Self, Failure> {
        let options = Params::read(options, &OPTIONS)?;
        let text = |name| String::from(options.get(name));
        let url = |name| Url::from_serialization(text(name));
        let mut server = AuthorizationServer::new(url("authorization_endpoint"))?;
        if options.has("issuer") {
            server.set_issuer(text("issuer"), options.has("promised"));
        }
        let redirect_uri = RedirectUri::new(text("redirect_uri"), url("redirect"))?;
        let mut client = Client::new(server, text("client_id"), redirect_uri)?;
        if options.has("scope") {
            client.set_scope(text("scope"))?;
        }
        if let Some(seconds) = number(options.get("stateLifetime")) {
            client.set_state_lifetime(seconds)?;
        }
        client.set_hash_router(options.has("hashRouter"));
        client.assume_bearer(options.has("assumeTokenType"));
        let page = url("page");
        let resources = if options.has("resources") {
            let urls = split(options.get("resources"), b' ');
            Resources::new(
                urls.map(|url| Url::from_serialization(url.into()))
                    .collect(),
            )?
        } else {
            Resources::own_origin(&page)
        };
        Ok(Self {
            client,
            resources,
            store: Store(if options.has("local") {
                "localStorage"
            } else {
                "sessionStorage"
            }),
            page,
            token: None,
        })
    }

    /// `parameters` is a form, and `kept` one with `app_state` and `return_to`.
    pub(crate) fn authorization_url(
        &self,
        parameters: &str,
        kept: &str,
    ) -> Result<Params, Failure> {
        let mut request = AuthorizationRequest::new(&self.client);
        for (name, value) in pairs(parameters) {
            // The browser's own encoder wrote them.
            if let (Some(name), Some(value)) = (decode(name), decode(value)) {
                request.add_parameter(&name, &value)?;
            }
        }
        let kept = Params::read(kept, &["app_state", "return_to"])?;
        request.set_app_state(kept.get("app_state"));
        if kept.has("return_to") {
            request.set_return_to(kept.get("return_to"))?;
        }
        if self.page.is_in_the_clear() {
            return Err(Error::InsecureContext.into());
        }
        let (url, pending) = request.start(&page::random()?, page::now());
        self.store.keep(&self.client, &pending)?;
        Ok(Params::of("url", &url))
    }

    /// Looks the record up, answers the response, and marks the record used, before anything can
    /// wait. The address to show instead of the response's comes with every outcome.
    pub(crate) fn handle_redirect(&mut self, url: &str) -> Params {
        let reading = self.client.read(&Url::from_serialization(url.into()));
        let key = reading.key();
        let found = match &key {
            Some(key) => self.store.find(key),
            None => Ok(String::new()),
        };
        let record = found.as_deref().ok().filter(|record| !record.is_empty());
        let answer = self.client.answer(reading, record, page::now());
        let mut reply = Params::default();
        reply.add("address", answer.scrubbed.as_deref().unwrap_or_default());
        let is_changed = match (&key, &answer.change) {
            (Some(key), Some(change)) => self.store.change(key, change),
            _ => Ok(()),
        };
        match (answer.outcome, found.map(drop).and(is_changed)) {
            // A response is unknown because the store is silent: that is the news then.
            (Err(_) | Ok(Some(_)), Err(error)) | (Err(error), Ok(())) => {
                Failure::OAuth(error).write(&mut reply);
            }
            (Ok(Some(grant)), Ok(())) => self.establish(grant, &mut reply),
            (Ok(None), _) => {}
        }
        reply
    }

    fn establish(&mut self, grant: Grant, reply: &mut Params) {
        let token = self.token.insert(grant.token);
        reply.add("access_token", token.access_token());
        if let Some(end) = token.expires_at() {
            reply.add("expires_at", &decimal(end));
        }
        for (name, value) in [
            ("scope", token.scope()),
            ("app_state", grant.app_state.as_deref()),
            ("return_to", grant.return_to.as_deref()),
        ] {
            reply.add(name, value.unwrap_or_default());
        }
    }

    /// The value of the `Authorization` header for a request to this URL.
    pub(crate) fn authorize(&self, url: &str) -> Result<Params, Failure> {
        let url = Url::from_serialization(url.into());
        let header = self
            .resources
            .authorize(&url, self.token.as_ref(), page::now())?;
        Ok(Params::of("header", &header))
    }

    /// Seconds for which the token may still be sent: 0 where there is none, infinite where the
    /// server didn't say.
    pub(crate) fn usable_for(&self) -> f64 {
        match &self.token {
            None => 0.0,
            // Below 2^53, which a number holds exactly.
            #[allow(clippy::cast_precision_loss)]
            Some(token) => token
                .usable_for(page::now())
                .map_or(f64::INFINITY, |seconds| seconds as f64),
        }
    }

    pub(crate) fn logout(&mut self) {
        self.token = None;
    }
}

impl Failure {
    /// What `OAuthError` or `TypeError` is made of.
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
