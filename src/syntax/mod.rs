//! Grammar that knows no OAuth: bytes taken apart, forms, URLs, and values that nobody may guess.
//!
//! Everything here borrows: what is read is a slice of what came in, and what is decoded or written
//! stands in an [`arena::Arena`] that the caller hands in.

pub(crate) mod arena;
#[cfg(feature = "openid")]
pub(crate) mod base64url;
pub(crate) mod form;
pub(crate) mod grammar;
#[cfg(feature = "code")]
pub(crate) mod json;
#[cfg(feature = "openid")]
pub(crate) mod json_text;
mod lengths;
#[cfg(feature = "code")]
pub(crate) mod lines;
#[cfg(any(feature = "code", feature = "openid"))]
pub(crate) mod media_type;
pub(crate) mod prose;
pub(crate) mod secret;
pub(crate) mod text;
pub(crate) mod url;
mod utf8;
