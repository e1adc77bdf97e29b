//! Who the user is: ID tokens for the other conversations to hand out, the keys that prove them, UserInfo, and the
//! way to the end of a session. OpenID Connect Core 1.0, RP-Initiated Logout 1.0 and RFC 7517.

pub mod end_session;
pub mod id_token;
pub mod jwks;
pub mod userinfo;
