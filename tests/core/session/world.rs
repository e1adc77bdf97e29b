//! A world of tabs around the session's machine: their records and locks, a network that loses, delays and
//! reorders, words from tab to tab, a server, and a clock. What happens in it are its [`Step`]s.

use core::hash::{Hash, Hasher};
use std::hash::DefaultHasher;

use super::promises::{self, Heard};
use super::server::{Answer, LIFE, Server};
use super::tabs::{RENEW, START};
use crate::fixtures::{client, sessions};
use claviger::{Cause, Change, Lock, SessionEffect, SessionEvent, SessionPolicy, Unframed};

/// What stays the same while things happen.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a way in which worlds differ"
)]
pub(crate) struct Setting {
    policy: SessionPolicy,
    /// The tabs see one record; else each has its own.
    pub(super) is_shared: bool,
    /// What a tab has written is read by the others a little later.
    pub(super) is_late: bool,
    /// The platform has locks.
    has_locks: bool,
    /// The server gives refresh tokens; else a frame is opened.
    has_refresh_tokens: bool,
}

impl Setting {
    pub(crate) fn shared() -> Self {
        let mut policy = sessions(&client());
        policy.set_shared(true);
        policy.set_auto_renew(true);
        Self {
            policy,
            is_shared: true,
            is_late: false,
            has_locks: true,
            has_refresh_tokens: true,
        }
    }

    pub(crate) fn private() -> Self {
        let mut setting = Self::shared();
        setting.policy.set_shared(false);
        setting.is_shared = false;
        setting
    }

    pub(crate) fn without_locks(mut self) -> Self {
        self.has_locks = false;
        self
    }

    pub(crate) fn with_late_stores(mut self) -> Self {
        self.is_late = true;
        self
    }

    pub(crate) fn with_frames(mut self) -> Self {
        self.policy.set_frames(true);
        self.has_refresh_tokens = false;
        self
    }
}

/// What can happen next. Numbers are places of tabs and of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// This user signs in in this tab: the exchange of its code goes out.
    Login(usize, u8),
    Renew(usize),
    /// With or without the order to revoke.
    Logout(usize, bool),
    /// A timer, a storage event, or the page woke.
    Look(usize),
    /// A resource refuses the tab's token.
    Refuse(usize),
    /// The tab gets the lock that it waits for, or has waited for it too long.
    Lock(usize),
    /// The mail reaches the server.
    Serve(usize),
    /// The answer arrives, or that there is none.
    Arrive(usize),
    /// The mail is lost, on its way there or back.
    Lose(usize),
    /// The word at this place arrives.
    Hear(usize),
    /// The tab reads what others have written.
    Read(usize),
    /// The tab does nothing more, and gives nothing back.
    Freeze(usize),
    Thaw(usize),
    Reload(usize),
    /// So much time passes that every request has ended, and every lease.
    Wait,
    /// The tokens expire.
    Expire,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Word {
    LoggedOut(u8),
    Renewed(String),
}

/// A request under way, and its answer once it was served.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mail {
    tab: usize,
    kind: Kind,
    /// Logouts before it was sent.
    asked_after: u8,
    pub(super) answer: Option<Answer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Exchange(String, u8),
    Refresh(u64, String),
    Frame(u64),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Tab {
    text: String,
    /// Its own record, or what it sees of the one of all.
    record: String,
    /// The lock that it waits for, and the renewal that needs it.
    waits: Option<(u64, u64)>,
    /// The locks that it has, and for which renewals.
    holds: Vec<(u64, u64)>,
    is_frozen: bool,
    /// What its subscribers have heard.
    pub(super) heard: Heard,
    /// Callers wait for a renewal.
    has_callers: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(super) tabs: Vec<Tab>,
    pub(super) store: String,
    pub(super) mail: Vec<Mail>,
    words: Vec<(usize, Word)>,
    pub(super) server: Server,
    logins: u8,
    pub(super) logouts: u8,
    now: u64,
    left: Left,
    /// An answer was lost, so that nobody can know which refresh token is alive.
    pub(super) is_disturbed: bool,
}

/// How often things may still happen that nothing else brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Left {
    logins: u8,
    renewals: u8,
    logouts: u8,
    refusals: u8,
    looks: u8,
    losses: u8,
    /// Of freezing and reloading.
    breaks: u8,
    waits: u8,
}

const PLENTY: Left = Left {
    logins: 2,
    renewals: 2,
    logouts: 2,
    refusals: 1,
    looks: 3,
    losses: 1,
    breaks: 1,
    waits: 2,
};

