//! How a session gets a new token: by the refresh token (RFC 6749, section 6), or else by a login without
//! the user, in a hidden frame (OpenID Connect Core 1.0, section 3.1.2.1).

use super::event::{Answer, Cause, Effect, Granted, Lock, NoToken, Unframed};
use super::plan::{LEASE_SECONDS, NEVER, Plan};
use super::renewal::{Phase, Renewal};
use super::renewal_parameters::{lasting, overlay};
use super::turn::Turn;
use crate::error::Error;
use crate::syntax::text::{is, is_one_of, place_of};
use crate::token::request::TokenRequest;
use crate::token::response::TokenSet;

/// Codes of a refusal that says nothing about the next request: RFC 6749, section 4.1.2.1, and what
/// servers answer at the token endpoint in its place.
const PASSING: &str = "temporarily_unavailable server_error slow_down";

impl<'a> Turn<'_, 'a, '_> {
    /// Rule M1: a renewal is that of the session for which it was asked, or it is over.
    pub(super) fn drop_what_is_late(&mut self) {
        let Some(renewal) = &self.tab.renewal else {
            return;
        };
        let is_same_generation = is(renewal.generation, self.record.generation);
        if !is_same_generation || !is(renewal.id, self.id()) {
            self.drop_renewal(!is_same_generation && self.record.revokes);
        }
    }

    /// What it asks for counts where no renewal is under way.
    pub(super) fn renew(&mut self, parameters: &'a [u8]) {
        if self.tab.renewal.is_some() {
            return;
        }
        let refusal = self.tab.refusal;
        let has_grant = self.has_grant();
        if has_grant || (self.policy.has_frames && refusal.is_empty()) {
            return self.start_renewal(parameters);
        }
        self.effects.add(Effect::Settle);
        self.outcome = Err(if refusal.is_empty() {
            NoToken::of(Error::LoginRequired)
        } else {
            NoToken::interaction(refusal)
        });
    }

    pub(super) fn start_renewal(&mut self, parameters: &'a [u8]) {
        self.tab.renewals = self.tab.renewals.saturating_add(1);
        self.tab.renewal = Some(Renewal {
            number: self.tab.renewals,
            phase: Phase::Locking,
            lock: 0,
            id: self.id(),
            generation: self.record.generation,
            access_token: self.access_token(),
            parameters,
        });
        self.take_lock(0);
    }

    fn take_lock(&mut self, lock: u64) {
        if let Some(renewal) = &mut self.tab.renewal {
            renewal.phase = Phase::Locking;
            renewal.lock = lock;
        }
        self.effects.renewal = self.tab.renewals;
        self.effects.lock = lock;
        self.effects.add(Effect::TakeLock);
    }

    /// Whether the renewal with this number is under way and waits for such a thing.
    fn is_in(&self, number: u64, phase: Phase) -> bool {
        let renewal = self.tab.renewal.as_ref();
        renewal.is_some_and(|renewal| renewal.number == number && renewal.phase == phase)
    }

