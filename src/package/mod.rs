//! The npm package's module: texts and numbers by their positions in, a status and texts out.
//!
//! Nothing outlives a call: what a client or a session is comes along with each, as texts that the facade
//! keeps, and is checked as ever. Every decision about OAuth is made by the protocol below.

mod door;
mod memory;
pub(crate) mod numbers;
mod page;
mod registered;
mod status;
mod wire;

mod login;

#[cfg(feature = "code")]
mod attach;
#[cfg(feature = "code")]
mod discovery;
#[cfg(feature = "code")]
mod endpoint;
#[cfg(feature = "code")]
mod full;
#[cfg(not(feature = "code"))]
mod implicit;
#[cfg(feature = "code")]
mod requests;
#[cfg(feature = "code")]
mod session;

use lol_alloc::FailAllocator;

/// wasm-bindgen names an allocator; nothing here asks it for memory.
#[global_allocator]
static ALLOCATOR: FailAllocator = FailAllocator;
