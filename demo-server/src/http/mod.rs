//! What any server on loopback needs: listeners, names, forms, redirects, pages and CORS. It knows no OAuth.

pub mod cors;
pub mod failure;
pub mod host;
pub mod listen;
pub mod page;
pub mod parameters;
pub mod redirect;
