//! Where the record of the session is: in the storage that the program has chosen for it, or in memory.

use alloc::string::String;
use core::cell::{Cell, RefCell};

use super::store::Store;

/// Where a session is kept. Every script of the origin can read the two storages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenStore {
    /// In this page's memory: it ends with the page.
    #[default]
    Memory,
    /// In the tab's `sessionStorage`: it outlives a reload.
    Session,
    /// In `localStorage`: all tabs of the origin share it, and it outlives the browser.
    Local,
}

impl TokenStore {
    fn storage(self) -> Option<web_sys::Storage> {
        match self {
            Self::Memory => None,
            Self::Session => Store::Session.raw(),
            Self::Local => Store::Local.raw(),
        }
    }
}

pub(super) struct SessionStore {
    kind: TokenStore,
    name: String,
    /// The storage has the record; one that refuses is not asked again.
    is_kept: Cell<bool>,
    /// The record as it was last read or written; empty where there is none.
    record: RefCell<String>,
}

impl SessionStore {
    pub(super) fn new(kind: TokenStore, name: String) -> Self {
        Self {
            kind,
            name,
            is_kept: Cell::new(kind != TokenStore::Memory),
            record: RefCell::default(),
        }
    }

    pub(super) fn kind(&self) -> TokenStore {
        self.kind
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether the storage has the record.
    pub(super) fn is_kept(&self) -> bool {
        self.is_kept.get()
    }

    /// The record as it is now. A storage that refuses to say has not lost it.
    pub(super) fn read(&self) -> String {
        if self.is_kept.get() {
            let storage = self.kind.storage();
            match storage.and_then(|storage| storage.get_item(&self.name).ok()) {
                Some(text) => {
                    self.record.replace(text.unwrap_or_default());
                }
                None => self.is_kept.set(false),
            }
        }
        self.record.borrow().clone()
    }

    pub(super) fn write(&self, text: &str) {
        self.record.replace(text.into());
        if !self.is_kept.get() {
            return;
        }
        let storage = self.kind.storage();
        if storage.is_none_or(|storage| storage.set_item(&self.name, text).is_err()) {
            self.is_kept.set(false);
            // What is there belongs to an older session.
            self.erase();
        }
    }

    /// `is_everywhere` also where the storage has refused this record: it may have kept an older one.
    pub(super) fn remove(&self, is_everywhere: bool) {
        self.record.take();
        if self.is_kept.get() || is_everywhere {
            self.erase();
        }
    }

    fn erase(&self) {
        if let Some(storage) = self.kind.storage() {
            let _ = storage.remove_item(&self.name);
        }
    }
}
