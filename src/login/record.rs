//! The record of a login under way, and its form in the store.
//!
//! It is a file format: versioned, found by its state, used once. What can't be read counts as absent.

#[cfg(feature = "code")]
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

#[cfg(feature = "code")]
use crate::authorization::place::Place;
use crate::authorization::request::is_local_path;
use crate::authorization::response::Response;
use crate::error::Error;
use crate::registration::client::Client;
use crate::syntax::form::Params;
use crate::syntax::secret::State;
use crate::syntax::text::{concat, decimal, number};
#[cfg(feature = "code")]
use crate::token::request::TokenRequest;
use crate::token::token::Token;

/// The format that this release writes and reads.
const VERSION: &str = "1";
#[cfg(not(feature = "code"))]
const MEMBERS: &str =
    "v used state server client_id redirect_uri response_type scope time return_to app_state";
#[cfg(feature = "code")]
const MEMBERS: &str = "v used state server client_id redirect_uri response_type scope time return_to app_state code_verifier response_mode relay";

/// A login under way: what the response has to fit. Made by a request's start, consumed by its finish.
pub struct Pending(Params);

/// What a verified response brought.
#[derive(Debug)]
pub struct Grant {
    /// What was asked for.
    pub granted: Granted,
    /// The application's own text, as it was given to the request.
    pub app_state: Option<String>,
    /// The path on this origin to go on with.
    pub return_to: Option<String>,
}

/// What a server grants in its response: what the client asked for.
#[derive(Debug)]
pub enum Granted {
    /// A token (RFC 6749, section 4.2.2).
    Token(Token),
    /// A code (section 4.1.2), as the request that exchanges it for a token.
    #[cfg(feature = "code")]
    Code(Box<TokenRequest>),
}

impl Grant {
    /// The token, where the response brought one itself.
    #[must_use]
    pub fn token(&self) -> Option<&Token> {
        match &self.granted {
            Granted::Token(token) => Some(token),
            #[cfg(feature = "code")]
            Granted::Code(_) => None,
        }
    }
}

/// A record as the store gave it back.
pub(crate) enum Stored {
    Pending(Pending),
    /// The login was finished; this was its time.
    Used(u64),
    Unreadable,
}

impl Pending {
    /// `kept` is what the application wants back.
    pub(crate) fn new(client: &Client, mut kept: Params, state: &str, time: u64) -> Self {
        kept.add("v", VERSION);
        kept.add("state", state);
        kept.add("response_type", client.response_type());
        kept.add("scope", client.scope());
        kept.add("time", &decimal(time));
        kept.add("server", client.server.authorization_endpoint());
        kept.add("client_id", &client.client_id);
        kept.add("redirect_uri", client.redirect_uri.as_str());
        Self(kept)
    }

