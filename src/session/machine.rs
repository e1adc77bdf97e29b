//! The session's machine: a record, what a tab knows, and an event in; a record, a tab and effects out.

use super::event::{Answer, Cause, Change, Effect, Effects, Event, Granted, NoToken, Status};
use super::job::Job;
use super::plan::{NEVER, Plan};
use super::policy::Policy;
use super::record::{self, Held, Record};
use super::renewal::Phase;
use super::tab::Tab;
use super::turn::Turn;
use crate::error::Error;
use crate::syntax::arena::Arena;
use crate::syntax::text::is;
use crate::token::request::TokenToRevoke;
use crate::token::response::TokenSet;

/// What an event has led to.
pub(crate) struct After<'a> {
    /// What is to be done.
    pub(crate) effects: Effects<'a>,
    /// What the tab knows now.
    pub(crate) tab: &'a [u8],
    /// The session, and whether its token can be sent.
    pub(crate) session: Option<TokenSet<'a>>,
    /// From when on its token is no longer sent; `None` when nobody knows.
    pub(crate) usable_until: Option<u64>,
    pub(crate) status: Status,
    /// When the machine wants to be asked again, in seconds since 1970. Earlier does no harm.
    pub(crate) deadline: Option<u64>,
    /// What the event's own caller is told.
    pub(crate) outcome: Result<(), NoToken<'a>>,
}

impl<'a> Policy<'_, 'a> {
    /// Takes an event. `record` is what the store says now, and `tab` what this tab knew after its last
    /// event; both are empty at first.
    pub(crate) fn on(
        &self,
        record: &'a [u8],
        tab: &'a [u8],
        event: &Event<'a>,
        now: u64,
        arena: &mut Arena<'a>,
    ) -> After<'a> {
        let mut turn = Turn {
            policy: self,
            now,
            record: record::parse(self.client, record, arena),
            tab: Tab::parse(tab),
            arena,
            by: Cause::Tab,
            ending: None,
            is_new: false,
            is_changed: false,
            outcome: Ok(()),
            effects: Effects::default(),
        };
        turn.end_what_outlived_a_logout();
        turn.drop_what_is_late();
        turn.take(event);
        turn.conclude()
    }

    /// What the answer to the exchange of a code has to fit; the code's login had this state, and asked
    /// for these parameters.
    pub(crate) fn job(
        &self,
        record: &'a [u8],
        tab: &'a [u8],
        state: &[u8],
        parameters: &[u8],
        now: u64,
        arena: &mut Arena<'a>,
    ) -> &'a [u8] {
        let Record { generation, .. } = record::parse(self.client, record, arena);
        let job = Job {
            logouts: Tab::parse(tab).logouts,
            asked_at: now,
            generation,
            state,
            parameters,
        };
        job.write(arena)
    }
}

/// The time now, or one later than the last of these times.
fn after(last: u64, now: u64) -> u64 {
    last.saturating_add(1).max(now)
}

impl<'a> Turn<'_, 'a, '_> {
    fn take(&mut self, event: &Event<'a>) {
        match event {
            Event::Look => {}
            Event::Woke => self.wake(),
            Event::Granted(granted) => self.begin(granted, self.now),
            Event::Exchanged { job, answer, by } => self.exchanged(job, answer, *by),
            Event::RenewRequested { parameters } => self.renew(parameters),
            Event::Locked { renewal, lock } => self.locked(*renewal, *lock),
            Event::Refreshed { renewal, answer } => self.refreshed(*renewal, answer),
            Event::Framed { renewal, outcome } => self.framed(*renewal, outcome),
            Event::TokenRefused {
                access_token,
                is_fresh,
            } => self.refused(access_token, *is_fresh),
            Event::LogoutRequested {
                revokes,
                generation,
            } => self.logout(*revokes, generation),
            Event::LogoutHeard => self.logout_heard(),
            Event::RenewedElsewhere { id } => self.renewed_elsewhere(id),
        }
    }

    /// Rule M6: what may pass is tried at once; what a server has refused is not tried again.
    fn wake(&mut self) {
        let Tab {
            retry_at,
            requested_at,
            ..
        } = self.tab;
        if retry_at < NEVER {
            self.tab.retry_at = retry_at.min(Plan::woken(requested_at, self.now));
        }
    }

    /// Rules M1 and M2: a store has no transactions, so a tab that has not read yet that somebody signed out
    /// may write its session over that. It ends here, and by the record there, too.
    fn end_what_outlived_a_logout(&mut self) {
        let left_at = self.tab.left_at;
        let Some(held) = self.record.session.filter(|held| held.asked_at <= left_at) else {
            return;
        };
        let revokes = self.tab.logouts > 0 && self.tab.revoked == self.tab.logouts;
        if revokes {
            self.revoke(&held.set);
        }
        self.record = Record {
            generation: self.tab.generation,
            left_at,
            revokes,
            session: None,
        };
        self.is_changed = true;
    }

    pub(super) fn begin(&mut self, granted: &Granted<'a>, asked_at: u64) {
        self.drop_renewal(false);
        let left_at = self.tab.left_at.max(self.record.left_at);
        let asked_at = after(left_at, asked_at);
        let held = Held::new(granted, asked_at, self.arena);
        self.record.session = Some(held);
        self.is_new = true;
        self.is_changed = true;
        self.by = granted.by;
    }

