//! The session of a client that may exchange codes, renew and keep its tokens.

use alloc::string::String;

use super::client::{Failure, PackageClient, write_token, wrong};
use super::endpoint;
use super::page;
use super::reply::Reply;
use super::store::Store;
use crate::error::{Error, InvalidOption};
use crate::login::store::{HandledHere, Storage};
use crate::registration::client::{Client, ResponseMode};
use crate::syntax::form::Params;
use crate::syntax::url::Url;
use crate::token::endpoint::{TokenEndpoint, check_endpoint};
use crate::token::request::{TokenRequest, TokenToRevoke};
use crate::token::response::TokenSet;

/// What belongs to a session beside its access token.
pub(crate) struct Session {
    refresh_token: Option<String>,
    /// A code is being exchanged; a logout meanwhile makes its answer nobody's.
    pub(super) is_exchanging: bool,
    /// Where it is kept; `None` for one that ends with the page.
    store: Option<Store>,
    /// The store has not refused it yet.
    is_kept: bool,
    /// The client at the token endpoint, or, where there is none, at the revocation endpoint.
    endpoint: Option<TokenEndpoint>,
    revocation_endpoint: Option<Url>,
}

impl Session {
    pub(super) fn new(options: &Params, page: &Url, client: &mut Client) -> Result<Self, Failure> {
        let revocation_endpoint = options
            .text("revocation_endpoint")
            .map(Url::from_serialization);
        if let Some(url) = &revocation_endpoint {
            check_endpoint(url, "server.revocation_endpoint")?;
        }
        let of_server = |name| options.text(name);
        let url = of_server("token_endpoint").or_else(|| of_server("revocation_endpoint"));
        let endpoint = match url {
            Some(url) => Some(endpoint::endpoint(options, &url, page)?),
            None => None,
        };
        let mode = match options.get("response_mode") {
            "" | "query" => ResponseMode::Query,
            "fragment" => ResponseMode::Fragment,
            _ => return Err(wrong("response_mode", "be 'query' or 'fragment'")),
        };
        if options.get("response_type") == "code" {
            match &endpoint {
                Some(endpoint) if options.has("token_endpoint") => {
                    client.ask_for_codes(endpoint.clone(), mode)?;
                }
                _ => {
                    return Err(wrong(
                        "server.token_endpoint",
                        "be there for the response_type code",
                    ));
                }
            }
        }
        let store = match options.get("tokenStore") {
            "" | "memory" => None,
            name @ ("session" | "local") => Some(Store::named(name)),
            _ => return Err(wrong("tokenStore", "be 'memory', 'session' or 'local'")),
        };
        Ok(Self {
            refresh_token: None,
            is_exchanging: false,
            store,
            is_kept: true,
            endpoint,
            revocation_endpoint,
        })
    }
}

impl PackageClient {
    /// Begins a session, or goes on with it, and keeps it where the client chose a store.
    pub(super) fn begin(&mut self, set: TokenSet, reply: &mut Reply) {
        if let Some(store) = self.session.store.as_ref().filter(|_| self.session.is_kept) {
            let key = TokenSet::key(&self.client);
            if !store.set(&key, &set.to_record(&self.client)) {
                // What is there belongs to an older session, and must not come back.
                let _ = store.remove(&key);
                self.session.is_kept = false;
                reply.add("unkept", "true");
            }
        }
        self.hold(set, reply);
    }

    fn hold(&mut self, set: TokenSet, reply: &mut Reply) {
        self.session.refresh_token = set.refresh_token;
        write_token(self.token.insert(set.token), reply);
    }

    pub(super) fn forget(&mut self) {
        self.token = None;
        self.session.refresh_token = None;
        if let Some(store) = &self.session.store {
            let _ = store.remove(&TokenSet::key(&self.client));
        }
    }

    /// What the store has now, which may be another tab's doing; nothing where the client has none.
    pub(super) fn restore(&mut self, reply: &mut Reply) {
        let Some(store) = self.session.store.as_ref().filter(|_| self.session.is_kept) else {
            return;
        };
        let record = store.get(&TokenSet::key(&self.client)).unwrap_or_default();
        match TokenSet::from_record(&self.client, &record, page::now()) {
            Some(set) => self.hold(set, reply),
            None => self.forget(),
        }
    }

