//! Messages between the origin's pages.

use alloc::string::String;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

use super::page;

/// A channel, which closes when this is dropped.
pub(super) struct Channel {
    channel: BroadcastChannel,
    _hear: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// `None` where the platform has none, or refuses it, as browsers do that block a site's data.
    pub(super) fn open(name: &str, mut hear: impl FnMut(String) + 'static) -> Option<Self> {
        page::window()?;
        let channel = BroadcastChannel::new(name).ok()?;
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(word) = event.data().as_string() {
                hear(word);
            }
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        Some(Self {
            channel,
            _hear: hear,
        })
    }

    pub(super) fn tell(&self, word: &str) {
        let _ = self.channel.post_message(&word.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
