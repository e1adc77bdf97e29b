//! The page's session or local storage.

use alloc::string::String;

use super::page::window;
use crate::owned::Error;
use crate::owned::Storage;
use gloo_storage::{LocalStorage, SessionStorage, Storage as _};

/// Which of the origin's two storages keeps the logins under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Store {
    /// Of this tab alone: the choice wherever the response comes back to the tab that asked for it.
    #[default]
    Session,
    /// Of all tabs: for a response that may come back in another tab or view.
    Local,
}

impl Store {
    /// `None` where the browser gives none: the site's data is blocked, the page is in a sandbox, or
    /// there is no page.
    pub(super) fn raw(self) -> Option<web_sys::Storage> {
        // Asked first, because gloo-storage throws where there is none.
        let window = window()?;
        match self {
            Self::Session => {
                window.session_storage().ok()??;
                Some(SessionStorage::raw())
            }
            Self::Local => {
                window.local_storage().ok()??;
                Some(LocalStorage::raw())
            }
        }
    }
}

impl Storage for Store {
    fn get(&self, name: &str) -> Result<String, Error> {
        let storage = self.raw().ok_or(Error::StorageUnavailable)?;
        match storage.get_item(name) {
            // Not ours, and not nothing: it is to be seen as what can't be read.
            Ok(Some(text)) if text.is_empty() => Ok(" ".into()),
            Ok(text) => Ok(text.unwrap_or_default()),
            Err(_) => Err(Error::StorageUnavailable),
        }
    }

    fn set(&self, name: &str, text: &str) -> bool {
        self.raw()
            .is_some_and(|storage| storage.set_item(name, text).is_ok())
    }

    fn remove(&self, name: &str) -> bool {
        self.raw()
            .is_some_and(|storage| storage.remove_item(name).is_ok())
    }
}
