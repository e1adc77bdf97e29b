//! What happens to a session, and what is to be done about it.

use crate::error::Error;
use crate::token::http::HttpRequest;
use crate::token::request::TokenRequest;
use crate::token::response::TokenSet;

/// What happened.
#[derive(Clone, Copy)]
pub(crate) enum Event<'a> {
    /// A timer's moment has come, the store's record changed, or another tab may have done something.
    Look,
    /// The page woke, or the network is back: what failed for a while is tried again at once.
    Woke,
    /// A verified response brought a token; or the program has one.
    Granted(Granted<'a>),
    /// The answer to the exchange of a code, and the job that went with its request.
    Exchanged {
        job: &'a [u8],
        answer: Answer<'a>,
        by: Cause,
    },
    /// The caller wants a new token, and for this renewal what a form says that was checked.
    RenewRequested { parameters: &'a [u8] },
    /// The turn of this renewal to ask, or none can be had.
    Locked { renewal: u64, lock: Lock },
    /// The answer to this renewal's request.
    Refreshed { renewal: u64, answer: Answer<'a> },
    /// What came of this renewal's frame.
    Framed {
        renewal: u64,
        outcome: Result<Granted<'a>, Unframed<'a>>,
    },
    /// A resource called the token that was sent to it invalid (RFC 6750, section 3.1); `is_fresh` where
    /// that token was itself the answer to a refusal.
    TokenRefused {
        access_token: &'a [u8],
        is_fresh: bool,
    },
    /// The caller signs out; `generation` is a new name that nobody can guess.
    LogoutRequested { revokes: bool, generation: &'a [u8] },
    /// Another tab signed out, and this one has a record of its own.
    LogoutHeard,
    /// Another tab that has a copy of this session's record has used up its refresh token.
    RenewedElsewhere { id: &'a [u8] },
}

/// A token, and the login that brought it.
#[derive(Clone, Copy)]
pub(crate) struct Granted<'a> {
    pub(crate) set: TokenSet<'a>,
    /// The login's state; empty where there was none.
    pub(crate) state: &'a [u8],
    /// A form of what the login asked for in addition.
    pub(crate) parameters: &'a [u8],
    pub(crate) by: Cause,
}

/// What came of a request for a token.
pub(crate) type Answer<'a> = Result<TokenSet<'a>, NoToken<'a>>;

/// Why a request brought no token.
#[derive(Clone, Copy)]
pub(crate) struct NoToken<'a> {
    pub(crate) error: Error,
    /// The server's own code; empty where it said none.
    pub(crate) code: &'a [u8],
    /// Its status says that the fault is the server's, or that it was asked too often: 5xx and 429
    /// (RFC 9110, section 15.6; RFC 6585, section 4).
    pub(crate) is_servers_fault: bool,
}

/// Why a frame brought no token.
#[derive(Clone, Copy)]
pub(crate) enum Unframed<'a> {
    /// The server refused, with this code.
    Refused(&'a [u8]),
    /// It never answered: it is down, or refuses to be framed.
    Unanswered,
    /// The page's own policy forbids it, or its answer is none.
    Impossible,
    /// The exchange of its code brought no token.
    NoToken(NoToken<'a>),
}

/// Whether the others who can see the record are kept from asking at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// They are.
    Held,
    /// Somebody has kept the lock for too long.
    TimedOut,
    /// The platform has none.
    Unavailable,
}

/// Something to be done. A turn has each at most once, in this order: the record is kept first, and
/// subscribers are told when all of it is done, because they may use the client while they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Effect {
    /// Keep the record where the client keeps it.
    Keep,
    /// Remove it there: it says nothing any more.
    Remove,
    /// Say the logout to the other tabs.
    TellLogout,
    /// Say to the other tabs that the refresh token of their copies of this session is used up.
    TellRenewed,
    /// Nothing that was asked before this counts any more: tell those who wait for an exchange.
    EndExchanges,
    /// The renewal that callers wait for has ended as the event's outcome says.
    Settle,
    /// The renewal that callers wait for has ended with its session.
    Drop,
    /// Close the frame.
    CloseFrame,
    /// Give the renewal's lock back, or stop to wait for it.
    GiveLock,
    /// Wait for a lock on behalf of the renewal. One who holds it too long loses it: the others go on with
    /// another one.
    TakeLock,
    /// Send the renewal's request. It keeps the lock until its answer was reported, whatever comes between.
    Send,
    /// Ask the server in a hidden frame on behalf of the renewal.
    OpenFrame,
    /// Send the requests for revocation, and report whether the server has confirmed them.
    Revoke,
}

impl Effect {
    /// All of them, in their order.
    pub(crate) const ALL: [Self; 13] = [
        Self::Keep,
        Self::Remove,
        Self::TellLogout,
        Self::TellRenewed,
        Self::EndExchanges,
        Self::Settle,
        Self::Drop,
        Self::CloseFrame,
        Self::GiveLock,
        Self::TakeLock,
        Self::Send,
        Self::OpenFrame,
        Self::Revoke,
    ];
}

/// What a turn wants done, and with what.
#[derive(Clone, Copy, Default)]
pub(crate) struct Effects<'a> {
    /// A bit for each effect.
    set: u16,
    /// Of [`Effect::Keep`].
    pub(crate) record: &'a [u8],
    /// Of [`Effect::TellRenewed`].
    pub(crate) session_id: &'a [u8],
    /// The number of the renewal, of [`Effect::TakeLock`], [`Effect::Send`] and [`Effect::OpenFrame`].
    pub(crate) renewal: u64,
    /// Of [`Effect::TakeLock`]: which lock, 0 for the first one.
    pub(crate) lock: u64,
    /// Of [`Effect::Send`].
    pub(crate) request: Option<TokenRequest<'a>>,
    /// Of [`Effect::Send`] and [`Effect::OpenFrame`]: a form of what the session's login asked for in addition.
    pub(crate) parameters: &'a [u8],
    /// Of [`Effect::Revoke`].
    pub(crate) revocations: [Option<HttpRequest<'a>>; 2],
    /// How the session of which subscribers know has changed, in the order in which they are told.
    changes: [Option<(Change, Cause)>; 3],
    /// That it could not be renewed, which they are told last.
    failure: Option<(Change, Cause)>,
}

impl Effects<'_> {
    pub(super) fn tell(&mut self, changes: [Option<(Change, Cause)>; 3]) {
        self.changes = changes;
    }

    pub(super) fn tell_failure(&mut self, by: Cause) {
        self.failure = Some((Change::RenewalFailed, by));
    }

    /// What subscribers are told, in this order.
    pub(crate) fn told(&self) -> impl Iterator<Item = (Change, Cause)> {
        self.changes.into_iter().chain([self.failure]).flatten()
    }

    pub(super) fn add(&mut self, effect: Effect) {
        self.set |= 1 << effect as u8;
    }

    /// Whether this one is to be done.
    pub(crate) fn has(&self, effect: Effect) -> bool {
        (self.set >> effect as u8) & 1 != 0
    }
}

