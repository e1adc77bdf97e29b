//! A session as a store keeps it, for a client that chose one: a file format, versioned and bound to
//! its client. What can't be read, or is of no use any more, counts as absent.

use alloc::string::String;

use crate::registration::client::Client;
use crate::syntax::form::Params;
use crate::syntax::text::{concat, decimal, number};
use crate::token::response::TokenSet;
use crate::token::token::{Token, is_b64token};

/// The format that this release writes and reads.
const VERSION: &str = "1";
const MEMBERS: &str = "v server client_id redirect_uri access_token expires_at scope refresh_token";

impl TokenSet {
    /// The name of a client's session in the store.
    #[must_use]
    pub fn key(client: &Client) -> String {
        concat(&[
            "claviger:session:",
            &client.client_id,
            " ",
            client.server.authorization_endpoint(),
        ])
    }

    /// The session as text for the store. It holds the tokens: keep it where only this origin reads.
    #[must_use]
    pub fn to_record(&self, client: &Client) -> String {
        let mut record = Params::default();
        record.add("v", VERSION);
        record.add("server", client.server.authorization_endpoint());
        record.add("client_id", &client.client_id);
        record.add("redirect_uri", client.redirect_uri.as_str());
        record.add("access_token", &self.token.access_token);
        if let Some(end) = self.token.expires_at {
            record.add("expires_at", &decimal(end));
        }
        record.add("scope", self.token.scope().unwrap_or_default());
        record.add(
            "refresh_token",
            self.refresh_token.as_deref().unwrap_or_default(),
        );
        record.write()
    }

    /// Reads what [`TokenSet::to_record`] wrote for the same client; `None` for anything else, and for
    /// a session that has ended and can't be renewed.
    #[must_use]
    pub fn from_record(client: &Client, record: &str, now: u64) -> Option<Self> {
        let members = Params::read(record, MEMBERS).ok()?;
        let is_own = members.get("v") == VERSION
            && members.get("server") == client.server.authorization_endpoint()
            && members.get("client_id") == client.client_id
            && members.get("redirect_uri") == client.redirect_uri.as_str();
        let expires_at = number(members.get("expires_at"));
        if !is_own || members.has("expires_at") != expires_at.is_some() {
            return None;
        }
        let session = Self {
            token: Token {
                access_token: members.text("access_token").filter(|it| is_b64token(it))?,
                expires_at,
                scope: members.text("scope"),
            },
            refresh_token: members.text("refresh_token"),
        };
        let is_of_use = session.token.is_usable(now) || session.refresh_token.is_some();
        is_of_use.then_some(session)
    }
}
