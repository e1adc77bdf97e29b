//! The authorization endpoint: RFC 6749, sections 3.1, 4.1 and 4.2; OpenID Connect Core 1.0, 3.1.2 and 3.2.2.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use axum::response::{IntoResponse, Response};

use crate::authorization::pages;
use crate::authorization::request::Request;
use crate::http::failure::Failure;
use crate::http::page;
use crate::http::parameters::{self, Parameters};
use crate::http::redirect::see_other;
use crate::openid::id_token::Statement;
use crate::state::accounts::Account;
use crate::state::authentication::Authentication;
use crate::state::random;
use crate::state::site::Site;

pub const PATH: &str = "/oauth/authorize";

/// `GET`: the request is checked, then the person is known, then asked. Always asked: nothing
/// proves that a public client is the one it was yesterday (10.2).
pub async fn ask(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let request = match Request::read(&query, &site) {
        Ok(request) => request,
        Err(refusal) => return refusal.into_response(),
    };
    match site.signed_in(&headers) {
        signed_in if request.prompt.none => {
            see_other(&request.not_without_a_page(signed_in.is_some()))
        }
        Some((session, _)) if request.prompt.wants_sign_in(&session) => {
            see_other(&format!("{}&again=1", sign_in_for(&request)))
        }
        Some((session, account)) => pages::consent(&request, account, &session),
        None => see_other(&sign_in_for(&request)),
    }
}

/// `POST`: the person's answer to the consent page. The request is checked again, since a form's
/// fields are anybody's to write.
pub async fn decide(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let form = Parameters::parse_bytes(&body).unwrap_or_default();
    let request = match Request::read(form.one("request"), &site) {
        Ok(request) => request,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    let Some((session, account)) = site.signed_in(&headers) else {
        return Ok(see_other(&sign_in_for(&request)));
    };
    if !random::same(form.one("form_secret"), &session.form_secret) {
        return Ok(page::message(
            StatusCode::FORBIDDEN,
            "This page is out of date",
            "The answer did not come from the page that this server showed last. \
             Go back to the application and start again.",
        ));
    }
    Ok(see_other(&match form.one("decision") {
        "allow" => {
            let authentication = Authentication::of(&session, request.nonce.as_deref());
            grant(&site, &request, account, authentication)?
        }
        "deny" => request.denied(),
        _ => {
            return Ok(page::message(
                StatusCode::BAD_REQUEST,
                "No decision",
                "The answer says neither allow nor deny.",
            ));
        }
    }))
}

/// The URL that brings what the client asked for.
fn grant(
    site: &Site,
    request: &Request,
    account: &'static Account,
    authentication: Authentication,
) -> Result<String, Failure> {
    let Request { client, scopes, .. } = request;
    if let Some(binding) = request.code_binding() {
        let code =
            site.families()
                .begin(client, account, scopes.clone(), authentication, binding)?;
        return Ok(request.granted_code(&code));
    }
    let mut token = None;
    if request.wants_token() {
        token = Some(site.tokens().issue(client, account, scopes.clone(), None)?);
    }
    let mut id_token = None;
    if request.wants_id_token() {
        let statement = Statement {
            client,
            account,
            scopes,
            authentication: &authentication,
            access_token: token.as_deref(),
        };
        id_token = Some(statement.sign(site)?);
    }
    Ok(request.granted_tokens(token.as_deref(), id_token.as_deref()))
}

fn sign_in_for(request: &Request) -> String {
    format!(
        "/sign-in?{}",
        parameters::encode(&[("request", &request.to_query())])
    )
}