/// What subscribers are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Change {
    /// A session began.
    Login,
    /// The same session has a new token.
    Renew,
    /// The token can't be sent any more.
    Expire,
    /// The server or a resource has ended the session.
    Revoke,
    /// The session ended.
    Logout,
    /// The token could not be renewed; the session is not lost.
    RenewalFailed,
}

impl Change {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Renew => "renew",
            Self::Expire => "expire",
            Self::Revoke => "revoke",
            Self::Logout => "logout",
            Self::RenewalFailed => "renewal-failed",
        }
    }
}

/// Whose doing a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// The response to a redirect.
    Redirect,
    /// The response to a login in a window of its own.
    Popup,
    /// The response to a hidden frame.
    Frame,
    /// The answer to a refresh token.
    Refresh,
    /// What another tab did.
    Tab,
    /// The program's own call.
    Caller,
    /// The server's refusal of a refresh token.
    Server,
    /// A resource's refusal of a token.
    Resource,
    /// The clock.
    Time,
}

impl Cause {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Redirect => "redirect",
            Self::Popup => "popup",
            Self::Frame => "frame",
            Self::Refresh => "refresh",
            Self::Tab => "tab",
            Self::Caller => "caller",
            Self::Server => "server",
            Self::Resource => "resource",
            Self::Time => "time",
        }
    }
}

/// What a page can ask for at any time (rule M13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Nobody is signed in.
    SignedOut,
    /// There is a token that can be sent.
    SignedIn,
    /// There is no usable token, and one is being asked for.
    Renewing,
    /// There is no usable token, and the session is not lost.
    Renewable,
}

impl Status {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::SignedIn => "signed-in",
            Self::Renewing => "renewing",
            Self::Renewable => "renewable",
        }
    }
}
