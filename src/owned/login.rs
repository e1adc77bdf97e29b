//! A login under way: its record, and what answers it.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use super::authorization_response::{Reading, Response};
use super::error::Error;
use super::registration::Client;
use super::room::{if_any, owned, with_room};
#[cfg(feature = "sign-in")]
use super::sign_in::SignIn;
use super::state::{State, record_name};
use super::token::Token;
use super::token_endpoint::TokenRequest;
use crate::authorization::response as core_response;
use crate::error as core_error;
use crate::login::answer::{self as core_answer, Verified, answer};
use crate::login::record::Stored;
use crate::syntax::arena::Arena;
use crate::syntax::form::Slots;

/// A login under way: what the response has to fit. Made by a request's start, used up by its finish.
pub struct Pending {
    record: String,
    state: String,
    time: u64,
}

/// What a verified response brought.
///
/// ```
/// # fn example(grant: &claviger::Grant) {
/// // A clone that belongs to a task of its own.
/// let kept = grant.clone();
/// # }
/// ```
#[derive(Clone)]
pub struct Grant {
    /// What was asked for.
    pub granted: Granted,
    /// The application's own text, as it was given to the request.
    pub app_state: Option<String>,
    /// The path on this origin to go on with.
    pub return_to: Option<String>,
    state: String,
    parameters: String,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("granted", &self.granted)
            .field("app_state", &self.app_state)
            .field("return_to", &self.return_to)
            .finish_non_exhaustive()
    }
}

/// What a server grants in its response: what the client asked for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Granted {
    /// A token (RFC 6749, section 4.2.2).
    Token(Token),
    /// A code (section 4.1.2), as the request that exchanges it for a token.
    Code(Box<TokenRequest>),
    /// What a client gets that asks for ID tokens, see [`Client::ask_for_id_tokens`]: nothing of it counts
    /// before its ID token is verified.
    #[cfg(feature = "sign-in")]
    SignIn(Box<SignIn>),
}

impl Grant {
    /// The state of its login, for [`crate::SessionEvent::Granted`] and [`crate::SessionPolicy::job`].
    #[must_use]
    pub fn state(&self) -> State<'_> {
        // A response was verified by it.
        State::read(&self.state).unwrap_or(State::NONE)
    }

    /// A form of what its login asked for in addition, for the same two; a silent login repeats it.
    #[must_use]
    pub fn parameters(&self) -> &str {
        &self.parameters
    }

    /// The token, where the response brought one itself.
    #[must_use]
    pub fn token(&self) -> Option<&Token> {
        let Granted::Token(token) = &self.granted else {
            return None;
        };
        Some(token)
    }
}

/// What a URL comes to, and what is to be done before anything else happens.
#[derive(Debug)]
pub struct Answer {
    /// The URL to put into the address bar instead of the response's.
    pub scrubbed: Option<String>,
    /// What to do with the record.
    pub change: Option<RecordChange>,
    /// The grant; `None` when the URL is no response of this client's.
    pub outcome: Result<Option<Grant>, Error>,
}

/// What to do with a record in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordChange {
    /// It can't be read or has served its time.
    Remove,
    /// It was used: this stays in its place until its lifetime ends.
    Replace(String),
}

