//! `fetch`, with the token for those who may see it.

use alloc::string::String;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::{Request, RequestInit};

use super::{page, url};
use crate::url::Url;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String, catch)]
    fn to_text(value: &JsValue) -> Result<String, JsValue>;

    #[wasm_bindgen(js_name = fetch)]
    fn send(request: &Request) -> Promise;
}

/// Requests `input` with the header that `authorize` gives for its URL.
///
/// The caller's objects go into a `Request` of our own, which `fetch` would make of them anyway,
/// and are themselves left alone. What is judged is what is sent: text that was read once, or the
/// URL inside of our own `Request`.
pub(crate) fn fetch(
    input: &JsValue,
    init: &JsValue,
    authorize: impl Fn(&Url) -> Result<String, JsValue>,
) -> Result<Promise, JsValue> {
    let init: &RequestInit = init.unchecked_ref();
    let (request, header) = if let Some(given) = input.dyn_ref::<Request>() {
        // First by its word, so that a refusal leaves its body unread; then by what it really is.
        authorize(&Url::from_serialization(given.url()))?;
        let request = Request::new_with_request_and_init(given, init)?;
        let header = authorize(&Url::from_serialization(request.url()))?;
        (request, header)
    } else {
        let text = to_text(input)?;
        let target = match page::address() {
            Some(address) => url::join(&text, &address)?,
            None => url::parse(&text)?,
        };
        let header = authorize(&target)?;
        (
            Request::new_with_str_and_init(target.as_str(), init)?,
            header,
        )
    };
    let headers = request.headers();
    if !headers.has("Authorization")? {
        headers.set("Authorization", &header)?;
    }
    Ok(send(&request))
}
