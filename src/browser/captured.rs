//! A response that was taken out of the address bar, by the npm package's `claviger/early` or for
//! another client on this page, waits under a symbol: its URL, and the address that was left.

use alloc::string::String;

use js_sys::{Array, Reflect, Symbol, global};
use wasm_bindgen::{JsCast, JsValue};

use crate::owned::Url;

const NAME: &str = "claviger";

/// Takes it; nobody else finds it any more.
pub(super) fn take() -> Option<(Url, Url)> {
    let (page, name) = (global(), name());
    let captured = Reflect::get(&page, &name).ok()?;
    let _ = Reflect::delete_property(&page, &name);
    let captured: Array = captured.dyn_into().ok()?;
    let url = |at| -> Option<Url> {
        let text: String = captured.get(at).as_string()?;
        Some(Url::from_serialization(text))
    };
    Some((url(0)?, url(1)?))
}

pub(super) fn capture(opened: &Url, left: &Url) {
    let captured = Array::of2(&opened.as_str().into(), &left.as_str().into());
    let _ = Reflect::set(&global(), &name(), &captured);
}

fn name() -> JsValue {
    Symbol::for_(NAME).into()
}
