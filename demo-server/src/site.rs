//! The authorization server's origin: its state, its routes, and the headers of every answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::accounts::Account;
use super::control::{Delays, Log};
use super::families::Families;
use super::issues::Issues;
use super::sessions::{Session, Sessions};
use super::tokens::Tokens;
use super::{
    Options, api, authorize, clients, control, cors, host, metadata, pages, revoke, sign_in, token,
};

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

pub struct Site {
    pub origin: String,
    pub app_origin: String,
    /// Registered for every client, and compared as they stand (RFC 9700, 4.1.3).
    pub redirect_uris: Vec<String>,
    /// The origins whose scripts may read the API.
    pub readers: Vec<String>,
    sessions: Mutex<Sessions>,
    families: Mutex<Families>,
    tokens: Mutex<Tokens>,
    issues: Mutex<Issues>,
    log: Mutex<Log>,
    token_log: Mutex<Log>,
    token_delays: Mutex<Delays>,
}

impl Site {
    pub fn new(app_origin: &str, server_origin: &str, options: &Options) -> Self {
        let mut redirect_uris = vec![format!("{app_origin}/")];
        redirect_uris.extend_from_slice(&options.redirect_uris);
        let readers = redirect_uris
            .iter()
            .filter_map(|uri| clients::web_origin(uri))
            .collect();
        Self {
            origin: server_origin.to_owned(),
            app_origin: app_origin.to_owned(),
            redirect_uris,
            readers,
            sessions: Mutex::new(Sessions::new(server_origin)),
            families: Mutex::default(),
            tokens: Mutex::default(),
            issues: Mutex::new(Issues::seeded()),
            log: Mutex::default(),
            token_log: Mutex::default(),
            token_delays: Mutex::default(),
        }
    }

    pub fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.sessions)
    }

    /// Who needs the tokens too takes the families first.
    pub fn families(&self) -> MutexGuard<'_, Families> {
        lock(&self.families)
    }

    pub fn tokens(&self) -> MutexGuard<'_, Tokens> {
        lock(&self.tokens)
    }

    pub fn issues(&self) -> MutexGuard<'_, Issues> {
        lock(&self.issues)
    }

    pub fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.log)
    }

    pub fn token_log(&self) -> MutexGuard<'_, Log> {
        lock(&self.token_log)
    }

    pub fn token_delays(&self) -> MutexGuard<'_, Delays> {
        lock(&self.token_delays)
    }

    pub fn signed_in(&self, headers: &HeaderMap) -> Option<(Session, &'static Account)> {
        let session = self.sessions().of(headers)?;
        let account = session.account?;
        Some((session, account))
    }
}

/// What can fail comes before the change that it is for, so that nothing is left half done by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The system's CSPRNG did not answer.
pub struct Failure;

impl From<getrandom::Error> for Failure {
    fn from(_: getrandom::Error) -> Self {
        Self
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        pages::message(
            StatusCode::INTERNAL_SERVER_ERROR,
            "No randomness",
            "The system's source of random numbers did not answer, and a weaker one is never used.",
        )
    }
}

pub fn routes(site: Site) -> Router {
    let site = Arc::new(site);
    Router::new()
        .route("/", get(sign_in::home))
        .route("/sign-in", get(sign_in::form).post(sign_in::submit))
        .route("/sign-out", post(sign_in::sign_out))
        .route(authorize::PATH, get(authorize::ask).post(authorize::decide))
        .merge(for_any_page())
        .route("/style.css", get(pages::style))
        .route("/icon.svg", get(pages::icon))
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
        .nest("/api/v2", api::routes(&site))
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
        .route(revoke::PATH, post(revoke::answer))
        .route(metadata::PATH, get(metadata::answer))
        .layer(middleware::from_fn(cors::open))
}

async fn not_found() -> Response {
    pages::message(
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
