//! Development endpoints under `/test/`: what a test must be able to do or to see, and what no real
//! server offers.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::api::bearer;
use crate::http::failure::Failure;
use crate::http::parameters::Parameters;
use crate::state::site::Site;
use crate::state::wrong::Wrong;

const LONGEST_DELAY: u64 = 60_000;
const MOST_DELAYS: usize = 100;

/// Notes every request that is meant for the API, preflights and wrong paths included. The path
/// goes without its query, where a token may stand.
pub async fn record(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api") {
        let present = bearer::HEADERS
            .iter()
            .any(|name| request.headers().contains_key(name));
        let entry = json!({
            "method": request.method().as_str(),
            "path": path,
            "authorization": if present { "present" } else { "absent" },
        });
        site.log().push(entry);
    }
    next.run(request).await
}

pub async fn read_log(State(site): State<Arc<Site>>) -> Response {
    Json(site.log().entries()).into_response()
}

pub async fn clear_log(State(site): State<Arc<Site>>) -> StatusCode {
    site.log().clear();
    StatusCode::NO_CONTENT
}

/// Every request that the token endpoint has decided on, an answer that is still delayed included.
pub async fn read_token_log(State(site): State<Arc<Site>>) -> Response {
    Json(site.token_log().entries()).into_response()
}

pub async fn clear_token_log(State(site): State<Arc<Site>>) -> StatusCode {
    site.token_log().clear();
    StatusCode::NO_CONTENT
}

/// Makes the token endpoint's next answers wait: `milliseconds`, and how many `answers` (1). What
/// was said before no longer counts. The request has its effect at once, as it has when an answer
/// is lost on its way.
pub async fn delay_tokens(
    State(site): State<Arc<Site>>,
    body: Bytes,
) -> (StatusCode, &'static str) {
    let form = Parameters::parse_bytes(&body).unwrap_or_default();
    let milliseconds = form.one("milliseconds").parse();
    let answers = match form.one("answers") {
        "" => Ok(1),
        text => text.parse(),
    };
    match (milliseconds, answers) {
        (Ok(milliseconds @ ..=LONGEST_DELAY), Ok(answers @ ..=MOST_DELAYS)) => {
            let delay = Duration::from_millis(milliseconds);
            site.token_delays().set(delay, answers);
            (StatusCode::NO_CONTENT, "")
        }
        _ => (
            StatusCode::BAD_REQUEST,
            "The form needs milliseconds up to 60000, and answers up to 100.\n",
        ),
    }
}

/// ID tokens are signed by a new key from now on.
pub async fn rotate_keys(State(site): State<Arc<Site>>) -> Result<StatusCode, Failure> {
    site.keys().rotate()?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is `wrong` with the next ID token; `null` where it is right.
pub async fn read_wrong(State(site): State<Arc<Site>>) -> Response {
    let wrong = site.wrong().map(Wrong::name);
    Json(json!({ "wrong": wrong })).into_response()
}

/// Has the next ID token be `wrong`, or right where the field is empty. What was said before no
/// longer counts.
pub async fn set_wrong(State(site): State<Arc<Site>>, body: Bytes) -> (StatusCode, &'static str) {
    let form = Parameters::parse_bytes(&body).unwrap_or_default();
    let name = form.one("wrong");
    let wrong = Wrong::parse(name);
    if wrong.is_none() && !name.is_empty() {
        return (
            StatusCode::BAD_REQUEST,
            "What is wrong must be nonce, audience or signature, or empty.\n",
        );
    }
    *site.wrong() = wrong;
    (StatusCode::NO_CONTENT, "")
}

/// Takes an access token back, whoever asks. An unknown token is no error (as in RFC 7009, 2.2).
pub async fn revoke(State(site): State<Arc<Site>>, body: Bytes) -> (StatusCode, &'static str) {
    let form = Parameters::parse_bytes(&body).unwrap_or_default();
    match form.one("token") {
        "" => (StatusCode::BAD_REQUEST, "The form has no token.\n"),
        token => {
            site.tokens().revoke(token);
            (StatusCode::NO_CONTENT, "")
        }
    }
}
