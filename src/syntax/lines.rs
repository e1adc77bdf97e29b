//! Texts that hold no line end, by their positions in lines: for what only this crate writes and reads, so
//! that it needs neither names nor escapes.

use super::arena::Arena;
use super::grammar::number;
use super::text::{Split, split};

/// The lines of a text, from the first one on. Where there is none it is empty.
pub(crate) struct Lines<'a>(Split<'a>);

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a [u8]) -> Self {
        Self(split(text, b'\n'))
    }

    #[inline(never)]
    pub(crate) fn text(&mut self) -> &'a [u8] {
        self.0.next().unwrap_or_default()
    }

    /// A number; 0 for anything else.
    #[inline(never)]
    pub(crate) fn number(&mut self) -> u64 {
        number(self.text()).unwrap_or_default()
    }
}

#[inline(never)]
pub(crate) fn put_line(arena: &mut Arena<'_>, text: &[u8]) {
    arena.put(text);
    arena.push(b'\n');
}

#[inline(never)]
pub(crate) fn put_number_line(arena: &mut Arena<'_>, number: u64) {
    arena.put_decimal(number);
    arena.push(b'\n');
}
