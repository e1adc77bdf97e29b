//! Development endpoints under `/test/`: what a test must be able to do or to see, and what no real
//! server offers.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::bearer;
use super::parameters::Parameters;
use super::site::Site;

/// The log keeps the newest requests.
const MOST: usize = 1000;

#[derive(Default)]
pub struct Log(VecDeque<Value>);

/// Notes every request that is meant for the API, preflights and wrong paths included. The path
/// goes without its query, where a token may stand.
pub async fn record(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api") {
        let present = bearer::HEADERS
            .iter()
            .any(|name| request.headers().contains_key(name));
        let entry = json!({
            "method": request.method().as_str(),
            "path": path,
            "authorization": if present { "present" } else { "absent" },
        });
        let Log(entries) = &mut *site.log();
        if entries.len() >= MOST {
            entries.pop_front();
        }
        entries.push_back(entry);
    }
    next.run(request).await
}

pub async fn read_log(State(site): State<Arc<Site>>) -> Response {
    Json(&site.log().0).into_response()
}

pub async fn clear_log(State(site): State<Arc<Site>>) -> StatusCode {
    site.log().0.clear();
    StatusCode::NO_CONTENT
}

/// Takes a token back, whoever asks. An unknown token is no error (as in RFC 7009, 2.2).
pub async fn revoke(State(site): State<Arc<Site>>, body: Bytes) -> (StatusCode, &'static str) {
    let form = Parameters::parse_bytes(&body).unwrap_or_default();
    match form.one("token") {
        "" => (StatusCode::BAD_REQUEST, "The form has no token.\n"),
        token => {
            site.tokens().revoke(token);
            (StatusCode::NO_CONTENT, "")
        }
    }
}
