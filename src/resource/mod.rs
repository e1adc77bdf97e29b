//! The message to an API, and who may get it: RFC 6750, sections 2, 3 and 5.3.
//!
//! A URL and a token go in, and what goes along with the request comes out, or why nothing does.

pub(crate) mod allowlist;
#[cfg(feature = "bearer")]
pub(crate) mod attachment;
#[cfg(feature = "bearer")]
pub(crate) mod challenge;
#[cfg(feature = "bearer")]
pub(crate) mod credential;
pub(crate) mod resource;
