//! A store in memory, for programs that have no page: what it keeps ends with the program.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

use crate::error::Error;
use crate::login::store::Storage;

/// Few enough to be looked through: a client has at most 32 logins under way.
#[derive(Default)]
pub(crate) struct Memory(RefCell<Vec<(String, String)>>);

impl Storage for Memory {
    fn get(&self, name: &str) -> Result<String, Error> {
        let entries = self.0.borrow();
        let found = entries.iter().find(|(known, _)| known == name);
        Ok(found.map(|(_, text)| text.clone()).unwrap_or_default())
    }

    fn set(&self, name: &str, text: &str) -> bool {
        let mut entries = self.0.borrow_mut();
        entries.retain(|(known, _)| known != name);
        if !text.is_empty() {
            entries.push((name.into(), text.into()));
        }
        true
    }

    fn remove(&self, name: &str) -> bool {
        self.set(name, "")
    }
}
