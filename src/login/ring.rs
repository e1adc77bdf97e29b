//! The 32 newest logins of a client, so that abandoned ones take no room and no time.

use alloc::string::String;

use crate::login::record::{Pending, record_key};
use crate::registration::client::Client;
use crate::syntax::secret::KEY_LENGTH;
use crate::syntax::text::{concat, consists_of, split_at};

/// Records that one client may have; the oldest goes first.
const RECORDS: usize = 32;

/// Names of fixed width, the oldest first, blank where there was no login yet: every login moves it
/// by one, and one record falls out of it, so that the first login costs what the last one does.
#[derive(Debug)]
pub struct Ring<'a>(&'a str);

/// As many blank names.
const BLANK: &str = match core::str::from_utf8(&[b' '; RECORDS * KEY_LENGTH]) {
    Ok(blank) => blank,
    Err(_) => "",
};

impl<'a> Ring<'a> {
    /// Reads a ring; anything else than one is an empty ring.
    #[must_use]
    pub fn read(text: Option<&'a str>) -> Self {
        match text {
            Some(text) if text.len() == BLANK.len() && consists_of(text, |b| b.is_ascii()) => {
                Self(text)
            }
            _ => Self(BLANK),
        }
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
        let (oldest, rest) = split_at(self.0, KEY_LENGTH);
        (concat(&[rest, pending.state().key()]), record_key(oldest))
    }
}
