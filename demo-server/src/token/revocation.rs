//! The revocation endpoint: RFC 7009.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::HeaderMap;

use crate::state::site::Site;
use crate::token::client_request::{ClientRequest, Error};

pub const PATH: &str = "/oauth/revoke";

/// A refresh token takes its whole family with it (2.1). The hint of what kind a token is would
/// save nothing here, and a token that is unknown is as good as revoked (2.2).
pub async fn answer(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Error> {
    let request = ClientRequest::read(&headers, &body)?;
    let token = request.required("token", "The request has no token.")?;
    let mut families = site.families();
    let mut tokens = site.tokens();
    let owner = families.client(token).or_else(|| tokens.client(token));
    if owner.is_some_and(|owner| owner != request.client) {
        return Err(Error(
            "invalid_grant",
            "The token was given to another client.",
        ));
    }
    tokens.revoke(token);
    if let Some(family) = families.end(token) {
        tokens.revoke_family(&family);
    }
    Ok(StatusCode::OK)
}
