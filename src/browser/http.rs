//! Requests to a server's endpoints, and their answers: RFC 6749, section 3.2; RFC 7009, section 2.1;
//! RFC 8414, section 3.

use alloc::string::String;
use alloc::vec::Vec;
use core::future::Future;

use js_sys::futures::JsFuture;
use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache,
    RequestCredentials, RequestInit, RequestRedirect, Response,
};

use super::outcome::{First, first};
use super::page;
use super::timer::sleep;
use crate::owned::{Error, HttpRequest, HttpResponse, TokenRequest, TokenSet};

/// Bytes that an answer may have.
const MAX_BODY_BYTES: usize = 1 << 20;

/// A request's members, which inherit nothing that a script of the page's has put into all objects.
pub(super) fn init() -> RequestInit {
    let none: Object = Object::create(JsValue::NULL.unchecked_ref());
    none.unchecked_into()
}

/// Asks for a token. The request goes out at once; whoever drops the future breaks it off.
pub(super) fn request_token(
    request: TokenRequest,
    timeout_ms: i32,
) -> impl Future<Output = Result<TokenSet, Error>> + use<> {
    let sent = send(request.http(), timeout_ms);
    async move {
        let answer = sent.await.ok_or(Error::TokenEndpointUnreachable)?;
        request.finish(&answer, page::now())
    }
}

/// Sends what the protocol wants to be sent; `None` where nothing comes that this program may read.
pub(super) fn send(
    request: &HttpRequest,
    timeout_ms: i32,
) -> impl Future<Output = Option<HttpResponse>> + use<> {
    let post = init();
    post.set_method("POST");
    let body = request.body();
    if !body.is_empty() {
        post.set_body(&body.into());
    }
    let own = [
        ("Content-Type", request.content_type()),
        ("Authorization", request.authorization()),
    ];
    exchange(request.url(), &post, &own, timeout_ms)
}

/// Asks for a document.
pub(super) fn get(
    url: &str,
    timeout_ms: i32,
) -> impl Future<Output = Option<HttpResponse>> + use<> {
    exchange(url, &init(), &[], timeout_ms)
}

/// Asks for a document that a cache may have.
#[cfg(feature = "sign-in")]
pub(super) fn get_raw(
    url: &str,
    cache: RequestCache,
    timeout_ms: i32,
) -> impl Future<Output = Option<Raw>> + use<> {
    raw_exchange(url, &init(), &[], cache, timeout_ms)
}

/// The status of an answer, its `Content-Type`, and its body.
pub(super) type Raw = (u16, String, Vec<u8>);

/// Aborts a request that nobody waits for.
pub(super) struct Sent(pub(super) AbortController);

impl Drop for Sent {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn exchange(
    url: &str,
    request: &RequestInit,
    headers: &[(&str, Option<&str>)],
    timeout_ms: i32,
) -> impl Future<Output = Option<HttpResponse>> + use<> {
    let answer = raw_exchange(url, request, headers, RequestCache::NoStore, timeout_ms);
    async {
        let (status, content_type, body) = answer.await?;
        Some(HttpResponse::new(status, &content_type, &body))
    }
}

/// Sends a request without cookies that no redirect takes elsewhere.
fn raw_exchange(
    url: &str,
    request: &RequestInit,
    headers: &[(&str, Option<&str>)],
    cache: RequestCache,
    timeout_ms: i32,
) -> impl Future<Output = Option<Raw>> + use<> {
    request.set_cache(cache);
    let sent = start(url, request, headers);
    async move {
        let (_sent, response) = sent.ok()?;
        match first(read(response), sleep(timeout_ms)).await {
            First::One(answer) => answer,
            First::Other(()) => None,
        }
    }
}

fn start(
    url: &str,
    request: &RequestInit,
    headers: &[(&str, Option<&str>)],
) -> Result<(Sent, Promise), JsValue> {
    let sent = Sent(AbortController::new()?);
    let all = Headers::new()?;
    all.set("Accept", "application/json")?;
    for (name, value) in headers {
        if let Some(value) = value {
            all.set(name, value)?;
        }
    }
    request.set_headers(&all);
    request.set_signal(Some(&sent.0.signal()));
    request.set_redirect(RequestRedirect::Manual);
    request.set_credentials(RequestCredentials::Omit);
    request.set_referrer_policy(ReferrerPolicy::NoReferrer);
    let window = page::window().ok_or(JsValue::UNDEFINED)?;
    let response = window.fetch_with_str_and_init(url, request);
    Ok((sent, response))
}

/// The browser's own error is dropped, because it can quote the URL.
async fn read(response: Promise) -> Option<Raw> {
    let response: Response = JsFuture::from(response).await.ok()?.dyn_into().ok()?;
    // A redirect that is not followed has no status in a page.
    if !response.ok() && response.status() < 400 {
        return None;
    }
    let content_type: Option<String> = response.headers().get("Content-Type").ok()?;
    let body = read_body(&response).await.ok()?;
    let content_type = content_type.unwrap_or_default();
    Some((response.status(), content_type, body))
}

/// The body; nothing if it is longer than allowed.
pub(super) async fn read_body(response: &Response) -> Result<Vec<u8>, JsValue> {
    let mut bytes = Vec::new();
    let Some(body) = response.body() else {
        return Ok(bytes);
    };
    let reader = ReadableStreamDefaultReader::new(&body)?;
    loop {
        let part = JsFuture::from(reader.read()).await?;
        if Reflect::get(&part, &"done".into())?.is_truthy() {
            return Ok(bytes);
        }
        let part: Uint8Array = Reflect::get(&part, &"value".into())?.dyn_into()?;
        bytes.append(&mut part.to_vec());
        if bytes.len() > MAX_BODY_BYTES {
            let _ = reader.cancel();
            return Ok(Vec::new());
        }
    }
}
