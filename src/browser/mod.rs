//! The browser: what a Rust program in a page needs to sign in and to stay signed in, on the page's own
//! address, history, storages, clock, random source, URL parser, `fetch`, tabs and windows.
//!
//! [`BrowserClient`] is all of it in one value. Each file here wraps one thing of the platform: it
//! converts and carries, and every decision about OAuth is made by the protocol below, whose session is a
//! machine: events go in, and what it wants done is done here.
//!
//! It compiles for every target, because servers and editors compile the programs of pages, too. Where
//! there is no page nobody is signed in, and each call that needs one is [`Failure::NoPage`].
//!
//! # In the context of a framework
//!
//! A program makes its client once, when it starts, and gives clones of it to its components. Where a
//! component follows the session by [`BrowserClient::subscribe`], it keeps the [`Subscription`] in what ends
//! with it.
//!
//! ## Yew
//!
//! ```rs
//! <ContextProvider<BrowserClient> context={properties.client.clone()}>
//!     <Page />
//! </ContextProvider<BrowserClient>>
//!
//! // In a component:
//! let Some(client) = use_context::<BrowserClient>() else {
//!     return html! {};
//! };
//! ```
//!
//! ## Leptos
//!
//! A context is `Send` and `Sync`, and a client is of one thread, so a local value holds it.
//!
//! ```rs
//! type Context = StoredValue<BrowserClient, LocalStorage>;
//!
//! provide_context::<Context>(StoredValue::new_local(client.clone()));
//!
//! // In a component:
//! let client = expect_context::<Context>();
//! ```
//!
//! ## Dioxus
//!
//! ```rs
//! use_context_provider(|| client);
//!
//! // In a component:
//! let client = use_context::<BrowserClient>();
//! ```

mod captured;
mod channel;
mod client;
mod discovery;
#[cfg(feature = "sign-in")]
mod end_session;
mod exchange;
mod failure;
mod fetch;
mod frame;
mod http;
#[cfg(feature = "sign-in")]
mod issuers_keys;
mod listening;
mod lock;
mod memory_storage;
mod metadata;
mod obtain;
mod outcome;
mod page;
mod popup;
mod redirect;
mod relay;
mod renewal;
mod response;
#[cfg(feature = "sign-in")]
mod resume;
mod session;
mod session_store;
#[cfg(feature = "sign-in")]
mod signed_in;
mod store;
mod subscription;
mod time_limits;
mod timer;
#[cfg(target_arch = "wasm32")]
mod url;
#[cfg(feature = "sign-in")]
mod userinfo;
#[cfg(feature = "sign-in")]
mod verification;
#[cfg(feature = "sign-in")]
mod web_crypto;
mod window_response;

pub use client::BrowserClient;
pub use discovery::discover;
pub use failure::Failure;
pub use redirect::Redirect;
pub use session_store::TokenStore;
pub use store::Store;
pub use subscription::{SessionNews, Subscription};
