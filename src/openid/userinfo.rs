//! The UserInfo endpoint's answer: OpenID Connect Core 1.0, section 5.3.2.

use crate::error::Error;
use crate::syntax::arena::Arena;
use crate::syntax::json_text::Object;
use crate::syntax::media_type::is_json;
use crate::syntax::text::is;

/// What the server tells of the user who signed in. It proves nothing: that the ID token does.
#[derive(Clone, Copy)]
pub(crate) struct UserInfo<'a> {
    pub(crate) claims: Object<'a>,
}

impl<'a> UserInfo<'a> {
    /// Reads an answer; `subject` is that of the ID token. Another user's is refused, because access tokens
    /// can be swapped.
    pub(crate) fn read(
        status: u64,
        content_type: &[u8],
        body: &[u8],
        subject: &[u8],
        arena: &mut Arena<'a>,
    ) -> Result<Self, Error> {
        let claims = Object::parse(body, arena);
        let claims = claims.filter(|_| matches!(status, 200..=299) && is_json(content_type));
        let claims = claims.ok_or(Error::InvalidUserinfo)?;
        match claims.text("sub") {
            Ok(Some(known)) if !known.is_empty() => {
                if is(known, subject) {
                    Ok(Self { claims })
                } else {
                    Err(Error::SubjectMismatch)
                }
            }
            _ => Err(Error::InvalidUserinfo),
        }
    }
}
