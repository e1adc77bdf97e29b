//! The page: its address, its history, its clock, its random source and its `fetch`.

use alloc::string::String;

use js_sys::{Date, Promise};
use wasm_bindgen::JsValue;
use web_sys::{Request, window};

use crate::owned::Error;
use crate::owned::Url;

/// What the address bar shows; `None` where there is no page, in a worker for instance.
pub(super) fn address() -> Option<Url> {
    let href: String = window()?.location().href().ok()?;
    Some(Url::from_serialization(href))
}

/// Shows another address for the same entry of the history, with the state that the application
/// keeps there.
pub(super) fn replace_address(url: &str) -> Result<(), JsValue> {
    let Some(window) = window() else {
        return Ok(());
    };
    let history = window.history()?;
    history.replace_state_with_url(&history.state()?, "", Some(url))
}

/// Leaves for another page.
pub(super) fn assign(url: &str) -> Result<(), JsValue> {
    match window() {
        Some(window) => window.location().assign(url),
        None => Ok(()),
    }
}

/// Sends a request; `None` where there is no page.
pub(super) fn fetch(request: &Request) -> Option<Promise> {
    Some(window()?.fetch_with_request(request))
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    // Never negative, and far below 2^53: the cast loses the fraction only.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let seconds = (Date::now() / 1000.0) as u64;
    seconds
}

/// Bytes from the platform's CSPRNG, for one login.
pub(super) fn random() -> Result<[[u8; 32]; 2], Error> {
    let mut bytes = [[0; 32]; 2];
    match getrandom::fill(bytes.as_flattened_mut()) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(Error::RandomUnavailable),
    }
}
