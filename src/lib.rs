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
#[cfg(feature = "code")]
mod discovery;
#[cfg(feature = "code")]
mod document;
mod error;
#[cfg(feature = "code")]
mod http;
mod params;
mod pending;
#[cfg(feature = "code")]
mod pkce;
mod place;
mod resource;
mod response;
mod ring;
mod secret;
mod server;
#[cfg(feature = "code")]
mod session;
mod store;
mod text;
mod token;
#[cfg(feature = "code")]
mod token_endpoint;
#[cfg(feature = "code")]
mod token_request;
#[cfg(feature = "code")]
mod token_response;
mod url;

pub use answer::{Answer, RecordChange};
#[cfg(feature = "bearer")]
pub use attachment::{Attachment, form};
pub use authorization::AuthorizationRequest;
pub use bearer::Resources;
#[cfg(feature = "bearer")]
pub use challenge::Challenge;
#[cfg(feature = "code")]
pub use client::ResponseMode;
pub use client::{Client, RedirectUri};
#[cfg(feature = "bearer")]
pub use credential::Credential;
#[cfg(feature = "code")]
pub use discovery::{Choice, Metadata};
pub use error::{Error, InvalidOption, ServerError};
#[cfg(feature = "code")]
pub use http::{Format, HttpRequest, HttpResponse};
pub use pending::{Grant, Granted, Pending};
pub use resource::Resource;
pub use response::{Reading, Response};
pub use ring::Ring;
pub use secret::State;
pub use server::AuthorizationServer;
#[cfg(feature = "code")]
pub use store::HandledHere;
pub use store::{Handled, Storage};
pub use token::Token;
#[cfg(feature = "code")]
pub use token_endpoint::TokenEndpoint;
#[cfg(feature = "code")]
pub use token_request::{TokenRequest, TokenToRevoke};
#[cfg(feature = "code")]
pub use token_response::TokenSet;
pub use url::Url;

// The npm package has a page of its own; js-sys's futures would cost it 640 bytes for nothing.
#[cfg(all(target_arch = "wasm32", feature = "browser", not(feature = "package")))]
pub mod browser;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod package;
