//! The page: its address, its history, its clock and its random source.

use alloc::string::String;

use js_sys::{Array, Reflect, Symbol};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Window;

use crate::error::Error;

/// Where `claviger/early`, or a client that a response is not for, leaves the response for the
/// client that it is for: out of the address bar, and under a name that nothing enumerates.
const HELD: &str = "claviger";

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    // Never negative, and far below 2^53: the cast loses the fraction only.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let seconds = (js_sys::Date::now() / 1000.0) as u64;
    seconds
}

/// 32 bytes from the platform's CSPRNG.
pub(crate) fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Error::RandomUnavailable)?;
    Ok(bytes)
}

/// The page's address; `None` where there is no page, as on a server.
pub(crate) fn address() -> Option<String> {
    web_sys::window()?.location().href().ok()
}

/// Whether the page came over a connection on which everybody can read along.
pub(crate) fn is_insecure() -> bool {
    web_sys::window().is_some_and(|window| {
        !window.is_secure_context() && window.location().protocol().is_ok_and(|p| p == "http:")
    })
}

/// Leaves the page for another address.
pub(crate) fn assign(url: &str) -> Result<(), JsValue> {
    window()?.location().assign(url)
}

/// Puts another address into the address bar and into the history, without a new entry there.
pub(crate) fn replace_address(url: &str) -> Result<(), JsValue> {
    let history = window()?.history()?;
    history.replace_state_with_url(&history.state()?, "", Some(url))
}

fn window() -> Result<Window, JsValue> {
    web_sys::window().ok_or_else(|| {
        js_sys::Error::new("There is no page here; sign in from a browser or a webview.").into()
    })
}

/// A response that was taken out of the address bar before, and the address that was left there.
pub(crate) struct Held {
    pub(crate) url: String,
    pub(crate) left: String,
}

impl Held {
    /// Takes the response, if one is held; nobody else gets it then.
    pub(crate) fn take() -> Option<Self> {
        let window = web_sys::window()?;
        let name = Symbol::for_(HELD);
        let held: Array = Reflect::get(&window, &name).ok()?.dyn_into().ok()?;
        Reflect::delete_property(&window, &name).ok()?;
        Some(Self {
            url: held.get(0).as_string()?,
            left: held.get(1).as_string()?,
        })
    }

    /// Holds it for another client on this page.
    pub(crate) fn put(&self) -> Result<(), JsValue> {
        let held = Array::of2(
            &JsValue::from_str(&self.url),
            &JsValue::from_str(&self.left),
        );
        Reflect::set(&*window()?, &Symbol::for_(HELD), &held).map(|_| ())
    }
}
