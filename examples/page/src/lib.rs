//! A page in Rust that signs in, and shows whose the token is.
#![cfg(target_arch = "wasm32")]

mod signal;

// <readme>
use claviger::browser::{BrowserClient, Failure, Store};
use claviger::{AuthorizationServer, Client, InvalidOption, RedirectUri, Resources, Url};
use web_sys::{Request, Response};

/// `server` is the server's metadata document; the rest is as you registered it there.
fn client(server: &JsValue, registered: &Registered) -> Result<BrowserClient, InvalidOption> {
    let server = AuthorizationServer::from_metadata(server)?;
    let redirect_uri = &registered.redirect_uri;
    let redirect_uri = RedirectUri::new(redirect_uri.clone(), Url::parse(redirect_uri)?)?;
    let client = Client::new(server, registered.client_id.clone(), redirect_uri)?;
    let resources = Resources::new(vec![Url::parse(&registered.api)?])?;
    Ok(BrowserClient::new(client, resources, Store::Session))
}

/// When the page starts: `None` where no login came back, so that a button can start one.
async fn profile(client: &BrowserClient, api: &str) -> Result<Option<Response>, Failure> {
    if client.handle_redirect()?.is_none() {
        return Ok(None);
    }
    let request = Request::new_with_str(&format!("{api}/profile"))?;
    client.fetch(&request).await.map(Some)
}
// </readme>

use std::mem::forget;

use any_spawner::Executor;
use js_sys::Error;
use js_sys::futures::{JsFuture, future_to_promise};
use reactive_graph::effect::Effect;
use reactive_graph::owner::Owner;
use reactive_graph::traits::With;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, window};

/// What the application knows of its registration; here the server of the demo tells it.
#[derive(Deserialize)]
struct Registered {
    client_id: String,
    redirect_uri: String,
    api: String,
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
    let registered: Registered = read(config.clone())?;
    let client = client(&config, &registered).map_err(|invalid| Error::new(&invalid.message()))?;
    follow(&client)?;

    match profile(&client, &registered.api).await {
        Ok(Some(response)) if response.ok() => {
            let profile: Profile = read(json(&response).await?)?;
            show(&profile.name, "")?;
        }
        Ok(Some(response)) => show(&format!("The server said {}.", response.status()), "")?,
        Ok(None) => show("Signed out", "")?,
        Err(failure) => show_failure(&failure)?,
    }

    let own = client.clone();
    on_click("sign-in", move || match own.login(own.request()) {
        Ok(()) => Ok(()),
        Err(failure) => show_failure(&failure),
    })?;
    on_click("sign-out", move || {
        client.logout();
        show("Signed out", "")
    })
}

/// Lets the button for signing out show whether somebody is signed in.
fn follow(client: &BrowserClient) -> Result<(), JsValue> {
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

/// The sentences of an error quote nothing from outside, so they can be shown.
fn show_failure(failure: &Failure) -> Result<(), JsValue> {
    let code = match failure {
        Failure::OAuth(error) => error.code(),
        Failure::Platform(_) => "platform",
    };
    show(&failure.to_string(), code)
}

fn show(text: &str, code: &str) -> Result<(), JsValue> {
    let shown = element("shown")?;
    shown.set_text_content(Some(text));
    shown.set_attribute("data-code", code)
}

fn on_click(id: &str, click: impl FnMut() -> Result<(), JsValue> + 'static) -> Result<(), JsValue> {
    let closure = Closure::<dyn FnMut() -> Result<(), JsValue>>::new(click);
    element(id)?.set_onclick(Some(closure.as_ref().unchecked_ref()));
    // It lives as long as the page.
    closure.forget();
    Ok(())
}

fn element(id: &str) -> Result<HtmlElement, JsValue> {
    let element = window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(id))
        .ok_or_else(|| Error::new("The page lacks an element."))?;
    Ok(element.dyn_into()?)
}