    /// The state that the response has to bring back.
    #[must_use]
    pub fn state(&self) -> State<'_> {
        // A record without a state is none.
        State::read(self.0.get("state")).unwrap_or_default()
    }

    /// The name of the record in a store that other things are kept in, too.
    #[must_use]
    pub fn key(&self) -> String {
        record_key(self.state().key())
    }

    /// The record as text for the store. It holds the state: keep it where only this origin reads.
    #[must_use]
    pub fn to_record(&self) -> String {
        self.0.write()
    }

    /// Reads what [`Pending::to_record`] wrote; `None` for anything else, and for a login that was finished.
    #[must_use]
    pub fn from_record(text: &str) -> Option<Self> {
        match Stored::read(text) {
            Stored::Pending(pending) => Some(pending),
            Stored::Used(_) | Stored::Unreadable => None,
        }
    }

    /// Whether the window that gets the response is not the one that waits for it: it hands the
    /// response on, and the record stays as it is until it has been.
    #[cfg(feature = "code")]
    #[must_use]
    pub fn is_relayed(&self) -> bool {
        self.0.has("relay")
    }

    fn time(&self) -> u64 {
        number(self.0.get("time")).unwrap_or_default()
    }

    /// What takes the record's place when it has been used, so that a replay is told from an unknown state.
    pub(crate) fn used(&self) -> String {
        concat(&["v=", VERSION, "&used=", self.0.get("time")])
    }

    /// Verifies the response, and gives the token that it brought. The record is used up either way.
    ///
    /// # Errors
    ///
    /// Every code of the response, in the order: whose it is (`unknown_state`), when
    /// (`state_expired`), where (`redirect_uri_mismatch`, `wrong_location`), who answered
    /// (`issuer_mismatch`, `issuer_missing`), and only then what it says.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "an answer counts once, and so does a response"
    )]
    pub fn finish(self, client: &Client, response: Response, now: u64) -> Result<Grant, Error> {
        self.verify(client, &response, now)
    }

    pub(crate) fn verify(
        &self,
        client: &Client,
        response: &Response,
        now: u64,
    ) -> Result<Grant, Error> {
        let state = self.state();
        if !response
            .state()
            .is_some_and(|answered| answered.matches(state))
        {
            return Err(Error::UnknownState);
        }
        if self.0.get("server") != client.server.authorization_endpoint()
            || self.0.get("client_id") != client.client_id
            || self.0.get("redirect_uri") != client.redirect_uri.as_str()
        {
            return Err(Error::StateWrongClient);
        }
        // Also when the clock was set back: a time that is far ahead is no better than one long past.
        if now.abs_diff(self.time()) > client.state_lifetime {
            return Err(Error::StateExpired);
        }
        let return_to = self.0.text("return_to");
        if return_to
            .as_deref()
            .is_some_and(|path| !is_local_path(path))
        {
            return Err(Error::InvalidReturnTo);
        }
        Ok(Grant {
            granted: self.granted(client, response, now)?,
            app_state: self.0.text("app_state"),
            return_to,
        })
    }
}

impl Pending {
    /// What this login asked for decides, and not what the client would ask for today.
    fn granted(&self, client: &Client, response: &Response, now: u64) -> Result<Granted, Error> {
        let scope = self.0.get("scope");
        #[cfg(feature = "code")]
        if self.0.get("response_type") == "code" {
            let wanted = match self.0.get("response_mode") {
                "fragment" => Place::Fragment,
                _ => Place::Query,
            };
            let code = response.code(client, wanted)?;
            // Without an endpoint this client can't ask for one any more.
            let endpoint = client.token_endpoint();
            let endpoint = endpoint.ok_or(Error::UnexpectedResponseType)?;
            let redirect_uri = client.redirect_uri.as_str();
            let verifier = self.0.get("code_verifier");
            return Ok(Granted::Code(Box::new(TokenRequest::exchange(
                endpoint,
                code,
                redirect_uri,
                verifier,
                scope,
            ))));
        }
        response.token(client, scope, now).map(Granted::Token)
    }
}

impl Stored {
    pub(crate) fn read(text: &str) -> Self {
        let Ok(members) = Params::read(text, MEMBERS) else {
            return Self::Unreadable;
        };
        if members.get("v") != VERSION {
            return Self::Unreadable;
        }
        if let Some(time) = number(members.get("used")) {
            return Self::Used(time);
        }
        let is_known = match members.get("response_type") {
            "token" => true,
            #[cfg(feature = "code")]
            "code" => members.has("code_verifier"),
            _ => false,
        };
        let is_complete = is_known
            && State::read(members.get("state")).is_some()
            && number(members.get("time")).is_some()
            && members.has("server")
            && members.has("client_id")
            && members.has("redirect_uri");
        if is_complete {
            Self::Pending(Pending(members))
        } else {
            Self::Unreadable
        }
    }
}

pub(crate) fn record_key(state_key: &str) -> String {
    concat(&["claviger:", state_key])
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("state", &self.state())
            .field("time", &self.time())
            .finish_non_exhaustive()
    }
}
