//! The browser's own URL parser: what it reads is what it will request.

use wasm_bindgen::JsValue;

use crate::url::Url;

/// Reads an absolute URL.
///
/// # Errors
///
/// The browser's `TypeError`: the text is no absolute URL.
pub fn parse(text: &str) -> Result<Url, JsValue> {
    web_sys::Url::new(text).map(|url| Url::from_serialization(url.href()))
}

/// Reads a URL, relative ones against `base`.
///
/// # Errors
///
/// The browser's `TypeError`: the text is no URL.
pub fn join(text: &str, base: &str) -> Result<Url, JsValue> {
    web_sys::Url::new_with_base(text, base).map(|url| Url::from_serialization(url.href()))
}
