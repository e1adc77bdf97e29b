//! The authorization request: RFC 6749, sections 4.1.1 and 4.2.1.

use alloc::string::String;
use core::fmt;

#[cfg(feature = "code")]
use crate::authorization::pkce;
use crate::error::{Error, InvalidOption};
use crate::login::record::Pending;
use crate::registration::client::Client;
#[cfg(feature = "code")]
use crate::registration::client::ResponseMode;
use crate::syntax::form::{Params, append, decode, next_pair};
use crate::syntax::secret;
use crate::syntax::text::{concat, consists_of, cut, find, has, split, word};

/// The parameters that this package sets, and nobody else.
pub(crate) const OURS: &str = "response_type client_id redirect_uri scope state";
/// Those of a request for a code.
#[cfg(feature = "code")]
pub(crate) const OURS_FOR_CODE: &str = "response_mode code_challenge code_challenge_method";

/// One request to the authorization endpoint.
#[derive(Clone)]
pub struct AuthorizationRequest<'a> {
    client: &'a Client,
    /// Further parameters, as a form.
    parameters: String,
    /// What stays in this browser until the response comes.
    kept: Params,
}

impl<'a> AuthorizationRequest<'a> {
    /// A request with nothing but what the client's registration asks for.
    #[must_use]
    pub fn new(client: &'a Client) -> Self {
        Self {
            client,
            parameters: String::new(),
            kept: Params::default(),
        }
    }

    /// A further parameter, such as `prompt` or `login_hint`.
    ///
    /// # Errors
    ///
    /// The name is empty, given before, or one that this package sets itself.
    pub fn add_parameter(&mut self, name: &str, value: &str) -> Result<(), InvalidOption> {
        #[cfg(feature = "code")]
        if self.client.token_endpoint.is_some() && word(name, OURS_FOR_CODE).is_some() {
            return Err(InvalidOption {
                option: "parameters",
                must: "have names other than response_mode, code_challenge and code_challenge_method, which this package sets",
            });
        }
        let mut is_taken = word(name, OURS).is_some();
        let mut form = split(&self.parameters, b'&');
        while let Some((earlier, _)) = next_pair(&mut form) {
            is_taken |= decode(earlier).is_some_and(|earlier| earlier == name);
        }
        if name.is_empty() || is_taken {
            return Err(InvalidOption {
                option: "parameters",
                must: "have names other than response_type, client_id, redirect_uri, scope and state, each once",
            });
        }
        append(&mut self.parameters, name, value);
        Ok(())
    }

    /// Text of the application's that comes back with the [`crate::Grant`]. It stays in this browser.
    pub fn set_app_state(&mut self, app_state: &str) {
        self.kept.add("app_state", app_state);
    }

    /// The response comes back to another window than this one, a popup or a frame, which hands it on.
    #[cfg(feature = "code")]
    pub fn set_relayed(&mut self) {
        self.kept.add("relay", "true");
    }

    /// The path on this origin to go on with, which comes back with the [`crate::Grant`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidReturnTo`]: it could lead to another origin.
    pub fn set_return_to(&mut self, path: &str) -> Result<(), Error> {
        if !is_local_path(path) {
            return Err(Error::InvalidReturnTo);
        }
        self.kept.add("return_to", path);
        Ok(())
    }

    /// The URL to send the user to, and the record to keep until the response comes.
    ///
    /// `random` are bytes from the platform's CSPRNG, which no two logins share: 32 for the state, 32
    /// for the code verifier of a client that asks for codes. `now` is in seconds since 1970. Keep
    /// the record first: without it no response can be verified.
    #[must_use]
    #[cfg_attr(not(feature = "code"), allow(unused_mut))]
    pub fn start(mut self, random: &[[u8; 32]; 2], now: u64) -> (String, Pending) {
        let client = self.client;
        let state = secret::base64url(&random[0]);
        let mut query = String::new();
        append(&mut query, "response_type", client.response_type());
        append(&mut query, "client_id", &client.client_id);
        append(&mut query, "redirect_uri", client.redirect_uri.as_str());
        if !client.scope().is_empty() {
            append(&mut query, "scope", client.scope());
        }
        append(&mut query, "state", &state);
        #[cfg(feature = "code")]
        if client.token_endpoint.is_some() {
            let verifier = secret::base64url(&random[1]);
            append(&mut query, "code_challenge", &pkce::challenge(&verifier));
            append(&mut query, "code_challenge_method", pkce::METHOD);
            self.kept.add("code_verifier", &verifier);
            if client.response_mode == ResponseMode::Fragment {
                append(&mut query, "response_mode", "fragment");
                self.kept.add("response_mode", "fragment");
            }
        }
        if !self.parameters.is_empty() {
            query.push_str("&");
        }
        let endpoint = client.server.authorization_endpoint();
        let delimiter = if has(endpoint, b'?') { "&" } else { "?" };
        let url = concat(&[endpoint, delimiter, &query, &self.parameters]);
        (url, Pending::new(client, self.kept, &state, now))
    }
}

impl fmt::Debug for AuthorizationRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// A path, and nothing that a URL parser could take for a host or for another scheme.
/// RFC 6749, section 10.15; RFC 9700, section 4.11.1.
pub(crate) fn is_local_path(text: &str) -> bool {
    let (path, _) = cut(cut(text, b'#').0, b'?');
    path.starts_with("/")
        && find(path, "//").is_none()
        && !has(path, b'\\')
        && consists_of(text, |byte| !byte.is_ascii_control())
}
