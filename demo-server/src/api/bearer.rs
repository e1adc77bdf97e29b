//! Bearer tokens in requests, and the challenges that answer them: RFC 6750, sections 2 and 3.

use axum::http::header::{self, HeaderMap, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::api::problem::problem;
use crate::http::parameters::Parameters;
use crate::state::scopes::Scope;
use crate::state::tokens::{Grant, Invalid, Tokens};

/// The standard's header, and the name that SeeClickFix's document gives it in one place.
pub const HEADERS: [HeaderName; 2] = [
    header::AUTHORIZATION,
    HeaderName::from_static("authentication"),
];

/// Why a request is refused.
#[derive(Debug)]
pub enum Challenge {
    /// No token came, so there is nothing wrong with it (3.1: no error code).
    Credentials,
    InvalidRequest(&'static str),
    InvalidToken(&'static str),
    InsufficientScope(Scope),
}

impl Challenge {
    fn status(&self) -> StatusCode {
        match self {
            Self::Credentials | Self::InvalidToken(_) => StatusCode::UNAUTHORIZED,
            Self::InvalidRequest(_) => StatusCode::BAD_REQUEST,
            Self::InsufficientScope(_) => StatusCode::FORBIDDEN,
        }
    }

    fn description(&self) -> &'static str {
        match self {
            Self::Credentials => "The request needs an access token.",
            Self::InvalidRequest(why) | Self::InvalidToken(why) => why,
            Self::InsufficientScope(_) => "The access token was not granted the scope for this.",
        }
    }

    fn header(&self) -> String {
        const REALM: &str = "Bearer realm=\"City Issues\"";
        let description = self.description();
        match self {
            Self::Credentials => REALM.to_owned(),
            Self::InvalidRequest(_) => {
                format!("{REALM}, error=\"invalid_request\", error_description=\"{description}\"")
            }
            Self::InvalidToken(_) => {
                format!("{REALM}, error=\"invalid_token\", error_description=\"{description}\"")
            }
            Self::InsufficientScope(scope) => format!(
                "{REALM}, error=\"insufficient_scope\", error_description=\"{description}\", \
                 scope=\"{}\"",
                scope.name()
            ),
        }
    }
}

impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        let mut response = problem(self.status(), self.description());
        if let Ok(challenge) = HeaderValue::from_str(&self.header()) {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// The grant behind a request's one token, good for `scope`.
pub fn check(
    headers: &HeaderMap,
    query: Option<&str>,
    scope: Scope,
    tokens: &Tokens,
) -> Result<Grant, Challenge> {
    let token = token(headers, query.unwrap_or_default())?;
    let grant = tokens.check(&token).map_err(|invalid| {
        Challenge::InvalidToken(match invalid {
            Invalid::Unknown => "The access token is invalid.",
            Invalid::Expired => "The access token expired.",
            Invalid::Revoked => "The access token was revoked.",
        })
    })?;
    if grant.scopes.contains(&scope) {
        Ok(grant)
    } else {
        Err(Challenge::InsufficientScope(scope))
    }
}

/// The token of a header (2.1) or of the query (2.3), and never of both.
fn token(headers: &HeaderMap, query: &str) -> Result<String, Challenge> {
    let query =
        Parameters::parse(query).ok_or(Challenge::InvalidRequest("The query is not UTF-8."))?;
    let mut found = query
        .all("access_token")
        .map(str::to_owned)
        .collect::<Vec<_>>();
    for value in HEADERS.iter().flat_map(|name| headers.get_all(name)) {
        let value = String::from_utf8_lossy(value.as_bytes());
        let (scheme, token) = value.split_once(' ').unwrap_or((&value, ""));
        // Another scheme is no bearer token, right or wrong.
        if scheme.eq_ignore_ascii_case("Bearer") {
            found.push(token.trim_start_matches(' ').to_owned());
        }
    }
    let token = found.pop().ok_or(Challenge::Credentials)?;
    if !found.is_empty() {
        return Err(Challenge::InvalidRequest(
            "The request carries more than one access token.",
        ));
    }
    if !is_b64token(&token) {
        return Err(Challenge::InvalidRequest("The access token is malformed."));
    }
    Ok(token)
}

/// 2.1: letters, digits and `-._~+/`, then any number of `=`.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}
