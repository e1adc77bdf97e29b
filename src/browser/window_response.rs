//! A response that came to another window than the one that waits for it: RFC 6749 knows nothing of
//! windows, so it is the state that says whose it is, and the waiting window verifies it as any other.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

use super::channel::Channel;
use super::listening::Listening;
use super::outcome::Outcome;
use super::page;
use super::timer::sleep;
use crate::syntax::secret::State;

/// The state of a request or a response, wherever in the URL it stands.
pub(super) fn state_of(url: &str) -> Option<&str> {
    let mut states = url
        .split(['?', '#', '&'])
        .filter_map(|pair| pair.strip_prefix("state="));
    states.find(|state| State::read(state.as_bytes()).is_some())
}

/// What says that a response was taken, and the name of the channel on which it may come: whoever posts
/// there knows the state.
pub(super) fn word_for(state: &str) -> String {
    format!("claviger:{state}")
}

/// Waits for the response to a login in another window, for as long as it lives.
pub(super) struct WindowResponse {
    response: Outcome<String>,
    channel: Option<Channel>,
    _listening: Option<Listening>,
}

impl WindowResponse {
    /// `request` is the login's URL, and `from` the window that is sent there.
    pub(super) fn to(request: &str, from: &Window) -> Self {
        let state: Rc<str> = state_of(request).unwrap_or_default().into();
        let response = Outcome::new();
        let (own_state, own) = (Rc::clone(&state), response.clone());
        let bychannel = Channel::open(&word_for(&state), move |url| {
            if state_of(&url) == Some(&*own_state) {
                own.set(url);
            }
        });
        let (own, from) = (response.clone(), JsValue::from(from));
        let hear = move |event: web_sys::Event| {
            let event: MessageEvent = event.unchecked_into();
            let origin = page::origin();
            let is_its = event.source().is_some_and(|it| JsValue::from(it) == from);
            if !is_its || origin.as_deref() != Some(&event.origin()) {
                return;
            }
            if let Some(url) = event.data().as_string()
                && state_of(&url) == Some(&*state)
            {
                let source: &Window = from.unchecked_ref();
                let _ = source.post_message(&word_for(&state).into(), &event.origin());
                own.set(url);
            }
        };
        let window = page::window();
        Self {
            response,
            channel: bychannel,
            _listening: window.and_then(|it| Listening::to(&it, "message", false, hear)),
        }
    }

    /// The URL that came.
    pub(super) async fn url(&self) -> String {
        let url = self.response.wait().await;
        if let (Some(channel), Some(state)) = (&self.channel, state_of(&url)) {
            channel.tell(&word_for(state));
        }
        // A channel that closes at once can lose the reply.
        sleep(0).await;
        url
    }
}
