//! A turn to ask for a token, one at a time among all pages of the origin that see the same record: Web
//! Locks.

use alloc::boxed::Box;
use alloc::rc::Rc;
use core::cell::RefCell;

use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortController;

use super::http::init;
use super::page;
use super::time_limits::OTHER_TAB_TIMEOUT_MS;
use super::timer::Timer;
use crate::owned::Lock;

/// How long what a tab wrote may take until another one reads it.
const SETTLING_MS: i32 = 250;

#[wasm_bindgen]
extern "C" {
    /// web-sys has it among what is unstable.
    type LockManager;
    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        hold: &Function,
    ) -> Result<Promise, JsValue>;
}

/// A lock that is waited for or held; dropping it gives it back, or stops to wait.
pub(super) struct TabLock {
    turn: Rc<Turn>,
    waiting: Option<AbortController>,
}

type Begin = Box<dyn FnOnce(Lock)>;

struct Turn {
    /// What is to be done when it comes; nothing once it has come or is not wanted any more.
    begin: RefCell<Option<Begin>>,
    timer: RefCell<Option<Timer>>,
    give: RefCell<Option<Function>>,
}

impl TabLock {
    /// Waits for the lock, and calls `begin` once: [`Lock::TimedOut`] where another page keeps it for too
    /// long, [`Lock::Unavailable`] where the platform has no locks.
    pub(super) fn take(name: &str, begin: impl FnOnce(Lock) + 'static) -> Self {
        let turn = Rc::new(Turn {
            begin: RefCell::new(Some(Box::new(begin))),
            timer: RefCell::default(),
            give: RefCell::default(),
        });
        let waiting = AbortController::new().ok();
        let asked = waiting.as_ref().and_then(|it| ask(name, it, &turn));
        if asked.is_none() {
            // Not before the caller has this.
            let turn = Rc::clone(&turn);
            spawn_local(async move { turn.start(Lock::Unavailable) });
        } else {
            let (late, waiting) = (Rc::clone(&turn), waiting.clone());
            turn.timer
                .replace(Timer::after(OTHER_TAB_TIMEOUT_MS, move || {
                    if let Some(waiting) = &waiting {
                        waiting.abort();
                    }
                    late.start(Lock::TimedOut);
                }));
        }
        Self { turn, waiting }
    }
}

/// Asks the platform; `None` where it has no locks.
fn ask(name: &str, waiting: &AbortController, turn: &Rc<Turn>) -> Option<()> {
    let navigator = page::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    if locks.is_falsy() {
        return None;
    }
    let own = Rc::clone(turn);
    let hold = Closure::<dyn FnMut() -> JsValue>::new(move || own.hold());
    let options = init();
    options.set_signal(Some(&waiting.signal()));
    let locks: LockManager = locks.unchecked_into();
    let asked = locks
        .request(name, &options, hold.as_ref().unchecked_ref())
        .ok()?;
    let turn = Rc::clone(turn);
    spawn_local(async move {
        let refused = JsFuture::from(asked).await.is_err();
        drop(hold);
        if refused {
            turn.start(Lock::Unavailable);
        }
    });
    Some(())
}

impl Turn {
    /// The lock is here: kept for as long as what this gives is not resolved.
    fn hold(&self) -> JsValue {
        if self.begin.borrow().is_none() {
            return JsValue::UNDEFINED;
        }
        // Promised before anything begins, because what begins may end at once.
        let held = Promise::new(&mut |resolve, _| {
            self.give.replace(Some(resolve));
        });
        self.start(Lock::Held);
        held.into()
    }

    fn start(&self, lock: Lock) {
        let begin = self.begin.take();
        self.timer.take();
        if let Some(begin) = begin {
            begin(lock);
        }
    }
}

impl Drop for TabLock {
    fn drop(&mut self) {
        self.turn.begin.take();
        self.turn.timer.take();
        if let Some(waiting) = &self.waiting {
            waiting.abort();
        }
        // Until the next page can read what this one wrote.
        if let (Some(give), Some(window)) = (self.turn.give.take(), page::window()) {
            let _ =
                window.set_timeout_with_callback_and_timeout_and_arguments_0(&give, SETTLING_MS);
        }
    }
}
