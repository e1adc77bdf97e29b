//! The crate's API: the same messages and records as values that own their texts.
//!
//! Nothing is decided here. Each type keeps what was checked when it was made, lends it to the core,
//! and copies what comes back.

mod authorization_request;
mod authorization_response;
mod error;
mod form;
mod json;
mod login;
mod metadata;
mod registration;
mod resource;
mod room;
mod session;
mod state;
mod store;
mod token;
mod token_endpoint;
mod url;

pub use crate::registration::metadata::Choice;
pub use crate::token::http::Format;
pub use authorization_request::AuthorizationRequest;
pub use authorization_response::{Reading, Response};
pub use error::{Error, InvalidOption, ServerError};
pub use login::{Answer, Grant, Granted, Pending, RecordChange, Ring};
pub use metadata::Metadata;
pub use registration::{AuthorizationServer, Client, RedirectUri, ResponseMode};
pub use resource::{Attachment, Challenge, Credential, Resource, Resources, form};
pub use session::{
    Cause, Change, Lock, SessionEffect, SessionEvent, SessionPolicy, SessionTurn, Status, Unframed,
};
pub use state::State;
pub use store::{Handled, HandledHere, Storage};
pub use token::{Token, TokenSet};
pub use token_endpoint::{HttpRequest, HttpResponse, TokenEndpoint, TokenRequest, TokenToRevoke};
pub use url::Url;
