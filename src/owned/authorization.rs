//! The authorization request and its response: RFC 6749, sections 4.1 and 4.2.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::error::{Error, InvalidOption};
use super::login::Pending;
use super::registration::Client;
use super::room::{owned, with_room};
use super::url::Url;
use crate::authorization::pkce;
use crate::authorization::place::Place;
use crate::authorization::request::{Flow, check_parameters, write_url};
use crate::authorization::response::{self as core_response, Parameters};
use crate::login::record::{self, Kept};
use crate::syntax::form::encode;
use crate::syntax::secret::{self, base64url};

/// The `state` of one login: 256 random bits in characters that every server returns unchanged.
///
/// It has no `==` and its `Debug` shows nothing of it.
#[derive(Clone, Copy)]
pub struct State<'a>(&'a str);

impl<'a> State<'a> {
    /// A record without a state is none; this answers nothing.
    pub(super) const NONE: Self = Self("");

    /// The value as it travels.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Nothing but a state of ours has its length and alphabet.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        secret::State::read(text.as_bytes()).map(|_| Self(text))
    }

    pub(super) fn as_core(self) -> secret::State<'a> {
        secret::State::read(self.0.as_bytes()).unwrap_or_default()
    }
}

impl fmt::Debug for State<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_core().fmt(f)
    }
}

/// In which part of the redirect URI a code comes back: OAuth 2.0 Multiple Response Type Encoding
/// Practices, section 2.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseMode {
    /// The server's default for a code.
    #[default]
    Query,
    /// The part that browsers send to no server.
    Fragment,
}

/// One request to the authorization endpoint.
#[derive(Clone)]
pub struct AuthorizationRequest<'a> {
    client: &'a Client,
    /// Further parameters, as a form.
    parameters: String,
    app_state: String,
    return_to: String,
    is_relayed: bool,
}

impl<'a> AuthorizationRequest<'a> {
    /// A request with nothing but what the client's registration asks for.
    #[must_use]
    pub fn new(client: &'a Client) -> Self {
        Self {
            client,
            parameters: String::new(),
            app_state: String::new(),
            return_to: String::new(),
            is_relayed: false,
        }
    }

    /// A further parameter, such as `prompt` or `login_hint`.
    ///
    /// # Errors
    ///
    /// The name is empty, given before, or one that this package sets itself.
    pub fn add_parameter(&mut self, name: &str, value: &str) -> Result<(), InvalidOption> {
        let mut parameters = self.parameters.clone();
        append(&mut parameters, name, value);
        let asks_for_codes = self.client.token_endpoint().is_some();
        check_parameters(parameters.as_bytes(), asks_for_codes)?;
        self.parameters = parameters;
        Ok(())
    }

    /// Text of the application's that comes back with the [`crate::Grant`]. It stays in this browser.
    pub fn set_app_state(&mut self, app_state: &str) {
        self.app_state = app_state.into();
    }

    /// The response comes back to another window than this one, a popup or a frame, which hands it on.
    pub fn set_relayed(&mut self) {
        self.is_relayed = true;
    }

    /// The path on this origin to go on with, which comes back with the [`crate::Grant`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidReturnTo`]: it could lead to another origin.
    pub fn set_return_to(&mut self, path: &str) -> Result<(), Error> {
        let kept = Kept {
            return_to: path.as_bytes(),
            ..Kept::default()
        };
        if path.is_empty() {
            return Err(Error::InvalidReturnTo);
        }
        kept.check()?;
        self.return_to = path.into();
        Ok(())
    }

    /// The URL to send the user to, and the record to keep until the response comes.
    ///
    /// `random` are bytes from the platform's CSPRNG, which no two logins share: 32 for the state, 32
    /// for the code verifier of a client that asks for codes. `now` is in seconds since 1970. Keep
    /// the record first: without it no response can be verified.
    #[must_use]
    pub fn start(self, random: &[[u8; 32]; 2], now: u64) -> (String, Pending) {
        let [state, verifier] = random;
        let state = base64url(state);
        let verifier = base64url(verifier);
        let challenge = pkce::challenge(&verifier);
        with_room(&self, |request, arena| {
            let client = request.client.as_core();
            let flow = match request.client.token_endpoint() {
                Some(_) => Flow::Code {
                    verifier: &verifier,
                    challenge: &challenge,
                    place: request.client.response_mode().place(),
                },
                None => Flow::Token,
            };
            let kept = Kept {
                app_state: request.app_state.as_bytes(),
                return_to: request.return_to.as_bytes(),
                is_relayed: request.is_relayed,
            };
            let url = write_url(&client, &flow, &state, request.parameters.as_bytes(), arena);
            let record = record::write(&client, &flow, &kept, &state, now, arena);
            (owned(url), Pending::new(owned(record), owned(&state), now))
        })
    }
}

impl ResponseMode {
    fn place(self) -> Place {
        match self {
            Self::Query => Place::Query,
            Self::Fragment => Place::Fragment,
        }
    }
}

/// Puts one more pair behind a form.
pub(super) fn append(form: &mut String, name: &str, value: &str) {
    if !form.is_empty() {
        form.push('&');
    }
    encode(name.as_bytes(), |byte| form.push(char::from(byte)));
    form.push('=');
    encode(value.as_bytes(), |byte| form.push(char::from(byte)));
}

impl fmt::Debug for AuthorizationRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// What a URL is to a client.
#[derive(Debug)]
pub struct Reading {
    /// The URL to put into the address bar instead, where something must not stay in it.
    pub scrubbed: Option<String>,
    /// The response, `None` where the URL is none; refused without a look at any record, where that
    /// is enough to tell.
    pub response: Result<Option<Response>, Error>,
}

/// A response whose state is still to be verified.
pub struct Response {
    parameters: [Vec<u8>; Parameters::COUNT],
    place: Place,
    is_delivered: bool,
    is_certain: bool,
}

impl Client {
    /// Reads a URL that the page or the webview was opened with.
    #[must_use]
    pub fn read(&self, url: &Url) -> Reading {
        with_room(&(self, url), |(client, url), arena| {
            let reading = core_response::Reading::parse(&client.as_core(), &url.parts(), arena);
            Reading {
                scrubbed: reading.scrubbed.map(owned),
                response: match reading.response {
                    Ok(response) => Ok(response.map(|response| Response::of(&response))),
                    Err(error) => Err(error.into()),
                },
            }
        })
    }
}

impl Reading {
    /// The name of the record to look up; `None` when no record can fit.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        let state = self.response.as_ref().ok()?.as_ref()?.state()?;
        Some(super::login::record_name(state))
    }
}

impl Response {
    fn of(response: &core_response::Response<'_>) -> Self {
        Self {
            parameters: response.parameters.values().map(<[u8]>::to_vec),
            place: response.place,
            is_delivered: response.is_delivered,
            is_certain: response.is_certain,
        }
    }

    pub(super) fn as_core(&self) -> core_response::Response<'_> {
        core_response::Response {
            parameters: Parameters::of(self.parameters.each_ref().map(Vec::as_slice)),
            place: self.place,
            is_delivered: self.is_delivered,
            is_certain: self.is_certain,
        }
    }

    /// The state, where it can be one of ours at all.
    #[must_use]
    pub fn state(&self) -> Option<State<'_>> {
        let state = self.as_core().parameters.state();
        core::str::from_utf8(state).ok().and_then(State::read)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("state", &self.state())
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
