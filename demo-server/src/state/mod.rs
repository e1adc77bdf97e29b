//! What the server knows while it runs: who can sign in, which clients are registered, and what was handed out. It
//! answers no request.

pub mod accounts;
pub mod authentication;
pub mod clients;
pub mod clock;
pub mod families;
pub mod issues;
pub mod keys;
pub mod log;
pub mod pkce;
pub mod random;
pub mod scopes;
pub mod sessions;
pub mod site;
pub mod tokens;
pub mod wrong;