impl World {
    /// Somebody is signed in in the first tab; tabs that share its record know it.
    pub(crate) fn new(setting: &Setting, tabs: usize) -> Self {
        let mut world = Self {
            tabs: vec![Tab::default(); tabs],
            store: String::new(),
            mail: Vec::new(),
            words: Vec::new(),
            server: Server::default(),
            logins: 0,
            logouts: 0,
            now: START,
            left: PLENTY,
            is_disturbed: false,
        };
        for step in [Step::Login(0, 1), Step::Serve(0), Step::Arrive(0)] {
            world.take(setting, step).unwrap();
        }
        if setting.is_shared {
            for tab in 1..tabs {
                world.take(setting, Step::Read(tab)).unwrap();
            }
        }
        world.left = PLENTY;
        world
    }

    /// A tab and its copy.
    pub(crate) fn duplicated(setting: &Setting) -> Self {
        let mut world = Self::new(setting, 2);
        let record = world.tabs[0].record.clone();
        world.tabs[1].record = record;
        world.take(setting, Step::Look(1)).unwrap();
        world.left = PLENTY;
        world
    }

    /// All that can happen now; first what comes by itself.
    pub(crate) fn steps(&self, setting: &Setting) -> Vec<Step> {
        let mut steps = self.quiet_steps(setting);
        let left = &self.left;
        if left.losses > 0 {
            steps.extend(self.awake_mail().map(Step::Lose));
        }
        for (at, tab) in self.tabs.iter().enumerate() {
            if tab.is_frozen {
                steps.push(Step::Thaw(at));
                continue;
            }
            let mut may = |count: u8, step: Step| steps.extend((count > 0).then_some(step));
            may(left.logins, Step::Login(at, 1));
            may(left.logins, Step::Login(at, 2));
            may(left.renewals, Step::Renew(at));
            may(left.logouts, Step::Logout(at, false));
            may(left.logouts, Step::Logout(at, true));
            may(left.looks, Step::Look(at));
            may(left.refusals, Step::Refuse(at));
            may(left.breaks, Step::Freeze(at));
            // Whoever goes in the moment in which another one overwrites its logout can't say it again.
            may(
                if setting.is_late { 0 } else { left.breaks },
                Step::Reload(at),
            );
        }
        if left.waits > 0 {
            steps.extend([Step::Wait, Step::Expire]);
        }
        steps
    }

    /// What comes by itself if one only waits a little.
    fn quiet_steps(&self, setting: &Setting) -> Vec<Step> {
        let mut steps = Vec::new();
        for (at, mail) in self.mail.iter().enumerate() {
            match mail.answer {
                None => steps.push(Step::Serve(at)),
                Some(_) if self.tabs[mail.tab].is_frozen => {}
                Some(_) => steps.push(Step::Arrive(at)),
            }
        }
        let is_heard = |at: usize| !self.words.iter().any(|(to, _)| *to == at);
        for (at, (to, _)) in self.words.iter().enumerate() {
            if !self.tabs[*to].is_frozen {
                steps.push(Step::Hear(at));
            }
        }
        for (at, tab) in self.tabs.iter().enumerate().filter(|it| !it.1.is_frozen) {
            let is_behind = setting.is_shared && tab.record != self.store;
            if is_behind {
                steps.push(Step::Read(at));
            }
            // A lock is given back when what came before it can be read.
            if tab.waits.is_some() && is_heard(at) && !(setting.is_late && is_behind) {
                steps.push(Step::Lock(at));
            }
        }
        steps
    }

    fn awake_mail(&self) -> impl Iterator<Item = usize> {
        let mail = self.mail.iter().enumerate();
        mail.filter_map(|(at, mail)| (!self.tabs[mail.tab].is_frozen).then_some(at))
    }

