//! The message to the authorization endpoint and back: RFC 6749, sections 4.1 and 4.2.
//!
//! A client and random bytes go in and a URL comes out; a URL goes in and comes out as what it is to
//! this client: no response, a broken one, or one whose state is still to be verified.

#[cfg(feature = "code")]
mod code;
#[cfg(all(feature = "code", any(feature = "package", feature = "sign-in")))]
mod id_token;
pub(crate) mod parameters;
#[cfg(feature = "code")]
pub(crate) mod pkce;
pub(crate) mod place;
pub(crate) mod request;
pub(crate) mod response;
mod telltale;
