//! What the sessions of one client depend on.

use super::plan::Plan;
use crate::registration::client::Client;
use crate::syntax::url::Url;
use crate::token::endpoint::TokenEndpoint;

/// What a session of a client depends on, the same for all its events.
pub(crate) struct Policy<'m, 'a> {
    pub(crate) client: &'m Client<'a>,
    /// Where codes are exchanged and tokens are renewed, if anywhere.
    pub(crate) token_endpoint: Option<TokenEndpoint<'a>>,
    /// Where tokens are revoked, and the client as that endpoint knows it.
    pub(crate) revocation: Option<(TokenEndpoint<'a>, Url<'a>)>,
    pub(crate) plan: Plan,
    /// Tabs see one record.
    pub(crate) is_shared: bool,
    /// There is a page to open a hidden frame in.
    pub(crate) has_frames: bool,
}
