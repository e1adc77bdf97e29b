//! The state of a login, and the name of its record.

use alloc::string::String;
use core::fmt;

use super::room::{owned, with_room};
use crate::login::record;
use crate::syntax::secret;

/// The `state` of one login: 256 random bits in characters that every server returns unchanged.
///
/// It has no `==` and its `Debug` shows nothing of it.
#[derive(Clone, Copy)]
pub struct State<'a>(&'a str);

impl<'a> State<'a> {
    /// A record without a state is none; this answers nothing.
    pub(super) const NONE: Self = Self("");

    /// The value as it travels.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Nothing but a state of ours has its length and alphabet.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        secret::State::read(text.as_bytes()).map(|_| Self(text))
    }

    pub(super) fn as_core(self) -> secret::State<'a> {
        secret::State::read(self.0.as_bytes()).unwrap_or_default()
    }
}

impl fmt::Debug for State<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_core().fmt(f)
    }
}

/// The name of the record of a login in the store.
pub(super) fn record_name(state: State<'_>) -> String {
    with_room(state.as_str(), |_, arena| {
        owned(record::name(state.as_core().key(), arena))
    })
}
