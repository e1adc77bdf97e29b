//! The session's machine: a record, what a tab knows, and an event in; a record, a tab and effects out.

use super::event::{
    Answer, Cause, Change, Effect, Effects, Event, Granted, Lock, NoToken, Status, Unframed,
};
use super::job::Job;
use super::plan::{LEASE_SECONDS, NEVER, Plan};
use super::record::{self, Held, Record};
use super::renewal::{Phase, Renewal};
use super::tab::{Tab, Told};
use crate::error::Error;
use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::text::{is, is_one_of, place_of};
use crate::syntax::url::Url;
use crate::token::endpoint::TokenEndpoint;
use crate::token::http::HttpRequest;
use crate::token::request::{TokenRequest, TokenToRevoke};
use crate::token::response::TokenSet;

/// Codes of a refusal that says nothing about the next request: RFC 6749, section 4.1.2.1, and what
/// servers answer at the token endpoint in its place.
const PASSING: &str = "temporarily_unavailable server_error slow_down";

/// What a session of a client depends on, the same for all its events.
pub(crate) struct Machine<'m, 'a> {
    pub(crate) client: &'m Client<'a>,
    /// Where codes are exchanged and tokens are renewed, if anywhere.
    pub(crate) token_endpoint: Option<TokenEndpoint<'a>>,
    /// Where tokens are revoked, and the client as that endpoint knows it.
    pub(crate) revocation: Option<(TokenEndpoint<'a>, Url<'a>)>,
    pub(crate) plan: Plan,
    /// Tabs see one record.
    pub(crate) is_shared: bool,
    /// There is a page to open a hidden frame in.
    pub(crate) has_frames: bool,
}

/// What an event has led to, beside its effects.
pub(crate) struct After<'a> {
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

impl<'a> Machine<'_, 'a> {
    /// Takes an event. `record` is what the store says now, and `tab` what this tab knew after its last
    /// event; both are empty at first.
    pub(crate) fn on(
        &self,
        record: &'a [u8],
        tab: &'a [u8],
        event: Event<'a>,
        now: u64,
        arena: &mut Arena<'a>,
        effects: &mut impl Effects<'a>,
    ) -> After<'a> {
        let mut turn = Turn {
            machine: self,
            now,
            record: record::parse(self.client, record, arena),
            tab: Tab::parse(tab),
            arena,
            by: Cause::Tab,
            ending: None,
            outcome: Ok(()),
            todo: Todo::default(),
        };
        turn.drop_what_is_late();
        turn.take(event);
        turn.conclude(effects)
    }

    /// What the answer to the exchange of a code has to fit; the code's login had this state, and asked
    /// for these parameters.
    pub(crate) fn job(
        &self,
        record: &'a [u8],
        tab: &'a [u8],
        state: &[u8],
        parameters: &[u8],
        arena: &mut Arena<'a>,
    ) -> &'a [u8] {
        let Record { generation, .. } = record::parse(self.client, record, arena);
        let Tab { logouts, .. } = Tab::parse(tab);
        let job = Job {
            logouts,
            generation,
            state,
            parameters,
        };
        job.write(arena)
    }
}

/// What is to be done at the end of a turn.
#[derive(Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an effect without a value"
)]
struct Todo<'a> {
    begins_session: bool,
    keeps: bool,
    tells_logout: bool,
    tells_renewed: Option<&'a [u8]>,
    has_failed: bool,
    settles: bool,
    drops: bool,
    closes_frame: bool,
    gives_lock: bool,
    ends_exchanges: bool,
    begins: Option<Begin<'a>>,
    revocations: [Option<HttpRequest<'a>>; 2],
}

enum Begin<'a> {
    /// The lock of a lease: 0 for none.
    Lock(u64, u64),
    Request(u64, TokenRequest<'a>),
    Frame(u64, &'a [u8]),
}

/// One event on its way through the machine.
struct Turn<'m, 'a, 'r> {
    machine: &'m Machine<'m, 'a>,
    now: u64,
    record: Record<'a>,
    tab: Tab<'a>,
    arena: &'r mut Arena<'a>,
    /// Whose doing a new session or token is.
    by: Cause,
    /// How the end of the session is told, and whose doing it is; `None` where the record alone says it.
    ending: Option<(Change, Cause)>,
    outcome: Result<(), NoToken<'a>>,
    todo: Todo<'a>,
}

