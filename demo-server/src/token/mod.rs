//! The conversation with a client's own script: a code or a refresh token comes in and tokens go back (RFC 6749,
//! sections 3.2, 5 and 6), or a token comes in and is no longer good (RFC 7009).

mod client_request;
pub mod endpoint;
pub mod revocation;
