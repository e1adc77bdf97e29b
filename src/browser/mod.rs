//! The browser: what a Rust program in a page needs to sign in, on the page's own address, history,
//! storages, clock, random source, URL parser and `fetch`.
//!
//! [`BrowserClient`] is all of it in one value. Each file here wraps one thing of the platform: it
//! converts and carries, and every decision about OAuth is made by the protocol above.

mod client;
mod failure;
mod held;
mod metadata;
mod page;
mod store;
mod subscription;
mod url;

pub use client::BrowserClient;
pub use failure::Failure;
pub use store::Store;
pub use subscription::Subscription;
