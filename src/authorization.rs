//! The authorization request: RFC 6749, section 4.2.1.

use alloc::string::String;
use alloc::vec::Vec;

use crate::client::Client;
use crate::error::{Error, InvalidOption};
use crate::params::append;
use crate::pending::Pending;
use crate::secret::State;

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
    pub fn with_parameter(mut self, name: String, value: String) -> Result<Self, InvalidOption> {
        let is_taken = self.parameters.iter().any(|(earlier, _)| *earlier == name);
        if name.is_empty() || is_taken || OURS.contains(&name.as_str()) {
            return Err(InvalidOption {
                option: "parameters",
                must: "have names other than response_type, client_id, redirect_uri, scope and state, each once",
            });
        }
        self.parameters.push((name, value));
        Ok(self)
    }

    /// Text of the application's that comes back with the [`crate::Grant`]. It stays in this browser.
    #[must_use]
    pub fn with_app_state(mut self, app_state: String) -> Self {
        self.app_state = Some(app_state);
        self
    }

    /// The path on this origin to go on with, which comes back with the [`crate::Grant`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidReturnTo`]: it could lead to another origin.
    pub fn with_return_to(mut self, path: String) -> Result<Self, Error> {
        if !is_local_path(&path) {
            return Err(Error::InvalidReturnTo);
        }
        self.return_to = Some(path);
        Ok(self)
    }

    /// The URL to send the user to, and the record to keep until the response comes.
    ///
    /// `random` are 32 bytes from the platform's CSPRNG, `now` is in seconds since 1970. Keep the
    /// record first: without it no response can be verified.
    #[must_use]
    pub fn start(self, random: &[u8; 32], now: u64) -> (String, Pending) {
        let client = self.client;
        let state = State::from_random(random);
        let mut ours: Vec<(&str, &str)> = Vec::with_capacity(OURS.len());
        ours.extend([
            ("response_type", "token"),
            ("client_id", &client.client_id),
            ("redirect_uri", client.redirect_uri.as_str()),
        ]);
        ours.extend(client.scope.as_deref().map(|scope| ("scope", scope)));
        ours.push(("state", state.as_str()));
        let further = self
            .parameters
            .iter()
            .map(|(name, value)| (&**name, &**value));

        let mut url = String::from(client.server.authorization_endpoint());
        url.push(if url.contains('?') { '&' } else { '?' });
        let query = append(String::new(), ours.iter().copied().chain(further));
        url.push_str(&query);
        let pending = Pending::new(client, state, now, self.app_state, self.return_to);
        (url, pending)
    }
}

/// A path, and nothing that a URL parser could take for a host or for another scheme.
/// RFC 6749, section 10.15; RFC 9700, section 4.11.1.
pub(crate) fn is_local_path(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    path.starts_with('/')
        && !path.contains("//")
        && !path.contains('\\')
        && !text.chars().any(char::is_control)
}
