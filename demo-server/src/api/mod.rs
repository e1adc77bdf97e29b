//! The conversation with the resource server: a request with a bearer token comes in (RFC 6750), and JSON in the manner
//! of SeeClickFix's version 2 goes back.

pub mod bearer;
mod problem;
pub mod routes;
