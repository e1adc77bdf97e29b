//! Grammar that knows no OAuth: text, forms, JSON, URLs, and values that nobody may guess.

pub(crate) mod form;
#[cfg(feature = "code")]
pub(crate) mod json;
pub(crate) mod secret;
pub(crate) mod text;
pub(crate) mod url;
