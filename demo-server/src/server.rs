//! The authorization server's origin: its routes, and the headers of every answer.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::api;
use crate::authorization::{endpoint as authorize, sign_in};
use crate::control;
use crate::http::{cors, host, page};
use crate::metadata;
use crate::openid::{end_session, jwks, userinfo};
use crate::state::site::Site;
use crate::token::{endpoint as token, revocation};

const LARGEST_BODY: usize = 64 * 1024;

/// Sent where the answer says nothing of its own.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    ),
];

pub fn routes(site: Site) -> Router {
    let site = Arc::new(site);
    Router::new()
        .route("/", get(sign_in::home))
        .route("/sign-in", get(sign_in::form).post(sign_in::submit))
        .route("/sign-out", post(sign_in::sign_out))
        .route(authorize::PATH, get(authorize::ask).post(authorize::decide))
        .route(
            end_session::PATH,
            get(end_session::ask).post(end_session::by_form),
        )
        .route(end_session::DECISION_PATH, post(end_session::decide))
        .merge(for_any_page())
        .route("/style.css", get(page::style))
        .route("/icon.svg", get(page::icon))
        .route("/test/revoke", post(control::revoke))
        .route(
            "/test/log",
            get(control::read_log).delete(control::clear_log),
        )
        .route(
            "/test/token-log",
            get(control::read_token_log).delete(control::clear_token_log),
        )
        .route("/test/token-delay", post(control::delay_tokens))
        .merge(switches(&site))
        .nest("/api/v2", api::routes::routes(&site))
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(
            site.clone(),
            control::record,
        ))
        .layer(middleware::from_fn_with_state(
            site.clone(),
            under_its_own_name,
        ))
        .layer(middleware::map_response(with_headers))
        .with_state(site)
}

/// What a client's script calls, wherever it was loaded from.
fn for_any_page() -> Router<Arc<Site>> {
    Router::new()
        .route(token::PATH, post(token::answer))
        .route(revocation::PATH, post(revocation::answer))
        .route(jwks::PATH, get(jwks::answer))
        .route(userinfo::PATH, get(userinfo::answer).post(userinfo::answer))
        .route(metadata::PATHS[0], get(metadata::answer))
        .route(metadata::PATHS[1], get(metadata::answer))
        .layer(middleware::from_fn(cors::open))
}

/// What the demo's page has buttons for.
fn switches(site: &Arc<Site>) -> Router<Arc<Site>> {
    Router::new()
        .route("/test/keys", post(control::rotate_keys))
        .route(
            "/test/id-token",
            get(control::read_wrong).post(control::set_wrong),
        )
        .layer(middleware::from_fn_with_state(
            site.readers.clone(),
            cors::share,
        ))
}

async fn not_found() -> Response {
    page::message(
        StatusCode::NOT_FOUND,
        "Page not found",
        "There is nothing at this address.",
    )
}

async fn under_its_own_name(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    if host::of(&request) == Some(host::in_origin(&site.origin)) {
        return next.run(request).await;
    }
    (
        StatusCode::MISDIRECTED_REQUEST,
        format!("This server is at {}.\n", site.origin),
    )
        .into_response()
}

async fn with_headers(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}
