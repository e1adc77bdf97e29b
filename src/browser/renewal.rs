//! A renewal of the session: the lock, the request with the refresh token, and the hidden frame.

use alloc::string::String;

use js_sys::futures::spawn_local;

use super::failure::Failure;
use super::frame::response_of_frame;
use super::lock::TabLock;
use super::obtain::{Brought, Wanted, brought};
use super::outcome::{First, Outcome, first};
use super::page;
use super::session::Session;
use super::time_limits::RENEWAL_TIMEOUT_MS;
use crate::owned::{
    AuthorizationRequest, Error, Lock, RenewalParameters, SessionEvent, Token, TokenSet, Unframed,
    Url,
};

impl Session {
    /// Whoever asks meanwhile gets the same outcome.
    pub(super) fn renew(&self, parameters: RenewalParameters) -> Outcome<Result<Token, Failure>> {
        let renewal = self.awaited();
        self.report_renewal(&SessionEvent::RenewRequested { parameters });
        renewal
    }

    /// What the renewal under way comes to, or the next one.
    pub(super) fn awaited(&self) -> Outcome<Result<Token, Failure>> {
        self.renewal
            .borrow_mut()
            .get_or_insert_with(Outcome::new)
            .clone()
    }

    /// Tells those who wait for a renewal what it has come to.
    pub(super) fn settle(&self, outcome: Result<(), Failure>) {
        self.is_renewing.set(false);
        if let Some(renewal) = self.renewal.take() {
            let token = outcome.and_then(|()| {
                let set = self.set();
                set.map(|set| set.token)
                    .ok_or(Failure::OAuth(Error::SessionEnded))
            });
            renewal.set(token);
        }
    }

    /// Reports what a renewal has come to. If that can't be, whoever waits for the renewal hears of it.
    fn report_renewal(&self, event: &SessionEvent) {
        if let Err(failure) = self.on(event) {
            self.settle(Err(failure));
        }
    }

    pub(super) fn take_lock(&self, renewal: u64, name: &str) {
        self.is_renewing.set(true);
        // Whoever waits for an answer hears of a logout.
        self.open_channel();
        let Some(session) = self.itself() else {
            return;
        };
        if self.store.is_kept() {
            let own = alloc::rc::Rc::downgrade(&session);
            let lock = TabLock::take(name, move |lock| {
                if let Some(session) = own.upgrade() {
                    session.report_renewal(&SessionEvent::Locked { renewal, lock });
                }
            });
            self.lock.replace(Some(lock));
            return;
        }
        // Nobody else sees a record in memory.
        spawn_local(async move {
            let lock = Lock::Held;
            session.report_renewal(&SessionEvent::Locked { renewal, lock });
        });
    }

    pub(super) fn refresh(&self, renewal: u64, wanted: Wanted) {
        let lock = self.lock.take();
        let sent = self.obtain(wanted, RENEWAL_TIMEOUT_MS);
        let Some(session) = self.itself() else {
            return;
        };
        spawn_local(async move {
            let answer = sent.await.unwrap_or_else(|failure| match failure {
                Failure::OAuth(error) => Err(error),
                other => {
                    // What is refused here is told as it is.
                    session.settle(Err(other));
                    Err(Error::TokenEndpointUnreachable)
                }
            });
            session.report_renewal(&SessionEvent::Refreshed { renewal, answer });
            // The refresh token was in use until now, whoever still waits for the renewal.
            drop(lock);
        });
    }

    pub(super) fn ask_in_frame(&self, renewal: u64, form: String) {
        let closed = Outcome::new();
        self.frame.replace(Some(closed.clone()));
        let Some(session) = self.itself() else {
            return;
        };
        spawn_local(async move {
            let asked = session.framed(&form);
            let First::One(outcome) = first(asked, closed.wait()).await else {
                return;
            };
            let outcome = outcome.unwrap_or_else(|failure| {
                // What is refused here is told as it is.
                session.settle(Err(failure));
                Err(Unframed::Impossible)
            });
            session.report_renewal(&SessionEvent::Framed { renewal, outcome });
        });
    }

    /// What a hidden frame brings.
    async fn framed(
        &self,
        form: &str,
    ) -> Result<Result<(TokenSet, String, String), Unframed>, Failure> {
        let client = self.client();
        let mut request = AuthorizationRequest::new(&client);
        request.set_silent(form)?;
        let (url, _) = request.start_in(&self.own_logins, &page::random()?, page::now())?;
        let response = match response_of_frame(&url).await {
            Ok(response) => Url::parse(&response)?,
            Err(unframed) => return Ok(Err(unframed)),
        };
        let handled = client.handle(&self.own_logins, &response, page::now());
        let grant = match handled.outcome {
            Ok(Some(grant)) => grant,
            // A response that fails its verification says nothing, whatever stands in it.
            Ok(None) => return Ok(Err(Unframed::Impossible)),
            Err(Error::AuthorizationError(said)) => return Ok(Err(Unframed::Refused(said.error))),
            Err(error) => return Err(error.into()),
        };
        let (state, parameters) = (
            String::from(grant.state().as_str()),
            String::from(grant.parameters()),
        );
        let set = match brought(grant.granted) {
            Brought::Token(token) => Ok(token.into()),
            Brought::Wanted(wanted) => {
                let wanted = wanted.of_session(self.set().as_ref());
                self.obtain(wanted, RENEWAL_TIMEOUT_MS).await?
            }
        };
        Ok(set
            .map(|set| (set, state, parameters))
            .map_err(Unframed::NoToken))
    }
}
