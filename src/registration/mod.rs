//! What is agreed beforehand: the client (RFC 6749, section 2) and the server, which its metadata describes (RFC 8414).

pub(crate) mod client;
#[cfg(feature = "code")]
pub(crate) mod metadata;
pub(crate) mod server;
