//! A session that goes on, as a value: events in, effects out. RFC 6749, sections 1.5 and 6.

#[cfg(feature = "sign-in")]
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::error::{Error, InvalidOption};
use super::registration::Client;
use super::renewal_parameters::RenewalParameters;
use super::room::{owned, with_room};
#[cfg(feature = "sign-in")]
use super::sign_in::SignIn;
use super::token::TokenSet;
use super::token_endpoint::{HttpRequest, TokenEndpoint, TokenRequest};
use super::url::Url;
use crate::error::{Invalid, Refusal};
use crate::session::event::{self, Effect, Effects, Event};
use crate::session::plan::Plan;
use crate::session::policy::Policy;
use crate::session::record;

pub use crate::session::event::{Cause, Change, Lock, Status};

/// What the sessions of one client depend on.
///
/// The session itself is a record: a text that the program keeps, in a store where it is to outlive the
/// program, and hands in with each event. What one tab or window knows beside it is a text, too.
#[derive(Clone, Debug)]
pub struct SessionPolicy {
    client: Client,
    token_endpoint: Option<TokenEndpoint>,
    revocation_endpoint: Option<Url>,
    plan: Plan,
    is_shared: bool,
    has_frames: bool,
}

impl SessionPolicy {
    /// Sessions of this client: renewed when asked, where it exchanges codes if it does, with a record
    /// that nobody else sees.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self {
            token_endpoint: client.token_endpoint().cloned(),
            client,
            revocation_endpoint: None,
            plan: Plan::default(),
            is_shared: false,
            has_frames: false,
        }
    }

    /// Where refresh tokens are sent, where the client exchanges no codes or does so elsewhere.
    pub fn set_token_endpoint(&mut self, endpoint: TokenEndpoint) {
        self.token_endpoint = Some(endpoint);
    }

    /// Where tokens are revoked (RFC 7009, section 2); it takes a token endpoint, too.
    ///
    /// # Errors
    ///
    /// The URL is neither `https:` nor `http:` on a loopback host, has a fragment or carries
    /// credentials.
    pub fn set_revocation_endpoint(&mut self, url: Url) -> Result<(), InvalidOption> {
        if !url.parts().is_endpoint() {
            return Err(Invalid::RevocationEndpoint.into());
        }
        self.revocation_endpoint = Some(url);
        Ok(())
    }

    /// Renew tokens before their end, without being asked; at [`SessionTurn::deadline`] it wants to be
    /// asked with [`SessionEvent::Look`].
    pub fn set_auto_renew(&mut self, renews: bool) {
        self.plan.renews = renews;
    }

    /// Seconds before its end from which a token is no longer sent, 30 by default; at most a tenth of its
    /// life counts.
    pub fn set_expiry_margin(&mut self, seconds: u64) {
        self.plan.margin = seconds;
    }

    /// After how many percent of its life a token is renewed, 80 by default.
    ///
    /// # Errors
    ///
    /// It is none of 1 to 99.
    pub fn set_renew_at(&mut self, percent: u8) -> Result<(), InvalidOption> {
        if !matches!(percent, 1..=99) {
            return Err(InvalidOption {
                option: "renewAt",
                must: "be a number of percent from 1 to 99",
            });
        }
        self.plan.renew_at = percent.into();
        Ok(())
    }

    /// Several programs or tabs see one record.
    pub fn set_shared(&mut self, is_shared: bool) {
        self.is_shared = is_shared;
    }

    /// The program can ask a server in a hidden frame (OpenID Connect Core 1.0, section 3.1.2.1).
    pub fn set_frames(&mut self, has_frames: bool) {
        self.has_frames = has_frames;
    }

    /// The name for the record in a store: it holds client, server, redirect URI, scope, and what requests for
    /// tokens say in addition ([`TokenEndpoint::add_parameter`]).
    #[must_use]
    pub fn key(&self) -> String {
        with_room(self, |policy, arena| {
            let endpoint = policy.token_endpoint.as_ref().map(TokenEndpoint::as_core);
            let further = endpoint.map_or(&b""[..], |endpoint| endpoint.further);
            owned(record::name(&policy.client.as_core(), further, arena))
        })
    }

    /// Whose sessions they are.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Whether tokens are renewed without being asked.
    #[cfg(feature = "browser")]
    pub(crate) fn renews(&self) -> bool {
        self.plan.renews
    }

    /// Takes an event. `record` is what the store says now, and `tab` what [`SessionTurn::tab`] was after
    /// this tab's last event; both are empty at first. `now` is in seconds since 1970.
    #[must_use = "the effects are to be executed"]
    pub fn on(&self, record: &str, tab: &str, event: &SessionEvent, now: u64) -> SessionTurn {
        let given = (self, record, tab, event);
        with_room(&given, |(policy, record, tab, event), arena| {
            let client = policy.client.as_core();
            let (record, tab) = (record.as_bytes(), tab.as_bytes());
            let core = policy.as_core(&client);
            let after = core.on(record, tab, &event.as_core(), now, arena);
            let id_token = after.session.map_or(&b""[..], |set| set.id_token);
            SessionTurn {
                tab: owned(after.tab),
                effects: effects_of(&policy.client, &after.effects, id_token),
                session: after.session.map(|set| TokenSet::of(&set)),
                usable_until: after.usable_until,
                status: after.status,
                deadline: after.deadline,
                outcome: after.outcome.map_err(|failure| failure_of(&failure, event)),
            }
        })
    }

    /// What goes with the request for a code's exchange, and comes back in [`SessionEvent::Exchanged`]:
    /// `state` is that of the code's login, `parameters` a form of what the login asked for in addition, and
    /// `now` is in seconds since 1970.
    #[must_use]
    pub fn job(&self, record: &str, tab: &str, state: &str, parameters: &str, now: u64) -> String {
        let given = (self, [record, tab, state, parameters]);
        with_room(&given, |(policy, texts), arena| {
            let client = policy.client.as_core();
            let [record, tab, state, parameters] = texts.map(str::as_bytes);
            let core = policy.as_core(&client);
            owned(core.job(record, tab, state, parameters, now, arena))
        })
    }

    fn as_core<'m, 'a>(
        &'a self,
        client: &'m crate::registration::client::Client<'a>,
    ) -> Policy<'m, 'a> {
        let endpoint = self.token_endpoint.as_ref().map(TokenEndpoint::as_core);
        let revocation = self.revocation_endpoint.as_ref().map(Url::parts);
        Policy {
            client,
            token_endpoint: endpoint,
            revocation: endpoint.zip(revocation),
            plan: self.plan,
            is_shared: self.is_shared,
            has_frames: self.has_frames,
        }
    }
}