/// What a verified response brought to a client that owns its texts: a token, or a code where it has an
/// endpoint for it.
fn grant<'a>(
    client: &Client,
    verified: &Verified<'_, 'a>,
    now: u64,
    arena: &mut Arena<'a>,
) -> Result<Granted, core_error::Error> {
    let as_core = client.as_core();
    #[cfg(feature = "sign-in")]
    if verified.asks_for_id_token() {
        // A client that can't verify it any more has no use for it.
        let party = client.relying_party();
        let party = party.ok_or(core_error::Error::UnexpectedResponseType)?;
        let (id_token, token) = verified.id_token(&as_core, now, arena)?;
        let asked = owned(verified.record.members.parameters());
        let token = token.map(|token| Token::of(&token));
        let sign_in = SignIn::in_redirect(party, asked, owned(id_token), token);
        return Ok(Granted::SignIn(Box::new(sign_in)));
    }
    if !verified.asks_for_code() {
        let token = verified.token(&as_core, now, arena)?;
        return Ok(Granted::Token(Token::of(&token)));
    }
    let code = verified.code(&as_core)?;
    // Without an endpoint this client can't ask for a token any more.
    let endpoint = client.token_endpoint();
    let endpoint = endpoint.ok_or(core_error::Error::UnexpectedResponseType)?;
    let members = &verified.record.members;
    let mut request = TokenRequest::exchange(
        endpoint,
        code,
        as_core.redirect_uri.text,
        members.code_verifier(),
        members.scope(),
    );
    request.further = if_any(verified.response.further);
    #[cfg(feature = "sign-in")]
    if let Some(party) = client.relying_party() {
        let sign_in = SignIn::by_request(party, owned(members.parameters()), request);
        return Ok(Granted::SignIn(Box::new(sign_in)));
    }
    Ok(Granted::Code(Box::new(request)))
}

/// Copies what the core granted or refused.
pub(super) fn outcome<'a>(
    client: &Client,
    outcome: Result<Option<Verified<'_, 'a>>, core_error::Error>,
    now: u64,
    arena: &mut Arena<'a>,
) -> Result<Option<Grant>, Error> {
    let Some(verified) = outcome? else {
        return Ok(None);
    };
    let granted = grant(client, &verified, now, arena)
        .map_err(|error| Error::new(error, Some(verified.response.refusal(arena))))?;
    let kept = verified.record.kept();
    Ok(Some(Grant {
        granted,
        app_state: if_any(kept.app_state),
        return_to: if_any(kept.return_to),
        state: owned(verified.record.members.state()),
        parameters: owned(verified.record.members.parameters()),
    }))
}

impl Client {
    /// Answers what was read with the record that the store holds under [`Reading::key`].
    ///
    /// An unknown state changes nothing (RFC 9700, section 4.7), nor does another client's; a state
    /// of ours is used up, whatever the response turns out to be.
    #[must_use]
    pub fn answer(&self, reading: Reading, record: Option<&str>, now: u64) -> Answer {
        let Reading { scrubbed, response } = reading;
        let response = match response {
            Ok(response) => response,
            Err(error) => {
                return Answer {
                    scrubbed,
                    change: None,
                    outcome: Err(error),
                };
            }
        };
        let is_scrubbed = scrubbed.is_some();
        let given = (self, response, record);
        let mut answer = with_room(&given, |(client, response, record), arena| {
            let given = response.as_ref().map(Response::slots).unwrap_or_default();
            let read = core_response::Reading {
                // The text itself is here already; what is asked is whether it counts.
                scrubbed: is_scrubbed.then_some(&[]),
                response: Ok(response.as_ref().map(|response| response.as_core(&given))),
            };
            let slots = &mut Slots::default();
            let answered = answer(
                &client.as_core(),
                &read,
                Ok(record.map(str::as_bytes)),
                true,
                now,
                slots,
                arena,
            );
            Answer {
                scrubbed: answered.scrubbed.map(owned),
                change: answered.change.map(RecordChange::of),
                outcome: outcome(client, answered.outcome, now, arena),
            }
        });
        answer.scrubbed = answer.scrubbed.and(scrubbed);
        answer
    }
}

impl RecordChange {
    fn of(change: core_answer::RecordChange<'_>) -> Self {
        match change {
            core_answer::RecordChange::Remove => Self::Remove,
            core_answer::RecordChange::Replace(text) => Self::Replace(owned(text)),
        }
    }
}

impl Pending {
    pub(super) fn new(record: String, state: String, time: u64) -> Self {
        Self {
            record,
            state,
            time,
        }
    }

