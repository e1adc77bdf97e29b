//! The application's origin: the demo's page, the package, and where the server is.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde_json::json;
use tower_http::services::ServeDir;

use crate::authorization::endpoint;
use crate::http::host;
use crate::options::Options;

const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
];

pub fn routes(app_origin: &str, server_origin: &str, options: &Options) -> Router {
    let config = Json(json!({
        "issuer": server_origin,
        "authorization_endpoint": format!("{server_origin}{}", endpoint::PATH),
        "api": format!("{server_origin}/api/v2"),
        "control": format!("{server_origin}/test"),
        "client_id": "city-issues",
        "redirect_uri": format!("{app_origin}/"),
    }));
    let policy: Arc<str> = policy(server_origin).into();
    let app_origin: Arc<str> = app_origin.into();

    Router::new()
        .route("/config.json", get(config))
        .nest_service("/pkg", ServeDir::new(&options.pkg))
        .fallback_service(ServeDir::new(&options.www))
        .layer(middleware::map_response_with_state(policy, with_policy))
        .layer(middleware::map_response(with_headers))
        .layer(middleware::from_fn_with_state(
            app_origin,
            under_its_own_name,
        ))
}

/// What a page that holds tokens should allow, and nothing else. `'wasm-unsafe-eval'` lets it
/// compile WebAssembly; no script but its own files runs.
fn policy(server_origin: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self' {server_origin}; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

async fn with_policy(State(policy): State<Arc<str>>, mut response: Response) -> Response {
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.extend(HEADERS);
    in_utf8(headers);
    response
}

/// Files are named by their type alone, and text without a charset is the reader's guess.
fn in_utf8(headers: &mut HeaderMap) {
    let Some(kind) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
    else {
        return;
    };
    if kind.starts_with("text/")
        && !kind.contains("charset")
        && let Ok(kind) = HeaderValue::try_from(format!("{kind}; charset=utf-8"))
    {
        headers.insert(header::CONTENT_TYPE, kind);
    }
}

/// The redirect URI is registered under `localhost`; a login begun under one of its addresses
/// would come back to an origin that knows nothing of it.
async fn under_its_own_name(
    State(app_origin): State<Arc<str>>,
    request: Request,
    next: Next,
) -> Response {
    let ours = host::in_origin(&app_origin);
    let named = host::of(&request).unwrap_or_default();
    if named == ours {
        return next.run(request).await;
    }
    let port = ours.strip_prefix("localhost").unwrap_or_default();
    let address = named.strip_suffix(port);
    if matches!(address, Some("127.0.0.1" | "[::1]")) {
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        return Redirect::temporary(&format!("{app_origin}{path}")).into_response();
    }
    (
        StatusCode::MISDIRECTED_REQUEST,
        format!("This application is at {app_origin}.\n"),
    )
        .into_response()
}
