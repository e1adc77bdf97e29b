//! A timer that ends with its owner, and that can wait longer than the platform's 24.8 days.

use alloc::rc::Rc;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &js_sys::Function, milliseconds: i32) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// The most that the platform's timers wait, in seconds.
const LONGEST: u64 = i32::MAX as u64 / 1000;

/// Calls back once; dropped before, never.
pub(crate) struct Timer {
    id: JsValue,
    _callback: Closure<dyn Fn()>,
}

impl Timer {
    /// Waits so many seconds, or the longest time possible: who is called back looks at the clock.
    pub(crate) fn start(seconds: u64, callback: Rc<dyn Fn()>) -> Self {
        let callback = Closure::<dyn Fn()>::new(move || callback());
        let milliseconds = i32::try_from(seconds.min(LONGEST).saturating_mul(1000));
        let id = set_timeout(
            callback.as_ref().unchecked_ref(),
            milliseconds.unwrap_or(i32::MAX),
        );
        Self {
            id,
            _callback: callback,
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.id);
    }
}
