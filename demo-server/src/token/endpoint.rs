//! The token endpoint: RFC 6749, sections 4.1.3 to 5.2 and 6, and OpenID Connect Core 1.0, section 3.1.3.3.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::http::failure::Failure;
use crate::openid::id_token::Statement;
use crate::state::families::Presented;
use crate::state::pkce;
use crate::state::scopes::{self, Scope};
use crate::state::site::Site;
use crate::token::client_request::{ClientRequest, Error};

pub const PATH: &str = "/oauth/token";

/// Why no token is given.
enum Refusal {
    Error(Error),
    Failure(Failure),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<getrandom::Error> for Refusal {
    fn from(error: getrandom::Error) -> Self {
        Self::Failure(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Error(error) => error.into_response(),
            Self::Failure(failure) => failure.into_response(),
        }
    }
}

pub async fn answer(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    let request = ClientRequest::read(&headers, &body);
    let read = request.as_ref().ok();
    let mut entry = json!({
        "grant_type": read.and_then(grant_type),
        "client_id": read.map(|request| request.client.id),
    });
    let response = request
        .map_err(Refusal::from)
        .and_then(|request| give(&site, &request))
        .map(Json)
        .into_response();
    entry["status"] = response.status().as_u16().into();
    site.token_log().push(entry);
    let delay = site.token_delays().next();
    tokio::time::sleep(delay).await;
    response
}

fn grant_type(request: &ClientRequest) -> Option<&str> {
    request.optional("grant_type").ok().flatten()
}

fn give(site: &Site, request: &ClientRequest) -> Result<Value, Refusal> {
    let grant_type = request.required("grant_type", "The request has no grant_type.")?;
    match grant_type {
        "authorization_code" => {
            let code = request.required("code", "The request has no code.")?;
            let redirect_uri =
                request.required("redirect_uri", "The request has no redirect_uri.")?;
            let verifier =
                request.required("code_verifier", "The request has no code_verifier.")?;
            if !pkce::is_verifier(verifier) {
                return Err(Error("invalid_request", "The code_verifier is malformed.").into());
            }
            let presented = Presented::Code {
                code,
                redirect_uri,
                verifier,
            };
            tokens_for(site, request, &presented, None)
        }
        "refresh_token" => {
            let token = request.required("refresh_token", "The request has no refresh_token.")?;
            let scope = request.optional("scope")?;
            tokens_for(site, request, &Presented::RefreshToken(token), scope)
        }
        _ => Err(Error(
            "unsupported_grant_type",
            "The authorization server does not support this grant type.",
        )
        .into()),
    }
}

/// The access token response (5.1), with an ID token for who asked for `openid`. Both locks are held to its end, so that of two requests with
/// one code or one refresh token the second comes too late.
fn tokens_for(
    site: &Site,
    request: &ClientRequest,
    presented: &Presented,
    scope: Option<&str>,
) -> Result<Value, Refusal> {
    let client = request.client;
    let mut families = site.families();
    let mut tokens = site.tokens();
    let family = families.accept(client, presented).map_err(|refused| {
        if let Some(family) = refused.ended {
            tokens.revoke_family(&family);
        }
        Error(
            "invalid_grant",
            "The code or refresh token is unknown, used, expired, revoked, or not presented as it \
             was given.",
        )
    })?;
    let scopes = narrowed(&family.scopes, scope)?;
    let scope = scopes::join(&scopes);
    let access_token = tokens.issue(
        client,
        family.account,
        scopes.clone(),
        Some(family.id.clone()),
    )?;
    let id_token = if scopes.contains(&Scope::OpenId) {
        let statement = Statement {
            client,
            account: family.account,
            scopes: &scopes,
            authentication: &family.authentication,
            access_token: Some(&access_token),
        };
        Some(statement.sign(site)?)
    } else {
        None
    };
    let refresh_token = family.renew()?;
    let mut answer = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "refresh_token": refresh_token,
        "scope": scope,
    });
    if let Some(lifetime) = client.lifetime {
        answer["expires_in"] = lifetime.as_secs().into();
    }
    if let Some(id_token) = id_token {
        answer["id_token"] = id_token.into();
    }
    Ok(answer)
}

/// Section 6: a refresh may ask for less than was granted, and never for more.
fn narrowed(granted: &[Scope], scope: Option<&str>) -> Result<Vec<Scope>, Error> {
    let Some(scope) = scope else {
        return Ok(granted.to_vec());
    };
    scopes::parse(Some(scope))
        .filter(|scopes| scopes.iter().all(|scope| granted.contains(scope)))
        .ok_or(Error(
            "invalid_scope",
            "The requested scope is invalid, unknown, malformed, or more than was granted.",
        ))
}
