//! Errors as the API tells them: an object with the problems of the whole under `base`, or of each field under its name.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An error of the request as a whole.
pub fn problem(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "errors": { "base": [why] } }))).into_response()
}

/// Errors by field.
pub fn unprocessable(errors: Value) -> Response {
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        Json(json!({ "errors": errors })),
    )
        .into_response()
}
