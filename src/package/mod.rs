//! The npm package's half in Rust: the protocol's values from and to forms, and the platform's
//! storage, clock and random source. Every decision about OAuth is made by the protocol above.

mod allocator;
#[cfg(feature = "bearer")]
mod bearer;
mod client;
mod door;
#[cfg(feature = "code")]
mod endpoint;
#[cfg(feature = "code")]
mod memory;
mod page;
mod reply;
mod resources;
#[cfg(feature = "code")]
mod session;
mod store;
