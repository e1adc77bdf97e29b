//! The page: its address, its history, its clock and its random source.

use alloc::string::{String, ToString};

use js_sys::Date;
use wasm_bindgen::JsValue;
use web_sys::Window;

use crate::owned::Error;
use crate::owned::Url;
use crate::syntax::secret::base64url;

/// The page; `None` where there is none: in a worker, and where a host only compiles or renders it. Nothing
/// of the platform is asked without it.
pub(super) fn window() -> Option<Window> {
    if cfg!(target_arch = "wasm32") {
        web_sys::window()
    } else {
        None
    }
}

/// What the address bar shows; `None` where there is no page, in a worker for instance.
pub(super) fn address() -> Option<Url> {
    let href: String = window()?.location().href().ok()?;
    Some(Url::from_serialization(href))
}

/// The page's origin.
pub(super) fn origin() -> Option<String> {
    window()?.location().origin().ok()
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

/// Seconds since 1970; 0 where there is no page, and so no session.
pub(super) fn now() -> u64 {
    if !cfg!(target_arch = "wasm32") {
        return 0;
    }
    // Never negative, and far below 2^53: the cast loses the fraction only.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let seconds = (Date::now() / 1000.0) as u64;
    seconds
}

/// A name that nobody has had. It has to be another one, and only that, where the platform has no random
/// bytes.
pub(super) fn new_name() -> String {
    match random() {
        Ok([bytes, ..]) => String::from_utf8_lossy(&base64url(&bytes)).into_owned(),
        Err(_) => now().to_string(),
    }
}

/// Bytes from the platform's CSPRNG, for one login.
pub(super) fn random() -> Result<[[u8; 32]; 3], Error> {
    let mut bytes = [[0; 32]; 3];
    match getrandom::fill(bytes.as_flattened_mut()) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(Error::RandomUnavailable),
    }
}
