//! The record of a login under way, and its form in the store.
//!
//! It is a file format: versioned, found by its state, used once. What can't be read counts as absent.

use alloc::string::String;
use core::fmt;

use crate::authorization::is_local_path;
use crate::client::Client;
use crate::error::Error;
use crate::params::{Params, write};
use crate::response::Response;
use crate::secret::State;
use crate::text::{concat, decimal, number};
use crate::token::Token;

/// The format that this release writes and reads.
const VERSION: &str = "1";
const MEMBERS: [&str; 11] = [
    "v",
    "used",
    "state",
    "server",
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "time",
    "return_to",
    "app_state",
];

/// A login under way: what the response has to fit. Made by a request's start, consumed by its finish.
pub struct Pending {
    state: State,
    server: String,
    client_id: String,
    redirect_uri: String,
    scope: Option<String>,
    time: u64,
    return_to: Option<String>,
    app_state: Option<String>,
}

/// What a verified response brought.
#[derive(Debug)]
pub struct Grant {
    /// The token.
    pub token: Token,
    /// The application's own text, as it was given to the request.
    pub app_state: Option<String>,
    /// The path on this origin to go on with.
    pub return_to: Option<String>,
}

/// A record as the store gave it back.
pub(crate) enum Stored {
    Pending(Pending),
    /// The login was finished; this was its time.
    Used(u64),
    Unreadable,
}

impl Pending {
    pub(crate) fn new(
        client: &Client,
        state: State,
        time: u64,
        app_state: Option<String>,
        return_to: Option<String>,
    ) -> Self {
        Self {
            state,
            server: client.server.authorization_endpoint().into(),
            client_id: client.client_id.clone(),
            redirect_uri: client.redirect_uri.as_str().into(),
            scope: client.scope.clone(),
            time,
            return_to,
            app_state,
        }
    }

    /// The state that the response has to bring back.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The name of the record in a store that other things are kept in, too.
    #[must_use]
    pub fn key(&self) -> String {
        record_key(self.state.key())
    }

    /// The record as text for the store. It holds the state: keep it where only this origin reads.
    #[must_use]
    pub fn to_record(&self) -> String {
        let time = decimal(self.time);
        let mut members = alloc::vec![
            ("v", VERSION),
            ("state", self.state.as_str()),
            ("server", &self.server),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", "token"),
            ("time", &time),
        ];
        for (name, value) in [
            ("scope", &self.scope),
            ("return_to", &self.return_to),
            ("app_state", &self.app_state),
        ] {
            if let Some(value) = value {
                members.push((name, value));
            }
        }
        write(&members)
    }

    /// Reads what [`Pending::to_record`] wrote; `None` for anything else, and for a login that was finished.
    #[must_use]
    pub fn from_record(text: &str) -> Option<Self> {
        match Stored::read(text) {
            Stored::Pending(pending) => Some(pending),
            Stored::Used(_) | Stored::Unreadable => None,
        }
    }

    /// What takes the record's place when it has been used, so that a replay is told from an unknown state.
    pub(crate) fn used(&self) -> String {
        write(&[("v", VERSION), ("used", &decimal(self.time))])
    }

    /// Whether this login was started with this client's registration.
    pub(crate) fn is_of(&self, client: &Client) -> bool {
        self.client_id == client.client_id
            && self.server == client.server.authorization_endpoint()
            && self.redirect_uri == client.redirect_uri.as_str()
    }

    /// Verifies the response, and gives the token that it brought. The record is used up either way.
    ///
    /// # Errors
    ///
    /// Every code of the response, in the order: whose it is (`unknown_state`), when
    /// (`state_expired`), where (`redirect_uri_mismatch`, `wrong_location`), who answered
    /// (`issuer_mismatch`, `issuer_missing`), and only then what it says.
    pub fn finish(self, client: &Client, response: Response, now: u64) -> Result<Grant, Error> {
        if !response
            .state()
            .is_some_and(|state| state.matches(&self.state))
        {
            return Err(Error::UnknownState);
        }
        if !self.is_of(client) {
            return Err(Error::StateWrongClient);
        }
        // Also when the clock was set back: a time that is far ahead is no better than one long past.
        if now.abs_diff(self.time) > client.state_lifetime {
            return Err(Error::StateExpired);
        }
        if self
            .return_to
            .as_deref()
            .is_some_and(|path| !is_local_path(path))
        {
            return Err(Error::InvalidReturnTo);
        }
        let mut token = response.into_token(client, now)?;
        if token.scope.is_none() {
            token.scope = self.scope;
        }
        Ok(Grant {
            token,
            app_state: self.app_state,
            return_to: self.return_to,
        })
    }
}

impl Stored {
    pub(crate) fn read(text: &str) -> Self {
        Self::read_members(text).unwrap_or(Self::Unreadable)
    }

    fn read_members(text: &str) -> Option<Self> {
        let mut members = Params::read(text, &MEMBERS).ok()?;
        if members.get("v")? != VERSION {
            return None;
        }
        if let Some(time) = members.get("used") {
            return number(time).map(Self::Used);
        }
        if members.get("response_type")? != "token" {
            return None;
        }
        Some(Self::Pending(Pending {
            state: State::read(members.get("state")?)?,
            time: number(members.get("time")?)?,
            server: members.take("server")?,
            client_id: members.take("client_id")?,
            redirect_uri: members.take("redirect_uri")?,
            scope: members.take("scope"),
            return_to: members.take("return_to"),
            app_state: members.take("app_state"),
        }))
    }
}

pub(crate) fn record_key(state_key: &str) -> String {
    concat(&["claviger:", state_key])
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("state", &self.state)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}