    /// What the renewal under way asks for in addition.
    fn asked(&self) -> &'a [u8] {
        self.tab.renewal.as_ref().map_or(b"", |it| it.parameters)
    }

    fn enter(&mut self, phase: Phase) {
        if let Some(renewal) = &mut self.tab.renewal {
            renewal.phase = phase;
        }
    }

    /// Whether somebody else has renewed the session since the renewal was asked for.
    fn has_other_token(&self) -> bool {
        let renewal = self.tab.renewal.as_ref();
        renewal.is_some_and(|renewal| !is(renewal.access_token, self.access_token()))
            && self.is_usable()
    }

    /// Rule M9: a refresh token is used by one request at a time among all who can see it. Nobody asks
    /// without a lock where the platform has them.
    pub(super) fn locked(&mut self, number: u64, lock: Lock) {
        if !self.is_in(number, Phase::Locking) {
            return;
        }
        let own = self.tab.renewal.as_ref().map_or(0, |renewal| renewal.lock);
        let (leased_until, leased_under, granted_at) = self.held().map_or((0, 0, 0), |held| {
            let granted_at = held.set.token.granted_at;
            (held.leased_until, held.leased_under, granted_at)
        });
        // Whoever said so under the lock that is held here has gone without a word.
        let is_gone = lock == Lock::Held && leased_under == own;
        if self.has_other_token() {
            self.settle();
        } else if self.policy.is_shared && Plan::is_leased(leased_until, self.now) && !is_gone {
            self.effects.add(Effect::GiveLock);
            self.enter(Phase::Leased(leased_until));
        } else if lock != Lock::TimedOut {
            self.ask();
        } else if self.policy.is_shared && own != granted_at {
            // Whoever keeps the lock has asked for nothing; the others go on with one of their own.
            self.take_lock(granted_at);
        } else {
            // A copy of this record, as in a duplicated tab, can't say whether its token was used.
            self.fail(NoToken::of(Error::SessionBusy), true, Cause::Tab);
        }
    }

    fn ask(&mut self) {
        let asked = self.asked();
        let repeated = self.held().map_or(&b""[..], |held| held.parameters);
        self.effects.parameters = repeated;
        let endpoint = self.policy.token_endpoint.as_ref();
        if self.has_grant()
            && let (Some(held), Some(endpoint)) = (&mut self.record.session, endpoint)
        {
            let TokenSet {
                token,
                refresh_token,
                ..
            } = &held.set;
            let further = overlay(asked, endpoint.further, self.arena);
            let scope = token.scope;
            let request =
                TokenRequest::refresh(endpoint, refresh_token, scope, further, self.arena);
            self.effects.request = Some(request);
            self.effects.add(Effect::Send);
            if self.policy.is_shared {
                held.leased_until = self.now.saturating_add(LEASE_SECONDS);
                held.leased_under = self.tab.renewal.as_ref().map_or(0, |renewal| renewal.lock);
                self.is_changed = true;
            }
            self.enter(Phase::Requesting);
        } else if self.policy.has_frames {
            self.effects.parameters = overlay(asked, repeated, self.arena);
            self.effects.add(Effect::OpenFrame);
            self.enter(Phase::Framing);
        } else {
            return self.fail(NoToken::of(Error::LoginRequired), false, Cause::Tab);
        }
        self.effects.renewal = self.tab.renewals;
        self.tab.requested_at = self.now;
    }

    pub(super) fn refreshed(&mut self, number: u64, answer: &Answer<'a>) {
        if !self.is_in(number, Phase::Requesting) {
            return self.late(number, answer.as_ref().ok());
        }
        // Somebody who did not wait has renewed it, or has been answered first.
        if answer.is_err() && self.has_other_token() {
            return self.settle();
        }
        self.is_changed = true;
        if let Some(held) = &mut self.record.session {
            held.leased_until = 0;
            if let Ok(set) = answer {
                // Without a new ID token the old one stays (OpenID Connect Core 1.0, section 12.2).
                let id_token = if set.id_token.is_empty() {
                    held.set.id_token
                } else {
                    set.id_token
                };
                let said = held.set.token.further;
                held.set = TokenSet { id_token, ..*set };
                // What the server said stays where it says nothing.
                if set.token.further.is_empty() {
                    held.set.token.further = said;
                }
            }
        }
        match answer {
            Ok(_) => {
                self.by = Cause::Refresh;
                self.tell_renewed(self.id());
                self.settle();
            }
            Err(failure) if failure.is_refused_grant() => {
                self.outcome = Err(*failure);
                self.settle();
                self.end(Cause::Server);
            }
            Err(failure) => self.fail(*failure, failure.is_passing(), Cause::Refresh),
        }
    }

    pub(super) fn framed(&mut self, number: u64, outcome: &Result<Granted<'a>, Unframed<'a>>) {
        if !self.is_in(number, Phase::Framing) {
            let granted = outcome.as_ref().ok();
            return self.late(number, granted.map(|granted| &granted.set));
        }
        self.effects.add(Effect::CloseFrame);
        match outcome {
            Ok(granted) => {
                // A silent login that asked for nothing else has repeated what the first one asked for.
                let asked = self.asked();
                let parameters = match (granted.parameters, self.held()) {
                    (b"", Some(held)) => held.parameters,
                    (framed, Some(held)) => lasting(asked, framed, held.parameters, self.arena),
                    (framed, None) => framed,
                };
                let granted = Granted {
                    parameters,
                    ..*granted
                };
                // What a verified ID token brings is the same user's (rule I26).
                let is_proven = !granted.set.id_token.is_empty();
                let known = self
                    .held()
                    .filter(|held| is_proven && !held.set.id_token.is_empty())
                    .map(|held| held.id);
                self.settle();
                self.begin(&granted, self.tab.requested_at);
                if let (Some(id), Some(held)) = (known, &mut self.record.session) {
                    held.id = id;
                }
            }
            Err(Unframed::Refused(code)) => {
                let is_passing = is_one_of(code, PASSING);
                if !is_passing {
                    self.tab.refusal = code;
                }
                self.fail(NoToken::interaction(code), is_passing, Cause::Frame);
            }
            Err(Unframed::Unanswered) => {
                self.fail(NoToken::of(Error::FrameUnanswered), true, Cause::Frame);
            }
            Err(Unframed::Impossible) => {
                self.fail(NoToken::of(Error::FrameForbidden), false, Cause::Frame);
            }
            Err(Unframed::NoToken(failure)) => {
                self.fail(*failure, failure.is_passing(), Cause::Frame);
            }
        }
    }

    /// Rule M2: an answer that nobody waits for changes nothing; what it brings is revoked where the
    /// logout that ended it said so.
    fn late(&mut self, number: u64, set: Option<&TokenSet<'a>>) {
        if let (true, Some(set)) = (number <= self.tab.revokes, set) {
            self.revoke(set);
        }
    }

    fn settle(&mut self) {
        self.tab.renewal = None;
        self.effects.add(Effect::Settle);
        self.effects.add(Effect::GiveLock);
    }

    /// Rule M6: the session stays; what may pass is tried again by itself.
    fn fail(&mut self, failure: NoToken<'a>, is_passing: bool, by: Cause) {
        self.tab.failures = self.tab.failures.saturating_add(1);
        self.tab.retry_at = if is_passing {
            Plan::retry_at(self.tab.failures, self.now)
        } else {
            NEVER
        };
        self.outcome = Err(failure);
        self.effects.tell_failure(by);
        self.settle();
    }

    pub(super) fn drop_renewal(&mut self, revokes: bool) {
        let Some(renewal) = self.tab.renewal.take() else {
            return;
        };
        self.effects.add(Effect::Drop);
        if renewal.phase == Phase::Framing {
            self.effects.add(Effect::CloseFrame);
        }
        // A request keeps its lock until its answer is there: its token is in use, and then used up.
        if renewal.phase == Phase::Requesting {
            self.tell_renewed(renewal.id);
        } else {
            self.effects.add(Effect::GiveLock);
        }
        if revokes {
            self.tab.revokes = renewal.number;
        }
    }

    /// Tabs that were copied from this one can't read in its record that the refresh token is used up.
    fn tell_renewed(&mut self, id: &'a [u8]) {
        if !self.policy.is_shared {
            self.effects.session_id = id;
            self.effects.add(Effect::TellRenewed);
        }
    }

    pub(super) fn renewed_elsewhere(&mut self, id: &[u8]) {
        if let Some(held) = &mut self.record.session
            && !self.policy.is_shared
            && is(held.id, id)
        {
            held.set.refresh_token = b"";
            self.is_changed = true;
        }
    }

    /// A renewal that has sent nothing yet has what it wants once anybody has renewed the session. One
    /// that waits for somebody's lease goes on when that is given back, or, with a lock that nobody has,
    /// when its time is over.
    pub(super) fn end_waiting(&mut self) {
        let Some(phase) = self.tab.renewal.as_ref().map(|renewal| renewal.phase) else {
            return;
        };
        let leased_until = self.held().map_or(0, |held| held.leased_until);
        match phase {
            Phase::Locking | Phase::Leased(_) if self.has_other_token() => self.settle(),
            Phase::Leased(_) if leased_until == 0 => self.take_lock(0),
            Phase::Leased(until) if !Plan::is_leased(until, self.now) => self.take_lock(until),
            _ => {}
        }
    }

    /// When the next renewal begins by itself.
    pub(super) fn next_renewal(&self) -> Option<u64> {
        let plan = &self.policy.plan;
        if !plan.renews || self.tab.renewal.is_some() || !self.is_renewable() {
            return None;
        }
        let due = plan.due(&self.held()?.set.token, self.now)?;
        let earliest = Plan::earliest(self.tab.requested_at, self.tab.retry_at, self.now);
        let at = due.max(earliest);
        (at < NEVER).then_some(at)
    }
}

impl<'a> NoToken<'a> {
    pub(crate) fn of(error: Error) -> Self {
        Self {
            error,
            code: b"",
            is_servers_fault: false,
        }
    }

    /// A server that says nothing without its user: OpenID Connect Core 1.0, section 3.1.2.6.
    fn interaction(code: &'a [u8]) -> Self {
        let error = match place_of(code, "login_required consent_required") {
            Some(0) => Error::UserUnknown,
            Some(_) => Error::ConsentRequired,
            None => Error::InteractionRequired,
        };
        Self {
            code,
            ..Self::of(error)
        }
    }

    /// RFC 6749, section 5.2: the refresh token is used up, expired or revoked.
    fn is_refused_grant(&self) -> bool {
        self.error == Error::TokenError && is(self.code, b"invalid_grant")
    }

    /// Whether the next attempt may end otherwise: the server has not refused this one.
    fn is_passing(&self) -> bool {
        self.error != Error::TokenError || self.is_servers_fault || is_one_of(self.code, PASSING)
    }
}
