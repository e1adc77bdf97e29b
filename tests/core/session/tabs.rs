//! Tabs with a session, as a page drives them: an event in, what the tab keeps out, and the rest in words.

use crate::fixtures::{client, pairs, sessions, token_endpoint, url};
use claviger::{
    Cause, Error, HttpResponse, Lock, RenewalParameters, SessionEffect, SessionEvent,
    SessionPolicy, SessionTurn, Status, TokenRequest, TokenSet, Unframed,
};

/// When tokens come, unless a test moves the clock.
pub(crate) const START: u64 = 1_700_000_000;

/// The caller wants a new token, and nothing in addition.
pub(crate) const RENEW: SessionEvent = SessionEvent::RenewRequested {
    parameters: RenewalParameters::new(),
};

/// Some tabs of one client, and a clock.
pub(crate) struct Tabs {
    pub(crate) policy: SessionPolicy,
    pub(crate) now: u64,
    is_shared: bool,
    /// The one that all see, or one for each.
    records: Vec<String>,
    tabs: Vec<String>,
    logouts: u64,
}

/// What came of an event: the turn, and what it wants done in words.
pub(crate) struct Done {
    pub(crate) turn: SessionTurn,
    pub(crate) words: Vec<String>,
}

impl Tabs {
    fn new(count: usize, is_shared: bool) -> Self {
        let mut policy = sessions(&client());
        policy.set_shared(is_shared);
        let revocation = url("https://as.example/revoke");
        policy.set_revocation_endpoint(revocation).unwrap();
        Self {
            policy,
            now: START,
            is_shared,
            records: vec![String::new(); if is_shared { 1 } else { count }],
            tabs: vec![String::new(); count],
            logouts: 0,
        }
    }

    /// Tabs that see one record.
    pub(crate) fn shared(count: usize) -> Self {
        Self::new(count, true)
    }

    /// Tabs with a record each.
    pub(crate) fn private(count: usize) -> Self {
        Self::new(count, false)
    }

    /// Somebody is signed in in the first tab, with the tokens `AT0` and `RT0`, and the others know it.
    pub(crate) fn signed_in(mut self) -> Self {
        self.grant(0, "AT0", "RT0", "u1");
        for tab in 1..self.tabs.len() {
            self.look(tab);
        }
        self
    }

    /// The same without a refresh token.
    pub(crate) fn with_token(mut self) -> Self {
        self.grant(0, "AT0", "", "u1");
        for tab in 1..self.tabs.len() {
            self.look(tab);
        }
        self
    }

    pub(crate) fn with_frames(mut self) -> Self {
        self.policy.set_frames(true);
        self
    }

    pub(crate) fn renewing(mut self) -> Self {
        self.policy.set_auto_renew(true);
        self
    }

    pub(crate) fn record(&mut self, tab: usize) -> &mut String {
        let at = if self.is_shared { 0 } else { tab };
        &mut self.records[at]
    }

    pub(crate) fn on(&mut self, tab: usize, event: &SessionEvent) -> Done {
        let record = self.record(tab).clone();
        let turn = self.policy.on(&record, &self.tabs[tab], event, self.now);
        self.tabs[tab].clone_from(&turn.tab);
        for effect in &turn.effects {
            match effect {
                SessionEffect::Keep(text) => self.record(tab).clone_from(text),
                SessionEffect::Remove => self.record(tab).clear(),
                _ => {}
            }
        }
        let words = turn.effects.iter().map(word).collect();
        Done { turn, words }
    }

    pub(crate) fn look(&mut self, tab: usize) -> Done {
        self.on(tab, &SessionEvent::Look)
    }

    /// A login of this state brings these tokens; they live for an hour.
    pub(crate) fn grant(&mut self, tab: usize, access: &str, refresh: &str, state: &str) -> Done {
        let event = SessionEvent::Granted {
            set: set(access, refresh, Some(3600), self.now),
            state: state_of(state),
            parameters: String::from("login_hint=ada"),
            by: Cause::Redirect,
        };
        self.on(tab, &event)
    }

    pub(crate) fn renew(&mut self, tab: usize) -> Done {
        self.on(tab, &RENEW)
    }

    pub(crate) fn locked(&mut self, tab: usize, renewal: u64, lock: Lock) -> Done {
        self.on(tab, &SessionEvent::Locked { renewal, lock })
    }

    /// Asks for a new token until the request of this renewal, or its frame, is out.
    pub(crate) fn ask(&mut self, tab: usize, renewal: u64) -> Done {
        assert_eq!(self.renew(tab).words, [format!("lock {renewal}")]);
        self.locked(tab, renewal, Lock::Held)
    }

    /// The answer to a renewal's request: these tokens, which live for an hour.
    pub(crate) fn refreshed(
        &mut self,
        tab: usize,
        renewal: u64,
        access: &str,
        refresh: &str,
    ) -> Done {
        let answer = Ok(set(access, refresh, Some(3600), self.now));
        self.on(tab, &SessionEvent::Refreshed { renewal, answer })
    }

    pub(crate) fn failed(&mut self, tab: usize, renewal: u64, error: Error) -> Done {
        let answer = Err(error);
        self.on(tab, &SessionEvent::Refreshed { renewal, answer })
    }

