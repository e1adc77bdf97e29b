//! The record of a login under way, and its form in the store.
//!
//! It is a file format: versioned, found by its state, used once. What can't be read counts as absent.

use crate::authorization::place::Place;
use crate::authorization::request::Flow;
use crate::authorization::response::Response;
use crate::error::Error;
use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::form::{Slots, parameters, put_if_any, put_pair};
use crate::syntax::grammar::{is_local_path, number};
use crate::syntax::secret::State;
use crate::syntax::text::{is, starts_with};

/// The format that this release writes and reads.
const VERSION: &[u8] = b"1";

parameters! {
    /// The members of a record, as they stand in the store.
    pub(crate) struct Members {
        v,
        /// When the login of a record that was used had started.
        used,
        state,
        server,
        client_id,
        redirect_uri,
        response_type,
        scope,
        /// When the login started.
        time,
        return_to,
        app_state,
        code_verifier,
        response_mode,
        /// The response comes to another window than the one that waits for it.
        relay,
        /// Which login was used, where the record's name does not tell.
        key,
        /// What the login asked for in addition.
        parameters,
    }
}

impl Members<'_, '_> {
    /// Whether this client started the login, by all that its record has of it.
    pub(crate) fn are_of(self, client: &Client<'_>) -> bool {
        let endpoint = client.server.authorization_endpoint.text();
        is(self.server(), endpoint)
            && is(self.client_id(), client.client_id)
            && is(self.redirect_uri(), client.redirect_uri.text)
    }
}

/// What the application wants back with the answer.
#[derive(Clone, Copy, Default)]
pub(crate) struct Kept<'a> {
    /// Text of the application's; empty where there is none.
    pub(crate) app_state: &'a [u8],
    /// The path on this origin to go on with; empty where there is none.
    pub(crate) return_to: &'a [u8],
    /// The response comes to another window, a popup or a frame, which hands it on.
    pub(crate) is_relayed: bool,
    /// A form of what the login asks for in addition, where its session repeats that; else empty.
    pub(crate) parameters: &'a [u8],
}

impl Kept<'_> {
    /// A path that could lead to another origin is not kept.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.return_to.is_empty() || is_local_path(self.return_to) {
            Ok(())
        } else {
            Err(Error::InvalidReturnTo)
        }
    }
}

/// A login under way: what its response has to fit.
#[derive(Clone, Copy)]
pub(crate) struct Record<'s, 'a> {
    pub(crate) state: State<'a>,
    pub(crate) time: u64,
    pub(crate) members: Members<'s, 'a>,
}

/// Writes the record of a login that starts.
pub(crate) fn write<'a>(
    client: &Client<'_>,
    flow: &Flow<'_>,
    kept: &Kept<'_>,
    state: &[u8],
    time: u64,
    arena: &mut Arena<'a>,
) -> &'a [u8] {
    arena.put(b"v=");
    arena.put(VERSION);
    put_if_any(arena, b'&', "app_state", kept.app_state);
    put_if_any(arena, b'&', "return_to", kept.return_to);
    put_pair(arena, b'&', "state", state);
    put_pair(arena, b'&', "response_type", flow.response_type());
    put_if_any(arena, b'&', "scope", client.scope);
    arena.put(b"&time=");
    arena.put_decimal(time);
    put_pair(
        arena,
        b'&',
        "server",
        client.server.authorization_endpoint.text(),
    );
    put_pair(arena, b'&', "client_id", client.client_id);
    put_pair(arena, b'&', "redirect_uri", client.redirect_uri.text);
    if let Flow::Code {
        verifier, place, ..
    } = flow
    {
        put_pair(arena, b'&', "code_verifier", verifier);
        if *place == Place::Fragment {
            put_pair(arena, b'&', "response_mode", b"fragment");
        }
    }
    if kept.is_relayed {
        put_pair(arena, b'&', "relay", b"true");
    }
    put_if_any(arena, b'&', "parameters", kept.parameters);
    arena.take()
}

/// A record as the store gave it back.
pub(crate) enum Stored<'s, 'a> {
    Pending(Record<'s, 'a>),
    /// The login with this key was finished; this was its time.
    Used {
        time: u64,
        key: &'a [u8],
    },
    Unreadable,
}

impl<'s, 'a> Stored<'s, 'a> {
    /// Reads a record into `slots`; a login that asked for codes counts only where `knows_codes` says so.
    pub(crate) fn parse(
        text: &'a [u8],
        knows_codes: bool,
        slots: &'s mut Slots<'a>,
        arena: &mut Arena<'a>,
    ) -> Self {
        let members = match Members::parse(text, slots, arena) {
            Ok(members) if is(members.v(), VERSION) => members,
            _ => return Self::Unreadable,
        };
        if let Some(time) = number(members.used()) {
            let key = members.key();
            return Self::Used { time, key };
        }
        let response_type = members.response_type();
        let is_known = is(response_type, b"token")
            || (knows_codes && is(response_type, b"code") && !members.code_verifier().is_empty())
            || (knows_codes && starts_with(response_type, b"id_token"));
        let is_complete = is_known
            && !members.server().is_empty()
            && !members.client_id().is_empty()
            && !members.redirect_uri().is_empty();
        match (State::read(members.state()), number(members.time())) {
            (Some(state), Some(time)) if is_complete => Self::Pending(Record {
                state,
                time,
                members,
            }),
            _ => Self::Unreadable,
        }
    }
}

impl<'a> Record<'_, 'a> {
    /// What the application wants back.
    pub(crate) fn kept(&self) -> Kept<'a> {
        Kept {
            app_state: self.members.app_state(),
            return_to: self.members.return_to(),
            is_relayed: !self.members.relay().is_empty(),
            parameters: self.members.parameters(),
        }
    }

    /// In which part of the redirect URI a code was asked for.
    #[cfg(feature = "code")]
    pub(crate) fn place_of_code(&self) -> Place {
        if is(self.members.response_mode(), b"fragment") {
            Place::Fragment
        } else {
            Place::Query
        }
    }

    /// What takes the record's place when it has been used, so that a replay is told from an unknown
    /// state: nothing in it can answer a login.
    pub(crate) fn used<'b>(&self, arena: &mut Arena<'b>) -> &'b [u8] {
        arena.put(b"v=");
        arena.put(VERSION);
        arena.put(b"&used=");
        arena.put_decimal(self.time);
        put_pair(arena, b'&', "key", self.state.key());
        arena.take()
    }

    /// Whether the response is this login's, and in time: whose it is (`unknown_state`), which
    /// client's (`state_wrong_client`), and when (`state_expired`). What it says is read afterwards.
    pub(crate) fn verify(
        &self,
        client: &Client<'_>,
        response: &Response<'_, '_>,
        now: u64,
    ) -> Result<(), Error> {
        let is_own = response
            .state()
            .is_some_and(|answered| answered.matches(self.state));
        if !is_own {
            return Err(Error::UnknownState);
        }
        if !self.members.are_of(client) {
            return Err(Error::StateWrongClient);
        }
        // A time that is far ahead is no better than one long past.
        if now.abs_diff(self.time) > client.state_lifetime {
            return Err(if now < self.time {
                Error::ClockSetBack
            } else {
                Error::StateExpired
            });
        }
        self.kept().check()
    }
}

/// Puts the name of a record in the store in front of what names its login.
pub(crate) fn name<'a>(key: &[u8], arena: &mut Arena<'a>) -> &'a [u8] {
    arena.put(b"claviger:");
    arena.put(key);
    arena.take()
}
