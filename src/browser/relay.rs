//! This page as the one that a popup or a hidden frame comes back to: it hands its response to the window
//! that waits for it.

use alloc::vec::Vec;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

use super::channel::Channel;
use super::listening::Listening;
use super::outcome::{First, Outcome, first};
use super::page;
use super::timer::sleep;
use super::window_response::{state_of, word_for};

/// How long the waiting window may take to say that it has it.
const REPLY_TIMEOUT_MS: i32 = 500;

/// Hands a response on, and closes this window; whether one took it.
pub(super) async fn relay_and_close(url: &str) -> bool {
    let is_taken = relay(url).await == Some(true);
    // A frame is taken away by the window that made it.
    if is_taken
        && let Some(window) = page::window()
        && !is_framed(&window)
    {
        let _ = window.close();
    }
    is_taken
}

fn is_framed(window: &Window) -> bool {
    matches!(window.parent(), Ok(Some(parent)) if JsValue::from(&parent) != JsValue::from(window))
}

async fn relay(url: &str) -> Option<bool> {
    let window = page::window()?;
    let origin = page::origin()?;
    let word = word_for(state_of(url)?);
    let others = others(&window);
    let taken = Outcome::new();
    let (own, reply) = (taken.clone(), word.clone());
    let channel = Channel::open(&word, move |said| {
        if said == reply {
            own.set(());
        }
    });
    if channel.is_none() && others.is_empty() {
        return Some(false);
    }
    let (own, reply, from) = (taken.clone(), word, origin.clone());
    let hear = move |event: web_sys::Event| {
        let event: MessageEvent = event.unchecked_into();
        if event.origin() == from && event.data().as_string().is_some_and(|it| it == reply) {
            own.set(());
        }
    };
    let _listening = Listening::to(&window, "message", false, hear);
    // A page that isolates itself has no opener, and an engine that parts storage has no channel.
    if let Some(channel) = &channel {
        channel.tell(url);
    }
    for other in &others {
        let _ = other.post_message(&url.into(), &origin);
    }
    let answer = first(taken.wait(), sleep(REPLY_TIMEOUT_MS)).await;
    Some(matches!(answer, First::One(())))
}

/// The windows that may have opened this one.
fn others(window: &Window) -> Vec<Window> {
    let mut others = Vec::new();
    if let Ok(opener) = window.opener()
        && opener.is_object()
    {
        others.push(opener.unchecked_into());
    }
    if is_framed(window)
        && let Ok(Some(parent)) = window.parent()
    {
        others.push(parent);
    }
    others
}
