//! The page's timers.

use core::future::Future;

use js_sys::Promise;
use js_sys::futures::JsFuture;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::page;

/// Something that is done once, later; dropped before, it is not done.
pub(super) struct Timer {
    id: i32,
    _run: Closure<dyn FnMut()>,
}

impl Timer {
    /// `None` where there is no page.
    pub(super) fn after(milliseconds: i32, run: impl FnMut() + 'static) -> Option<Self> {
        let window = page::window()?;
        let run = Closure::<dyn FnMut()>::new(run);
        let id = window
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                run.as_ref().unchecked_ref(),
                milliseconds,
            )
            .ok()?;
        Some(Self { id, _run: run })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = page::window() {
            window.clear_timeout_with_handle(self.id);
        }
    }
}

/// Ends after this time, counted from the call.
pub(super) fn sleep(milliseconds: i32) -> impl Future<Output = ()> + use<> {
    let slept = Promise::new(&mut |resolve, _| {
        if let Some(window) = page::window() {
            let _ = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    });
    async {
        let _ = JsFuture::from(slept).await;
    }
}