impl<'a> Turn<'_, 'a, '_> {
    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Look => {}
            Event::Woke => self.tab.retry_at = self.tab.retry_at.min(self.now),
            Event::Granted(granted) => self.begin(&granted),
            Event::Exchanged { job, answer, by } => self.exchanged(job, answer, by),
            Event::RenewRequested => self.renew(),
            Event::Locked { renewal, lock } => self.locked(renewal, lock),
            Event::Refreshed { renewal, answer } => self.refreshed(renewal, answer),
            Event::Framed { renewal, outcome } => self.framed(renewal, outcome),
            Event::TokenRefused {
                access_token,
                is_fresh,
            } => self.refused(access_token, is_fresh),
            Event::LogoutRequested {
                revokes,
                generation,
            } => self.logout(revokes, generation),
            Event::LogoutHeard => self.logout_heard(),
            Event::RenewedElsewhere { id } => self.renewed_elsewhere(id),
        }
    }

    /// Rule M1: a renewal is that of the session for which it was asked, or it is over.
    fn drop_what_is_late(&mut self) {
        let Some(renewal) = self.tab.renewal else {
            return;
        };
        let is_same_generation = is(renewal.generation, self.record.generation);
        if !is_same_generation || !is(renewal.id, self.id()) {
            self.drop_renewal(!is_same_generation && self.record.revokes);
        }
    }

    fn id(&self) -> &'a [u8] {
        self.record.session.map_or(b"", |held| held.id)
    }

    fn access_token(&self) -> &'a [u8] {
        self.record
            .session
            .map_or(b"", |held| held.set.token.access_token)
    }

    fn is_usable(&self) -> bool {
        self.record
            .session
            .is_some_and(|held| held.is_usable(&self.machine.plan, self.now))
    }

    // What begins and ends a session

    fn begin(&mut self, granted: &Granted<'a>) {
        self.drop_renewal(false);
        let held = Held::new(granted.set, granted.state, granted.parameters, self.arena);
        self.record.session = Some(held);
        self.todo.keeps = true;
        self.todo.begins_session = true;
        self.by = granted.by;
    }

    /// Rules M1 to M3: the answer counts if nobody has signed out since it was asked for. A login that
    /// came meanwhile does not take it away from the user who finished this one, too.
    fn exchanged(&mut self, job: &'a [u8], answer: Answer<'a>, by: Cause) {
        let job = Job::parse(job);
        let is_current =
            job.logouts == self.tab.logouts && is(job.generation, self.record.generation);
        match answer {
            Ok(set) if is_current => self.begin(&Granted {
                set,
                state: job.state,
                parameters: job.parameters,
                by,
            }),
            Err(failure) if is_current => self.outcome = Err(failure),
            answer => {
                self.outcome = Err(NoToken::of(Error::SessionEnded));
                let is_revoked = job.logouts < self.tab.revoked || self.record.revokes;
                if let (true, Ok(set)) = (is_revoked, answer) {
                    self.revoke(&set);
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
        self.end_all(revokes);
        self.record = Record {
            generation,
            revokes,
            session: None,
        };
        self.todo.tells_logout = true;
        self.ending = Some((Change::Logout, Cause::Caller));
    }

    fn logout_heard(&mut self) {
        self.end_all(false);
        self.record.session = None;
        self.ending = Some((Change::Logout, Cause::Tab));
    }

    fn end_all(&mut self, revokes: bool) {
        self.tab.logouts = self.tab.logouts.saturating_add(1);
        if revokes {
            self.tab.revoked = self.tab.logouts;
        }
        self.tab.refusal = b"";
        self.drop_renewal(revokes);
        self.todo.ends_exchanges = true;
        self.todo.keeps = true;
    }

    fn end(&mut self, cause: Cause) {
        self.drop_renewal(false);
        self.record.session = None;
        self.todo.keeps = true;
        self.ending = Some((Change::Revoke, cause));
    }

    /// Rule M7: a token that was refused is renewed once; one that came from that ends its session.
    fn refused(&mut self, access_token: &[u8], is_fresh: bool) {
        let Some(held) = self.record.session else {
            return;
        };
        if !is(access_token, held.set.token.access_token) || !self.is_usable() {
            return;
        }
        if is_fresh || !self.has_grant(&held) {
            self.end(Cause::Resource);
        } else if self.tab.renewal.is_none() {
            self.start_renewal();
        }
    }

    fn revoke(&mut self, set: &TokenSet<'a>) {
        let Some((endpoint, url)) = &self.machine.revocation else {
            return;
        };
        let refresh = (!set.refresh_token.is_empty()).then(|| {
            endpoint.revocation(url, TokenToRevoke::Refresh(set.refresh_token), self.arena)
        });
        let access = TokenToRevoke::Access(set.token.access_token);
        self.todo.revocations = [refresh, Some(endpoint.revocation(url, access, self.arena))];
    }

    // A renewal

    /// Whether there is a refresh token, and somewhere to send it.
    fn has_grant(&self, held: &Held<'_>) -> bool {
        !held.set.refresh_token.is_empty() && self.machine.token_endpoint.is_some()
    }

    fn renew(&mut self) {
        if self.tab.renewal.is_some() {
            return;
        }
        let has_grant = self
            .record
            .session
            .is_some_and(|held| self.has_grant(&held));
        if !has_grant && !self.tab.refusal.is_empty() {
            self.outcome = Err(NoToken::interaction(self.tab.refusal));
            self.todo.settles = true;
        } else if has_grant || self.machine.has_frames {
            self.start_renewal();
        } else {
            self.outcome = Err(NoToken::of(Error::LoginRequired));
            self.todo.settles = true;
        }
    }

    fn start_renewal(&mut self) {
        let number = self.tab.renewals.saturating_add(1);
        self.tab.renewals = number;
        self.tab.renewal = Some(Renewal {
            number,
            phase: Phase::Locking,
            id: self.id(),
            generation: self.record.generation,
            access_token: self.access_token(),
        });
        self.todo.begins = Some(Begin::Lock(number, 0));
    }

    /// The renewal with this number, if it is under way and waits for such a thing.
    fn renewal(&self, number: u64, is_waiting: fn(Phase) -> bool) -> Option<Renewal<'a>> {
        self.tab
            .renewal
            .filter(|renewal| renewal.number == number && is_waiting(renewal.phase))
    }

    fn enter(&mut self, phase: Phase) {
        if let Some(renewal) = &mut self.tab.renewal {
            renewal.phase = phase;
        }
    }

    /// Rule M9: a refresh token is used by one request at a time among all who can see it.
    fn locked(&mut self, number: u64, lock: Lock) {
        let Some(renewal) = self.renewal(number, |phase| phase == Phase::Locking) else {
            return;
        };
        if self.has_other_token(&renewal) {
            return self.settle();
        }
        let leased_until = self.record.session.map_or(0, |held| held.leased_until);
        match lock {
            Lock::Held => self.ask(&renewal),
            // Whoever had the lock may still have a request under way.
            _ if self.machine.is_shared && leased_until > self.now => {
                self.todo.gives_lock = true;
                self.enter(Phase::Leased(leased_until));
            }
            // A copy of this record, as in a duplicated tab, can't say whether its token was used.
            Lock::TimedOut if !self.machine.is_shared => {
                self.fail(NoToken::of(Error::SessionBusy), true);
            }
            _ => self.ask(&renewal),
        }
    }

    /// Whether somebody else has renewed the session meanwhile.
    fn has_other_token(&self, renewal: &Renewal<'_>) -> bool {
        !is(renewal.access_token, self.access_token()) && self.is_usable()
    }

    fn ask(&mut self, renewal: &Renewal<'a>) {
        let held = self.record.session.filter(|held| self.has_grant(held));
        if let (Some(mut held), Some(endpoint)) = (held, &self.machine.token_endpoint) {
            let set = &held.set;
            let request =
                TokenRequest::refresh(endpoint, set.refresh_token, set.token.scope, self.arena);
            if self.machine.is_shared {
                held.leased_until = self.now.saturating_add(LEASE_SECONDS);
                self.record.session = Some(held);
                self.todo.keeps = true;
            }
            self.enter(Phase::Requesting);
            self.todo.begins = Some(Begin::Request(renewal.number, request));
        } else if self.machine.has_frames {
            let parameters = self
                .record
                .session
                .map_or(b"" as &[u8], |held| held.parameters);
            self.enter(Phase::Framing);
            self.todo.begins = Some(Begin::Frame(renewal.number, parameters));
        } else {
            return self.fail(NoToken::of(Error::LoginRequired), false);
        }
        self.tab.requested_at = self.now;
    }

    fn refreshed(&mut self, number: u64, answer: Answer<'a>) {
        let Some(renewal) = self.renewal(number, |phase| phase == Phase::Requesting) else {
            return self.late(number, answer.ok());
        };
        let Some(mut held) = self.record.session else {
            return;
        };
        // Somebody who did not wait has renewed it, or has been answered first.
        if answer.is_err() && self.has_other_token(&renewal) {
            return self.settle();
        }
        held.leased_until = 0;
        match answer {
            Ok(set) => {
                held.set = set;
                self.by = Cause::Refresh;
                if !self.machine.is_shared {
                    self.todo.tells_renewed = Some(held.id);
                }
                self.settle();
            }
            Err(failure) if failure.is_refused_grant() => {
                self.outcome = Err(failure);
                self.settle();
                return self.end(Cause::Server);
            }
            Err(failure) => self.fail(failure, failure.is_passing()),
        }
        self.record.session = Some(held);
        self.todo.keeps = true;
    }

    fn framed(&mut self, number: u64, outcome: Result<Granted<'a>, Unframed<'a>>) {
        if self
            .renewal(number, |phase| phase == Phase::Framing)
            .is_none()
        {
            return self.late(number, outcome.ok().map(|granted| granted.set));
        }
        self.todo.closes_frame = true;
        match outcome {
            Ok(granted) => {
                // A silent login that asked for nothing else has repeated what the first one asked for.
                let parameters = match (granted.parameters, self.record.session) {
                    (b"", Some(held)) => held.parameters,
                    (parameters, _) => parameters,
                };
                self.settle();
                self.begin(&Granted {
                    parameters,
                    ..granted
                });
            }
            Err(Unframed::Refused(code)) => {
                let is_passing = is_one_of(code, PASSING);
                if !is_passing {
                    self.tab.refusal = code;
                }
                self.fail(NoToken::interaction(code), is_passing);
            }
            Err(Unframed::Unanswered) => self.fail(NoToken::of(Error::FrameUnanswered), true),
            Err(Unframed::Impossible) => self.fail(NoToken::of(Error::FrameForbidden), false),
            Err(Unframed::NoToken(failure)) => self.fail(failure, failure.is_passing()),
        }
    }

    /// Rule M2: an answer that nobody waits for changes nothing; what it brings is revoked where the
    /// logout that ended it said so.
    fn late(&mut self, number: u64, set: Option<TokenSet<'a>>) {
        if number == self.tab.revokes {
            self.tab.revokes = 0;
            if let Some(set) = set {
                self.revoke(&set);
            }
        }
    }

    fn settle(&mut self) {
        self.tab.renewal = None;
        self.todo.settles = true;
        self.todo.gives_lock = true;
    }

    /// Rule M6: the session stays; what may pass is tried again by itself.
    fn fail(&mut self, failure: NoToken<'a>, is_passing: bool) {
        self.tab.failures = self.tab.failures.saturating_add(1);
        self.tab.retry_at = if is_passing {
            Plan::retry_at(self.tab.failures, self.now)
        } else {
            NEVER
        };
        self.outcome = Err(failure);
        self.todo.has_failed = true;
        self.settle();
    }

    fn drop_renewal(&mut self, revokes: bool) {
        let Some(renewal) = self.tab.renewal.take() else {
            return;
        };
        self.todo.drops = true;
        self.todo.gives_lock = true;
        self.todo.closes_frame |= renewal.phase == Phase::Framing;
        if revokes && !renewal.phase.is_waiting() {
            self.tab.revokes = renewal.number;
        }
    }

    fn renewed_elsewhere(&mut self, id: &[u8]) {
        if let Some(held) = &mut self.record.session
            && !self.machine.is_shared
            && is(held.id, id)
        {
            held.set.refresh_token = b"";
            self.todo.keeps = true;
        }
    }

    // The end of a turn

    fn conclude(mut self, effects: &mut impl Effects<'a>) -> After<'a> {
        self.end_waiting();
        let told = self.tell();
        self.plan();
        self.emit(&told, effects);
        let held = self.record.session;
        let tab = self.tab.write(self.arena);
        After {
            tab,
            session: held.map(|held| held.set),
            usable_until: held.and_then(|held| self.machine.plan.usable_until(&held.set.token)),
            status: self.status(),
            deadline: self.deadline(),
            outcome: self.outcome,
        }
    }

    /// A renewal that has sent nothing yet has what it wants once anybody has renewed the session.
    fn end_waiting(&mut self) {
        let Some(renewal) = self.tab.renewal.filter(|it| it.phase.is_waiting()) else {
            return;
        };
        if self.has_other_token(&renewal) {
            self.settle();
        } else if let Phase::Leased(until) = renewal.phase
            && until <= self.now
        {
            self.enter(Phase::Locking);
            self.todo.begins = Some(Begin::Lock(renewal.number, until));
        }
    }

    /// The changes since subscribers were told last: the difference between what they know and what the
    /// record says (rule M4).
    fn tell(&mut self) -> [Option<(Change, Cause)>; 3] {
        let known = self.tab.told.take();
        let told = match (known, self.record.session) {
            (None, None) => [None; 3],
            (Some(known), None) => [self.end_of(&known), None, None],
            (known, Some(held)) => self.tell_of(known, &held),
        };
        self.tab.generation = self.record.generation;
        told
    }

    /// How the end of a session is told. Where nobody has ended it, a session whose time is up has gone
    /// because of that.
    fn end_of(&self, known: &Told<'_>) -> Option<(Change, Cause)> {
        if self.ending.is_some() {
            return self.ending;
        }
        if !is(self.tab.generation, self.record.generation) {
            return Some((Change::Logout, Cause::Tab));
        }
        let is_over = known.usable_until <= self.now;
        match (is_over, known.is_expired) {
            (false, _) => Some((Change::Logout, Cause::Tab)),
            (true, false) => Some((Change::Expire, Cause::Time)),
            (true, true) => None,
        }
    }

    fn tell_of(
        &mut self,
        known: Option<Told<'a>>,
        held: &Held<'a>,
    ) -> [Option<(Change, Cause)>; 3] {
        let token = &held.set.token;
        let is_over = !self.is_usable();
        let is_lost = is_over && self.tab.renewal.is_none() && !self.is_renewable(held);
        let same = known.filter(|known| is(known.id, held.id));
        let is_same_token = same.is_some_and(|known| is(known.access_token, token.access_token));
        // A token that has expired already is no news where the last one had, too.
        let was_expired = same.is_some_and(|known| known.is_expired) && is_over;
        if !is_same_token {
            self.tab.failures = 0;
            self.tab.retry_at = 0;
            self.tab.refusal = b"";
        }
        let begun = if same.is_none() {
            Some((Change::Login, self.by))
        } else if is_same_token || was_expired {
            None
        } else {
            Some((Change::Renew, self.by))
        };
        let expired = (is_over && !was_expired).then_some((Change::Expire, Cause::Time));
        // A session that was kept until it was of no use is given up before anybody hears of it.
        if known.is_none() && !self.todo.begins_session && is_lost {
            self.record.session = None;
            self.todo.keeps = true;
            return [None; 3];
        }
        self.tab.told = Some(Told {
            id: held.id,
            access_token: token.access_token,
            usable_until: self.machine.plan.usable_until(token).unwrap_or(NEVER),
            is_expired: is_over,
            is_lost,
        });
        // Of a session that was lost nobody has to hear that another one took its place.
        let left = known.filter(|known| same.is_none() && !known.is_lost);
        [left.map(|_| (Change::Logout, self.by)), begun, expired]
    }

    fn is_renewable(&self, held: &Held<'_>) -> bool {
        self.has_grant(held)
            || (self.machine.plan.renews && self.machine.has_frames && self.tab.refusal.is_empty())
    }

    /// When the next renewal begins by itself.
    fn next_renewal(&self) -> Option<u64> {
        let held = self.record.session?;
        let plan = &self.machine.plan;
        if !plan.renews || self.tab.renewal.is_some() || !self.is_renewable(&held) {
            return None;
        }
        let due = plan.due(&held.set.token, self.now)?;
        let at = due
            .max(self.tab.retry_at)
            .max(Plan::after_request(self.tab.requested_at));
        (at < NEVER).then_some(at)
    }

    fn plan(&mut self) {
        if self.next_renewal().is_some_and(|at| at <= self.now) {
            self.start_renewal();
        }
    }

    fn emit(&mut self, told: &[Option<(Change, Cause)>], effects: &mut impl Effects<'a>) {
        let todo = core::mem::take(&mut self.todo);
        if todo.keeps {
            // Tabs that share a record learn from it that there was a logout.
            let says = self.record.session.is_some()
                || (self.machine.is_shared && !self.record.generation.is_empty());
            if says {
                let text = record::write(self.machine.client, &self.record, self.arena);
                effects.push(Effect::Keep(text));
            } else {
                effects.push(Effect::Remove);
            }
        }
        if todo.tells_logout {
            effects.push(Effect::TellLogout);
        }
        if let Some(id) = todo.tells_renewed {
            effects.push(Effect::TellRenewed(id));
        }
        if todo.ends_exchanges {
            effects.push(Effect::EndExchanges);
        }
        if todo.settles {
            effects.push(Effect::Settle);
        }
        if todo.drops {
            effects.push(Effect::Drop);
        }
        if todo.closes_frame {
            effects.push(Effect::CloseFrame);
        }
        if todo.gives_lock {
            effects.push(Effect::GiveLock);
        }
        match &todo.begins {
            None => {}
            Some(Begin::Lock(number, lease)) => effects.push(Effect::TakeLock(*number, *lease)),
            Some(Begin::Request(number, request)) => effects.push(Effect::Send(*number, request)),
            Some(Begin::Frame(number, form)) => effects.push(Effect::OpenFrame(*number, form)),
        }
        if todo.revocations.iter().any(Option::is_some) {
            effects.push(Effect::Revoke(&todo.revocations));
        }
        for (change, cause) in told.iter().flatten() {
            effects.push(Effect::Notify(*change, *cause));
        }
        if todo.has_failed {
            effects.push(Effect::Notify(Change::RenewalFailed, self.by));
        }
    }

    fn status(&self) -> Status {
        let held = self.record.session;
        if self.is_usable() {
            Status::SignedIn
        } else if self.tab.renewal.is_some() {
            Status::Renewing
        } else if held.is_some_and(|held| self.is_renewable(&held)) {
            Status::Renewable
        } else {
            Status::SignedOut
        }
    }

    fn deadline(&self) -> Option<u64> {
        let expiry = self.record.session.and_then(|held| {
            let end = self.machine.plan.usable_until(&held.set.token);
            end.filter(|end| self.now < *end)
        });
        let lease = self.tab.renewal.and_then(|renewal| match renewal.phase {
            Phase::Leased(until) => Some(until),
            _ => None,
        });
        [expiry, lease, self.next_renewal()]
            .into_iter()
            .flatten()
            .min()
    }
}

impl<'a> NoToken<'a> {
    pub(crate) fn of(error: Error) -> Self {
        Self { error, code: b"" }
    }

    /// A server that says nothing without its user: OpenID Connect Core 1.0, section 3.1.2.6.
    fn interaction(code: &'a [u8]) -> Self {
        let error = match place_of(code, "login_required consent_required") {
            Some(0) => Error::UserUnknown,
            Some(_) => Error::ConsentRequired,
            None => Error::InteractionRequired,
        };
        Self { error, code }
    }

    /// RFC 6749, section 5.2: the refresh token is used up, expired or revoked.
    fn is_refused_grant(&self) -> bool {
        self.error == Error::TokenError && is(self.code, b"invalid_grant")
    }

    /// Whether the next attempt may end otherwise: the server has not refused this one.
    fn is_passing(&self) -> bool {
        self.error != Error::TokenError || is_one_of(self.code, PASSING)
    }
}
