//! Signing in and out. What the person came for travels along as an authorization request and
//! nothing else, so that nobody can be sent anywhere from here.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{self, HeaderMap};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::authorization::endpoint;
use crate::authorization::pages::{self, Problem};
use crate::authorization::request::{Refusal, Request};
use crate::http::failure::Failure;
use crate::http::parameters::Parameters;
use crate::http::redirect::see_other;
use crate::state::accounts;
use crate::state::random;
use crate::state::sessions::Session;
use crate::state::site::Site;

pub async fn home(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let signed_in = site.signed_in(&headers);
    pages::home(
        &site.app_origin,
        signed_in
            .as_ref()
            .map(|(session, account)| (session, *account)),
    )
}

pub async fn form(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = Parameters::parse(&query.unwrap_or_default()).unwrap_or_default();
    let request = match wanted(query.one("request"), &site) {
        Ok(request) => request,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    if site.signed_in(&headers).is_some() && query.one("again").is_empty() {
        return Ok(see_other(&next(request.as_ref())));
    }
    let visitor = site.sessions().of(&headers);
    match visitor {
        Some(session) => Ok(pages::sign_in(
            StatusCode::OK,
            request.as_ref(),
            &session,
            "",
            None,
        )),
        None => fresh(&site, StatusCode::OK, request.as_ref(), None),
    }
}

pub async fn submit(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let form = Parameters::parse_bytes(&body).unwrap_or_default();
    let request = match wanted(form.one("request"), &site) {
        Ok(request) => request,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    let visitor = site.sessions().of(&headers);
    let Some(visitor) = visitor.filter(|session| shown_in(session, &form)) else {
        let expired = Some(Problem::FormExpired);
        return fresh(&site, StatusCode::FORBIDDEN, request.as_ref(), expired);
    };
    let (email, password) = (form.one("email").trim(), form.one("password"));
    let Some(account) = accounts::sign_in(email, password) else {
        let problem = match (email, password) {
            ("", _) => Problem::NoEmail,
            (_, "") => Problem::NoPassword,
            _ => Problem::WrongCredentials,
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(pages::sign_in(
            status,
            request.as_ref(),
            &visitor,
            email,
            Some(problem),
        ));
    };
    let mut sessions = site.sessions();
    sessions.end(&visitor.id);
    let session = sessions.open(Some(account))?;
    let cookie = sessions.set_cookie(&session);
    Ok(with_cookie(see_other(&next(request.as_ref())), &cookie))
}

pub async fn sign_out(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Parameters::parse_bytes(&body).unwrap_or_default();
    let request = match wanted(form.one("request"), &site) {
        Ok(request) => request,
        Err(refusal) => return refusal.into_response(),
    };
    let mut sessions = site.sessions();
    if let Some(session) = sessions
        .of(&headers)
        .filter(|session| shown_in(session, &form))
    {
        sessions.end(&session.id);
    }
    see_other(&next(request.as_ref()))
}

/// Whether the form was shown in this session, and not put together by another site.
fn shown_in(session: &Session, form: &Parameters) -> bool {
    random::same(form.one("form_secret"), &session.form_secret)
}

/// The authorization request that waits for this sign-in, if one does.
fn wanted(request: &str, site: &Site) -> Result<Option<Request>, Refusal> {
    if request.is_empty() {
        return Ok(None);
    }
    Request::read(request, site)
        .map(Some)
        .map_err(|_| Refusal::Page("What this sign-in is for is not a valid request."))
}

fn next(request: Option<&Request>) -> String {
    request.map_or_else(
        || "/".to_owned(),
        |request| format!("{}?{}", endpoint::PATH, request.to_query()),
    )
}

fn fresh(
    site: &Site,
    status: StatusCode,
    request: Option<&Request>,
    problem: Option<Problem>,
) -> Result<Response, Failure> {
    let mut sessions = site.sessions();
    let session = sessions.open(None)?;
    let cookie = sessions.set_cookie(&session);
    Ok(with_cookie(
        pages::sign_in(status, request, &session, "", problem),
        &cookie,
    ))
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
