//! Events of the page's.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

/// A listener, which ends when this is dropped.
pub(super) struct Listening {
    target: EventTarget,
    kind: &'static str,
    is_first: bool,
    hear: Closure<dyn FnMut(Event)>,
}

impl Listening {
    /// `is_first` to hear of an event before the page's own listeners do; `None` where the target
    /// refuses.
    pub(super) fn to(
        target: &EventTarget,
        kind: &'static str,
        is_first: bool,
        hear: impl FnMut(Event) + 'static,
    ) -> Option<Self> {
        let hear = Closure::<dyn FnMut(Event)>::new(hear);
        target
            .add_event_listener_with_callback_and_bool(
                kind,
                hear.as_ref().unchecked_ref(),
                is_first,
            )
            .ok()?;
        let target = target.clone();
        Some(Self {
            target,
            kind,
            is_first,
            hear,
        })
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback_and_bool(
            self.kind,
            self.hear.as_ref().unchecked_ref(),
            self.is_first,
        );
    }
}
