//! The store for logins under way: session or local storage.

use web_sys::Storage;

use crate::answer::RecordChange;
use crate::client::Client;
use crate::error::Error;
use crate::pending::Pending;
use crate::ring::Ring;

/// Which of the origin's two storages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Store {
    /// This tab's, until it closes.
    Session,
    /// All tabs' and views', until it is cleared.
    Local,
}

impl Store {
    /// Keeps the record of a login that starts. Four operations, however many were abandoned.
    pub(crate) fn keep(self, client: &Client, pending: &Pending) -> Result<(), Error> {
        let storage = self.open()?;
        let ring_key = Ring::key(client);
        let ring = storage.get_item(&ring_key).map_err(refused)?;
        let (ring, oldest) = Ring::read(ring.as_deref()).turn(pending);
        storage.remove_item(&oldest).map_err(refused)?;
        let key = pending.key();
        storage
            .set_item(&key, &pending.to_record())
            .and_then(|()| storage.set_item(&ring_key, &ring))
            .map_err(|error| {
                // A record outside the ring would never be swept.
                let _ = storage.remove_item(&key);
                refused(error)
            })
    }

    /// The record under this name.
    pub(crate) fn find(self, key: &str) -> Result<Option<alloc::string::String>, Error> {
        self.open()?.get_item(key).map_err(refused)
    }

    /// Changes the record under this name.
    pub(crate) fn change(self, key: &str, change: &RecordChange) -> Result<(), Error> {
        let storage = self.open()?;
        match change {
            RecordChange::Remove => storage.remove_item(key),
            RecordChange::Replace(text) => storage
                .set_item(key, text)
                // Used is used, also where the trace of it can't be kept.
                .or_else(|_| storage.remove_item(key)),
        }
        .map_err(refused)
    }

    fn open(self) -> Result<Storage, Error> {
        let window = web_sys::window().ok_or(Error::StorageUnavailable)?;
        let access = match self {
            Self::Session => window.session_storage(),
            Self::Local => window.local_storage(),
        };
        access.ok().flatten().ok_or(Error::StorageUnavailable)
    }
}

#[allow(clippy::needless_pass_by_value)]
fn refused(_: wasm_bindgen::JsValue) -> Error {
    Error::StorageUnavailable
}
