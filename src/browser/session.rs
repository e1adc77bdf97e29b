//! The session: the token in use, who is told of it, and the moment at which it ends.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::JsValue;

use super::page;
use super::timer::Timer;
use crate::bearer::Resources;
use crate::error::Error;
use crate::token::Token;
use crate::url::Url;

/// One client's session in this page.
pub(crate) struct Session {
    current: RefCell<Option<Current>>,
    listeners: RefCell<Vec<Function>>,
}

struct Current {
    token: Token,
    /// The frozen copy for callers; the same object for as long as the token is the same.
    snapshot: JsValue,
    timer: Option<Timer>,
}

impl Session {
    pub(crate) fn new() -> Rc<Self> {
        Rc::new(Self {
            current: RefCell::default(),
            listeners: RefCell::default(),
        })
    }

    /// Starts with a token, in the place of an earlier one, and gives the copy for callers.
    pub(crate) fn start(self: &Rc<Self>, token: Token) -> JsValue {
        let snapshot = snapshot(&token);
        self.current.replace(Some(Current {
            token,
            snapshot: snapshot.clone(),
            timer: None,
        }));
        self.watch();
        self.tell("login");
        snapshot
    }

    /// Forgets the token.
    pub(crate) fn end(&self) {
        if self.current.take().is_some() {
            self.tell("logout");
        }
    }

    /// The copy for callers, for as long as the token may be sent.
    pub(crate) fn snapshot(&self) -> JsValue {
        match &*self.current.borrow() {
            Some(current) if current.token.is_usable(page::now()) => current.snapshot.clone(),
            _ => JsValue::NULL,
        }
    }

    pub(crate) fn authorize(&self, resources: &Resources, url: &Url) -> Result<String, Error> {
        let current = self.current.borrow();
        let token = current.as_ref().map(|current| &current.token);
        resources.authorize(url, token, page::now())
    }

    /// Has a listener told of every event from now on.
    pub(crate) fn listen(&self, listener: Function) {
        self.listeners.borrow_mut().push(listener);
    }

    /// Ends what [`Session::listen`] began.
    pub(crate) fn unlisten(&self, listener: &Function) {
        let mut listeners = self.listeners.borrow_mut();
        if let Some(at) = listeners.iter().position(|known| known == listener) {
            listeners.remove(at);
        }
    }

    /// Sets the timer for the token's end. A clock that was changed, or an end beyond the longest
    /// timer, only makes it look again.
    fn watch(self: &Rc<Self>) {
        let left = match &*self.current.borrow() {
            Some(current) => current.token.usable_for(page::now()),
            None => None,
        };
        let Some(seconds) = left else { return };
        let session = Rc::downgrade(self);
        let timer = Timer::start(
            seconds,
            Rc::new(move || {
                if let Some(session) = session.upgrade() {
                    session.look();
                }
            }),
        );
        if let Some(current) = &mut *self.current.borrow_mut() {
            current.timer = Some(timer);
        }
    }

    fn look(self: &Rc<Self>) {
        if !self.snapshot().is_null() {
            return self.watch();
        }
        if let Some(current) = &mut *self.current.borrow_mut() {
            current.timer = None;
        }
        self.tell("expire");
    }

    fn tell(&self, kind: &str) {
        let event = Object::new();
        set(&event, "type", &JsValue::from_str(kind));
        // A copy, so that a listener may subscribe or unsubscribe while it is told.
        let listeners = self.listeners.borrow().clone();
        for listener in listeners {
            if let Err(error) = listener.call1(&JsValue::UNDEFINED, &event) {
                // The listener's own error: reported where unhandled errors are, and nobody else's.
                let _ = Promise::reject(&error);
            }
        }
    }
}

/// `TokenResponse` of the package's types.
fn snapshot(token: &Token) -> JsValue {
    let object = Object::new();
    set(&object, "access_token", &token.access_token().into());
    set(&object, "token_type", &"Bearer".into());
    if let Some(end) = token.expires_at() {
        // At most 2^53 - 1, which a number holds exactly.
        #[allow(clippy::cast_precision_loss)]
        set(&object, "expires_at", &JsValue::from_f64(end as f64));
    }
    if let Some(scope) = token.scope() {
        set(&object, "scope", &scope.into());
    }
    Object::freeze(&object).into()
}

/// Setting a member of an object of our own can't fail.
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}
