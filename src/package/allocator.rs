//! The npm package's memory.

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

// SAFETY: the module's memory is not shared, so no second thread ever allocates from it.
#[allow(unsafe_code)]
#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };
