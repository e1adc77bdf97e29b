//! Requests for the facade to send, and what it gives back beside their answers.

use super::status::at;
use super::wire::Reply;
use crate::syntax::arena::Arena;
use crate::syntax::lines::{Lines, put_line, put_number_line};
use crate::token::http::HttpRequest;
use crate::token::request::{Expected, TokenRequest};

/// What a request has said, in the lines in which the facade gives it back with the answer.
pub(super) fn expected(lines: &[u8]) -> Expected<'_> {
    let mut lines = Lines::of(lines);
    Expected {
        scope: lines.text(),
        refresh_token: lines.text(),
        assumes_bearer: lines.number() != 0,
    }
}

/// Answers with a request to send, and with what is to come back beside its answer.
pub(super) fn put_request(
    request: &TokenRequest<'_>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'_>,
) {
    put_http_request(at::REQUEST_URL, &request.http, reply);
    put_expected(&request.expected, reply, arena);
}

/// Answers with what is to come back beside the answer to a request.
pub(super) fn put_expected(expected: &Expected<'_>, reply: &mut Reply<'_>, arena: &mut Arena<'_>) {
    put_line(arena, expected.scope);
    put_line(arena, expected.refresh_token);
    put_number_line(arena, expected.assumes_bearer.into());
    reply.put(at::EXPECTED, arena.take());
}

/// Answers with a request, from this position on.
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
