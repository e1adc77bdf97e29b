//! The keys by which ID tokens are verified: RFC 7517, section 5.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::state::site::Site;

pub const PATH: &str = "/oauth/jwks";

pub async fn answer(State(site): State<Arc<Site>>) -> Response {
    let keys = site.keys().to_jwk_set().to_string();
    ([(header::CONTENT_TYPE, "application/jwk-set+json")], keys).into_response()
}
