//! The memory that calls and answers stand in. This is the module's only file with `unsafe` in it.

#![allow(
    unsafe_code,
    reason = "JavaScript writes into this memory and reads from it"
)]
#![allow(
    unreachable_pub,
    reason = "wasm-bindgen exports nothing but public functions"
)]

use core::arch::wasm32::{memory_grow, memory_size};
use core::slice;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use wasm_bindgen::prelude::wasm_bindgen;

const PAGE_BYTES: usize = 1 << 16;

/// Bytes behind the heap's base that the next call may use.
static ROOM_BYTES: AtomicUsize = AtomicUsize::new(0);
/// A call is running: the platform can call back, from a `setItem` that a page has wrapped.
static IS_BUSY: AtomicBool = AtomicBool::new(false);

/// Where the linker puts nothing any more. Nothing else is there: the module has no allocator.
fn base() -> *mut u8 {
    unsafe extern "C" {
        static mut __heap_base: u8;
    }
    &raw mut __heap_base
}

/// Makes room for a call, and tells where it is; 0 where there is none, or while another call runs.
#[wasm_bindgen]
pub fn room(bytes: usize) -> usize {
    if IS_BUSY.load(Relaxed) {
        return 0;
    }
    let end = base().addr().saturating_add(bytes);
    let pages = end.div_ceil(PAGE_BYTES).saturating_sub(memory_size::<0>());
    if pages > 0 && memory_grow::<0>(pages) == usize::MAX {
        return 0;
    }
    ROOM_BYTES.store(bytes, Relaxed);
    base().addr()
}

/// Runs a call on the bytes that were made room for; `None` while another call runs.
pub(super) fn with_room<T>(run: impl FnOnce(&mut [u8]) -> T) -> Option<T> {
    if IS_BUSY.swap(true, Relaxed) {
        return None;
    }
    // SAFETY: `room` has grown the memory to so many bytes behind the base, where nothing else is.
    // There is one thread and one call at a time, so nobody else has them while it runs.
    let bytes = unsafe { slice::from_raw_parts_mut(base(), ROOM_BYTES.load(Relaxed)) };
    let done = run(bytes);
    IS_BUSY.store(false, Relaxed);
    Some(done)
}

/// A panic would end in a trap whatever it said.
#[cfg(not(feature = "alloc"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
