//! A URL that may be a response: RFC 6749, sections 4.1.2 and 4.2.2. It is answered once, and what came of it
//! is known to whoever asks again.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use core::future::Future;

use js_sys::futures::spawn_local;

use super::captured;
use super::exchange::{Asked, Exchange};
use super::failure::Failure;
use super::obtain::{Brought, brought};
use super::outcome::Outcome;
use super::page;
use super::redirect::Redirect;
use super::relay::relay_and_close;
use super::session::Session;
use crate::owned::{Cause, Client, Error, Grant, Handled, SessionEvent, Storage, Url};

/// What a response has come to, or will.
#[derive(Clone)]
#[cfg_attr(
    feature = "sign-in",
    allow(clippy::large_enum_variant, reason = "a client has one at a time")
)]
pub(super) enum Answered {
    Done(Result<Redirect, Failure>),
    Exchanging(Rc<Exchange>),
    /// Perhaps another window waits for it: whether that took it.
    Relaying(Outcome<bool>, Error),
}

impl Answered {
    /// What it is by then: nothing of a session that has ended since.
    pub(super) fn settled(
        self,
        session: &Rc<Session>,
    ) -> impl Future<Output = Result<Option<Redirect>, Failure>> + use<> {
        let session = Rc::clone(session);
        let exchanged = match &self {
            Self::Exchanging(exchange) => Some(exchange.wait()),
            _ => None,
        };
        async move {
            let redirect = match (exchanged, self) {
                (Some(exchanged), _) => exchanged.await?,
                (None, Self::Done(done)) => done?,
                (None, Self::Relaying(taken, error)) => {
                    return if taken.wait().await {
                        Ok(None)
                    } else {
                        Err(error.into())
                    };
                }
                (None, Self::Exchanging(_)) => return Ok(None),
            };
            Ok(session.recall(redirect))
        }
    }
}

/// Answers a response in `opened`; `None` for other URLs. Where it is the page's, `shown` is what stands in
/// the address bar, and gives way to what is left of it.
pub(super) fn answer(
    client: &Client,
    storage: &impl Storage,
    session: &Rc<Session>,
    opened: &Url,
    shown: Option<&Url>,
) -> Option<Answered> {
    let Handled { scrubbed, outcome } = client.handle(storage, opened, page::now());
    let left = scrubbed.map_or_else(|| opened.clone(), Url::from_serialization);
    // The request starts before the address changes, because the browser changes it on the thread that
    // sends requests. If the address can't be changed, the request is broken off.
    let (granted, turns) = (
        outcome.map(|grant| grant.map(|it| begin(session, it))),
        session.turns(),
    );
    if let Some(shown) = shown
        && left != *shown
        && let Err(exception) = page::replace_address(left.as_str())
    {
        if let Ok(Some(Begun::Exchange(exchange))) = granted {
            exchange.abandon();
        }
        return Some(Answered::Done(Err(exception.into())));
    }
    match granted {
        Ok(None) => None,
        Ok(Some(Begun::Exchange(exchange))) => Some(Answered::Exchanging(exchange)),
        Ok(Some(Begun::Token(event, kept))) => {
            // What ran while the address changed may have ended what this belongs to.
            let redirect = if turns == session.turns() {
                finish(session, &event, kept)
            } else {
                Err(Error::SessionEnded.into())
            };
            Some(Answered::Done(redirect))
        }
        Err(error) => Some(refused(error, opened, shown.map(|_| &left))),
    }
}

/// The response that another window handed to this one.
pub(super) fn answer_from_window(
    client: &Client,
    session: &Rc<Session>,
    response: &Url,
    job: String,
) -> Result<Answered, Failure> {
    let handled = client.handle(&session.own_logins, response, page::now());
    let grant = handled.outcome?.ok_or(Error::UnknownState)?;
    Ok(match brought(grant.granted) {
        Brought::Token(token) => {
            let event = SessionEvent::Exchanged {
                job,
                answer: Ok(token.into()),
                by: Cause::Popup,
            };
            Answered::Done(finish(session, &event, (grant.app_state, grant.return_to)))
        }
        Brought::Wanted(wanted) => Answered::Exchanging(session.exchange(Asked {
            wanted,
            job,
            by: Cause::Popup,
            app_state: grant.app_state,
            return_to: grant.return_to,
        })),
    })
}

/// What the program wanted back: its own text, and the path to go on with.
type Kept = (Option<String>, Option<String>);

/// What a grant begins with.
enum Begun {
    Exchange(Rc<Exchange>),
    Token(Box<SessionEvent>, Kept),
}

fn begin(session: &Rc<Session>, grant: Grant) -> Begun {
    let state = String::from(grant.state().as_str());
    let parameters = String::from(grant.parameters());
    match brought(grant.granted) {
        Brought::Wanted(wanted) => Begun::Exchange(session.exchange(Asked {
            wanted,
            job: session.job(&state, &parameters),
            by: Cause::Redirect,
            app_state: grant.app_state,
            return_to: grant.return_to,
        })),
        Brought::Token(token) => {
            let event = SessionEvent::Granted {
                set: token.into(),
                state,
                parameters,
                by: Cause::Redirect,
            };
            Begun::Token(Box::new(event), (grant.app_state, grant.return_to))
        }
    }
}

fn finish(
    session: &Session,
    event: &SessionEvent,
    (app_state, return_to): Kept,
) -> Result<Redirect, Failure> {
    session.on(event)?.outcome?;
    session.redirect(app_state, return_to)
}

/// A response that was refused: another window, or another client of this page, may know it. `left` is
/// what stands in the address bar where it is the page's own.
fn refused(error: Error, opened: &Url, left: Option<&Url>) -> Answered {
    match (error, left) {
        (error @ Error::UnknownState, Some(_)) => {
            let taken = Outcome::new();
            let (own, url) = (taken.clone(), opened.clone());
            spawn_local(async move { own.set(relay_and_close(url.as_str()).await) });
            Answered::Relaying(taken, error)
        }
        (error @ Error::StateWrongClient, Some(left)) => {
            captured::capture(opened, left);
            Answered::Done(Err(error.into()))
        }
        (error, _) => Answered::Done(Err(error.into())),
    }
}
