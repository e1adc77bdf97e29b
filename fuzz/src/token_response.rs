//! The answer of a token endpoint. Setting: the status, the type of content, whether it is a renewal, and
//! whether the type of token may be missing. Then the body.

use claviger::{HttpResponse, TokenRequest};
use serde_json::Value;

use crate::fixtures::{NOW, token_endpoint};
use crate::oracle::{assert_silent, is_access_token};
use crate::split;

const REFRESH: &str = "PlantedRefresh-tGzv3JOkF0XG5Qx2TlKWIA";
const SECRET: &str = "PlantedSecret-gX1fBat3bV";

/// Whether a refresh token is one (RFC 6749, appendix A.17); another one is none.
fn is_readable(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x20..=0x7E))
}

pub fn judge(text: &str) {
    let (setting, body) = split(text);
    let status = setting.choose(0, &[200, 400, 401, 500, 201, 302, 204, 0]);
    let content_type = setting.choose(
        1,
        &[
            "application/json;charset=UTF-8",
            "application/json",
            "text/html",
            "",
            "application/x-www-form-urlencoded",
        ],
    );
    let is_renewal = setting.choose(2, &[false, true]);
    let assumes_bearer = setting.choose(3, &[false, true]);
    let mut endpoint = token_endpoint();
    endpoint
        .authenticate_by_basic(SECRET.into())
        .expect("a secret");
    endpoint.assume_bearer(assumes_bearer);
    let request = if is_renewal {
        TokenRequest::refresh(&endpoint, REFRESH, "read write")
    } else {
        TokenRequest::new(&endpoint, "client_credentials", &[]).expect("a request")
    };
    let answer = HttpResponse::new(status, content_type, body.as_bytes());
    let outcome = request.clone().finish(&answer, NOW);
    let printed = format!(
        "{request:?} {answer:?} {:?}",
        outcome.as_ref().map_err(|error| error.message())
    );
    assert_silent(&printed, &[REFRESH, SECRET]);
    let Ok(set) = outcome else {
        return;
    };
    assert!(
        (200..300).contains(&status),
        "{status} was taken for a success"
    );
    let token = set.token.access_token();
    assert!(is_access_token(token), "{token} would reach a header");
    assert_silent(
        &printed,
        &[token, set.refresh_token.as_deref().unwrap_or_default()],
    );
    let document: Value = serde_json::from_str(body).expect("what was accepted is JSON");
    assert_eq!(document["access_token"], *token);
    match &document["token_type"] {
        Value::String(kind) if !kind.is_empty() => {
            assert!(kind.eq_ignore_ascii_case("bearer"), "{kind}")
        }
        missing => assert!(assumes_bearer, "{missing} was taken for a bearer token"),
    }
    match (&document["refresh_token"], &set.refresh_token) {
        (Value::String(sent), Some(kept)) if is_readable(sent) => assert_eq!(sent, kept),
        (_, kept) => assert_eq!(kept.as_deref(), is_renewal.then_some(REFRESH)),
    }
    if let Some(end) = set.token.expires_at() {
        let seconds = &document["expires_in"];
        let is_number = seconds.is_number()
            || seconds
                .as_str()
                .is_some_and(|text| text.parse::<f64>().is_ok());
        assert!(is_number && end >= NOW, "{seconds} gave an end");
    }
}
