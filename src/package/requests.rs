//! Requests for the facade to send, and what it gives back beside their answers.

use super::status::at;
use super::wire::Reply;
use crate::syntax::arena::Arena;
use crate::syntax::form::{encode, parameters, put_pair};
use crate::token::http::HttpRequest;
use crate::token::request::{Expected, TokenRequest};

parameters! {
    /// What a request has said, in the form in which the facade gives it back with the answer.
    pub(super) struct Expectation {
        scope,
        refresh_token,
        assumes_bearer,
    }
}

impl<'a> Expectation<'_, 'a> {
    pub(super) fn expected(self) -> Expected<'a> {
        Expected {
            scope: self.scope(),
            refresh_token: self.refresh_token(),
            assumes_bearer: !self.assumes_bearer().is_empty(),
        }
    }
}

/// Answers with a request to send, and with what is to come back beside its answer.
pub(super) fn put_request(
    request: &TokenRequest<'_>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'_>,
) {
    put_http_request(at::REQUEST_URL, &request.http, reply);
    let expected = &request.expected;
    arena.put(b"scope=");
    encode(expected.scope, |byte| arena.push(byte));
    put_pair(arena, b'&', "refresh_token", expected.refresh_token);
    if expected.assumes_bearer {
        put_pair(arena, b'&', "assumes_bearer", b"true");
    }
    reply.put(at::EXPECTED, arena.take());
}

/// Answers with a request from this position on.
pub(super) fn put_http_request(first: usize, request: &HttpRequest<'_>, reply: &mut Reply<'_>) {
    let content_type = request.format.content_type().as_bytes();
    let texts = [
        request.url,
        content_type,
        request.authorization,
        request.body,
    ];
    for (at, text) in (first..).zip(texts) {
        reply.put(at, text);
    }
}
