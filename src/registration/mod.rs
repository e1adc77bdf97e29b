//! What is agreed beforehand: the client as it is registered (RFC 6749, section 2) and the server, which
//! its metadata describes (RFC 8414).
//!
//! Texts go in, and come out as values that were checked when they were made.

pub(crate) mod client;
#[cfg(feature = "code")]
pub(crate) mod metadata;
pub(crate) mod server;
#[cfg(feature = "alloc")]
pub(crate) mod state_lifetime;
