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
#[cfg(feature = "sign-in")]
use crate::openid::request;
use crate::syntax::arena::Arena;
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
    /// With single spaces between them.
    #[cfg(feature = "sign-in")]
    required_acr: String,
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
            #[cfg(feature = "sign-in")]
            required_acr: String::new(),
        }
    }

    /// A further parameter, such as `prompt` or `login_hint`, or the `scope` of this login alone. `resource`
    /// (RFC 8707) and `audience` can be added several times.
    ///
    /// # Errors
    ///
    /// The name is empty, given before, or one that this package sets itself; a `scope` breaks the grammar
    /// of RFC 6749, section 3.3. For a client that asks for ID tokens: it is `nonce`, a `prompt` with `none`
    /// beside another one, or a `max_age` that is no whole number of seconds.
    pub fn add_parameter(&mut self, name: &str, value: &str) -> Result<(), InvalidOption> {
        let mut parameters = self.parameters.clone();
        append(&mut parameters, name, value);
        let asks_for_codes = self.client.token_endpoint().is_some();
        check_parameters(parameters.as_bytes(), asks_for_codes)?;
        #[cfg(feature = "sign-in")]
        if self.client.relying_party().is_some() {
            request::check_parameters(parameters.as_bytes(), false)?;
        }
        with_room(&(self.client, &parameters), |(client, form), arena| {
            client_for(&client.as_core(), form.as_bytes(), arena).map(drop)
        })?;
        self.parameters = parameters;
        Ok(())
    }

    /// The authentication contexts of which the user has to sign in by one, for a client that asks for ID
    /// tokens (OpenID Connect Core 1.0, section 5.5.1.1; RFC 9470): sent as `acr_values`, unless that or
    /// `claims` is among the parameters, and demanded of the ID token's `acr`.
    ///
    /// ```
    /// # fn request(request: &mut claviger::AuthorizationRequest<'_>) -> Result<(), claviger::InvalidOption> {
    /// request.set_required_acr(&["phr", "phrh"])
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// There is none; one is empty or has a space.
    #[cfg(feature = "sign-in")]
    pub fn set_required_acr(&mut self, contexts: &[&str]) -> Result<(), InvalidOption> {
        let is_context = |it: &&str| !it.is_empty() && !it.contains(' ');
        if contexts.is_empty() || !contexts.iter().all(is_context) {
            return Err(InvalidOption {
                option: "requiredAcr",
                must: "be texts without spaces, at least one",
            });
        }
        self.required_acr = contexts.join(" ");
        Ok(())
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
        #[cfg(feature = "sign-in")]
        if self.client.relying_party().is_some() {
            request::check_parameters(parameters.as_bytes(), true)?;
            self.required_acr = with_room(&parameters, |parameters, arena| {
                let asked = request::Asked::parse(parameters.as_bytes(), arena);
                asked.map_or(String::new(), |asked| owned(asked.required_acr))
            });
        }
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
    /// for the code verifier of a client that asks for codes, 32 for the nonce of one that asks for ID
    /// tokens. `now` is in seconds since 1970. Keep the record first: without it no response can be
    /// verified. [`Self::start_in`] does that, too.
    #[must_use]
    pub fn start(self, random: &[[u8; 32]; 3], now: u64) -> (String, Pending) {
        let [state, verifier, nonce] = random;
        self.start_with(&base64url(state), [verifier, nonce], now)
    }

    /// The same with a state that is chosen already.
    pub(super) fn start_with(
        self,
        state: &[u8; STATE_LENGTH],
        [verifier, nonce]: [&[u8; 32]; 2],
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
                None => request.flow_of_fragment(),
            };
            let (sent, repeated) = request.asked(nonce, arena);
            let kept = Kept {
                app_state: request.app_state.as_bytes(),
                return_to: request.return_to.as_bytes(),
                is_relayed: request.is_relayed,
                parameters: repeated,
            };
            let url = write_url(&client, &flow, state, sent, arena);
            let record = record::write(&client, &flow, &kept, state, now, arena);
            (owned(url), Pending::new(owned(record), owned(state), now))
        })
    }

    /// What a client asks for that has no endpoint for codes.
    #[cfg(feature = "sign-in")]
    fn flow_of_fragment(&self) -> Flow<'_> {
        match self.client.relying_party() {
            Some(_) => Flow::IdToken {
                with_token: !self.client.asks_for_id_token_alone(),
            },
            None => Flow::Token,
        }
    }

    #[cfg(not(feature = "sign-in"))]
    #[allow(clippy::unused_self, reason = "others ask for ID tokens")]
    fn flow_of_fragment(&self) -> Flow<'_> {
        Flow::Token
    }

    /// The parameters to send, and to keep: with a nonce of the login's own where it asks for an ID token.
    #[cfg_attr(not(feature = "sign-in"), allow(unused_variables))]
    fn asked<'t>(&'t self, nonce: &[u8; 32], arena: &mut Arena<'t>) -> (&'t [u8], &'t [u8]) {
        let parameters = self.parameters.as_bytes();
        #[cfg(feature = "sign-in")]
        if self.client.relying_party().is_some() {
            let (nonce, required_acr) = (base64url(nonce), self.required_acr.as_bytes());
            return (
                request::write(&nonce, required_acr, parameters, arena),
                request::write_kept(&nonce, required_acr, parameters, arena),
            );
        }
        (parameters, parameters)
    }
}

impl fmt::Debug for AuthorizationRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