/// What happened to a session. Its `Debug` shows only which event it is.
#[derive(Clone)]
pub enum SessionEvent {
    /// The deadline has come, the store's record changed, or another tab may have done something.
    Look,
    /// The program woke, or the network is back: what failed for a while is tried again at once.
    Woke,
    /// A verified response brought a token; `state` is that of its login, or empty.
    Granted {
        /// The token.
        set: TokenSet,
        /// The state of its login; empty where there was none.
        state: String,
        /// A form of what the login asked for in addition.
        parameters: String,
        /// Whose doing it is.
        by: Cause,
    },
    /// The answer to the exchange of a code.
    Exchanged {
        /// What [`SessionPolicy::job`] gave for its request.
        job: String,
        /// What came of the request.
        answer: Result<TokenSet, Error>,
        /// Whose doing it is.
        by: Cause,
    },
    /// The caller wants a new token. A renewal that is under way already goes on as it was begun.
    RenewRequested {
        /// What this renewal asks for in addition.
        parameters: RenewalParameters,
    },
    /// It is this renewal's turn to ask, or none can be had.
    Locked {
        /// The first number in [`SessionEffect::TakeLock`].
        renewal: u64,
        /// How.
        lock: Lock,
    },
    /// The answer to this renewal's request.
    Refreshed {
        /// The number in [`SessionEffect::Send`].
        renewal: u64,
        /// What came of the request.
        answer: Result<TokenSet, Error>,
    },
    /// What came of this renewal's frame.
    Framed {
        /// The number in [`SessionEffect::OpenFrame`].
        renewal: u64,
        /// The token, the state and the parameters of the frame's login; or why there is none.
        outcome: Result<(TokenSet, String, String), Unframed>,
    },
    /// A resource called this token invalid (RFC 6750, section 3.1).
    TokenRefused {
        /// The token that was sent.
        access_token: String,
        /// It was itself the answer to a refusal.
        is_fresh: bool,
    },
    /// The caller signs out.
    LogoutRequested {
        /// The server is to revoke the tokens, and those that are still to come.
        revokes: bool,
        /// A new name that nobody can guess: 22 characters or more of base64url.
        generation: String,
    },
    /// Another tab signed out, and this one has a record of its own.
    LogoutHeard,
    /// Another tab with a copy of this session's record has used up its refresh token.
    RenewedElsewhere {
        /// The name in [`SessionEffect::TellRenewed`].
        id: String,
    },
}