    pub(crate) fn take(&mut self, setting: &Setting, step: Step) -> Result<(), String> {
        let left = &mut self.left;
        // Where tabs read late, time tells what came first, and people do one thing in a second.
        if setting.is_late && matches!(step, Step::Login(..) | Step::Logout(..)) {
            self.now += 1;
        }
        match step {
            Step::Login(tab, user) => {
                left.logins -= 1;
                self.login(setting, tab, user);
                Ok(())
            }
            Step::Renew(tab) => {
                left.renewals -= 1;
                self.tabs[tab].has_callers = true;
                self.on(setting, tab, &RENEW)
            }
            Step::Logout(tab, revokes) => {
                left.logouts -= 1;
                self.logouts += 1;
                self.tabs[tab].heard.logouts = self.logouts;
                let generation = format!("generation-{}", self.logouts);
                let event = SessionEvent::LogoutRequested {
                    revokes,
                    generation,
                };
                self.on(setting, tab, &event)
            }
            Step::Look(tab) => {
                left.looks -= 1;
                self.on(setting, tab, &SessionEvent::Look)
            }
            Step::Refuse(tab) => {
                left.refusals -= 1;
                let access_token = self.tabs[tab].heard.token.clone();
                let is_fresh = false;
                let event = SessionEvent::TokenRefused {
                    access_token,
                    is_fresh,
                };
                self.on(setting, tab, &event)
            }
            Step::Lock(tab) => self.lock(setting, tab),
            Step::Serve(at) => self.serve(at),
            Step::Arrive(at) => {
                let mail = self.mail.remove(at);
                self.arrive(setting, &mail)
            }
            Step::Lose(at) => {
                left.losses -= 1;
                let mut mail = self.mail.remove(at);
                self.is_disturbed |= mail.answer.is_some();
                mail.answer = None;
                self.arrive(setting, &mail)
            }
            Step::Hear(at) => self.hear(setting, at),
            Step::Read(tab) => self.look(setting, tab),
            Step::Freeze(tab) => {
                left.breaks -= 1;
                self.is_disturbed = true;
                self.tabs[tab].is_frozen = true;
                Ok(())
            }
            Step::Thaw(tab) => {
                self.tabs[tab].is_frozen = false;
                self.read(setting, tab);
                self.on(setting, tab, &SessionEvent::Woke)
            }
            Step::Reload(tab) => {
                left.breaks -= 1;
                self.reload(setting, tab)
            }
            Step::Wait => {
                left.waits -= 1;
                self.pass(setting, 15)
            }
            Step::Expire => {
                left.waits -= 1;
                self.pass(setting, LIFE)
            }
        }
    }

    fn login(&mut self, setting: &Setting, tab: usize, user: u8) {
        if !setting.is_late {
            self.read(setting, tab);
        }
        self.logins += 1;
        let state = format!("login-{:-<37}", self.logins);
        let Tab { text, record, .. } = &self.tabs[tab];
        let job = setting.policy.job(record, text, &state, "", self.now);
        self.send(tab, Kind::Exchange(job, user));
    }

    fn lock(&mut self, setting: &Setting, tab: usize) -> Result<(), String> {
        let Some((name, renewal)) = self.tabs[tab].waits.take() else {
            return Ok(());
        };
        let is_held = |other: &Tab| other.holds.iter().any(|(held, _)| *held == name);
        let lock = if !setting.has_locks {
            Lock::Unavailable
        } else if self.tabs.iter().any(is_held) {
            Lock::TimedOut
        } else {
            self.tabs[tab].holds.push((name, renewal));
            Lock::Held
        };
        self.on(setting, tab, &SessionEvent::Locked { renewal, lock })
    }

    fn hear(&mut self, setting: &Setting, at: usize) -> Result<(), String> {
        let (tab, word) = self.words.remove(at);
        let event = match word {
            Word::Renewed(id) => SessionEvent::RenewedElsewhere { id },
            Word::LoggedOut(_) if setting.is_shared => SessionEvent::Look,
            Word::LoggedOut(number) => {
                let logouts = &mut self.tabs[tab].heard.logouts;
                *logouts = number.max(*logouts);
                SessionEvent::LogoutHeard
            }
        };
        self.on(setting, tab, &event)
    }

    /// The page goes, with its locks and what it waits for; its session's record stays.
    fn reload(&mut self, setting: &Setting, tab: usize) -> Result<(), String> {
        self.is_disturbed = true;
        self.mail.retain(|mail| mail.tab != tab);
        self.words.retain(|(to, _)| *to != tab);
        let record = self.tabs[tab].record.clone();
        self.tabs[tab] = Tab {
            record,
            ..Tab::default()
        };
        self.look(setting, tab)
    }

    /// Time in which every request ends; a tab that is awake looks at its clock then.
    fn pass(&mut self, setting: &Setting, seconds: u64) -> Result<(), String> {
        self.now += seconds;
        self.is_disturbed |= self.mail.iter().any(|mail| mail.answer.is_some());
        let (mut ended, kept): (Vec<_>, Vec<_>) = core::mem::take(&mut self.mail)
            .into_iter()
            .partition(|mail| !self.tabs[mail.tab].is_frozen);
        self.mail = kept;
        for mail in &mut self.mail {
            mail.answer.get_or_insert(Answer::Nothing);
        }
        for mail in &mut ended {
            mail.answer = None;
            self.arrive(setting, mail)?;
        }
        for tab in 0..self.tabs.len() {
            if !self.tabs[tab].is_frozen {
                self.look(setting, tab)?;
            }
        }
        Ok(())
    }

