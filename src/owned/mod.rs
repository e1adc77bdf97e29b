//! The crate's API: the same messages and records as values that own their texts.
//!
//! Nothing is decided here. Each type keeps what was checked when it was made, lends it to the core,
//! and copies what comes back.

mod authorization_request;
mod authorization_response;
mod claims;
mod end_session;
mod error;
mod form;
mod id_token;
mod json;
mod login;
mod metadata;
mod provider;
mod provider_endpoints;
mod redirect_uri;
mod registration;
mod relying_party;
mod renewal_parameters;
mod resource;
mod room;
mod session;
#[cfg(feature = "sign-in")]
mod sign_in;
mod state;
mod store;
mod token;
mod token_endpoint;
mod url;
mod userinfo;
#[cfg(all(feature = "verify", not(target_arch = "wasm32")))]
mod verify;

pub use crate::openid::algorithm::Algorithm;
pub use crate::registration::metadata::Choice;
pub use crate::token::http::Format;
pub use authorization_request::AuthorizationRequest;
pub use authorization_response::{Reading, Response};
pub use claims::Claims;
pub use end_session::{EndSession, LoggedOut, LogoutRedirect, PendingLogout};
pub use error::{Error, InvalidOption, ServerError};
pub use id_token::{CheckOutcome, IdToken, IdTokenCheck, UnverifiedIdToken, are_keys_fresh};
pub use login::{Answer, Grant, Granted, Pending, RecordChange};
pub use metadata::Metadata;
pub use redirect_uri::RedirectUri;
pub use registration::{AuthorizationServer, Client, ResponseMode};
pub use relying_party::{ExpectedIdToken, Nonce, RelyingParty};
pub use renewal_parameters::RenewalParameters;
pub use resource::{Attachment, Challenge, Credential, Resource, Resources, form};
pub use session::{
    Cause, Change, Lock, SessionEffect, SessionEvent, SessionPolicy, SessionTurn, Status, Unframed,
};
#[cfg(feature = "sign-in")]
pub use sign_in::{Received, SignIn, UnverifiedTokenSet, read_key_set};
pub use state::State;
pub use store::{Handled, HandledHere, Storage};
pub use token::{Token, TokenSet};
pub use token_endpoint::{HttpRequest, HttpResponse, TokenEndpoint, TokenRequest, TokenToRevoke};
pub use url::Url;
#[cfg(all(target_arch = "wasm32", feature = "browser"))]
pub(crate) use url::{NO_ABSOLUTE_URL, NO_URL};
pub use userinfo::UserInfo;