/// Why a frame brought no token.
#[derive(Clone, Debug)]
pub enum Unframed {
    /// The server refused with this code (OpenID Connect Core 1.0, section 3.1.2.6).
    Refused(String),
    /// It did not answer.
    Unanswered,
    /// The page's policy forbids frames, or the answer was none.
    Impossible,
    /// The exchange of its code brought no token.
    NoToken(Error),
}

impl SessionEvent {
    fn as_core(&self) -> Event<'_> {
        match self {
            Self::Look => Event::Look,
            Self::Woke => Event::Woke,
            Self::Granted {
                set,
                state,
                parameters,
                by,
            } => Event::Granted(granted(set, state, parameters, *by)),
            Self::Exchanged { job, answer, by } => Event::Exchanged {
                job: job.as_bytes(),
                answer: answer_of(answer),
                by: *by,
            },
            Self::RenewRequested { parameters } => Event::RenewRequested {
                parameters: parameters.as_core(),
            },
            Self::Locked { renewal, lock } => Event::Locked {
                renewal: *renewal,
                lock: *lock,
            },
            Self::Refreshed { renewal, answer } => Event::Refreshed {
                renewal: *renewal,
                answer: answer_of(answer),
            },
            Self::Framed { renewal, outcome } => Event::Framed {
                renewal: *renewal,
                outcome: match outcome {
                    Ok((set, state, form)) => Ok(granted(set, state, form, Cause::Frame)),
                    Err(Unframed::Refused(code)) => Err(event::Unframed::Refused(code.as_bytes())),
                    Err(Unframed::Unanswered) => Err(event::Unframed::Unanswered),
                    Err(Unframed::Impossible) => Err(event::Unframed::Impossible),
                    Err(Unframed::NoToken(error)) => Err(event::Unframed::NoToken(no_token(error))),
                },
            },
            Self::TokenRefused {
                access_token,
                is_fresh,
            } => Event::TokenRefused {
                access_token: access_token.as_bytes(),
                is_fresh: *is_fresh,
            },
            Self::LogoutRequested {
                revokes,
                generation,
            } => Event::LogoutRequested {
                revokes: *revokes,
                generation: generation.as_bytes(),
            },
            Self::LogoutHeard => Event::LogoutHeard,
            Self::RenewedElsewhere { id } => Event::RenewedElsewhere { id: id.as_bytes() },
        }
    }
}

fn granted<'a>(
    set: &'a TokenSet,
    state: &'a str,
    parameters: &'a str,
    by: Cause,
) -> event::Granted<'a> {
    event::Granted {
        set: set.as_core(),
        state: state.as_bytes(),
        parameters: parameters.as_bytes(),
        by,
    }
}

