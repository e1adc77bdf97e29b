//! A session that goes on. The machine decides what becomes of it: here its events are reported, and what
//! it wants done is done, in its order.

use alloc::format;
use alloc::rc::{Rc, Weak};
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use js_sys::futures::spawn_local;
use web_sys::{Event, StorageEvent};

use super::channel::Channel;
use super::failure::Failure;
use super::http;
#[cfg(feature = "sign-in")]
use super::issuers_keys::IssuersKeys;
use super::listening::Listening;
use super::lock::TabLock;
use super::memory_storage::MemoryStorage;
use super::outcome::Outcome;
use super::page;
use super::redirect::Redirect;
use super::session_store::{SessionStore, TokenStore};
use super::subscription::{Listeners, SessionNews, Subscription};
use super::time_limits::{LONGEST_TIMER_MS, RENEWAL_TIMEOUT_MS};
use super::timer::Timer;
use crate::owned::{
    Cause, Change, Client, Error, HttpRequest, SessionEffect, SessionEvent, SessionPolicy,
    SessionTurn, Status, Token, TokenSet,
};

/// The words of other tabs, and the event that each is; any other one names a session.
const LOGGED_OUT: &str = "logout";
const CHANGED: &str = "change";

/// When a page may have slept, or its clock may have been changed.
const WAKES: [&str; 4] = ["visibilitychange", "pageshow", "focus", "online"];

pub(super) struct Session {
    /// What waits for the platform has this alone.
    own: Weak<Session>,
    policy: RefCell<SessionPolicy>,
    pub(super) store: SessionStore,
    listeners: Listeners,
    /// To the tabs of this origin, once there is something to say or to hear.
    channel: RefCell<Option<Channel>>,
    listening: RefCell<Vec<Listening>>,
    /// Logins whose response comes to another window while this page waits: no storage has to keep them.
    pub(super) own_logins: MemoryStorage,

    /// What the machine has this tab remember between two events.
    tab: RefCell<String>,
    turns: Cell<u64>,
    /// What a turn wants done is being done.
    is_taking: Cell<bool>,
    /// A storage keeps the record; a turn that finds that it doesn't tells it.
    is_kept: Cell<bool>,
    status: Cell<Status>,
    set: RefCell<Option<TokenSet>>,
    usable_until: Cell<Option<u64>>,
    /// Sessions that have begun here, so that what an old one brought is known as such.
    begun: Cell<u64>,

    timer: RefCell<Option<Timer>>,
    pub(super) is_renewing: Cell<bool>,
    /// What a renewal comes to, for those who wait for it.
    pub(super) renewal: RefCell<Option<Outcome<Result<Token, Failure>>>>,
    pub(super) lock: RefCell<Option<TabLock>>,
    /// Ends the waiting for a popup.
    pub(super) popup: RefCell<Option<Outcome<()>>>,
    /// Closes the frame.
    pub(super) frame: RefCell<Option<Outcome<()>>>,
    /// Ends what is waited for when the session that it was asked for ends.
    ended: RefCell<Outcome<()>>,
    /// Those by which its ID tokens are verified.
    #[cfg(feature = "sign-in")]
    pub(super) keys: IssuersKeys,
    /// The last ID token: it serves as a hint when its session is over, too, unless the user has left.
    #[cfg(feature = "sign-in")]
    pub(super) hint: RefCell<Option<String>>,
}

/// What an event has come to for whoever reported it.
pub(super) struct Turned {
    pub(super) outcome: Result<(), Error>,
    /// Whether the server has confirmed the revocations that the turn asked for.
    pub(super) revoked: Option<Outcome<bool>>,
}

impl Session {
    pub(super) fn open(mut policy: SessionPolicy, kind: TokenStore) -> Rc<Self> {
        policy.set_shared(kind == TokenStore::Local);
        policy.set_frames(page::window().is_some_and(|window| window.document().is_some()));
        let store = SessionStore::new(kind, policy.key());
        #[cfg(feature = "sign-in")]
        let keys = IssuersKeys::of(policy.client().relying_party());
        let session = Rc::new_cyclic(|own| Self {
            own: own.clone(),
            policy: RefCell::new(policy),
            is_kept: Cell::new(store.is_kept()),
            store,
            listeners: Listeners::default(),
            channel: RefCell::default(),
            listening: RefCell::default(),
            own_logins: MemoryStorage::default(),
            tab: RefCell::default(),
            turns: Cell::new(0),
            is_taking: Cell::new(false),
            status: Cell::new(Status::SignedOut),
            set: RefCell::default(),
            usable_until: Cell::new(None),
            begun: Cell::new(0),
            timer: RefCell::default(),
            is_renewing: Cell::new(false),
            renewal: RefCell::default(),
            lock: RefCell::default(),
            popup: RefCell::default(),
            frame: RefCell::default(),
            ended: RefCell::new(Outcome::new()),
            #[cfg(feature = "sign-in")]
            keys,
            #[cfg(feature = "sign-in")]
            hint: RefCell::default(),
        });
        session.listen();
        if page::window().is_some() && session.store.is_kept() {
            session.report(&SessionEvent::Look);
        }
        session
    }

