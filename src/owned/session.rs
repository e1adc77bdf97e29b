//! A session as a store keeps it.

use alloc::string::String;

use super::registration::Client;
use super::room::{owned, with_room};
use super::token::TokenSet;
use crate::session::record;

impl TokenSet {
    /// The name of a client's session in the store.
    #[must_use]
    pub fn key(client: &Client) -> String {
        with_room(client, |client, arena| {
            owned(record::name(&client.as_core(), arena))
        })
    }

    /// The session as text for the store. It holds the tokens: keep it where only this origin reads.
    #[must_use]
    pub fn to_record(&self, client: &Client) -> String {
        with_room(&(self, client), |(set, client), arena| {
            owned(record::write(&client.as_core(), &set.as_core(), arena))
        })
    }

    /// Reads what [`TokenSet::to_record`] wrote for the same client; `None` for anything else, and for
    /// a session that has ended and can't be renewed.
    #[must_use]
    pub fn from_record(client: &Client, record: &str, now: u64) -> Option<Self> {
        with_room(&(client, record), |(client, record), arena| {
            let set = record::parse(&client.as_core(), record.as_bytes(), now, arena);
            set.map(|set| Self::of(&set))
        })
    }
}
