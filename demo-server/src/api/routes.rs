//! The API, in the manner of SeeClickFix's version 2: a profile, and the issues that it reported.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{self, HeaderMap};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use crate::api::bearer::{self, Challenge};
use crate::api::problem::{problem, unprocessable};
use crate::http::cors;
use crate::http::parameters::Parameters;
use crate::state::issues::Report;
use crate::state::scopes::Scope;
use crate::state::site::Site;
use crate::state::tokens::Grant;

const PER_PAGE: usize = 20;
const MOST_PER_PAGE: usize = 100;

pub fn routes(site: &Arc<Site>) -> Router<Arc<Site>> {
    Router::new()
        .route("/profile", get(profile))
        .route("/issues", get(list).post(report))
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::map_response(never_shared))
        .layer(middleware::from_fn_with_state(
            site.readers.clone(),
            cors::share,
        ))
}

async fn profile(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Challenge> {
    let account = grant(&site, &headers, query.as_deref(), Scope::Profile)?.account;
    Ok(Json(json!({
        "id": account.id,
        "name": account.name,
        "email": account.email,
        "role": "Registered User",
        "witty_title": account.witty_title,
        "civic_points": account.civic_points,
    }))
    .into_response())
}

async fn list(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Challenge> {
    let account = grant(&site, &headers, query.as_deref(), Scope::Issues)?.account;
    let Page { page, per_page } = match Page::read(query.as_deref().unwrap_or_default()) {
        Ok(page) => page,
        Err(errors) => return Ok(unprocessable(errors)),
    };
    let issues = site.issues().of(account);
    let pages = issues.len().div_ceil(per_page);
    let shown = issues
        .iter()
        .skip((page - 1).saturating_mul(per_page))
        .take(per_page);
    Ok(Json(json!({
        "metadata": {
            "pagination": {
                "entries": issues.len(),
                "page": page,
                "per_page": per_page,
                "pages": pages,
                "next_page": (page < pages).then(|| page + 1),
                "previous_page": (page > 1).then_some(page - 1),
            },
        },
        "issues": shown.collect::<Vec<_>>(),
    }))
    .into_response())
}

async fn report(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Response, Challenge> {
    let account = grant(&site, &headers, query.as_deref(), Scope::Issues)?.account;
    if !is_json(&headers) {
        let why = "The body must be application/json.";
        return Ok(problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    let Ok(json @ Value::Object(_)) = serde_json::from_slice(&body) else {
        return Ok(problem(
            StatusCode::BAD_REQUEST,
            "The body is not a JSON object.",
        ));
    };
    Ok(match Report::read(&json) {
        Ok(report) => {
            let issue = site.issues().add(account, report);
            (StatusCode::CREATED, Json(issue)).into_response()
        }
        Err(errors) => unprocessable(errors),
    })
}

fn grant(
    site: &Site,
    headers: &HeaderMap,
    query: Option<&str>,
    scope: Scope,
) -> Result<Grant, Challenge> {
    bearer::check(headers, query, scope, &site.tokens())
}

struct Page {
    page: usize,
    per_page: usize,
}

impl Page {
    fn read(query: &str) -> Result<Self, Value> {
        let query = Parameters::parse(query).unwrap_or_default();
        let mut errors = Map::new();
        let mut number = |name: &str, default: usize, most: usize| {
            let value = match query.get(name) {
                Ok(None) => Some(default),
                Ok(Some(text)) => text
                    .parse()
                    .ok()
                    .filter(|number| (1..=most).contains(number)),
                Err(_) => None,
            };
            value.unwrap_or_else(|| {
                let why = match most {
                    usize::MAX => "must be a whole number from 1".to_owned(),
                    most => format!("must be a whole number from 1 to {most}"),
                };
                errors.insert(name.to_owned(), json!([why]));
                default
            })
        };
        let page = number("page", 1, usize::MAX);
        let per_page = number("per_page", PER_PAGE, MOST_PER_PAGE);
        if errors.is_empty() {
            Ok(Self { page, per_page })
        } else {
            Err(Value::Object(errors))
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

async fn not_found() -> Response {
    problem(StatusCode::NOT_FOUND, "There is nothing at this address.")
}

async fn wrong_method() -> Response {
    problem(
        StatusCode::METHOD_NOT_ALLOWED,
        "This address does not know the method.",
    )
}

/// Somebody's own data, and perhaps asked for with a token in the URL (RFC 6750, 2.3).
async fn never_shared(mut response: Response) -> Response {
    let value = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}
