//! The message to the authorization endpoint and back: RFC 6749, sections 4.1 and 4.2.

#[cfg(feature = "code")]
pub(crate) mod pkce;
pub(crate) mod place;
pub(crate) mod request;
pub(crate) mod response;
