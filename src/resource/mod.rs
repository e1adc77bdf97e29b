//! The message to an API, and who may get it: RFC 6750.

pub(crate) mod allowlist;
#[cfg(feature = "bearer")]
pub(crate) mod attachment;
#[cfg(feature = "bearer")]
pub(crate) mod challenge;
#[cfg(feature = "bearer")]
pub(crate) mod credential;
pub(crate) mod resource;
