//! The one thing that can go wrong inside: no randomness.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::http::page;

/// The system's CSPRNG did not answer.
pub struct Failure;

impl From<getrandom::Error> for Failure {
    fn from(_: getrandom::Error) -> Self {
        Self
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        page::message(
            StatusCode::INTERNAL_SERVER_ERROR,
            "No randomness",
            "The system's source of random numbers did not answer, and a weaker one is never used.",
        )
    }
}
