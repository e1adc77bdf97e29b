//! A page in Rust that signs in, stays signed in, and shows whose the token is.
#![cfg(target_arch = "wasm32")]

mod by_query;
mod elements;
mod openid;
mod signal;
mod under_way;

// <readme>
use claviger::browser::{BrowserClient, Failure, Store, TokenStore};
use claviger::{
    AuthorizationServer, Client, InvalidOption, RedirectUri, Resources, ResponseMode,
    SessionPolicy, TokenEndpoint, Url,
};
use web_sys::{Request, Response};

/// `server` is what the server's metadata says; the rest is as you registered it there.
fn client(
    server: AuthorizationServer,
    registered: &Registered,
) -> Result<BrowserClient, InvalidOption> {
    let redirect_uri = RedirectUri::parse(&registered.redirect_uri)?;
    let mut client = Client::new(server, registered.client_id.clone(), redirect_uri)?;
    // Codes with PKCE, where the server has an endpoint for them; else tokens.
    if let Some(url) = &registered.token_endpoint {
        let endpoint = TokenEndpoint::new(Url::parse(url)?, registered.client_id.clone())?;
        client.ask_for_codes(endpoint, ResponseMode::Query)?;
    }
    // Who the user is, where the server says that, too.
    if registered.scope.split(' ').any(|one| one == "openid") {
        openid::ask(&mut client, registered)?;
    }
    let mut sessions = SessionPolicy::new(client);
    sessions.set_auto_renew(registered.auto_renew);
    if let Some(url) = &registered.revocation_endpoint {
        sessions.set_revocation_endpoint(Url::parse(url)?)?;
    }
    let resources = Resources::new(vec![Url::parse(&registered.api)?])?;
    let tokens = registered.tokens();
    Ok(BrowserClient::with_session(
        sessions,
        resources,
        Store::Session,
        tokens,
    ))
}

/// When the page starts: `None` where nobody is signed in, so that a button can start a login.
async fn profile(client: &BrowserClient, api: &str) -> Result<Option<Response>, Failure> {
    client.handle_redirect().await?;
    // A session that a storage kept may need a new token first.
    client.ready().await;
    if client.token().is_none() {
        return Ok(None);
    }
    let request = Request::new_with_str(&format!("{api}/profile"))?;
    client.fetch(&request).await.map(Some)
}
// </readme>

use std::cell::RefCell;
use std::future::Future;
use std::mem::forget;

use any_spawner::Executor;
use claviger::browser::{SessionNews, discover};
use claviger::{RenewalParameters, TokenRequest};
use elements::{element, on_click, show, show_failure};
use js_sys::futures::{JsFuture, future_to_promise, spawn_local};
use js_sys::{Error, Reflect};
use reactive_graph::effect::Effect;
use reactive_graph::owner::Owner;
use reactive_graph::traits::With;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use under_way::UnderWay;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::window;

/// What the application knows of its registration; here the server of the demo tells it.
#[derive(Clone, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Registered {
    client_id: String,
    redirect_uri: String,
    api: String,
    token_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    auto_renew: bool,
    scope: String,
    issuer: String,
    response_type: String,
    jwks_uri: Option<String>,
    userinfo_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
    post_logout_redirect_uri: Option<String>,
    /// Takes ID tokens of the token endpoint without the issuer's keys.
    front_channel: bool,
    /// `memory`, `session` or `local`.
    token_store: String,
    /// To be asked for the rest.
    discover: Option<String>,
}

impl Registered {
    fn tokens(&self) -> TokenStore {
        match self.token_store.as_str() {
            "session" => TokenStore::Session,
            "local" => TokenStore::Local,
            _ => TokenStore::Memory,
        }
    }
}

#[derive(Deserialize)]
struct Profile {
    name: String,
}

#[wasm_bindgen(start)]
fn main() {
    // An exception that nobody expected is one of the page's, in its console.
    let _ = future_to_promise(async { run().await.map(|()| JsValue::UNDEFINED) });
}

async fn run() -> Result<(), JsValue> {
    let window = window().ok_or_else(|| Error::new("There is no page."))?;
    let config = Request::new_with_str("/config.json")?;
    let config = JsFuture::from(window.fetch_with_request(&config)).await?;
    let config = json(&config.dyn_into()?).await?;
    // Read first, for its error says more of a wrong document.
    let given = if Reflect::has(&config, &"discover".into())? {
        None
    } else {
        Some(AuthorizationServer::from_metadata(&config).map_err(thrown)?)
    };
    let mut registered: Registered = read(config)?;
    let issuer = registered.discover.clone().unwrap_or_default();
    let server = match given {
        Some(server) => server,
        None => found(&issuer, &mut registered).await.map_err(thrown)?,
    };
    let by_query = by_query::client(server.clone(), &registered).map_err(thrown)?;
    let client = client(server, &registered).map_err(thrown)?;
    follow(&client)?;
    shown(profile(&client, &registered.api).await).await?;
    openid::show_who(&client)?;
    openid::show_logout(&client)?;
    listen(&client, &by_query, &registered)
}

/// What the server says of itself.
async fn found(issuer: &str, registered: &mut Registered) -> Result<AuthorizationServer, Failure> {
    let metadata = discover(issuer).await?;
    registered.token_endpoint = metadata.token_endpoint().map(Into::into);
    registered.revocation_endpoint = metadata.revocation_endpoint().map(Into::into);
    registered.jwks_uri = metadata.jwks_uri().map(Into::into);
    registered.userinfo_endpoint = metadata.userinfo_endpoint().map(Into::into);
    registered.end_session_endpoint = metadata.end_session_endpoint().map(Into::into);
    Ok(AuthorizationServer::try_from(&metadata)?)
}

