//! A world of tabs around the session's machine: their records and locks, a network that loses, delays and
//! reorders, channels between tabs, a server whose refresh tokens are used once, and a clock.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::fixtures::{client, sessions, token_endpoint};
use claviger::{
    Cause, Change, Error, HttpResponse, Lock, SessionEffect, SessionEvent, SessionPolicy,
    TokenRequest, TokenSet, Unframed,
};

/// When a world begins, in seconds since 1970, and how long its tokens live.
const START: u64 = 1_700_000_000;
const LIFE: u64 = 1000;

/// What can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Step {
    /// This user signs in in this tab: its code's exchange goes out.
    Login(usize, u8),
    Renew(usize),
    Logout(usize, bool),
    /// A timer, a storage event, or the page woke.
    Look(usize),
    /// A resource refuses the tab's token.
    Refuse(usize),
    /// The tab gets the lock, or has waited for it too long.
    GetLock(usize),
    LoseLock(usize),
    /// What is under way at this place reaches the server, or is lost on its way there.
    Serve(usize),
    Fail(usize),
    /// The answer at this place arrives.
    Arrive(usize),
    /// The answer is lost on its way back.
    Lose(usize),
    /// Another tab's word arrives.
    Hear(usize),
    /// The tab hangs for good: it does nothing more, and gives nothing back.
    Hang(usize),
    /// So much time passes that every request has ended.
    Wait,
    /// The tokens expire.
    Expire,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Word {
    LoggedOut,
    Renewed(String),
}

