//! What a relying party knows of its provider beside the issuer: OpenID Connect Discovery 1.0, section 3;
//! RP-Initiated Logout 1.0, section 2.1.

use alloc::string::String;

use super::redirect_uri::RedirectUri;
use super::url::Url;

/// Where its keys and its other endpoints are. Nothing of it is asked without need.
#[derive(Clone, Debug, Default)]
pub(super) struct Provider {
    pub(super) jwks_uri: Option<Url>,
    pub(super) jwks: Option<String>,
    pub(super) userinfo_endpoint: Option<Url>,
    pub(super) end_session_endpoint: Option<Url>,
    pub(super) post_logout_redirect_uri: Option<RedirectUri>,
    pub(super) trusts_token_endpoint: bool,
}