    /// What came of a renewal's frame: these tokens of a login with this state.
    pub(crate) fn framed(&mut self, tab: usize, renewal: u64, access: &str, state: &str) -> Done {
        let granted = set(access, "", Some(3600), self.now);
        let outcome = Ok((granted, state_of(state), String::new()));
        self.on(tab, &SessionEvent::Framed { renewal, outcome })
    }

    pub(crate) fn unframed(&mut self, tab: usize, renewal: u64, why: Unframed) -> Done {
        let outcome = Err(why);
        self.on(tab, &SessionEvent::Framed { renewal, outcome })
    }

    /// What the exchange of a code for a login of this state has to fit.
    pub(crate) fn job(&mut self, tab: usize, state: &str) -> String {
        let record = self.record(tab).clone();
        let (state, asked) = (state_of(state), "acr_values=2");
        self.policy
            .job(&record, &self.tabs[tab], &state, asked, self.now)
    }

    pub(crate) fn exchanged(&mut self, tab: usize, job: &str, access: &str, refresh: &str) -> Done {
        let answer = Ok(set(access, refresh, Some(3600), self.now));
        self.answered(tab, job, answer)
    }

    pub(crate) fn answered(
        &mut self,
        tab: usize,
        job: &str,
        answer: Result<TokenSet, Error>,
    ) -> Done {
        let event = SessionEvent::Exchanged {
            job: job.into(),
            answer,
            by: Cause::Popup,
        };
        self.on(tab, &event)
    }

    pub(crate) fn logout(&mut self, tab: usize, revokes: bool) -> Done {
        self.logouts += 1;
        let generation = format!("generation-{}", self.logouts);
        let event = SessionEvent::LogoutRequested {
            revokes,
            generation,
        };
        self.on(tab, &event)
    }

    pub(crate) fn refuse(&mut self, tab: usize, access: &str, is_fresh: bool) -> Done {
        let access_token = access.into();
        let event = SessionEvent::TokenRefused {
            access_token,
            is_fresh,
        };
        self.on(tab, &event)
    }
}

impl Done {
    /// The token of the session; empty where nobody is signed in.
    pub(crate) fn token(&self) -> &str {
        let session = self.turn.session.as_ref();
        session.map_or("", |set| set.token.access_token())
    }

    /// What the event's own caller is told: an error's code, or `ok`.
    pub(crate) fn outcome(&self) -> &'static str {
        self.turn
            .outcome
            .as_ref()
            .map_or_else(Error::code, |()| "ok")
    }

    pub(crate) fn status(&self) -> Status {
        self.turn.status
    }

    /// Seconds from [`START`] on at which the machine wants to be asked again.
    pub(crate) fn deadline(&self) -> Option<u64> {
        self.turn.deadline.map(|at| at - START)
    }
}

/// Nothing happens, nothing is told, and nothing changes.
pub(crate) const NOTHING: [&str; 0] = [];

/// A token set as a server's answer brings it at this time.
pub(crate) fn set(access: &str, refresh: &str, life: Option<u64>, now: u64) -> TokenSet {
    let life = life.map_or_else(String::new, |life| format!(",\"expires_in\":{life}"));
    let body = format!(
        "{{\"access_token\":\"{access}\",\"token_type\":\"Bearer\",\"refresh_token\":\"{refresh}\"{life}}}"
    );
    answer(200, &body, now).unwrap()
}

/// The token endpoint's refusal with this code (RFC 6749, section 5.2).
pub(crate) fn refusal(code: &str) -> Error {
    answer(400, &format!("{{\"error\":\"{code}\"}}"), START).unwrap_err()
}

fn answer(status: u16, body: &str, now: u64) -> Result<TokenSet, Error> {
    let answer = HttpResponse::new(status, "application/json", body.as_bytes());
    TokenRequest::refresh(&token_endpoint(), "", "read").finish(&answer, now)
}

fn state_of(name: &str) -> String {
    format!("{name:-<43}")
}

/// An effect in words: what is sent with which tokens, what is told and whose doing it is.
fn word(effect: &SessionEffect) -> String {
    let value = |form: &str, name: &str| {
        let pair = pairs(form).into_iter().find(|pair| pair.0 == name);
        pair.map_or_else(String::new, |pair| pair.1)
    };
    match effect {
        SessionEffect::Keep(_) => "keep".into(),
        SessionEffect::Remove => "remove".into(),
        SessionEffect::TellLogout => "tell logout".into(),
        SessionEffect::TellRenewed(_) => "tell renewed".into(),
        SessionEffect::Notify(change, cause) => format!("{} {}", change.as_str(), cause.as_str()),
        SessionEffect::Settle => "settle".into(),
        SessionEffect::Drop => "drop".into(),
        SessionEffect::CloseFrame => "close frame".into(),
        SessionEffect::GiveLock => "give lock".into(),
        SessionEffect::EndExchanges => "end exchanges".into(),
        SessionEffect::TakeLock(renewal, 0) => format!("lock {renewal}"),
        SessionEffect::TakeLock(renewal, other) => format!("lock {renewal} {other}"),
        SessionEffect::Send(renewal, request) => {
            let token = value(&request.http().body(), "refresh_token");
            format!("send {renewal} {token}")
        }
        SessionEffect::OpenFrame(renewal, form) => format!("frame {renewal} {form}"),
        SessionEffect::Revoke(requests) => {
            let tokens = requests.iter().map(|it| value(&it.body(), "token"));
            format!("revoke {}", tokens.collect::<Vec<_>>().join(" "))
        }
        other => format!("{other:?}"),
    }
}
