//! What a client sends to the token and revocation endpoints, and the errors that answer it:
//! RFC 6749, sections 2.3, 3.2 and 5.2. Every client is a public one, so its name is all it shows.

use axum::Json;
use axum::http::header::{self, HeaderMap};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::http::parameters::{Parameters, Repeated};
use crate::state::clients::{self, Client};

const CHALLENGE: HeaderValue = HeaderValue::from_static("Basic realm=\"City Issues\"");

pub struct ClientRequest {
    pub client: &'static Client,
    parameters: Parameters,
}

/// An error code of 5.2, and a sentence for whoever writes the client.
#[derive(Debug)]
pub struct Error(pub &'static str, pub &'static str);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let Self(error, description) = self;
        let body = Json(json!({ "error": error, "error_description": description }));
        match error {
            "invalid_client" => (
                StatusCode::UNAUTHORIZED,
                [(header::WWW_AUTHENTICATE, CHALLENGE)],
                body,
            )
                .into_response(),
            _ => (StatusCode::BAD_REQUEST, body).into_response(),
        }
    }
}

impl ClientRequest {
    pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Error> {
        if !is_form(headers) {
            return Err(Error(
                "invalid_request",
                "The body must be application/x-www-form-urlencoded.",
            ));
        }
        let parameters = Parameters::parse_bytes(body).ok_or(Error(
            "invalid_request",
            "The request's parameters are not UTF-8.",
        ))?;
        let id = required(&parameters, "client_id", "The request has no client_id.")?;
        let client = clients::find(id).ok_or(Error(
            "invalid_client",
            "No client of this name is registered (client_id).",
        ))?;
        let has_secret = optional(&parameters, "client_secret")?.is_some();
        if has_secret || headers.contains_key(header::AUTHORIZATION) {
            return Err(Error(
                "invalid_client",
                "The client is a public one and has nothing to authenticate with.",
            ));
        }
        Ok(Self { client, parameters })
    }

    pub fn required(&self, name: &str, missing: &'static str) -> Result<&str, Error> {
        required(&self.parameters, name, missing)
    }

    pub fn optional(&self, name: &str) -> Result<Option<&str>, Error> {
        optional(&self.parameters, name)
    }
}

fn required<'a>(
    parameters: &'a Parameters,
    name: &str,
    missing: &'static str,
) -> Result<&'a str, Error> {
    optional(parameters, name)?.ok_or(Error("invalid_request", missing))
}

fn optional<'a>(parameters: &'a Parameters, name: &str) -> Result<Option<&'a str>, Error> {
    parameters.get(name).map_err(|Repeated| {
        Error(
            "invalid_request",
            "The request repeats one of its parameters.",
        )
    })
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| {
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}
