//! The browser: the only folder that knows `web-sys`.
//!
//! Each file wraps one thing of the platform. They convert and carry; every decision about OAuth
//! is made by the protocol above.

mod client;
mod convert;
mod error;
mod fetch;
mod page;
mod session;
mod store;
mod timer;
pub mod url;

pub use client::BrowserClient;
