//! What the page shows, and its buttons.

use claviger::browser::Failure;
use js_sys::Error;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, window};

/// The sentences of a failure quote nothing from outside, so they can be shown.
pub fn show_failure(failure: &Failure) -> Result<(), JsValue> {
    show(&failure.to_string(), failure.code())
}

pub fn show(text: &str, code: &str) -> Result<(), JsValue> {
    let shown = element("shown")?;
    shown.set_text_content(Some(text));
    shown.set_attribute("data-code", code)
}

pub fn on_click(
    id: &str,
    click: impl FnMut() -> Result<(), JsValue> + 'static,
) -> Result<(), JsValue> {
    let closure = Closure::<dyn FnMut() -> Result<(), JsValue>>::new(click);
    element(id)?.set_onclick(Some(closure.as_ref().unchecked_ref()));
    // It lives as long as the page.
    closure.forget();
    Ok(())
}

pub fn element(id: &str) -> Result<HtmlElement, JsValue> {
    let element = window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(id))
        .ok_or_else(|| Error::new("The page lacks an element."))?;
    Ok(element.dyn_into()?)
}
