//! The exchange of a code, for everybody who waits for it.

use alloc::rc::Rc;
use alloc::string::String;
use core::cell::Cell;
use core::future::Future;

use js_sys::futures::spawn_local;

use super::failure::Failure;
use super::obtain::Wanted;
use super::outcome::{First, Outcome, first};
use super::redirect::Redirect;
use super::session::Session;
use super::time_limits::REQUEST_TIMEOUT_MS;
use super::timer::sleep;
use crate::owned::{Cause, Error, SessionEvent};

/// One that is under way, or was.
pub(super) struct Exchange {
    outcome: Outcome<Result<Redirect, Failure>>,
    /// The session that it was asked for has ended.
    ended: Outcome<()>,
    /// Nobody waits any more.
    abandoned: Outcome<()>,
    waiting: Cell<u32>,
}

/// What is to be obtained, and what it belongs to.
pub(super) struct Asked {
    pub(super) wanted: Wanted,
    pub(super) job: String,
    pub(super) by: Cause,
    pub(super) app_state: Option<String>,
    pub(super) return_to: Option<String>,
}

impl Session {
    /// Exchanges a code, or verifies an ID token: what is to be asked for is asked at once.
    pub(super) fn exchange(&self, asked: Asked) -> Rc<Exchange> {
        self.open_channel();
        let exchange = Rc::new(Exchange {
            outcome: Outcome::new(),
            ended: self.ended(),
            abandoned: Outcome::new(),
            waiting: Cell::new(0),
        });
        let answer = self.obtain(asked.wanted, REQUEST_TIMEOUT_MS);
        let (own, session) = (Rc::clone(&exchange), self.itself());
        spawn_local(async move {
            let answer = match first(answer, own.abandoned.wait()).await {
                First::One(Ok(answer)) => answer,
                First::One(Err(failure)) => return own.outcome.set(Err(failure)),
                First::Other(()) => return own.outcome.set(Err(Error::SessionEnded.into())),
            };
            let Some(session) = session else {
                return;
            };
            let event = SessionEvent::Exchanged {
                job: asked.job,
                answer,
                by: asked.by,
            };
            let redirect = session.on(&event).and_then(|turned| {
                turned.outcome?;
                session.redirect(asked.app_state, asked.return_to)
            });
            own.outcome.set(redirect);
        });
        exchange
    }
}

impl Exchange {
    /// Breaks the request off.
    pub(super) fn abandon(&self) {
        self.abandoned.set(());
    }

    /// What it comes to. When everybody who waits has dropped this, the request is broken off; after a
    /// logout it goes on, because the session still wants to hear of what is to be revoked.
    pub(super) fn wait(self: &Rc<Self>) -> impl Future<Output = Result<Redirect, Failure>> + use<> {
        let waiter = Waiter::new(self);
        async move {
            let Waiter(exchange) = &waiter;
            match first(exchange.outcome.wait(), exchange.ended.wait()).await {
                First::One(outcome) => outcome,
                First::Other(()) => Err(Error::SessionEnded.into()),
            }
        }
    }
}

/// Somebody who waits.
struct Waiter(Rc<Exchange>);

impl Waiter {
    fn new(exchange: &Rc<Exchange>) -> Self {
        exchange
            .waiting
            .set(exchange.waiting.get().saturating_add(1));
        Self(Rc::clone(exchange))
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        let exchange = Rc::clone(&self.0);
        let left = exchange.waiting.get().saturating_sub(1);
        exchange.waiting.set(left);
        if left > 0 || exchange.outcome.get().is_some() || exchange.ended.get().is_some() {
            return;
        }
        spawn_local(async move {
            // A component that is taken down and set up again waits for it again.
            sleep(0).await;
            if exchange.waiting.get() == 0 && exchange.ended.get().is_none() {
                exchange.abandon();
            }
        });
    }
}
