//! The exchange of a code as a value: whoever sends its request gives it back with the answer. It holds
//! all that the answer has to fit, so exchanges share nothing (rule M3).

use crate::syntax::arena::Arena;
use crate::syntax::form::{parameters, put_if_any};
use crate::syntax::grammar::number;

parameters! {
    struct Members {
        logouts,
        generation,
        state,
        parameters,
    }
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Job<'a> {
    /// Logouts that its tab had seen.
    pub(crate) logouts: u64,
    /// The record's generation.
    pub(crate) generation: &'a [u8],
    /// The state of its login.
    pub(crate) state: &'a [u8],
    /// A form of what the login asked for in addition.
    pub(crate) parameters: &'a [u8],
}

impl<'a> Job<'a> {
    pub(crate) fn parse(text: &'a [u8], arena: &mut Arena<'a>) -> Option<Self> {
        let members = Members::parse(text, arena).ok()?;
        Some(Self {
            logouts: number(members.logouts())?,
            generation: members.generation(),
            state: members.state(),
            parameters: members.parameters(),
        })
    }

    pub(crate) fn write<'b>(&self, arena: &mut Arena<'b>) -> &'b [u8] {
        arena.put(b"logouts=");
        arena.put_decimal(self.logouts);
        put_if_any(arena, b'&', "generation", self.generation);
        put_if_any(arena, b'&', "state", self.state);
        put_if_any(arena, b'&', "parameters", self.parameters);
        arena.take()
    }
}
