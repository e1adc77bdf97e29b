//! The UserInfo endpoint's answer: OpenID Connect Core 1.0, section 5.3.2.

use core::fmt;

use super::claims::Claims;
use super::error::Error;
use super::id_token::IdToken;
use super::room::with_room;
use crate::error as core_error;
use crate::openid::userinfo;

/// What the server tells of the user who signed in. It is a profile and no proof: that is the ID token.
///
/// Its `Debug` shows no claim.
#[derive(Clone)]
pub struct UserInfo(Claims);

impl UserInfo {
    /// Reads the answer to a `GET` with the access token. `content_type` is the value of the header, empty
    /// where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidUserinfo`]: it is no JSON object with a `sub`. [`Error::SubjectMismatch`]: it is about
    /// another user than the ID token.
    pub fn read(
        status: u16,
        content_type: &str,
        body: &[u8],
        id_token: &IdToken,
    ) -> Result<Self, Error> {
        let given = (content_type.as_bytes(), body, id_token.subject().as_bytes());
        let read = with_room(&given, |(content_type, body, subject), arena| {
            let status = u64::from(status);
            let read = userinfo::UserInfo::read(status, content_type, body, subject, arena)?;
            Ok::<_, core_error::Error>(Claims::of(read.claims))
        });
        Ok(Self(read?))
    }

    /// All that the server tells.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.0
    }
}

impl fmt::Debug for UserInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserInfo").finish_non_exhaustive()
    }
}