fn thrown(failure: impl Into<Failure>) -> JsValue {
    failure.into().into()
}

/// Shows whose the token is.
async fn shown(answer: Result<Option<Response>, Failure>) -> Result<(), JsValue> {
    match answer {
        Ok(Some(response)) if response.ok() => {
            let profile: Profile = read(json(&response).await?)?;
            show(&profile.name, "")
        }
        Ok(Some(response)) => show(&format!("The server said {}.", response.status()), ""),
        Ok(None) => show("Signed out", ""),
        Err(failure) => show_failure(&failure),
    }
}

/// What the buttons do.
fn listen(
    client: &BrowserClient,
    by_query: &BrowserClient,
    registered: &Registered,
) -> Result<(), JsValue> {
    let own = client.clone();
    on_click("sign-in", move || match own.login(own.request()) {
        Ok(()) => Ok(()),
        Err(failure) => show_failure(&failure),
    })?;
    let own = client.clone();
    on_click("sign-out", move || match own.logout() {
        Ok(()) => show("Signed out", ""),
        Err(failure) => show_failure(&failure),
    })?;
    let (own, api) = (client.clone(), registered.api.clone());
    on_click("call", move || {
        let (own, api) = (own.clone(), api.clone());
        spawn_local(async move {
            let _ = shown(profile(&own, &api).await).await;
        });
        show("Loading", "")
    })?;
    let (own, other, api) = (client.clone(), by_query.clone(), registered.api.clone());
    on_click("call-by-query", move || {
        let (own, other, api) = (own.clone(), other.clone(), api.clone());
        spawn_local(async move {
            let _ = shown(by_query::call(&other, &own, &api).await.map(Some)).await;
        });
        show("Loading", "")
    })?;
    on_click("give-up", || {
        under_way::give_up();
        show("Given up", "")
    })?;
    act("sign-in-popup", client, |client| async move {
        client.login_popup(client.request()).await.map(drop)
    })?;
    act("renew", client, |client| async move {
        client.renew().await.map(drop)
    })?;
    act("renew-with", client, |client| async move {
        let mut parameters = RenewalParameters::new();
        parameters.add("resource", "https://api.example/reports")?;
        client.renew_with(parameters).await.map(drop)
    })?;
    act("revoke", client, |client| async move {
        client.logout_and_revoke().await
    })?;
    openid::listen(client)?;
    let registered = registered.clone();
    act("begin", client, move |client| {
        begin(client, registered.clone())
    })
}

/// Ends the session, and begins another one with the same grant, as a program does that has got its
/// refresh token in another way.
async fn begin(client: BrowserClient, registered: Registered) -> Result<(), Failure> {
    let refresh_token = client.session().and_then(|set| set.refresh_token);
    client.logout()?;
    let url = Url::parse(&registered.token_endpoint.unwrap_or_default())?;
    let endpoint = TokenEndpoint::new(url, registered.client_id)?;
    let request = TokenRequest::refresh(&endpoint, &refresh_token.unwrap_or_default(), "");
    client.begin(client.request_token(request).await?)
}

/// Does something at a click, and shows what came of it.
fn act<F: Future<Output = Result<(), Failure>> + 'static>(
    id: &'static str,
    client: &BrowserClient,
    run: impl Fn(BrowserClient) -> F + 'static,
) -> Result<(), JsValue> {
    let client = client.clone();
    on_click(id, move || {
        let outcome = run(client.clone());
        spawn_local(UnderWay::new(async move {
            let _ = match outcome.await {
                Ok(()) => show(&format!("Done: {id}"), ""),
                Err(failure) => show_failure(&failure),
            };
        }));
        show("Loading", "")
    })
}

thread_local! {
    static NEWS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Shows the state and the news, and lets the button for signing out tell whether somebody is signed in.
fn follow(client: &BrowserClient) -> Result<(), JsValue> {
    let (state, news) = (element("state")?, element("news")?);
    state.set_text_content(Some(client.state().as_str()));
    openid::show_who(client)?;
    let own = client.clone();
    forget(client.subscribe(move |told| {
        let told = match told {
            SessionNews::Changed(change, cause) => {
                format!("{} by {}", change.as_str(), cause.as_str())
            }
            SessionNews::RenewalFailed(error, cause) => {
                format!("{} by {}", error.code(), cause.as_str())
            }
            _ => "unkept".to_owned(),
        };
        NEWS.with_borrow_mut(|all| all.push(told));
        news.set_text_content(Some(&NEWS.with_borrow(|all| all.join(", "))));
        state.set_text_content(Some(own.state().as_str()));
        let _ = openid::show_who(&own);
    }));
    let sign_out = element("sign-out")?;
    // It is initialized once.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| {
        let token = signal::token_of(client);
        Effect::new(move || {
            let _ = sign_out.toggle_attribute_with_force("disabled", token.with(Option::is_none));
        });
    });
    // It lives as long as the page.
    forget(owner);
    Ok(())
}

async fn json(response: &Response) -> Result<JsValue, JsValue> {
    JsFuture::from(response.json()?).await
}

fn read<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    Ok(serde_wasm_bindgen::from_value(value)?)
}