/// A request under way, or its answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Mail {
    tab: usize,
    kind: Kind,
    /// Logouts before it was asked for.
    logouts: u8,
    /// Once it was served: the token, or the server's code.
    answer: Option<Result<String, &'static str>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    Exchange { job: String, user: u8 },
    Refresh { number: u64, token: String },
    Frame { number: u64 },
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Tab {
    text: String,
    /// Of a record that nobody else sees.
    record: String,
    /// The name of the lock that it waits for, and the renewal's number.
    waits: Option<(String, u64)>,
    /// The locks that it has, and for which renewals.
    holds: Vec<(String, u64)>,
    hangs: bool,
    /// What its subscribers know: the user, and whether they were told of an end.
    told: Option<(u8, Told)>,
    /// Callers that wait for a renewal.
    callers: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Told {
    Alive,
    Expired,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kept {
    Shared,
    Private,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    kept: Kept,
    frames: bool,
    tabs: Vec<Tab>,
    store: String,
    mail: Vec<Mail>,
    words: Vec<(usize, Word)>,
    /// Of each grant the refresh token that is alive, and its user; `None` once the server has ended it.
    grants: BTreeMap<u8, (u8, Option<u8>)>,
    issued: u8,
    /// Logins that were begun.
    sent: u8,
    now: u64,
    logouts: u8,
    /// How often each kind of step may still happen.
    left: Left,
    /// The server's session, for frames.
    user_at_server: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Left {
    logins: u8,
    renewals: u8,
    logouts: u8,
    losses: u8,
    waits: u8,
    refusals: u8,
    hangs: u8,
    looks: u8,
}

thread_local! {
    static SETS: RefCell<BTreeMap<String, TokenSet>> = RefCell::default();
}

/// The token set with this name, `u1g2n3`: a user, a grant and a number in it.
fn set(name: &str) -> TokenSet {
    SETS.with_borrow_mut(|sets| {
        let made = sets.entry(name.into()).or_insert_with(|| {
            let (name, now) = name.split_once('@').unwrap();
            let refresh = if name.ends_with('f') { "" } else { name };
            let body = format!(
                "{{\"access_token\":\"{name}\",\"token_type\":\"Bearer\",\"expires_in\":{LIFE},\"refresh_token\":\"{refresh}\"}}"
            );
            let request = TokenRequest::refresh(&token_endpoint(), "", "");
            let answer = HttpResponse::new(200, "application/json", body.as_bytes());
            request.finish(&answer, now.parse().unwrap()).unwrap()
        });
        made.clone()
    })
}

fn refusal(code: &str) -> Error {
    let body = format!("{{\"error\":\"{code}\"}}");
    let request = TokenRequest::refresh(&token_endpoint(), "", "");
    let answer = HttpResponse::new(400, "application/json", body.as_bytes());
    request.finish(&answer, START).unwrap_err()
}

fn user_of(set: &TokenSet) -> u8 {
    set.token.access_token().as_bytes()[1] - b'0'
}

fn grant_of(token: &str) -> (u8, u8) {
    let (_, rest) = token.split_once('g').unwrap();
    let (grant, number) = rest.split_once('n').unwrap();
    (grant.parse().unwrap(), number.parse().unwrap())
}

impl World {
    fn new(tabs: usize, kept: Kept) -> Self {
        Self {
            kept,
            frames: false,
            tabs: vec![Tab::default(); tabs],
            store: String::new(),
            mail: Vec::new(),
            words: Vec::new(),
            grants: BTreeMap::new(),
            issued: 0,
            sent: 0,
            now: START,
            logouts: 0,
            left: Left {
                logins: 2,
                renewals: 2,
                logouts: 2,
                losses: 1,
                waits: 2,
                refusals: 1,
                hangs: 1,
                looks: 4,
            },
            user_at_server: None,
        }
    }

    /// Somebody is signed in, in the first tab.
    fn signed_in(mut self) -> Self {
        for step in [Step::Login(0, 1), Step::Serve(0), Step::Arrive(0)] {
            self.take(step).unwrap();
        }
        self.left.logins = 2;
        self
    }

    /// Tabs that see one record, with somebody signed in.
    pub(crate) fn shared(tabs: usize) -> Self {
        let mut world = Self::new(tabs, Kept::Shared).signed_in();
        for tab in 1..tabs {
            world.take(Step::Look(tab)).unwrap();
        }
        world.left.looks = 4;
        world
    }

    /// Tabs with a record each, and somebody signed in in the first one.
    pub(crate) fn private(tabs: usize) -> Self {
        Self::new(tabs, Kept::Private).signed_in()
    }

    /// A tab and its copy, which has the same record.
    pub(crate) fn duplicated() -> Self {
        let mut world = Self::private(2);
        world.tabs[1].record = world.tabs[0].record.clone();
        world.take(Step::Look(1)).unwrap();
        world.left.looks = 4;
        world
    }

    /// Tabs that see one record, without a refresh token in it.
    pub(crate) fn framed(tabs: usize) -> Self {
        let mut world = Self::new(tabs, Kept::Shared);
        world.frames = true;
        world.signed_in()
    }

    fn policy(&self) -> SessionPolicy {
        let mut policy = sessions(&client());
        policy.set_shared(self.kept == Kept::Shared);
        policy.set_frames(self.frames);
        policy.set_auto_renew(true);
        policy
    }

    fn record(&self, tab: usize) -> &str {
        match self.kept {
            Kept::Shared => &self.store,
            Kept::Private => &self.tabs[tab].record,
        }
    }

    /// All that can happen now.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let left = self.left;
        for (at, tab) in self.tabs.iter().enumerate().filter(|(_, tab)| !tab.hangs) {
            if left.logins > 0 {
                steps.extend([Step::Login(at, 1), Step::Login(at, 2)]);
            }
            if left.renewals > 0 {
                steps.push(Step::Renew(at));
            }
            if left.logouts > 0 {
                steps.extend([Step::Logout(at, false), Step::Logout(at, true)]);
            }
            if left.looks > 0 {
                steps.push(Step::Look(at));
            }
            if left.refusals > 0 && tab.told.is_some() {
                steps.push(Step::Refuse(at));
            }
            if left.hangs > 0 && self.tabs.len() > 1 {
                steps.push(Step::Hang(at));
            }
            if let Some((name, _)) = &tab.waits {
                let is_free = self
                    .tabs
                    .iter()
                    .all(|other| other.holds.iter().all(|(held, _)| held != name));
                steps.push(if is_free {
                    Step::GetLock(at)
                } else {
                    Step::LoseLock(at)
                });
            }
        }
        for (at, mail) in self.mail.iter().enumerate() {
            match mail.answer {
                None => {
                    steps.push(Step::Serve(at));
                    if left.losses > 0 {
                        steps.push(Step::Fail(at));
                    }
                }
                Some(_) if self.tabs[mail.tab].hangs => {}
                Some(_) => {
                    steps.push(Step::Arrive(at));
                    if left.losses > 0 {
                        steps.push(Step::Lose(at));
                    }
                }
            }
        }
        steps.extend(
            (0..self.words.len())
                .filter(|at| !self.tabs[self.words[*at].0].hangs)
                .map(Step::Hear),
        );
        if left.waits > 0 {
            steps.extend([Step::Wait, Step::Expire]);
        }
        steps
    }

    pub(crate) fn take(&mut self, step: Step) -> Result<(), String> {
        let left = &mut self.left;
        match step {
            Step::Login(tab, user) => {
                left.logins -= 1;
                self.sent += 1;
                let state = format!("{:-<43}", format!("login{}of{user}", self.sent));
                let job = self
                    .policy()
                    .job(self.record(tab), &self.tabs[tab].text, &state, "");
                self.send(tab, Kind::Exchange { job, user });
            }
            Step::Renew(tab) => {
                left.renewals -= 1;
                self.tabs[tab].callers += 1;
                self.on(tab, &SessionEvent::RenewRequested)?;
            }
            Step::Logout(tab, revokes) => {
                left.logouts -= 1;
                self.logouts += 1;
                let generation = format!("generation-{}", self.logouts);
                self.on(
                    tab,
                    &SessionEvent::LogoutRequested {
                        revokes,
                        generation,
                    },
                )?;
            }
            Step::Look(tab) => {
                left.looks = left.looks.saturating_sub(1);
                self.on(tab, &SessionEvent::Look)?;
            }
            Step::Refuse(tab) => {
                left.refusals -= 1;
                let turn = self.policy().on(
                    self.record(tab),
                    &self.tabs[tab].text,
                    &SessionEvent::Look,
                    self.now,
                );
                if let Some(set) = turn.session {
                    let access_token = set.token.access_token().into();
                    self.on(
                        tab,
                        &SessionEvent::TokenRefused {
                            access_token,
                            is_fresh: false,
                        },
                    )?;
                }
            }
            Step::GetLock(tab) => {
                let (name, renewal) = self.tabs[tab].waits.take().unwrap();
                self.tabs[tab].holds.push((name, renewal));
                self.on(
                    tab,
                    &SessionEvent::Locked {
                        renewal,
                        lock: Lock::Held,
                    },
                )?;
            }
            Step::LoseLock(tab) => {
                let (_, renewal) = self.tabs[tab].waits.take().unwrap();
                self.on(
                    tab,
                    &SessionEvent::Locked {
                        renewal,
                        lock: Lock::TimedOut,
                    },
                )?;
            }
            Step::Serve(at) => self.serve(at)?,
            Step::Fail(at) => {
                left.losses -= 1;
                let mail = self.mail.remove(at);
                self.arrive(&mail, None)?;
            }
            Step::Arrive(at) => {
                let mail = self.mail.remove(at);
                self.arrive(&mail, mail.answer.clone())?;
            }
            Step::Lose(at) => {
                left.losses -= 1;
                let mail = self.mail.remove(at);
                self.arrive(&mail, None)?;
            }
            Step::Hear(at) => {
                let (tab, word) = self.words.remove(at);
                let event = match (word, self.kept) {
                    (Word::LoggedOut, Kept::Private) => SessionEvent::LogoutHeard,
                    (Word::LoggedOut, Kept::Shared) => SessionEvent::Look,
                    (Word::Renewed(id), _) => SessionEvent::RenewedElsewhere { id },
                };
                self.on(tab, &event)?;
            }
            Step::Hang(tab) => {
                left.hangs -= 1;
                self.tabs[tab].hangs = true;
                self.tabs[tab].waits = None;
            }
            Step::Wait => {
                left.waits -= 1;
                self.pass(15)?;
            }
            Step::Expire => {
                left.waits -= 1;
                self.pass(LIFE)?;
            }
        }
        self.mail.sort();
        self.words.sort();
        Ok(())
    }

    /// Time in which every request ends, answered or not; each tab looks at its clock then.
    fn pass(&mut self, seconds: u64) -> Result<(), String> {
        self.now += seconds;
        for mail in std::mem::take(&mut self.mail) {
            if !self.tabs[mail.tab].hangs {
                self.arrive(&mail, None)?;
            }
        }
        for tab in 0..self.tabs.len() {
            if !self.tabs[tab].hangs {
                self.on(tab, &SessionEvent::Look)?;
            }
        }
        Ok(())
    }

    fn send(&mut self, tab: usize, kind: Kind) {
        self.mail.push(Mail {
            tab,
            kind,
            logouts: self.logouts,
            answer: None,
        });
    }

    fn issue(&mut self, user: u8, grant: u8, number: u8) -> String {
        let end = if self.frames { "f" } else { "" };
        format!("u{user}g{grant}n{number}{end}@{}", self.now)
    }

    fn serve(&mut self, at: usize) -> Result<(), String> {
        let kind = self.mail[at].kind.clone();
        let answer = match &kind {
            Kind::Exchange { user, .. } => {
                self.issued += 1;
                self.grants.insert(self.issued, (*user, Some(0)));
                self.user_at_server = Some(*user);
                Ok(self.issue(*user, self.issued, 0))
            }
            Kind::Frame { .. } => match self.user_at_server {
                Some(user) => {
                    self.issued += 1;
                    Ok(self.issue(user, self.issued, 0))
                }
                None => Err("login_required"),
            },
            Kind::Refresh { token, .. } => {
                let (grant, number) = grant_of(token);
                let (user, alive) = self.grants[&grant];
                match alive {
                    Some(current) if current == number => {
                        self.grants.insert(grant, (user, Some(number + 1)));
                        Ok(self.issue(user, grant, number + 1))
                    }
                    Some(_) => {
                        self.grants.insert(grant, (user, None));
                        Err("invalid_grant")
                    }
                    None => Err("invalid_grant"),
                }
            }
        };
        self.mail[at].answer = Some(answer);
        Ok(())
    }

    /// An answer, or that none came.
    fn arrive(
        &mut self,
        mail: &Mail,
        answer: Option<Result<String, &'static str>>,
    ) -> Result<(), String> {
        let tab = mail.tab;
        let answer = match answer {
            Some(Ok(name)) => Ok(set(&name)),
            Some(Err(code)) => Err(refusal(code)),
            None => Err(Error::TokenEndpointUnreachable),
        };
        let brought = answer.clone().ok();
        let event = match &mail.kind {
            Kind::Exchange { job, .. } => SessionEvent::Exchanged {
                job: job.clone(),
                answer,
                by: Cause::Redirect,
            },
            Kind::Refresh { number, .. } => SessionEvent::Refreshed {
                renewal: *number,
                answer,
            },
            Kind::Frame { number } => SessionEvent::Framed {
                renewal: *number,
                outcome: match answer {
                    Ok(set) => Ok((
                        set,
                        format!("{:-<43}", format!("frame{}", self.issued)),
                        String::new(),
                    )),
                    Err(Error::TokenEndpointUnreachable) => Err(Unframed::Unanswered),
                    Err(_) => Err(Unframed::Refused("login_required".into())),
                },
            },
        };
        self.on(tab, &event)?;
        if let Kind::Refresh { number, .. } = mail.kind {
            self.tabs[tab].holds.retain(|(_, held)| *held != number);
        }
        // Nothing signs in after a logout that came later than its request.
        let is_seen = self.kept == Kept::Shared || self.words.iter().all(|(to, _)| *to != tab);
        if let (Some(brought), true) = (brought, mail.logouts < self.logouts && is_seen) {
            let now = self
                .policy()
                .on(self.record(tab), "", &SessionEvent::Look, self.now);
            let is_in = now
                .session
                .is_some_and(|set| set.token.access_token() == brought.token.access_token());
            if is_in {
                return Err(format!("{:?} signed in after a logout", mail.kind));
            }
        }
        Ok(())
    }

    /// Gives a tab an event, and executes what comes of it.
    fn on(&mut self, at: usize, event: &SessionEvent) -> Result<(), String> {
        let policy = self.policy();
        let before = policy
            .on(self.record(at), "", &SessionEvent::Look, self.now)
            .session;
        let turn = policy.on(self.record(at), &self.tabs[at].text, event, self.now);
        self.tabs[at].text.clone_from(&turn.tab);
        let mut told = Vec::new();
        for effect in turn.effects {
            match effect {
                SessionEffect::Keep(record) => self.keep(at, record),
                SessionEffect::Remove => self.keep(at, String::new()),
                SessionEffect::TellLogout => self.tell(at, &Word::LoggedOut),
                SessionEffect::TellRenewed(id) => self.tell(at, &Word::Renewed(id)),
                SessionEffect::Settle | SessionEffect::Drop => self.tabs[at].callers = 0,
                SessionEffect::CloseFrame => {
                    self.mail
                        .retain(|mail| mail.tab != at || !matches!(mail.kind, Kind::Frame { .. }));
                }
                SessionEffect::GiveLock => {
                    // A request under way keeps its own.
                    let asking = self.asking(at);
                    self.tabs[at]
                        .holds
                        .retain(|(_, number)| Some(*number) == asking);
                    self.tabs[at].waits = None;
                }
                SessionEffect::TakeLock(number, lease) => {
                    let own = if self.kept == Kept::Shared {
                        String::new()
                    } else {
                        "copies".into()
                    };
                    self.tabs[at].waits = Some((format!("{own}{lease}"), number));
                }
                SessionEffect::Send(number, request) => {
                    let body = request.http().body();
                    let token = body
                        .split('&')
                        .find_map(|pair| pair.strip_prefix("refresh_token="));
                    let token = String::from(token.unwrap());
                    self.used_once(&token)?;
                    self.send(at, Kind::Refresh { number, token });
                }
                SessionEffect::OpenFrame(number, _) => self.send(at, Kind::Frame { number }),
                SessionEffect::Notify(change, _) => told.push(change),
                _ => {}
            }
        }
        let after = policy
            .on(self.record(at), "", &SessionEvent::Look, self.now)
            .session;
        never_lost(event, before.as_ref(), after.as_ref())?;
        self.hear(at, &told, turn.session.as_ref())
    }

    /// The renewal whose request of this tab's is under way.
    fn asking(&self, at: usize) -> Option<u64> {
        self.mail.iter().find_map(|mail| match mail.kind {
            Kind::Refresh { number, .. } if mail.tab == at => Some(number),
            _ => None,
        })
    }

    fn keep(&mut self, at: usize, record: String) {
        match self.kept {
            Kept::Shared => self.store = record,
            Kept::Private => self.tabs[at].record = record,
        }
    }

    fn tell(&mut self, from: usize, word: &Word) {
        let others = (0..self.tabs.len()).filter(|to| *to != from);
        self.words.extend(others.map(|to| (to, word.clone())));
    }

    /// A live refresh token is in flight once.
    fn used_once(&self, token: &str) -> Result<(), String> {
        let is_under_way = self.mail.iter().any(|mail| {
            matches!(&mail.kind, Kind::Refresh { token: other, .. } if other == token)
                && mail.answer.is_none()
        });
        if is_under_way {
            return Err(format!("{token} is in flight twice"));
        }
        Ok(())
    }

    /// Subscribers hear each change once, in an order that makes sense, and no token is another user's.
    fn hear(
        &mut self,
        at: usize,
        told: &[Change],
        session: Option<&TokenSet>,
    ) -> Result<(), String> {
        let tab = &mut self.tabs[at];
        for change in told {
            tab.told = match (change, tab.told) {
                (Change::Login, None) => session.map(|set| (user_of(set), Told::Alive)),
                (Change::Renew, Some((user, _))) => Some((user, Told::Alive)),
                (Change::Expire, Some((user, Told::Alive))) => Some((user, Told::Expired)),
                (Change::Logout | Change::Revoke, Some(_)) => None,
                (Change::RenewalFailed, told) => told,
                // One that had expired and could not be renewed is gone without a word.
                (Change::Login, Some((_, Told::Expired))) => {
                    session.map(|set| (user_of(set), Told::Alive))
                }
                (change, known) => return Err(format!("{change:?} told in tab {at} to {known:?}")),
            };
        }
        let user = session.map(user_of);
        match (user, tab.told) {
            (Some(user), Some((known, _))) if user == known => Ok(()),
            (None, None | Some((_, Told::Expired))) => Ok(()),
            (user, known) => Err(format!("tab {at} has {user:?}, and knows {known:?}")),
        }
    }

    /// Lets everything that is under way come to its end, and looks whether all tabs agree.
    pub(crate) fn rest(&self) -> Result<(), String> {
        let mut world = self.clone();
        world.left.losses = 0;
        world.settle_down()?;
        if world.kept == Kept::Shared {
            let user = |tab: &Tab| tab.told.map(|(user, _)| user);
            let mut alive = world.tabs.iter().filter(|tab| !tab.hangs).map(user);
            let first = alive.next().flatten();
            if alive.any(|other| other != first) {
                let known: Vec<_> = world.tabs.iter().map(|tab| tab.told).collect();
                return Err(format!("tabs do not agree: {known:?}"));
            }
        }
        // Who waits behind a lease goes on once that is over.
        world.pass(15)?;
        world.settle_down()?;
        let mut alive = world.tabs.iter().filter(|tab| !tab.hangs);
        if alive.any(|tab| tab.callers > 0) {
            return Err("who asked for a renewal waits for ever".into());
        }
        Ok(())
    }

    /// Serves, delivers and hears all there is; then each tab hears of the store.
    fn settle_down(&mut self) -> Result<(), String> {
        let is_quiet = |step: &Step| {
            matches!(
                step,
                Step::Serve(_)
                    | Step::Arrive(_)
                    | Step::Hear(_)
                    | Step::GetLock(_)
                    | Step::LoseLock(_)
            )
        };
        for _ in 0..4 {
            while let Some(step) = self.steps().into_iter().find(is_quiet) {
                self.take(step)?;
            }
            for tab in 0..self.tabs.len() {
                if !self.tabs[tab].hangs {
                    self.on(tab, &SessionEvent::Look)?;
                }
            }
        }
        Ok(())
    }
}

/// A session that could be renewed is never lost unless somebody signed out or a server refused it.
fn never_lost(
    event: &SessionEvent,
    before: Option<&TokenSet>,
    after: Option<&TokenSet>,
) -> Result<(), String> {
    let could = before.is_some_and(|set| set.refresh_token.is_some());
    let may_end = matches!(
        event,
        SessionEvent::LogoutRequested { .. }
            | SessionEvent::LogoutHeard
            // The session lives on in the tab that this one is a copy of.
            | SessionEvent::RenewedElsewhere { .. }
            | SessionEvent::TokenRefused { is_fresh: true, .. }
            | SessionEvent::Refreshed {
                answer: Err(Error::TokenError(_)),
                ..
            }
    );
    if could && after.is_none() && !may_end {
        return Err(format!("{event:?} lost a session that could be renewed"));
    }
    Ok(())
}