    fn listen(&self) {
        let Some(window) = page::window() else {
            return;
        };
        let mut listening = Vec::new();
        for kind in WAKES {
            // First of all listeners, so that a page that slept knows what other tabs have done before
            // anybody asks.
            let woke = self.later(|session, _: Event| {
                if session.is_shared() || session.status.get() != Status::SignedOut {
                    session.report(&SessionEvent::Woke);
                }
            });
            listening.extend(Listening::to(&window, kind, true, woke));
        }
        if self.is_shared() {
            self.open_channel();
            // A message may arrive before the other tab's record can be read here; this event comes
            // after. Without a key all was removed.
            let stored = self.later(|session, event: Event| {
                let event: StorageEvent = wasm_bindgen::JsCast::unchecked_into(event);
                if event.key().is_none_or(|key| key == session.store.name()) {
                    session.report(&SessionEvent::Look);
                }
            });
            listening.extend(Listening::to(&window, "storage", false, stored));
        }
        self.listening.replace(listening);
    }

    /// What is done when something comes, if the session is still there by then.
    fn later<T>(&self, run: impl Fn(&Self, T) + 'static) -> impl Fn(T) + 'static {
        let own = self.own.clone();
        move |come| {
            if let Some(session) = own.upgrade() {
                run(&session, come);
            }
        }
    }

    fn is_shared(&self) -> bool {
        self.store.kind() == TokenStore::Local && self.is_kept.get()
    }

    /// The session itself, for what waits.
    pub(super) fn itself(&self) -> Option<Rc<Self>> {
        self.own.upgrade()
    }

    /// From now on this tab hears of others.
    pub(super) fn open_channel(&self) {
        if self.channel.borrow().is_some() {
            return;
        }
        let hear = self.later(|session, word: String| match word.as_str() {
            LOGGED_OUT if !session.is_shared() => session.report(&SessionEvent::LogoutHeard),
            LOGGED_OUT | CHANGED => session.report(&SessionEvent::Look),
            _ => session.report(&SessionEvent::RenewedElsewhere { id: word }),
        });
        self.channel.replace(Channel::open(self.store.name(), hear));
    }

    fn tell_tabs(&self, word: &str) {
        self.open_channel();
        if let Some(channel) = &*self.channel.borrow() {
            channel.tell(word);
        }
    }

    /// Another client of this page, or another tab, may see the same record.
    fn tell_changed(&self) {
        if self.store.is_kept() {
            self.tell_tabs(CHANGED);
        }
    }

    /// What the answer to the exchange of a code has to fit.
    pub(super) fn job(&self, state: &str, parameters: &str) -> String {
        let record = self.store.read();
        let policy = self.policy.borrow();
        policy.job(&record, &self.tab.borrow(), state, parameters, page::now())
    }

    /// Reports an event of a caller's, and does what comes of it.
    pub(super) fn on(&self, event: &SessionEvent) -> Result<Turned, Failure> {
        page::window().ok_or(Failure::NoPage)?;
        if self.is_taking.replace(true) {
            return Err(Failure::FromWithin);
        }
        let record = self.store.read();
        let tab = self.tab.borrow().clone();
        let turn = self.policy.borrow().on(&record, &tab, event, page::now());
        Ok(self.take(turn))
    }

    /// Reports what nobody waits for.
    pub(super) fn report(&self, event: &SessionEvent) {
        let _ = self.on(event);
    }

    fn take(&self, turn: SessionTurn) -> Turned {
        self.turns.set(self.turns.get().saturating_add(1));
        self.tab.replace(turn.tab);
        self.status.set(turn.status);
        self.set.replace(turn.session);
        self.usable_until.set(turn.usable_until);
        let is_logout = turn
            .effects
            .iter()
            .any(|it| matches!(it, SessionEffect::TellLogout));
        let mut turned = Turned {
            outcome: turn.outcome,
            revoked: None,
        };
        let mut news = Vec::new();
        for effect in turn.effects {
            match effect {
                SessionEffect::Keep(record) => {
                    self.store.write(&record);
                    self.tell_changed();
                }
                SessionEffect::Remove => {
                    // A logout ends what another tab keeps, too.
                    self.store.remove(is_logout);
                    self.tell_changed();
                }
                SessionEffect::TellLogout => self.tell_tabs(LOGGED_OUT),
                SessionEffect::TellRenewed(id) => {
                    if self.store.kind() == TokenStore::Session {
                        self.tell_tabs(&id);
                    }
                }
                SessionEffect::EndExchanges => {
                    self.ended.replace(Outcome::new()).set(());
                }
                SessionEffect::Settle => self.settle(turned.outcome.clone().map_err(Into::into)),
                SessionEffect::Drop => self.settle(Err(Error::SessionEnded.into())),
                SessionEffect::CloseFrame => {
                    if let Some(frame) = self.frame.take() {
                        frame.set(());
                    }
                }
                SessionEffect::GiveLock => drop(self.lock.take()),
                SessionEffect::TakeLock(renewal, lock) => {
                    self.take_lock(renewal, &format!("{} {lock}", self.store.name()));
                }
                SessionEffect::Send(renewal, request) => self.refresh(renewal, request.into()),
                #[cfg(feature = "sign-in")]
                SessionEffect::SignIn(renewal, sign_in) => self.refresh(renewal, sign_in.into()),
                SessionEffect::OpenFrame(renewal, form) => self.ask_in_frame(renewal, form),
                SessionEffect::Revoke(requests) => turned.revoked = Some(revoke(&requests)),
                SessionEffect::Notify(change, cause) => {
                    news.push(self.news_of(change, cause, &turned.outcome));
                }
            }
        }
        self.is_taking.set(false);
        self.set_deadline(turn.deadline);
        if self.is_kept.get() && !self.store.is_kept() {
            self.is_kept.set(false);
            // No other tab sees this session from now on.
            self.policy.borrow_mut().set_shared(false);
            news.push(SessionNews::Unkept);
        }
        self.listeners.tell(news);
        turned
    }

    fn news_of(&self, change: Change, cause: Cause, outcome: &Result<(), Error>) -> SessionNews {
        #[cfg(feature = "sign-in")]
        self.keep_hint(change);
        if change == Change::Login {
            self.begun.set(self.begun.get().saturating_add(1));
            self.open_channel();
        }
        match (change, outcome) {
            (Change::RenewalFailed, Err(error)) => SessionNews::RenewalFailed(error.clone(), cause),
            _ => SessionNews::Changed(change, cause),
        }
    }

    /// The machine is asked again when its deadline has come; earlier does no harm.
    fn set_deadline(&self, deadline: Option<u64>) {
        let timer = deadline.and_then(|deadline| {
            let left = deadline.saturating_sub(page::now()).saturating_mul(1000);
            let left = i32::try_from(left.min(LONGEST_TIMER_MS)).ok()?;
            let look = self.later(|session, ()| session.report(&SessionEvent::Look));
            Timer::after(left, move || look(()))
        });
        self.timer.replace(timer);
    }

    /// Whose session it is.
    pub(super) fn client(&self) -> Client {
        self.policy.borrow().client().clone()
    }

    /// How many events there were: whether anything has happened since.
    pub(super) fn turns(&self) -> u64 {
        self.turns.get()
    }

    pub(super) fn begun(&self) -> u64 {
        self.begun.get()
    }

    /// What tells that the session has ended for which something is asked now.
    pub(super) fn ended(&self) -> Outcome<()> {
        self.ended.borrow().clone()
    }

    /// The session, also where its token can't be sent any more.
    pub(super) fn set(&self) -> Option<TokenSet> {
        self.set.borrow().clone()
    }

    pub(super) fn usable_until(&self) -> Option<u64> {
        self.usable_until.get()
    }

    /// The token, where it can be sent.
    pub(super) fn token(&self) -> Option<Token> {
        let is_usable = self.usable_until.get().is_none_or(|end| page::now() < end);
        let set = self.set().filter(|_| is_usable)?;
        sendable(&set)
    }

    pub(super) fn status(&self) -> Status {
        // The moment may have come before the timer.
        let is_over = self
            .usable_until
            .get()
            .is_some_and(|end| page::now() >= end);
        if self.status.get() == Status::SignedIn && is_over {
            self.report(&SessionEvent::Look);
        }
        self.status.get()
    }

    pub(super) fn subscribe(&self, listener: impl Fn(&SessionNews) + 'static) -> Subscription {
        self.listeners.add(listener)
    }

    /// What a response brings, which has become the session's.
    pub(super) fn redirect(
        &self,
        app_state: Option<String>,
        return_to: Option<String>,
    ) -> Result<Redirect, Failure> {
        // A listener may have ended it when it was told.
        let set = self.set().ok_or(Error::SessionEnded)?;
        Ok(Redirect {
            token: sendable(&set),
            #[cfg(feature = "sign-in")]
            id_token: self.id_token(),
            app_state,
            return_to,
            session: self.begun(),
        })
    }

    /// What came of a response, as it is now: with the session's token, and nothing once it has ended.
    pub(super) fn recall(&self, redirect: Redirect) -> Option<Redirect> {
        let token = sendable(&self.set()?);
        let now = Redirect {
            token,
            #[cfg(feature = "sign-in")]
            id_token: self.id_token(),
            ..redirect
        };
        (now.session == self.begun()).then_some(now)
    }
}

/// Its token; a login that asked for an ID token alone has none.
pub(super) fn sendable(set: &TokenSet) -> Option<Token> {
    Some(set.token.clone()).filter(|token| !token.access_token().is_empty())
}

/// Sends requests for revocation: status 200 means that a token is dead (RFC 7009, section 2.2).
fn revoke(requests: &[HttpRequest]) -> Outcome<bool> {
    let sent: Vec<_> = requests
        .iter()
        .map(|request| http::send(request, RENEWAL_TIMEOUT_MS))
        .collect();
    let confirmed = Outcome::new();
    let own = confirmed.clone();
    spawn_local(async move {
        let mut are_all = true;
        for answer in sent {
            are_all &= answer.await.is_some_and(|answer| answer.status() == 200);
        }
        own.set(are_all);
    });
    confirmed
}
