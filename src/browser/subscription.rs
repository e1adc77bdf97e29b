//! Who is told how a session changes.

use alloc::collections::VecDeque;
use alloc::rc::{Rc, Weak};
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::fmt::{Debug, Formatter, Result};

use crate::owned::{Cause, Change, Error};

/// What a subscriber is told. What the session is by then, [`super::BrowserClient::token`] and
/// [`super::BrowserClient::state`] say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionNews {
    /// The session has changed so, and whose doing it was. A session that takes the place of another one
    /// is told as [`Change::Logout`], then [`Change::Login`].
    Changed(Change, Cause),
    /// The token could not be renewed. The session is not lost.
    RenewalFailed(Error, Cause),
    /// The storage refused the session, which ends with this page from now on.
    Unkept,
}

type Listener = dyn Fn(&SessionNews);

/// The listener of a subscription, which ends when this is dropped.
#[must_use = "it ends when it is dropped"]
pub struct Subscription {
    /// Nobody else keeps it alive.
    _listener: Rc<Listener>,
}

#[derive(Default)]
pub(super) struct Listeners {
    listeners: RefCell<Vec<Weak<Listener>>>,
    untold: RefCell<VecDeque<SessionNews>>,
    is_telling: Cell<bool>,
}

impl Listeners {
    pub(super) fn add(&self, listener: impl Fn(&SessionNews) + 'static) -> Subscription {
        let listener: Rc<Listener> = Rc::new(listener);
        let mut listeners = self.listeners.borrow_mut();
        listeners.retain(|listener| listener.strong_count() > 0);
        listeners.push(Rc::downgrade(&listener));
        Subscription {
            _listener: listener,
        }
    }

    /// Nothing is borrowed meanwhile, so a listener may use the client. What it does has its own news,
    /// which come when everybody has heard all of these.
    pub(super) fn tell(&self, news: Vec<SessionNews>) {
        self.untold.borrow_mut().extend(news);
        if self.is_telling.replace(true) {
            return;
        }
        while let Some(news) = self.next() {
            let listeners = self.listeners.borrow().clone();
            for listener in listeners.iter().filter_map(Weak::upgrade) {
                listener(&news);
            }
        }
        self.is_telling.set(false);
    }

    fn next(&self) -> Option<SessionNews> {
        self.untold.borrow_mut().pop_front()
    }
}

impl Debug for Subscription {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str("Subscription")
    }
}
