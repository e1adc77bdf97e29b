//! Who the user is, by `OpenID` Connect.

// <readme>
use claviger::browser::BrowserClient;
use claviger::{Client, InvalidOption, RedirectUri, RelyingParty, Url};

/// Asks who the user is, too: each login brings an ID token then, which is verified before anybody is
/// signed in. `RelyingParty::discovered` takes all of this from the server's metadata.
pub fn ask(client: &mut Client, registered: &Registered) -> Result<(), InvalidOption> {
    client.set_scope(registered.scope.clone())?;
    let mut party = RelyingParty::new(registered.issuer.clone(), registered.client_id.clone())?;
    if let Some(url) = &registered.jwks_uri {
        party.set_jwks_uri(Url::parse(url)?)?;
    }
    if let Some(url) = &registered.userinfo_endpoint {
        party.set_userinfo_endpoint(Url::parse(url)?)?;
    }
    if let Some(url) = &registered.end_session_endpoint {
        party.set_end_session_endpoint(Url::parse(url)?)?;
    }
    if let Some(uri) = &registered.post_logout_redirect_uri {
        let uri = RedirectUri::new(uri.clone(), Url::parse(uri)?)?;
        party.set_post_logout_redirect_uri(uri);
    }
    party.trust_token_endpoint(registered.front_channel);
    match registered.response_type.as_str() {
        "id_token" => client.ask_for_id_tokens_alone(party),
        _ => client.ask_for_id_tokens(party),
    }
}

/// What the page greets the user by.
pub fn name_of(client: &BrowserClient) -> Option<String> {
    let id_token = client.claims()?;
    let name = id_token.claims().text("name");
    Some(name.unwrap_or(id_token.subject()).to_owned())
}
// </readme>
use std::future::Future;

use claviger::browser::Failure;
use js_sys::futures::spawn_local;
use wasm_bindgen::JsValue;

use crate::Registered;
use crate::elements::{element, on_click, show, show_failure};

/// Shows it.
pub fn show_who(client: &BrowserClient) -> Result<(), JsValue> {
    element("who")?.set_text_content(name_of(client).as_deref());
    Ok(())
}

/// What the buttons do that are `OpenID` Connect's.
pub fn listen(client: &BrowserClient) -> Result<(), JsValue> {
    tell("userinfo", client, |client| async move {
        let told = client.userinfo().await?;
        Ok(told.claims().text("name").map(ToOwned::to_owned))
    })?;
    tell("resume", client, |client| async move {
        Ok(client.resume().await?.map(|it| it.subject().to_owned()))
    })?;
    tell("resume-by-redirect", client, |client| async move {
        let resumed = client.resume_by_redirect(client.request()).await?;
        Ok(resumed.map(|it| it.subject().to_owned()))
    })?;
    tell("end-session", client, |client| async move {
        let mut request = client.end_session()?;
        request.set_app_state("left".to_owned());
        client.logout_at_provider(request, false).await?;
        Ok(None)
    })
}

/// Shows what the user is told after a logout at the provider.
pub fn show_logout(client: &BrowserClient) -> Result<(), JsValue> {
    match client.handle_logout() {
        Ok(Some(logged_out)) => show(&logged_out.app_state.unwrap_or_default(), "logged_out"),
        Ok(None) => Ok(()),
        Err(failure) => show_failure(&failure),
    }
}

/// Does something at a click, and shows whom it has found.
fn tell<F: Future<Output = Result<Option<String>, Failure>> + 'static>(
    id: &str,
    client: &BrowserClient,
    run: impl Fn(BrowserClient) -> F + 'static,
) -> Result<(), JsValue> {
    let client = client.clone();
    on_click(id, move || {
        let outcome = run(client.clone());
        spawn_local(async move {
            let _ = match outcome.await {
                Ok(found) => show(found.as_deref().unwrap_or("Nobody"), ""),
                Err(failure) => show_failure(&failure),
            };
        });
        show("Loading", "")
    })
}
