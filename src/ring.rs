//! The 32 newest logins of a client, so that abandoned ones take no room and no time.

use alloc::string::String;

use crate::client::Client;
use crate::pending::{Pending, record_key};
use crate::secret::KEY_LENGTH;
use crate::text::concat;

/// Records that one client may have; the oldest goes first.
const RECORDS: usize = 32;

/// Names of fixed width, the oldest first, blank where there was no login yet: every login moves it
/// by one, and one record falls out of it, so that the first login costs what the last one does.
#[derive(Debug)]
pub struct Ring(String);

impl Ring {
    /// Reads a ring; anything else than one is an empty ring.
    #[must_use]
    pub fn read(text: Option<&str>) -> Self {
        Self(match text {
            Some(text) if text.len() == RECORDS * KEY_LENGTH && text.is_ascii() => text.into(),
            _ => " ".repeat(RECORDS * KEY_LENGTH),
        })
    }

    /// The name of a client's ring in the store.
    #[must_use]
    pub fn key(client: &Client) -> String {
        concat(&[
            "claviger:ring:",
            &client.client_id,
            " ",
            client.server.authorization_endpoint(),
        ])
    }

    /// Takes a login in, and gives the ring's new text and the name of the record that falls out.
    #[must_use]
    pub fn turn(&self, pending: &Pending) -> (String, String) {
        let (oldest, rest) = self.0.split_at_checked(KEY_LENGTH).unwrap_or_default();
        (concat(&[rest, pending.state().key()]), record_key(oldest))
    }
}