    fn send(&mut self, tab: usize, kind: Kind) {
        self.mail.push(Mail {
            tab,
            kind,
            asked_after: self.logouts,
            answer: None,
        });
    }

    fn serve(&mut self, at: usize) -> Result<(), String> {
        let mail = &mut self.mail[at];
        let answer = match &mail.kind {
            Kind::Exchange(_, user) => self.server.login(*user, mail.asked_after, self.now),
            Kind::Frame(_) => self.server.silent_login(mail.asked_after, self.now),
            Kind::Refresh(_, token) => {
                let (answer, is_used_again) = self.server.refresh(token, self.now);
                if is_used_again && !self.is_disturbed {
                    return Err(format!("the refresh token {token} was used twice"));
                }
                answer
            }
        };
        mail.answer = Some(answer);
        Ok(())
    }

    fn arrive(&mut self, setting: &Setting, mail: &Mail) -> Result<(), String> {
        let answer = mail.answer.as_ref().unwrap_or(&Answer::Nothing);
        let result = answer.as_result(setting.has_refresh_tokens);
        let event = match &mail.kind {
            Kind::Exchange(job, _) => SessionEvent::Exchanged {
                job: job.clone(),
                answer: result,
                by: Cause::Redirect,
            },
            Kind::Refresh(number, _) => SessionEvent::Refreshed {
                renewal: *number,
                answer: result,
            },
            Kind::Frame(number) => {
                self.logins += 1;
                let state = format!("frame-{:-<37}", self.logins);
                let outcome = match answer {
                    Answer::Nothing => Err(Unframed::Unanswered),
                    Answer::Refused(code) => Err(Unframed::Refused((*code).into())),
                    Answer::Tokens(..) => Ok((result.unwrap(), state, String::new())),
                };
                let renewal = *number;
                SessionEvent::Framed { renewal, outcome }
            }
        };
        self.on(setting, mail.tab, &event)?;
        // The refresh token was in use until now, whoever still waits for the renewal.
        if let Kind::Refresh(number, _) = mail.kind {
            self.tabs[mail.tab]
                .holds
                .retain(|(_, held)| *held != number);
        }
        Ok(())
    }

    /// The tab reads what others have written.
    fn read(&mut self, setting: &Setting, at: usize) {
        if setting.is_shared {
            self.tabs[at].record.clone_from(&self.store);
        }
    }

    /// The same, and it looks at what that means.
    fn look(&mut self, setting: &Setting, at: usize) -> Result<(), String> {
        self.read(setting, at);
        self.on(setting, at, &SessionEvent::Look)
    }

    /// Gives a tab an event, with the record as the tab sees it.
    fn on(&mut self, setting: &Setting, at: usize, event: &SessionEvent) -> Result<(), String> {
        if !setting.is_late {
            self.read(setting, at);
        }
        let Tab { record, text, .. } = &self.tabs[at];
        let before = record.clone();
        let turn = setting.policy.on(record, text, event, self.now);
        self.tabs[at].text.clone_from(&turn.tab);
        let mut told = Vec::new();
        for effect in turn.effects {
            match effect {
                SessionEffect::Keep(record) => self.keep(setting, at, record),
                SessionEffect::Remove => self.keep(setting, at, String::new()),
                SessionEffect::TellLogout => self.tell(at, &Word::LoggedOut(self.logouts)),
                SessionEffect::TellRenewed(id) => self.tell(at, &Word::Renewed(id)),
                SessionEffect::Settle | SessionEffect::Drop => self.tabs[at].has_callers = false,
                SessionEffect::CloseFrame => {
                    let is_frame = |mail: &Mail| matches!(mail.kind, Kind::Frame(_));
                    self.mail.retain(|mail| mail.tab != at || !is_frame(mail));
                }
                SessionEffect::GiveLock => self.give_lock(at),
                SessionEffect::TakeLock(renewal, name) => {
                    self.tabs[at].waits = Some((name, renewal));
                }
                SessionEffect::Send(number, request) => {
                    let body = request.http().body();
                    let mut pairs = body.split('&');
                    let token = pairs.find_map(|pair| pair.strip_prefix("refresh_token="));
                    let token = String::from(token.unwrap());
                    self.used_once(&token)?;
                    self.send(at, Kind::Refresh(number, token));
                }
                SessionEffect::OpenFrame(number, _) => self.send(at, Kind::Frame(number)),
                SessionEffect::Notify(change, _) => told.push(change),
                _ => {}
            }
        }
        let token = turn.session.as_ref().map(|set| set.token.access_token());
        self.check(setting, at, event, &before, &told, token)
    }

