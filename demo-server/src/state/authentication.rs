//! What an ID token says of a sign-in beside who it was: OpenID Connect Core 1.0, section 2.

use crate::state::sessions::Session;

#[derive(Clone)]
pub struct Authentication {
    /// When the person signed in, in seconds since 1970.
    pub time: u64,
    /// As the request had it.
    pub nonce: Option<String>,
}

impl Authentication {
    pub fn of(session: &Session, nonce: Option<&str>) -> Self {
        Self {
            time: session.since,
            nonce: nonce.map(str::to_owned),
        }
    }
}