    /// The state that the response has to bring back.
    #[must_use]
    pub fn state(&self) -> State<'_> {
        // It was read or made as one.
        State::read(&self.state).unwrap_or(State::NONE)
    }

    /// A name for the record where a program keeps it itself; [`AuthorizationRequest::start_in`] has names of
    /// its own.
    ///
    /// [`AuthorizationRequest::start_in`]: crate::AuthorizationRequest::start_in
    #[must_use]
    pub fn key(&self) -> String {
        record_name(self.state())
    }

    /// The record as text for the store. It holds the state: keep it where only this origin reads.
    #[must_use]
    pub fn to_record(&self) -> String {
        self.record.clone()
    }

    /// Reads what [`Pending::to_record`] wrote; `None` for anything else, and for a login that was finished.
    #[must_use]
    pub fn from_record(text: &str) -> Option<Self> {
        with_room(text, |text, arena| {
            match Stored::parse(text.as_bytes(), true, &mut Slots::default(), arena) {
                Stored::Pending(record) => Some(Self {
                    record: text.into(),
                    state: owned(record.state.text()),
                    time: record.time,
                }),
                Stored::Used { .. } | Stored::Unreadable => None,
            }
        })
    }

    /// A form of what the login asks for in addition, as its session repeats it.
    #[cfg(feature = "browser")]
    pub(crate) fn parameters(&self) -> String {
        with_room(self, |pending, arena| {
            let slots = &mut Slots::default();
            let stored = Stored::parse(pending.record.as_bytes(), true, slots, arena);
            match stored {
                Stored::Pending(record) => owned(record.kept().parameters),
                _ => String::new(),
            }
        })
    }

    /// Whether the window that gets the response is not the one that waits for it: it hands the
    /// response on, and the record stays as it is until it has been.
    #[must_use]
    pub fn is_relayed(&self) -> bool {
        with_room(self, |pending, arena| {
            let slots = &mut Slots::default();
            let stored = Stored::parse(pending.record.as_bytes(), true, slots, arena);
            matches!(stored, Stored::Pending(record) if record.kept().is_relayed)
        })
    }

    /// Verifies the response, and gives the token that it brought.
    ///
    /// The first response with the login's state uses it up, whatever it says. One with an unknown state
    /// changes nothing, as anybody can send one to a program that listens (RFC 9700, section 4.7): go on
    /// waiting.
    ///
    /// # Errors
    ///
    /// Every code of the response, in the order: whose it is (`unknown_state`), when
    /// (`state_expired`), where (`redirect_uri_mismatch`, `wrong_location`), who answered
    /// (`issuer_mismatch`, `issuer_missing`), and only then what it says; `state_replayed` for a login
    /// that was used up.
    #[allow(clippy::needless_pass_by_value, reason = "a response counts once")]
    pub fn finish(
        &mut self,
        client: &Client,
        response: Response,
        now: u64,
    ) -> Result<Grant, Error> {
        let given = (client, response, &self.record);
        let (change, grant) = with_room(&given, |(client, response, record), arena| {
            let given = response.slots();
            let reading = core_response::Reading {
                scrubbed: None,
                response: Ok(Some(core_response::Response {
                    // Whoever has the record knows that it is a response to it.
                    is_certain: true,
                    ..response.as_core(&given)
                })),
            };
            let slots = &mut Slots::default();
            let answer = answer(
                &client.as_core(),
                &reading,
                Ok(Some(record.as_bytes())),
                true,
                now,
                slots,
                arena,
            );
            let change = answer.change.map(RecordChange::of);
            (change, outcome(client, answer.outcome, now, arena))
        });
        match change {
            Some(RecordChange::Replace(used)) => self.record = used,
            Some(RecordChange::Remove) => self.record.clear(),
            None => {}
        }
        grant?.ok_or(Error::UnknownState)
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("state", &self.state())
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}
