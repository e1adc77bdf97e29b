//! The exchange of a code as a value: whoever sends its request gives it back with the answer. It holds
//! all that the answer has to fit, so exchanges share nothing (rule M3).

use crate::syntax::arena::Arena;
use crate::syntax::lines::{Lines, put_line, put_number_line};

#[derive(Clone, Copy, Default)]
pub(crate) struct Job<'a> {
    /// Logouts that its tab had seen.
    pub(crate) logouts: u64,
    /// When it was asked for.
    pub(crate) asked_at: u64,
    /// The record's generation.
    pub(crate) generation: &'a [u8],
    /// The state of its login.
    pub(crate) state: &'a [u8],
    /// A form of what the login asked for in addition.
    pub(crate) parameters: &'a [u8],
}

impl<'a> Job<'a> {
    /// Reads what [`Self::write`] wrote; `None` where nothing says what an answer belongs to.
    pub(crate) fn parse(text: &'a [u8]) -> Option<Self> {
        let mut lines = Lines::of(text);
        (!text.is_empty()).then(|| Self {
            logouts: lines.number(),
            asked_at: lines.number(),
            generation: lines.text(),
            state: lines.text(),
            parameters: lines.text(),
        })
    }

    pub(crate) fn write<'b>(&self, arena: &mut Arena<'b>) -> &'b [u8] {
        put_number_line(arena, self.logouts);
        put_number_line(arena, self.asked_at);
        put_line(arena, self.generation);
        put_line(arena, self.state);
        put_line(arena, self.parameters);
        arena.take()
    }
}
