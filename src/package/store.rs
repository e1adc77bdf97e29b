//! The store for logins under way and for sessions: one of the origin's two storages, or, in the full
//! build, this program's memory.

use alloc::string::String;

#[cfg(feature = "code")]
use super::memory::Memory;
use super::page::{get_item, set_item};
use crate::error::Error;
use crate::store::Storage;

pub(crate) enum Store {
    /// By its name: `sessionStorage` or `localStorage`.
    Page(String),
    #[cfg(feature = "code")]
    Memory(Memory),
}

impl Store {
    pub(crate) fn named(name: String) -> Self {
        #[cfg(feature = "code")]
        if name == "memoryStorage" {
            return Self::Memory(Memory::default());
        }
        Self::Page(name)
    }
}

impl Storage for Store {
    fn get(&self, name: &str) -> Result<String, Error> {
        match self {
            Self::Page(store) => get_item(store, name).ok_or(Error::StorageUnavailable),
            #[cfg(feature = "code")]
            Self::Memory(memory) => memory.get(name),
        }
    }

    fn set(&self, name: &str, text: &str) -> bool {
        match self {
            Self::Page(store) => set_item(store, name, text),
            #[cfg(feature = "code")]
            Self::Memory(memory) => memory.set(name, text),
        }
    }

    /// An empty text removes what is there.
    fn remove(&self, name: &str) -> bool {
        self.set(name, "")
    }
}
