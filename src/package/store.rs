//! The store for logins under way and for sessions: one of the origin's two storages, or, in the full
//! build, this program's memory.

use alloc::string::String;

#[cfg(feature = "code")]
use super::memory::Memory;
use super::page::{get_item, set_item};
use crate::error::Error;
use crate::login::store::Storage;

pub(crate) enum Store {
    Page {
        is_local: bool,
    },
    #[cfg(feature = "code")]
    Memory(Memory),
}

impl Store {
    pub(crate) fn named(name: &str) -> Self {
        #[cfg(feature = "code")]
        if name == "memory" {
            return Self::Memory(Memory::default());
        }
        Self::Page {
            is_local: name == "local",
        }
    }
}

impl Storage for Store {
    fn get(&self, name: &str) -> Result<String, Error> {
        match self {
            Self::Page { is_local } => get_item(*is_local, name).ok_or(Error::StorageUnavailable),
            #[cfg(feature = "code")]
            Self::Memory(memory) => memory.get(name),
        }
    }

    fn set(&self, name: &str, text: &str) -> bool {
        match self {
            Self::Page { is_local } => set_item(*is_local, name, text),
            #[cfg(feature = "code")]
            Self::Memory(memory) => memory.set(name, text),
        }
    }

    /// An empty text removes what is there.
    fn remove(&self, name: &str) -> bool {
        self.set(name, "")
    }
}
