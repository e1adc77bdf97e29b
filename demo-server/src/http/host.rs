//! Only requests that name this server reach it: another name that leads to loopback (DNS
//! rebinding) is not ours to answer.

use axum::extract::Request;
use axum::http::header;

/// What the request takes the server for, such as `127.0.0.1:4181`.
pub fn of(request: &Request) -> Option<&str> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.headers().get(header::HOST)?.to_str().ok(),
    }
}

/// The part of an origin that stands in `Host`.
pub fn in_origin(origin: &str) -> &str {
    origin.strip_prefix("http://").unwrap_or(origin)
}
