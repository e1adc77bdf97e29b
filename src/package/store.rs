//! The store for logins under way: session or local storage.

use alloc::string::String;

use super::page::{get_item, set_item};
use crate::error::Error;
use crate::store::Storage;

/// One of the origin's two storages, by its name: `sessionStorage` or `localStorage`.
pub(crate) struct Store(pub(crate) String);

impl Storage for Store {
    fn get(&self, name: &str) -> Result<String, Error> {
        get_item(&self.0, name).ok_or(Error::StorageUnavailable)
    }

    fn set(&self, name: &str, text: &str) -> bool {
        set_item(&self.0, name, text)
    }

    /// An empty text removes what is there.
    fn remove(&self, name: &str) -> bool {
        set_item(&self.0, name, "")
    }
}
