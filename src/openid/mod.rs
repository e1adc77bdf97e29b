//! Who the user is: OpenID Connect Core 1.0 and RP-Initiated Logout 1.0.
//!
//! A text that claims to be an ID token goes in, with what it has to fit and the issuer's keys. Out comes a
//! job for whoever has the algorithms: a signature to verify and texts to hash; and for its outcome an ID
//! token, or why it is none. The answer of the UserInfo endpoint, and the request that ends the user's
//! session at the provider with its answer, are the messages beside.

pub(crate) mod algorithm;
mod claims;
pub(crate) mod end_session;
mod header;
pub(crate) mod id_token;
pub(crate) mod jwk;
pub(crate) mod key_set;
mod numeric_date;
pub(crate) mod relying_party;
#[cfg(any(feature = "package", feature = "sign-in"))]
pub(crate) mod request;
pub(crate) mod userinfo;
