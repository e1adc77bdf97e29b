//! How a call and its answer stand in memory.
//!
//! First a table for the answer, then one for the call: for each text its place and its length, as
//! numbers of four bytes; a place of 0 is a text that is not there. Behind them come the texts of the
//! call, and the rest is room for those of the answer. The facade's `door.js` has the other side.

use super::numbers::REPLIES;
use super::status::at;
use crate::error::Refusal;
use crate::syntax::text::{from, to};

/// Bytes of a number, and of a table's entry.
const NUMBER_BYTES: usize = 4;
const ENTRY_BYTES: usize = 8;

/// The texts of a call, by their positions.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    /// The call's table and its texts.
    bytes: &'a [u8],
    /// How many texts the table has.
    pub(super) texts: usize,
    /// Seconds since 1970.
    pub(super) now: u64,
}

impl<'a> Call<'a> {
    pub(super) fn new(bytes: &'a [u8], texts: usize, now: u32) -> Self {
        Self {
            bytes,
            texts,
            now: u64::from(now),
        }
    }

    /// A number of the table.
    #[inline(never)]
    fn number(&self, at: usize) -> usize {
        let bytes = from(self.bytes, at.wrapping_mul(4)).first_chunk();
        // Addresses of this memory have 32 bits.
        bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize)
    }

    /// Whether a text is there, whatever it says.
    pub(super) fn has(&self, at: usize) -> bool {
        at < self.texts && self.number(at.wrapping_mul(2)) != 0
    }

    /// A text; empty where there is none.
    pub(super) fn text(&self, at: usize) -> &'a [u8] {
        if !self.has(at) {
            return b"";
        }
        let at = at.wrapping_mul(2);
        let text = from(self.bytes, self.number(at));
        to(text, self.number(at.wrapping_add(1)))
    }

    /// A text; `None` where there is none.
    pub(super) fn get(&self, at: usize) -> Option<&'a [u8]> {
        self.has(at).then(|| self.text(at))
    }
}

/// The table of an answer.
pub(super) struct Reply<'a>(&'a mut [u8]);

/// Bytes of that table.
pub(super) const REPLY_BYTES: usize = REPLIES * ENTRY_BYTES;

impl<'a> Reply<'a> {
    /// Answers with what a server said.
    pub(super) fn put_refusal(&mut self, said: &Refusal<'_>) {
        self.put(at::ERROR, said.error);
        self.put(at::ERROR_DESCRIPTION, said.description);
        self.put(at::ERROR_URI, said.uri);
    }

    pub(super) fn new(table: &'a mut [u8]) -> Self {
        table.fill(0);
        Self(table)
    }

    /// Answers with a text at this position; an empty one is one that is not there.
    pub(super) fn put(&mut self, at: usize, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        let (numbers, _) = self.0.as_chunks_mut::<NUMBER_BYTES>();
        if let Some([place, length, ..]) = numbers.get_mut(at.wrapping_mul(2)..) {
            *place = text.as_ptr().addr().to_le_bytes();
            *length = text.len().to_le_bytes();
        }
    }
}