fn answer_of(answer: &Result<TokenSet, Error>) -> event::Answer<'_> {
    answer.as_ref().map(TokenSet::as_core).map_err(no_token)
}

fn no_token(error: &Error) -> event::NoToken<'_> {
    let said = error.server();
    event::NoToken {
        code: said.map_or(b"", |said| said.error.as_bytes()),
        is_servers_fault: said
            .and_then(|said| said.status)
            .is_some_and(|status| matches!(status, 429 | 500..)),
        ..event::NoToken::of(error.to_core())
    }
}

/// What the event's caller is told: where the server's answer is that, with all that it said.
fn failure_of(failure: &event::NoToken<'_>, event: &SessionEvent) -> Error {
    let answered = match event {
        SessionEvent::Exchanged { answer, .. } | SessionEvent::Refreshed { answer, .. } => {
            answer.as_ref().err()
        }
        SessionEvent::Framed {
            outcome: Err(Unframed::NoToken(error)),
            ..
        } => Some(error),
        _ => None,
    };
    if let Some(error) = answered.filter(|error| error.to_core() == failure.error) {
        return error.clone();
    }
    let said = Refusal {
        error: failure.code,
        ..Refusal::default()
    };
    Error::new(failure.error, Some(said))
}

/// What is to be done, in the order in which it stands in [`SessionTurn::effects`]: the record is kept
/// first, and subscribers are told last, because they may use the session while they are told. Its `Debug`
/// shows no secret.
#[derive(Clone)]
#[non_exhaustive]
pub enum SessionEffect {
    /// Keep this record. It holds the tokens: keep it where only this program reads.
    Keep(String),
    /// Remove the record: it says nothing any more.
    Remove,
    /// Say the logout to the other tabs.
    TellLogout,
    /// Say to the other tabs that the refresh token of their copies of this session is used up.
    TellRenewed(String),
    /// Tell the subscribers.
    Notify(Change, Cause),
    /// The renewal that callers wait for has ended as [`SessionTurn::outcome`] says.
    Settle,
    /// The renewal that callers wait for has ended with its session ([`Error::SessionEnded`]).
    Drop,
    /// Close the frame.
    CloseFrame,
    /// Give the renewal's lock back, or stop to wait for it.
    GiveLock,
    /// Tell those who wait for an exchange that the session has ended.
    EndExchanges,
    /// Wait for the lock on behalf of this renewal. The second number is part of the lock's name: where
    /// somebody has held the first lock for too long, the others go on with another one.
    TakeLock(u64, u64),
    /// Send this renewal's request. It keeps the lock until its answer was reported, whatever comes between.
    Send(u64, TokenRequest),
    /// The same for a client that asks for ID tokens: what it brings is to be verified before its answer is
    /// reported.
    #[cfg(feature = "sign-in")]
    SignIn(u64, Box<SignIn>),
    /// Ask the server in a hidden frame on behalf of this renewal, with a form of parameters.
    OpenFrame(u64, String),
    /// Send these requests; status 200 means that a token is dead (RFC 7009, section 2.2).
    Revoke(Vec<HttpRequest>),
}

/// What an event has led to.
#[derive(Clone)]
pub struct SessionTurn {
    /// What this tab knows now; it goes in with the next event, and nowhere else.
    pub tab: String,
    /// What is to be done, in this order.
    pub effects: Vec<SessionEffect>,
    /// The session, if there is one.
    pub session: Option<TokenSet>,
    /// From when on its token is no longer sent, in seconds since 1970; `None` when nobody knows.
    pub usable_until: Option<u64>,
    /// What a page can show.
    pub status: Status,
    /// When to ask again with [`SessionEvent::Look`], in seconds since 1970. Earlier does no harm.
    pub deadline: Option<u64>,
    /// What the event's own caller is told.
    pub outcome: Result<(), Error>,
}

