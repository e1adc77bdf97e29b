//! Which pages may read what: the API, the application's and those that were named at the start; the
//! endpoints of the clients' own scripts, all.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const ANY: HeaderValue = HeaderValue::from_static("*");
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST");
/// `Cache-Control` belongs to a token in the query (RFC 6750, 2.3).
const REQUEST_HEADERS: HeaderValue =
    HeaderValue::from_static("Authorization, Authentication, Content-Type, Cache-Control");
const EXPOSED: HeaderValue = HeaderValue::from_static("WWW-Authenticate");
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

pub async fn share(State(readers): State<Arc<[String]>>, request: Request, next: Next) -> Response {
    let reader = request
        .headers()
        .get(header::ORIGIN)
        .filter(|origin| {
            readers
                .iter()
                .any(|reader| reader.as_bytes() == origin.as_bytes())
        })
        .cloned();
    let preflight = is_preflight(&request);
    let mut response = answer(preflight, request, next).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_name(header::ORIGIN));
    if let Some(reader) = reader {
        allow(headers, reader, preflight);
    }
    response
}

/// For what no cookie opens: a page learns no more than a program without a browser would.
pub async fn open(request: Request, next: Next) -> Response {
    let preflight = is_preflight(&request);
    let mut response = answer(preflight, request, next).await;
    allow(response.headers_mut(), ANY, preflight);
    response
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// A preflight never carries a token, and must not need one.
async fn answer(preflight: bool, request: Request, next: Next) -> Response {
    if preflight {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    }
}

fn allow(headers: &mut HeaderMap, reader: HeaderValue, preflight: bool) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, reader);
    if preflight {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    } else {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}
