//! The core through its public API. The modules have the names of what they test in `src/`.
//!
//! A test whose name begins with `rule_` or `attack_` proves a row of `docs/rules.md` or of `docs/attacks.md`.

// A test fails by panicking, and has std.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_alloc,
    clippy::indexing_slicing
)]

mod attacks;
mod authorization {
    mod code;
    mod request;
    mod response;
    mod scrub;
}
mod browser;
mod claims;
mod documents;
mod error;
mod fixtures;
mod login {
    mod answer;
    mod places;
    mod record;
    mod store;
}
#[cfg(feature = "verify")]
mod openid {
    mod attacks;
    mod end_session;
    mod id_token;
    mod sign_in;
    mod userinfo;
    mod vectors;
}
mod memory_safety;
mod properties;
mod providers;
mod registration {
    mod client;
    mod metadata;
    mod server;
}
mod requests;
mod resource {
    mod allowlist;
    mod attachment;
    mod challenge;
    mod credential;
}
mod secrets;
mod session {
    mod failures;
    mod model;
    mod plan;
    mod promises;
    mod record;
    mod renewal_parameters;
    mod server;
    mod tabs;
    mod turns;
    mod world;
}
mod token {
    mod endpoint;
    mod request;
    mod response;
}
mod vectors;
