//! The store for logins under way: session or local storage.

use alloc::string::String;

use super::page::{get_item, set_item};
use crate::answer::RecordChange;
use crate::client::Client;
use crate::error::Error;
use crate::pending::Pending;
use crate::ring::Ring;

/// One of the origin's two storages, by its name: `sessionStorage` or `localStorage`.
pub(crate) struct Store(pub(crate) String);

impl Store {
    /// Keeps the record of a login that starts. Four operations, however many were abandoned.
    pub(crate) fn keep(&self, client: &Client, pending: &Pending) -> Result<(), Error> {
        let ring_key = Ring::key(client);
        let (ring, oldest) = Ring::read(Some(&self.find(&ring_key)?)).turn(pending);
        let key = pending.key();
        if self.put(&key, &pending.to_record())
            && self.put(&ring_key, &ring)
            && self.put(&oldest, "")
        {
            return Ok(());
        }
        // A record outside the ring would never be swept.
        self.put(&key, "");
        Err(Error::StorageUnavailable)
    }

    /// The record under this name; empty where there is none.
    pub(crate) fn find(&self, key: &str) -> Result<String, Error> {
        get_item(&self.0, key).ok_or(Error::StorageUnavailable)
    }

    /// Changes the record under this name.
    pub(crate) fn change(&self, key: &str, change: &RecordChange) -> Result<(), Error> {
        let text = match change {
            RecordChange::Remove => "",
            RecordChange::Replace(text) => text,
        };
        // Used is used, also where the trace of it can't be kept.
        if self.put(key, text) || self.put(key, "") {
            Ok(())
        } else {
            Err(Error::StorageUnavailable)
        }
    }

    /// An empty text removes what is there.
    fn put(&self, key: &str, text: &str) -> bool {
        set_item(&self.0, key, text)
    }
}
