//! A login in a hidden frame, without the user: OpenID Connect Core 1.0, section 3.1.2.1, `prompt=none`.

use alloc::string::String;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Event, HtmlIFrameElement};

use super::listening::Listening;
use super::outcome::{First, Outcome, first};
use super::page;
use super::timer::sleep;
use super::window_response::WindowResponse;
use crate::owned::Unframed;

/// How long a frame may take.
const FRAME_TIMEOUT_MS: i32 = 10_000;

/// The element, which leaves the page when this is dropped.
struct Frame(HtmlIFrameElement);

impl Frame {
    fn open(document: &Document, url: &str) -> Result<Self, JsValue> {
        let frame: HtmlIFrameElement = document.create_element("iframe")?.unchecked_into();
        frame.set_hidden(true);
        frame.set_src(url);
        let body = document.body().ok_or(JsValue::UNDEFINED)?;
        body.append_child(&frame)?;
        Ok(Self(frame))
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.0.remove();
    }
}

/// Asks the server, and gives the response that came in the frame; whoever drops the future closes it.
pub(super) async fn response_of_frame(url: &str) -> Result<String, Unframed> {
    let document = page::window().and_then(|window| window.document());
    let document = document.ok_or(Unframed::Impossible)?;
    // The page's own Content-Security-Policy forbids the frame.
    let forbidden = Outcome::new();
    let own = forbidden.clone();
    let hear = move |event: Event| {
        let directive = Reflect::get(&event, &"effectiveDirective".into());
        if directive.is_ok_and(|it| it == "frame-src") {
            own.set(());
        }
    };
    let _listening = Listening::to(&document, "securitypolicyviolation", false, hear);
    let frame = Frame::open(&document, url).map_err(|_| Unframed::Impossible)?;
    let window = frame.0.content_window().ok_or(Unframed::Impossible)?;
    let response = WindowResponse::to(url, &window);
    let failed = first(forbidden.wait(), sleep(FRAME_TIMEOUT_MS));
    match first(response.url(), failed).await {
        First::One(url) => Ok(url),
        First::Other(First::One(())) => Err(Unframed::Impossible),
        First::Other(First::Other(())) => Err(Unframed::Unanswered),
    }
}
