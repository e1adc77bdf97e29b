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

#[cfg(feature = "implicit")]
mod login;

#[cfg(feature = "code")]
mod attach;
#[cfg(feature = "code")]
mod discovery;
#[cfg(feature = "code")]
mod endpoint;
#[cfg(feature = "code")]
mod full;
#[cfg(all(feature = "implicit", not(feature = "code")))]
mod implicit;
#[cfg(not(feature = "implicit"))]
mod openid;
#[cfg(feature = "code")]
mod requests;
#[cfg(feature = "code")]
mod session;

/// wasm-bindgen names an allocator; nothing here asks it for memory. The API for Rust programs does.
#[cfg(not(feature = "alloc"))]
#[global_allocator]
static ALLOCATOR: lol_alloc::FailAllocator = lol_alloc::FailAllocator;
