//! The conversation with the person: an authorization request comes in, the person signs in and decides, and a redirect
//! with a code or tokens goes back. RFC 6749, sections 3.1, 4.1 and 4.2, RFC 9207, and OpenID Connect Core 1.0,
//! sections 3.1.2 and 3.2.2.

pub mod endpoint;
mod pages;
mod prompt;
mod request;
pub mod sign_in;
