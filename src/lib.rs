#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
// A module of its own needs an end for panics and an allocator, which std has.
#[cfg(target_arch = "wasm32")]
extern crate std;

mod authorization;
mod error;
mod login;
mod registration;
mod resource;
#[cfg(feature = "code")]
mod session;
mod syntax;
mod token;

pub use authorization::request::AuthorizationRequest;
pub use authorization::response::{Reading, Response};
pub use error::{Error, InvalidOption, ServerError};
pub use login::answer::{Answer, RecordChange};
pub use login::record::{Grant, Granted, Pending};
pub use login::ring::Ring;
#[cfg(feature = "code")]
pub use login::store::HandledHere;
pub use login::store::{Handled, Storage};
#[cfg(feature = "code")]
pub use registration::client::ResponseMode;
pub use registration::client::{Client, RedirectUri};
#[cfg(feature = "code")]
pub use registration::metadata::{Choice, Metadata};
pub use registration::server::AuthorizationServer;
pub use resource::allowlist::Resources;
#[cfg(feature = "bearer")]
pub use resource::attachment::{Attachment, form};
#[cfg(feature = "bearer")]
pub use resource::challenge::Challenge;
#[cfg(feature = "bearer")]
pub use resource::credential::Credential;
pub use resource::resource::Resource;
pub use syntax::secret::State;
pub use syntax::url::Url;
#[cfg(feature = "code")]
pub use token::endpoint::TokenEndpoint;
#[cfg(feature = "code")]
pub use token::http::{Format, HttpRequest, HttpResponse};
#[cfg(feature = "code")]
pub use token::request::{TokenRequest, TokenToRevoke};
#[cfg(feature = "code")]
pub use token::response::TokenSet;
pub use token::token::Token;

// The npm package has a page of its own; js-sys's futures would cost it 640 bytes for nothing.
#[cfg(all(target_arch = "wasm32", feature = "browser", not(feature = "package")))]
pub mod browser;
#[cfg(all(target_arch = "wasm32", feature = "package"))]
mod package;
