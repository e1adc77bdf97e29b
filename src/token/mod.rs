//! The message to the token endpoint and back (RFC 6749, section 5), and the token that it brings.

#[cfg(feature = "code")]
pub(crate) mod endpoint;
#[cfg(feature = "code")]
pub(crate) mod http;
#[cfg(feature = "code")]
pub(crate) mod request;
#[cfg(feature = "code")]
pub(crate) mod response;
pub(crate) mod token;