    fn check(
        &mut self,
        setting: &Setting,
        at: usize,
        event: &SessionEvent,
        before: &str,
        told: &[Change],
        token: Option<&str>,
    ) -> Result<(), String> {
        let logouts = self.logouts;
        let heard = &mut self.tabs[at].heard;
        if setting.is_shared {
            let seen = if setting.is_late {
                promises::logouts_in(before)
            } else {
                logouts
            };
            heard.logouts = seen.max(heard.logouts);
        }
        let session = token.map(|token| (token, *self.server.grant_of(token)));
        heard
            .hear(told, session)
            .map_err(|it| format!("tab {at}: {it}"))?;
        // A tab that reads late may write over what another one got, and so lose it, or bring it back.
        if setting.is_late {
            return Ok(());
        }
        heard.never_twice()?;
        promises::never_lost(event, before, token)
    }

    /// A live refresh token is in flight once (rule M9).
    fn used_once(&self, token: &str) -> Result<(), String> {
        let is_live = |mail: &Mail| {
            let is_it = matches!(&mail.kind, Kind::Refresh(_, other) if other == token);
            is_it && mail.answer.is_none()
        };
        if self.mail.iter().any(is_live) {
            return Err(format!("the refresh token {token} is in flight twice"));
        }
        Ok(())
    }

    fn give_lock(&mut self, at: usize) {
        // A request under way keeps its own.
        let asking = self.mail.iter().find_map(|mail| match mail.kind {
            Kind::Refresh(number, _) if mail.tab == at => Some(number),
            _ => None,
        });
        let tab = &mut self.tabs[at];
        tab.holds.retain(|(_, number)| Some(*number) == asking);
        tab.waits = None;
    }

    fn keep(&mut self, setting: &Setting, at: usize, record: String) {
        if setting.is_shared {
            self.store.clone_from(&record);
        }
        self.tabs[at].record = record;
    }

    fn tell(&mut self, from: usize, word: &Word) {
        let others = (0..self.tabs.len()).filter(|to| *to != from);
        self.words.extend(others.map(|to| (to, word.clone())));
    }

    /// The world without the places of its tabs, its mail and its words, which mean nothing.
    pub(crate) fn key(&self) -> u64 {
        let mut tabs: Vec<u64> = (0..self.tabs.len()).map(|at| self.key_of(at)).collect();
        tabs.sort_unstable();
        let (server, store) = (&self.server, &self.store);
        let rest = (self.logins, self.logouts, self.now, self.is_disturbed);
        hash(&(tabs, store, server, &self.left, rest))
    }

    fn key_of(&self, at: usize) -> u64 {
        let mail = self.mail.iter().filter(|mail| mail.tab == at);
        let mail = mail.map(|mail| hash(&(&mail.kind, mail.asked_after, &mail.answer)));
        let words = self.words.iter().filter(|(to, _)| *to == at);
        let words = words.map(|(_, word)| hash(word));
        let mut own: Vec<u64> = mail.chain(words).collect();
        own.sort_unstable();
        hash(&(&self.tabs[at], own))
    }

    /// Goes on by what comes by itself, or says that nothing does.
    pub(crate) fn settle(&mut self, setting: &Setting) -> Result<bool, String> {
        match self.quiet_steps(setting).first() {
            Some(step) => self.take(setting, *step).map(|()| true),
            None => Ok(false),
        }
    }

    /// Where nothing comes by itself any more, all tabs are in the same state, and nobody waits for ever.
    pub(crate) fn at_rest(&self, setting: &Setting) -> Result<(), String> {
        let mut world = self.clone();
        for tab in &mut world.tabs {
            tab.is_frozen = false;
        }
        for seconds in [0, 15, 15] {
            world.pass(setting, seconds)?;
            while world.settle(setting)? {}
        }
        if let Some(at) = world.tabs.iter().position(|tab| tab.has_callers) {
            return Err(format!(
                "who asked for a renewal in tab {at} waits for ever"
            ));
        }
        if !setting.is_shared {
            return Ok(());
        }
        let mut heard = world.tabs.iter().map(|tab| tab.heard.state());
        let first = heard.next();
        if heard.any(|it| Some(it) != first) {
            let heard: Vec<_> = world.tabs.iter().map(|tab| &tab.heard).collect();
            return Err(format!("tabs do not agree: {heard:?}"));
        }
        promises::nothing_outlives_a_logout(&world)
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
