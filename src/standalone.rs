//! What a module of its own needs and a Rust program brings itself: memory, and an end for panics.

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

// SAFETY: the module's memory is not shared, so no second thread ever allocates from it.
#[allow(unsafe_code)]
#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
