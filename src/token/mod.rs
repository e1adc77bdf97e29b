//! The message to the token endpoint and back (RFC 6749, sections 3.2 and 5), and the token that it or
//! the authorization response brings.
//!
//! A grant goes in and comes out as an HTTP request, a value; the answer goes in and comes out as a token.

#[cfg(feature = "code")]
pub(crate) mod endpoint;
#[cfg(feature = "code")]
pub(crate) mod http;
#[cfg(feature = "code")]
pub(crate) mod request;
#[cfg(feature = "code")]
pub(crate) mod response;
pub(crate) mod token;
