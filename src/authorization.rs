//! The authorization request: RFC 6749, section 4.2.1.

use alloc::string::String;
use alloc::vec::Vec;

use crate::client::Client;
use crate::error::{Error, InvalidOption};
use crate::params::write;
use crate::pending::Pending;
use crate::secret::State;
use crate::text::{concat, cut, find, has};

/// The parameters that this package sets, and nobody else.
pub(crate) const OURS: [&str; 5] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
];

/// One request to the authorization endpoint.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest<'a> {
    client: &'a Client,
    parameters: Vec<(String, String)>,
    app_state: Option<String>,
    return_to: Option<String>,
}

impl<'a> AuthorizationRequest<'a> {
    /// A request with nothing but what the client's registration asks for.
    #[must_use]
    pub fn new(client: &'a Client) -> Self {
        Self {
            client,
            parameters: Vec::new(),
            app_state: None,
            return_to: None,
        }
    }

    /// A further parameter, such as `prompt` or `login_hint`.
    ///
    /// # Errors
    ///
    /// The name is empty, given before, or one that this package sets itself.
    pub fn add_parameter(&mut self, name: String, value: String) -> Result<(), InvalidOption> {
        let is_taken = self.parameters.iter().any(|(earlier, _)| *earlier == name);
        if name.is_empty() || is_taken || OURS.contains(&name.as_str()) {
            return Err(InvalidOption {
                option: "parameters",
                must: "have names other than response_type, client_id, redirect_uri, scope and state, each once",
            });
        }
        self.parameters.push((name, value));
        Ok(())
    }

    /// Text of the application's that comes back with the [`crate::Grant`]. It stays in this browser.
    pub fn set_app_state(&mut self, app_state: String) {
        self.app_state = Some(app_state);
    }

    /// The path on this origin to go on with, which comes back with the [`crate::Grant`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidReturnTo`]: it could lead to another origin.
    pub fn set_return_to(&mut self, path: String) -> Result<(), Error> {
        if !is_local_path(&path) {
            return Err(Error::InvalidReturnTo);
        }
        self.return_to = Some(path);
        Ok(())
    }

    /// The URL to send the user to, and the record to keep until the response comes.
    ///
    /// `random` are 32 bytes from the platform's CSPRNG, `now` is in seconds since 1970. Keep the
    /// record first: without it no response can be verified.
    #[must_use]
    pub fn start(self, random: &[u8; 32], now: u64) -> (String, Pending) {
        let client = self.client;
        let state = State::from_random(random);
        let mut parameters = Vec::with_capacity(OURS.len());
        parameters.extend([
            ("response_type", "token"),
            ("client_id", client.client_id.as_str()),
            ("redirect_uri", client.redirect_uri.as_str()),
        ]);
        if let Some(scope) = &client.scope {
            parameters.push(("scope", scope));
        }
        parameters.push(("state", state.as_str()));
        for (name, value) in &self.parameters {
            parameters.push((name, value));
        }
        let endpoint = client.server.authorization_endpoint();
        let delimiter = if has(endpoint, b'?') { "&" } else { "?" };
        let url = concat(&[endpoint, delimiter, &write(&parameters)]);
        let pending = Pending::new(client, state, now, self.app_state, self.return_to);
        (url, pending)
    }
}

/// A path, and nothing that a URL parser could take for a host or for another scheme.
/// RFC 6749, section 10.15; RFC 9700, section 4.11.1.
pub(crate) fn is_local_path(text: &str) -> bool {
    let (path, _) = cut(cut(text, b'#').0, b'?');
    path.starts_with('/')
        && find(path, "//").is_none()
        && !has(path, b'\\')
        && !text.bytes().any(|byte| byte.is_ascii_control())
}