    /// As `finish`, for the page's own address: a response that another window waits for is only told.
    pub(super) fn finish_own(&mut self, url: &str, reply: &mut Reply) -> Result<(), Failure> {
        let url = Url::from_serialization(url.into());
        match self.client.handle_here(&self.logins, &url, page::now()) {
            HandledHere::Handled(handled) => self.take(handled, reply),
            HandledHere::Relayed(scrubbed) => {
                reply.add("address", scrubbed.as_deref().unwrap_or_default());
                reply.add("relay", "true");
                Ok(())
            }
        }
    }

    /// The token for a code: `text` is what went with the request, and its answer.
    pub(super) fn exchanged(&mut self, text: &str, reply: &mut Reply) -> Result<(), Failure> {
        let (expected, answer) = endpoint::read(text)?;
        let set = TokenSet::read(&answer, &expected, page::now())?;
        if !self.session.is_exchanging {
            return Err(Error::LoginRequired.into());
        }
        self.session.is_exchanging = false;
        self.begin(set, reply);
        Ok(())
    }

    /// The request that renews the token; or the token itself, where it is no longer the one that was
    /// `known` when its renewal was asked for: another tab has renewed it.
    pub(super) fn renew(&mut self, known: &str, reply: &mut Reply) -> Result<(), Failure> {
        self.restore(reply);
        reply.clear();
        let token = self.token.as_ref().ok_or(Error::LoginRequired)?;
        if token.access_token() != known && token.is_usable(page::now()) {
            write_token(token, reply);
            return Ok(());
        }
        let refresh_token = self.session.refresh_token.as_ref();
        let (Some(endpoint), Some(refresh_token)) = (&self.session.endpoint, refresh_token) else {
            return Err(Error::LoginRequired.into());
        };
        let scope = token.scope().unwrap_or_default();
        endpoint::write(
            &TokenRequest::refresh(endpoint, refresh_token, scope),
            reply,
        );
        Ok(())
    }

    /// The renewed token: `text` is what went with the request, and its answer. A grant that is no
    /// longer valid ends the session.
    pub(super) fn renewed(&mut self, text: &str, reply: &mut Reply) -> Result<(), Failure> {
        let (expected, answer) = endpoint::read(text)?;
        if self.session.refresh_token.as_deref() != Some(&expected.refresh_token) {
            // It has ended since, or another one began: the answer belongs to neither.
            return Err(Error::LoginRequired.into());
        }
        match TokenSet::read(&answer, &expected, page::now()) {
            Ok(set) => {
                self.begin(set, reply);
                Ok(())
            }
            Err(error) => {
                if error
                    .server()
                    .is_some_and(|said| said.error == "invalid_grant")
                {
                    // A tab that did not wait for this one may have used the grant up.
                    self.restore(reply);
                    let refresh_token = self.session.refresh_token.as_deref();
                    if refresh_token.is_some_and(|it| it != expected.refresh_token) {
                        return Ok(());
                    }
                    self.forget();
                    reply.clear();
                    reply.add("ended", "true");
                }
                Err(error.into())
            }
        }
    }

    /// Ends the session. With a `text` it gives the requests that revoke its tokens, a line for each.
    pub(super) fn logout(&mut self, text: &str, reply: &mut Reply) -> Result<(), Failure> {
        let requests = if text.is_empty() {
            Ok(String::new())
        } else {
            self.revocations()
        };
        self.forget();
        self.session.is_exchanging = false;
        reply.add("requests", &requests?);
        Ok(())
    }

    fn revocations(&self) -> Result<String, InvalidOption> {
        let mut lines = String::new();
        let session = &self.session;
        let (Some(endpoint), Some(url)) = (&session.endpoint, &session.revocation_endpoint) else {
            return Ok(lines);
        };
        let refresh = session.refresh_token.as_deref().map(TokenToRevoke::Refresh);
        let access = self
            .token
            .as_ref()
            .map(|token| TokenToRevoke::Access(token.access_token()));
        for token in refresh.into_iter().chain(access) {
            let request = endpoint.revocation(url, token)?;
            lines.push_str(&endpoint::form(&request));
            lines.push_str("\n");
        }
        Ok(lines)
    }
}