impl fmt::Debug for SessionTurn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionTurn")
            .field("status", &self.status)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SessionEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Look => "Look",
            Self::Woke => "Woke",
            Self::Granted { .. } => "Granted",
            Self::Exchanged { .. } => "Exchanged",
            Self::RenewRequested { .. } => "RenewRequested",
            Self::Locked { .. } => "Locked",
            Self::Refreshed { .. } => "Refreshed",
            Self::Framed { .. } => "Framed",
            Self::TokenRefused { .. } => "TokenRefused",
            Self::LogoutRequested { .. } => "LogoutRequested",
            Self::LogoutHeard => "LogoutHeard",
            Self::RenewedElsewhere { .. } => "RenewedElsewhere",
        })
    }
}

impl fmt::Debug for SessionEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keep(_) => f.write_str("Keep([redacted])"),
            Self::Remove => f.write_str("Remove"),
            Self::TellLogout => f.write_str("TellLogout"),
            Self::TellRenewed(_) => f.write_str("TellRenewed"),
            Self::Notify(change, cause) => write!(f, "Notify({change:?}, {cause:?})"),
            Self::Settle => f.write_str("Settle"),
            Self::Drop => f.write_str("Drop"),
            Self::CloseFrame => f.write_str("CloseFrame"),
            Self::GiveLock => f.write_str("GiveLock"),
            Self::EndExchanges => f.write_str("EndExchanges"),
            Self::TakeLock(number, lease) => write!(f, "TakeLock({number}, {lease})"),
            Self::Send(number, request) => write!(f, "Send({number}, {request:?})"),
            #[cfg(feature = "sign-in")]
            Self::SignIn(number, sign_in) => write!(f, "SignIn({number}, {sign_in:?})"),
            Self::OpenFrame(number, _) => write!(f, "OpenFrame({number})"),
            Self::Revoke(requests) => write!(f, "Revoke({requests:?})"),
        }
    }
}

/// The effects of a turn in their order, each with its values; `id_token` is the session's.
#[cfg_attr(not(feature = "sign-in"), allow(unused_variables))]
fn effects_of(client: &Client, effects: &Effects<'_>, id_token: &[u8]) -> Vec<SessionEffect> {
    let wanted = Effect::ALL.into_iter().filter(|it| effects.has(*it));
    let done = wanted.filter_map(|effect| {
        Some(match effect {
            Effect::Keep => SessionEffect::Keep(owned(effects.record)),
            Effect::Remove => SessionEffect::Remove,
            Effect::TellLogout => SessionEffect::TellLogout,
            Effect::TellRenewed => SessionEffect::TellRenewed(owned(effects.session_id)),
            Effect::EndExchanges => SessionEffect::EndExchanges,
            Effect::Settle => SessionEffect::Settle,
            Effect::Drop => SessionEffect::Drop,
            Effect::CloseFrame => SessionEffect::CloseFrame,
            Effect::GiveLock => SessionEffect::GiveLock,
            Effect::TakeLock => SessionEffect::TakeLock(effects.renewal, effects.lock),
            Effect::Send => {
                let request = TokenRequest::of(effects.request.as_ref()?);
                #[cfg(feature = "sign-in")]
                if let Some(party) = client.relying_party() {
                    let asked = owned(effects.parameters);
                    let sign_in = SignIn::by_request(party, asked, request);
                    let sign_in = sign_in.refreshing(&owned(id_token));
                    return Some(SessionEffect::SignIn(effects.renewal, Box::new(sign_in)));
                }
                SessionEffect::Send(effects.renewal, request)
            }
            Effect::OpenFrame => {
                SessionEffect::OpenFrame(effects.renewal, owned(effects.parameters))
            }
            Effect::Revoke => {
                let requests = effects.revocations.iter().flatten();
                SessionEffect::Revoke(requests.map(HttpRequest::of).collect())
            }
        })
    });
    let told = effects.told();
    done.chain(told.map(|(change, cause)| SessionEffect::Notify(change, cause)))
        .collect()
}
