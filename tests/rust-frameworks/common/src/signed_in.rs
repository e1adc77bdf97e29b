//! The session.

use claviger::browser::{BrowserClient, Failure, SessionNews, Store, Subscription, TokenStore};
use claviger::{
    AuthorizationServer, Client, RedirectUri, Resources, ResponseMode, SessionPolicy,
    TokenEndpoint, Url,
};
use js_sys::futures::JsFuture;
use serde::Deserialize;
use web_sys::Request;

use crate::{Registered, Shown};

/// A client, as a context of a framework wants it.
#[derive(Clone, PartialEq)]
pub struct Session {
    client: BrowserClient,
    api: String,
}

#[derive(Deserialize)]
struct Profile {
    name: String,
}

impl Session {
    /// # Panics
    ///
    /// The registration is wrong.
    pub fn new(registered: &Registered) -> Self {
        match Self::open(registered) {
            Ok(session) => session,
            Err(failure) => panic!("{failure}"),
        }
    }

    fn open(registered: &Registered) -> Result<Self, Failure> {
        let id = &registered.client_id;
        let server = AuthorizationServer::new(Url::parse(&registered.authorization_endpoint)?)?;
        let uri = RedirectUri::parse(&registered.redirect_uri)?;
        let mut client = Client::new(server, id.clone(), uri)?;
        let endpoint = TokenEndpoint::new(Url::parse(&registered.token_endpoint)?, id.clone())?;
        client.ask_for_codes(endpoint, ResponseMode::Query)?;
        let mut sessions = SessionPolicy::new(client);
        sessions.set_auto_renew(registered.auto_renew);
        sessions.set_revocation_endpoint(Url::parse(&registered.revocation_endpoint)?)?;
        let resources = Resources::new(vec![Url::parse(&registered.api)?])?;
        let tokens = match registered.token_store.as_str() {
            "local" => TokenStore::Local,
            _ => TokenStore::Memory,
        };
        let client = BrowserClient::with_session(sessions, resources, Store::Session, tokens);
        let api = registered.api.clone();
        Ok(Self { client, api })
    }

    /// What the page has to show of the session.
    pub fn state(&self) -> &'static str {
        self.client.state().as_str()
    }

    /// Tells each change for as long as what this gives lives.
    pub fn follow(&self, tell: impl Fn(&str) + 'static) -> Subscription {
        self.client.subscribe(move |news| match news {
            SessionNews::Changed(change, cause) => {
                tell(&format!("{} by {}", change.as_str(), cause.as_str()));
            }
            SessionNews::RenewalFailed(error, cause) => {
                tell(&format!("{} by {}", error.code(), cause.as_str()));
            }
            _ => tell("unkept"),
        })
    }

    /// When the program starts.
    pub async fn start(&self) -> Shown {
        shown(self.profile().await)
    }

    /// What the button with this id does.
    pub async fn act(&self, id: &str) -> Shown {
        let client = &self.client;
        let done = match id {
            "sign-in" => client.login(client.request()),
            "renew" => client.renew().await.map(drop),
            "sign-out" => client.logout(),
            "revoke" => client.logout_and_revoke().await,
            _ => return self.start().await,
        };
        shown(done.map(|()| format!("Done: {id}")))
    }

    async fn profile(&self) -> Result<String, Failure> {
        self.client.handle_redirect().await?;
        self.client.ready().await;
        if self.client.token().is_none() {
            return Ok("Signed out".to_owned());
        }
        let request = Request::new_with_str(&format!("{}/profile", self.api))?;
        let response = self.client.fetch(&request).await?;
        if !response.ok() {
            return Ok(format!("The server said {}.", response.status()));
        }
        let profile = JsFuture::from(response.json()?).await?;
        let profile: Profile = serde_wasm_bindgen::from_value(profile)
            .map_err(|error| Failure::Platform(error.into()))?;
        Ok(profile.name)
    }
}

fn shown(outcome: Result<String, Failure>) -> Shown {
    match outcome {
        Ok(text) => Shown::text(&text),
        Err(failure) => Shown {
            text: failure.to_string(),
            code: failure.code().to_owned(),
        },
    }
}