    /// Rules M1 to M3: the answer counts if nobody has signed out since it was asked for. A login that
    /// came meanwhile does not take it away from the user who finished this one, too.
    fn exchanged(&mut self, job: &'a [u8], answer: &Answer<'a>, by: Cause) {
        let job = Job::parse(job);
        let current = job.filter(|job| {
            job.logouts == self.tab.logouts && is(job.generation, self.record.generation)
        });
        match (current, answer) {
            (Some(job), Ok(set)) => {
                let granted = Granted {
                    set: *set,
                    state: job.state,
                    parameters: job.parameters,
                    by,
                };
                self.begin(&granted, job.asked_at);
            }
            (Some(_), Err(failure)) => self.outcome = Err(*failure),
            (None, answer) => {
                self.outcome = Err(NoToken::of(Error::SessionEnded));
                let is_revoked =
                    job.is_some_and(|job| job.logouts < self.tab.revoked) || self.record.revokes;
                if let (true, Ok(set)) = (is_revoked, answer) {
                    self.revoke(set);
                }
            }
        }
    }

    /// Rule M2: what was asked before is over, in this tab and, by the record's new generation or by
    /// word, in all others.
    fn logout(&mut self, revokes: bool, generation: &'a [u8]) {
        if let (true, Some(held)) = (revokes, self.record.session) {
            self.revoke(&held.set);
        }
        self.end_all(revokes, Cause::Caller);
        self.record.generation = generation;
        self.record.left_at = after(self.tab.left_at.max(self.record.left_at), self.now);
        self.record.revokes = revokes;
        self.effects.add(Effect::TellLogout);
    }

    fn logout_heard(&mut self) {
        self.end_all(false, Cause::Tab);
    }

    fn end_all(&mut self, revokes: bool, cause: Cause) {
        self.tab.logouts = self.tab.logouts.saturating_add(1);
        if revokes {
            self.tab.revoked = self.tab.logouts;
            self.tab.revokes = self.tab.renewals;
        }
        self.tab.refusal = b"";
        self.drop_renewal(revokes);
        self.effects.add(Effect::EndExchanges);
        self.give_up((Change::Logout, cause));
    }

    /// Ends the session, and nothing else.
    pub(super) fn end(&mut self, cause: Cause) {
        self.drop_renewal(false);
        self.give_up((Change::Revoke, cause));
    }

    fn give_up(&mut self, ending: (Change, Cause)) {
        self.record.session = None;
        self.is_changed = true;
        self.ending = Some(ending);
    }

    /// Rule M7: a token that was refused is renewed once; one that came from that ends its session.
    fn refused(&mut self, access_token: &[u8], is_fresh: bool) {
        if !is(access_token, self.access_token()) || !self.is_usable() {
            return;
        }
        if is_fresh || !self.has_grant() {
            self.end(Cause::Resource);
        } else if self.tab.renewal.is_none() {
            self.start_renewal(b"");
        }
    }

    pub(super) fn revoke(&mut self, set: &TokenSet<'a>) {
        let Some((endpoint, url)) = &self.policy.revocation else {
            return;
        };
        let mut request = |token| Some(endpoint.revocation(url, token, self.arena));
        let refresh = TokenToRevoke::Refresh(set.refresh_token);
        let access = TokenToRevoke::Access(set.token.access_token);
        self.effects.revocations = if set.refresh_token.is_empty() {
            [request(access), None]
        } else {
            [request(refresh), request(access)]
        };
        self.effects.add(Effect::Revoke);
    }

    fn conclude(mut self) -> After<'a> {
        self.end_waiting();
        self.tell();
        if self.next_renewal().is_some_and(|at| at <= self.now) {
            self.start_renewal(b"");
        }
        self.keep();
        After {
            tab: self.tab.write(self.arena),
            session: self.record.session.map(|held| held.set),
            usable_until: self.usable_until(),
            status: self.status(),
            deadline: self.deadline(),
            outcome: self.outcome,
            effects: self.effects,
        }
    }

    /// A record that says nothing is removed. Tabs that share one learn from it that there was a logout.
    fn keep(&mut self) {
        let says = self.record.session.is_some()
            || (self.policy.is_shared && !self.record.generation.is_empty());
        if !self.is_changed {
            return;
        }
        if says {
            self.effects.record = record::write(self.policy.client, &self.record, self.arena);
            self.effects.add(Effect::Keep);
        } else {
            self.effects.add(Effect::Remove);
        }
    }

    fn status(&self) -> Status {
        if self.is_usable() {
            Status::SignedIn
        } else if self.tab.renewal.is_some() {
            Status::Renewing
        } else if self.is_renewable() {
            Status::Renewable
        } else {
            Status::SignedOut
        }
    }

    fn deadline(&self) -> Option<u64> {
        let lease = match self.tab.renewal.as_ref().map(|renewal| renewal.phase) {
            Some(Phase::Leased(until)) => Some(until),
            _ => None,
        };
        let end = self.usable_until().filter(|end| self.now < *end);
        let moments = [end, lease, self.next_renewal()];
        moments.into_iter().flatten().min()
    }
}
