//! Room on the heap for what the core decodes and writes, and copies of what it gives.

use alloc::string::String;
use alloc::vec;

use crate::syntax::arena::Arena;

/// Bytes that are enough for most messages.
const FIRST_BYTES: usize = 4096;

/// Runs `work` on `given` with room for its texts, and again with more where that was too little: the
/// core changes nothing before all texts of a call have found their room.
pub(super) fn with_room<D: ?Sized, T>(
    given: &D,
    mut work: impl for<'a> FnMut(&'a D, &mut Arena<'a>) -> T,
) -> T {
    let mut bytes = vec![0; FIRST_BYTES];
    loop {
        let mut arena = Arena::new(&mut bytes);
        let done = work(given, &mut arena);
        if arena.complete().is_ok() {
            return done;
        }
        bytes = vec![0; bytes.len().saturating_mul(4)];
    }
}

/// A copy of a text. All of them are UTF-8: they came as such, or were checked when they were decoded.
pub(super) fn owned(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// A copy of a text; `None` of an empty one.
pub(super) fn if_any(text: &[u8]) -> Option<String> {
    (!text.is_empty()).then(|| owned(text))
}
