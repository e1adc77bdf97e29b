//! The authorization request: RFC 6749, sections 4.1.1 and 4.2.1.

use alloc::string::String;
use core::fmt;

use super::error::{Error, InvalidOption};
use super::form::append;
use super::login::Pending;
use super::registration::Client;
use super::room::{owned, with_room};
use crate::authorization::pkce;
use crate::authorization::request::{Flow, check_parameters, client_for, write_url};
use crate::login::record::{self, Kept};
#[cfg(feature = "browser")]
use crate::syntax::form::{is_named, pairs};
use crate::syntax::secret::{STATE_LENGTH, base64url};

/// One request to the authorization endpoint.
#[derive(Clone)]
pub struct AuthorizationRequest<'a> {
    pub(super) client: &'a Client,
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

    /// A further parameter, such as `prompt` or `login_hint`, or the `scope` of this login alone. `resource`
    /// (RFC 8707) and `audience` can be added several times.
    ///
    /// # Errors
    ///
    /// The name is empty, given before, or one that this package sets itself; a `scope` breaks the grammar
    /// of RFC 6749, section 3.3.
    pub fn add_parameter(&mut self, name: &str, value: &str) -> Result<(), InvalidOption> {
        let mut parameters = self.parameters.clone();
        append(&mut parameters, name, value);
        let asks_for_codes = self.client.token_endpoint().is_some();
        check_parameters(parameters.as_bytes(), asks_for_codes)?;
        with_room(&(self.client, &parameters), |(client, form), arena| {
            client_for(&client.as_core(), form.as_bytes(), arena).map(drop)
        })?;
        self.parameters = parameters;
        Ok(())
    }

    /// A form of them.
    #[cfg(feature = "browser")]
    pub(crate) fn parameters(&self) -> &str {
        &self.parameters
    }

    /// Asks without the user, for what a form has in addition (OpenID Connect Core 1.0, section 3.1.2.1).
    #[cfg(feature = "browser")]
    pub(crate) fn set_silent(&mut self, form: &str) -> Result<(), InvalidOption> {
        let mut parameters = String::new();
        for (name, value) in pairs(form.as_bytes()) {
            if !is_named(name, "prompt") {
                parameters.push_str(&owned(name));
                parameters.push('=');
                parameters.push_str(&owned(value));
                parameters.push('&');
            }
        }
        parameters.push_str("prompt=none");
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
    /// the record first: without it no response can be verified. [`Self::start_in`] does that, too.
    #[must_use]
    pub fn start(self, random: &[[u8; 32]; 2], now: u64) -> (String, Pending) {
        let [state, verifier] = random;
        self.start_with(&base64url(state), verifier, now)
    }

    /// The same with a state that is chosen already.
    pub(super) fn start_with(
        self,
        state: &[u8; STATE_LENGTH],
        verifier: &[u8; 32],
        now: u64,
    ) -> (String, Pending) {
        let verifier = base64url(verifier);
        let challenge = pkce::challenge(&verifier);
        with_room(&self, |request, arena| {
            let client = request.client.as_core();
            let parameters = request.parameters.as_bytes();
            // It was checked when it was added.
            let client = client_for(&client, parameters, arena).unwrap_or(client);
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
                parameters: request.parameters.as_bytes(),
            };
            let url = write_url(&client, &flow, state, parameters, arena);
            let record = record::write(&client, &flow, &kept, state, now, arena);
            (owned(url), Pending::new(owned(record), owned(state), now))
        })
    }
}

impl fmt::Debug for AuthorizationRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
