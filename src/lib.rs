#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
// A module of its own needs an end for panics and an allocator, which std has.
#[cfg(target_arch = "wasm32")]
extern crate std;

mod answer;
#[cfg(feature = "bearer")]
mod attachment;
mod authorization;
mod bearer;
#[cfg(feature = "bearer")]
mod challenge;
mod client;
#[cfg(feature = "bearer")]
mod credential;
mod error;
mod params;
mod pending;
mod place;
mod resource;
mod response;
mod ring;
mod secret;
mod server;
mod store;
mod text;
mod token;
mod url;

pub use answer::{Answer, RecordChange};
#[cfg(feature = "bearer")]
pub use attachment::{Attachment, form};
pub use authorization::AuthorizationRequest;
pub use bearer::Resources;
#[cfg(feature = "bearer")]
pub use challenge::Challenge;
pub use client::{Client, RedirectUri};
#[cfg(feature = "bearer")]
pub use credential::Credential;
pub use error::{Error, InvalidOption, ServerError};
pub use pending::{Grant, Pending};
pub use resource::Resource;
pub use response::{Reading, Response};
pub use ring::Ring;
pub use secret::State;
pub use server::AuthorizationServer;
pub use store::{Handled, Storage};
pub use token::Token;
pub use url::Url;

// The npm package has a page of its own; js-sys's futures would cost it 640 bytes for nothing.
#[cfg(all(target_arch = "wasm32", feature = "browser", not(feature = "package")))]
pub mod browser;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod package;
