//! What the store for logins asks of whatever keeps their records.

use crate::error::Error;
use crate::syntax::arena::{Arena, Complete};

/// A place for named texts that outlives the page or the program which started a login. No text that
/// is set is empty.
pub(crate) trait Storage {
    /// The text under this name; empty where there is none. [`Error::StorageUnavailable`] where the
    /// place can't be read.
    fn get<'a>(&self, name: &[u8], arena: &mut Arena<'a>) -> Result<&'a [u8], Error>;

    /// Puts a text under this name, in the place of an earlier one; says whether it is there now.
    #[must_use]
    fn set(&self, name: &[u8], text: &[u8], complete: Complete) -> bool;

    /// Removes what is under this name, where there is anything; says whether nothing is left.
    #[must_use]
    fn remove(&self, name: &[u8], complete: Complete) -> bool;
}
