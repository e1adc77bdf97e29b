//! The conversation with the person: an authorization request comes in, the person signs in and decides, and a redirect
//! with a code or a token goes back. RFC 6749, sections 3.1, 4.1 and 4.2, and RFC 9207.

pub mod endpoint;
mod pages;
mod request;
pub mod sign_in;
