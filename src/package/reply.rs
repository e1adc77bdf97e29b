//! What the door answers: names and values with a NUL behind each, which a split on both sides takes
//! apart, and which neither side encodes.

use alloc::string::String;

use crate::syntax::text::has;

/// Of two values with one name the last counts.
#[derive(Default)]
pub(crate) struct Reply(String);

impl Reply {
    /// An empty value is an absent one; so is one with a NUL, which no grammar allows.
    pub(crate) fn add(&mut self, name: &'static str, value: &str) {
        if !value.is_empty() && !has(value, b'\0') {
            for text in [name, value] {
                self.0.push_str(text);
                self.0.push_str("\0");
            }
        }
    }

    #[cfg(feature = "code")]
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn text(self) -> String {
        self.0
    }
}
