//! Who is signed in: OpenID Connect Core 1.0, section 2.

use alloc::string::String;

use super::client::BrowserClient;
use super::session::Session;
use crate::owned::{Change, IdToken};

/// Who the user is, of a client that [asks for ID tokens](crate::Client::ask_for_id_tokens).
impl BrowserClient {
    /// Who is signed in, as the server has signed it: the claims of a verified ID token, which may have
    /// expired since. `None` where nobody is signed in, or the client does not ask for that.
    ///
    /// ```
    /// fn greeting(client: &claviger::browser::BrowserClient) -> Option<String> {
    ///     let id_token = client.claims()?;
    ///     let name = id_token.claims().text("name").unwrap_or(id_token.subject());
    ///     Some(format!("Hello, {name}"))
    /// }
    /// ```
    #[must_use]
    pub fn claims(&self) -> Option<IdToken> {
        self.0.session.id_token()
    }

    /// The ID token as it came, for a server that takes one; [`Self::fetch`] never sends it.
    ///
    /// ```
    /// fn assertion(client: &claviger::browser::BrowserClient) -> Option<String> {
    ///     client.id_token()
    /// }
    /// ```
    #[must_use]
    pub fn id_token(&self) -> Option<String> {
        self.0.session.id_token_text()
    }
}

impl Session {
    pub(super) fn id_token_text(&self) -> Option<String> {
        self.set()?.id_token_text().map(Into::into)
    }

    pub(super) fn id_token(&self) -> Option<IdToken> {
        self.set()?.id_token(self.client().relying_party()?)
    }

    /// Keeps the ID token as a hint, until the user leaves.
    pub(super) fn keep_hint(&self, change: Change) {
        if change == Change::Login && self.client().relying_party().is_some() {
            self.forget_asking();
        }
        match change {
            Change::Logout => {
                self.hint.take();
            }
            Change::Login | Change::Renew => {
                self.hint.replace(self.id_token_text());
            }
            _ => {}
        }
    }
}
