//! A storage of this program's: what it keeps ends with the page.

use alloc::collections::BTreeMap;
use alloc::string::String;
use core::cell::RefCell;

use crate::owned::{Error, Storage};

/// For logins whose response comes to another window while this page waits.
#[derive(Default)]
pub(super) struct MemoryStorage(RefCell<BTreeMap<String, String>>);

impl Storage for MemoryStorage {
    fn get(&self, name: &str) -> Result<String, Error> {
        Ok(self.0.borrow().get(name).cloned().unwrap_or_default())
    }

    fn set(&self, name: &str, text: &str) -> bool {
        self.0.borrow_mut().insert(name.into(), text.into());
        true
    }

    fn remove(&self, name: &str) -> bool {
        self.0.borrow_mut().remove(name);
        true
    }
}
