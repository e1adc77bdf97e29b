//! Who is told when a session begins or ends.

use alloc::rc::{Rc, Weak};
use alloc::vec::Vec;
use core::cell::RefCell;
use core::fmt::{Debug, Formatter, Result};

use crate::owned::Token;

type Listener = dyn Fn(Option<&Token>);

/// The listener of a subscription, which ends when this is dropped.
#[must_use = "it ends when it is dropped"]
pub struct Subscription {
    /// Nobody else keeps it alive.
    _listener: Rc<Listener>,
}

#[derive(Default)]
pub(super) struct Listeners(RefCell<Vec<Weak<Listener>>>);

impl Listeners {
    pub(super) fn add(&self, listener: impl Fn(Option<&Token>) + 'static) -> Subscription {
        let listener: Rc<Listener> = Rc::new(listener);
        let mut listeners = self.0.borrow_mut();
        listeners.retain(|listener| listener.strong_count() > 0);
        listeners.push(Rc::downgrade(&listener));
        Subscription {
            _listener: listener,
        }
    }

    /// Nothing is borrowed meanwhile, so a listener may use the client.
    pub(super) fn tell(&self, token: Option<&Token>) {
        let listeners = self.0.borrow().clone();
        for listener in listeners.iter().filter_map(Weak::upgrade) {
            listener(token);
        }
    }
}

impl Debug for Subscription {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str("Subscription")
    }
}

impl Debug for Listeners {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str("Listeners")
    }
}
