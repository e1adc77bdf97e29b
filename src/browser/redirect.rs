//! What a response brings to the program.

use alloc::string::String;

#[cfg(feature = "sign-in")]
use crate::owned::IdToken;
use crate::owned::Token;

/// A login that has come to its end.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Redirect {
    /// The session's token; `None` of a login that asked for an ID token alone.
    pub token: Option<Token>,
    /// Who signed in, where the client asks for that.
    #[cfg(feature = "sign-in")]
    pub id_token: Option<IdToken>,
    /// The program's own text, as it was given to the request.
    pub app_state: Option<String>,
    /// The path on this origin to go on with.
    pub return_to: Option<String>,
    /// Which of the sessions that began here it belongs to.
    pub(super) session: u64,
}
