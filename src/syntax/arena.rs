//! Room for what a call decodes and writes: the caller's bytes, given away from the front.

use core::mem;

/// The texts of one call stand here behind each other and live as long as the bytes that were handed
/// in. Nothing is freed: the whole is gone, or wiped, with the call.
///
/// Where the bytes are too few, texts are cut short. Nothing can come of that: whoever changes a store
/// asks for a [`Complete`] first, and whoever gives an answer asks [`Self::complete`] last.
pub(crate) struct Arena<'a> {
    free: &'a mut [u8],
    /// Bytes of the text that is being written.
    written: usize,
    is_full: bool,
}

/// The bytes that were handed in are too few. Whoever has more of them can try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutOfRoom;

/// The proof that every text of a call has found its room.
#[derive(Clone, Copy)]
pub(crate) struct Complete(());

impl<'a> Arena<'a> {
    pub(crate) fn new(bytes: &'a mut [u8]) -> Self {
        Self {
            free: bytes,
            written: 0,
            is_full: false,
        }
    }

    /// Writes one more byte of the text that [`Self::take`] gives.
    #[inline(never)]
    pub(crate) fn push(&mut self, byte: u8) {
        match self.free.get_mut(self.written) {
            Some(place) => {
                *place = byte;
                self.written = self.written.wrapping_add(1);
            }
            None => self.is_full = true,
        }
    }

    /// Writes a text behind what was written.
    #[inline(never)]
    pub(crate) fn put(&mut self, text: &[u8]) {
        for byte in text {
            self.push(*byte);
        }
    }

    /// Writes a whole number in decimal.
    pub(crate) fn put_decimal(&mut self, number: u64) {
        if number > 9 {
            self.put_decimal(number / 10);
        }
        // A remainder of ten is a digit.
        #[allow(clippy::cast_possible_truncation)]
        let digit = (number % 10) as u8;
        self.push(b'0' | digit);
    }

    /// What was written since the last text was taken, for whoever writes a part of it later.
    #[cfg(feature = "openid")]
    pub(crate) fn draft(&mut self) -> &mut [u8] {
        self.free.get_mut(..self.written).unwrap_or_default()
    }

    /// What was written since the last text was taken.
    #[inline(never)]
    pub(crate) fn take(&mut self) -> &'a [u8] {
        let free = mem::take(&mut self.free);
        let (text, rest) = free
            .split_at_mut_checked(mem::take(&mut self.written))
            .unwrap_or_default();
        self.free = rest;
        text
    }

    /// Whether every text has found its room.
    pub(crate) fn complete(&self) -> Result<Complete, OutOfRoom> {
        if self.is_full {
            Err(OutOfRoom)
        } else {
            Ok(Complete(()))
        }
    }

    /// Runs `run` with the room that is left, which is free again afterwards.
    pub(crate) fn lend<T>(&mut self, run: impl FnOnce(&mut Arena<'_>) -> T) -> T {
        let mut lent = Arena::new(self.free);
        let done = run(&mut lent);
        self.is_full |= lent.is_full;
        done
    }

    /// Two arenas of half the room each, for texts that are written at the same time; [`Self::join`]
    /// ends them.
    #[cfg(all(feature = "package", feature = "code"))]
    pub(crate) fn halves(&mut self) -> (Arena<'a>, Arena<'a>) {
        let free = mem::take(&mut self.free);
        let middle = free.len() / 2;
        let (one, other) = free.split_at_mut_checked(middle).unwrap_or_default();
        (Self::new(one), Self::new(other))
    }

    #[cfg(all(feature = "package", feature = "code"))]
    pub(crate) fn join(&mut self, (one, other): (Arena<'a>, Arena<'a>)) {
        self.is_full |= one.is_full || other.is_full;
    }

    /// Writes a text by somebody else's hand, who gives its length, or more than there is room for.
    #[cfg(feature = "package")]
    pub(crate) fn write_with(&mut self, write: impl FnOnce(&mut [u8]) -> usize) -> &'a [u8] {
        let length = write(self.free);
        self.is_full |= length > self.free.len();
        self.written = length.min(self.free.len());
        self.take()
    }
}
