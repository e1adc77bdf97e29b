//! A session of a client that may exchange codes, renew and keep its tokens. It is its record, which the
//! facade keeps.

use super::endpoint::{endpoint, revocation_endpoint, token_endpoint, token_response};
use super::login::put_token;
use super::registered::Text;
use super::requests::{put_http_request, put_request};
use super::status::{Failure, at, status};
use super::wire::{Call, Reply};
use crate::error::{Error, Refusal};
use crate::registration::client::Client;
use crate::session::record;
use crate::syntax::arena::Arena;
use crate::token::request::{TokenRequest, TokenToRevoke};
use crate::token::response::TokenSet;

/// The name of the client's session in a store.
pub(super) fn session_name<'a>(client: &Client<'_>, arena: &mut Arena<'a>) -> &'a [u8] {
    record::name(client, arena)
}

/// Answers with the session as text.
pub(super) fn put_record(
    client: &Client<'_>,
    set: &TokenSet<'_>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'_>,
) {
    reply.put(at::RECORD, record::write(client, set, arena));
}

fn put_session(
    client: &Client<'_>,
    set: &TokenSet<'_>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'_>,
) -> u8 {
    put_token(&set.token, reply, arena);
    put_record(client, set, reply, arena);
    status::TOKEN
}

/// The session of the token that a code was exchanged for.
pub(super) fn exchanged<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    answered(call, client, |_| false, reply, arena)
}

/// The renewed session. A grant that is no longer valid ends the session.
pub(super) fn renewed<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    answered(
        call,
        client,
        |said| said.error == b"invalid_grant",
        reply,
        arena,
    )
}

/// The session of an answer; `ends` says whether a refusal is the end of one.
fn answered<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    ends: fn(&Refusal<'_>) -> bool,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    token_response(call, arena, |set, arena| match set {
        Ok(set) => Ok(put_session(client, &set, reply, arena)),
        Err((error, said)) => {
            reply.put_refusal(&said);
            if error == Error::TokenError && ends(&said) {
                return Ok(status::GRANT_REFUSED);
            }
            Err(error.into())
        }
    })?
}

/// The request that renews the token; or the token itself, where it is no longer the one that was known
/// when its renewal was asked for: another tab has renewed it.
pub(super) fn renew<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let set = record::parse(client, call.text(0), call.now, arena);
    let set = set.ok_or(Error::LoginRequired)?;
    if set.token.access_token != call.text(1) && set.token.is_usable(call.now) {
        return Ok(put_session(client, &set, reply, arena));
    }
    let endpoint = token_endpoint(call)?.filter(|_| !set.refresh_token.is_empty());
    let endpoint = endpoint.ok_or(Error::LoginRequired)?;
    let request = TokenRequest::refresh(&endpoint, set.refresh_token, set.token.scope, arena);
    put_request(&request, reply, arena);
    Ok(status::REQUEST)
}

/// A session that was kept.
pub(super) fn restore<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> u8 {
    match record::parse(client, call.text(0), call.now, arena) {
        Some(set) => put_session(client, &set, reply, arena),
        None => status::NOTHING,
    }
}

/// The requests that revoke a session's tokens, the refresh token first.
pub(super) fn revoke<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let set = record::parse(client, call.text(0), call.now, arena);
    let (Some(set), Some(url)) = (set, revocation_endpoint(call)?) else {
        return Ok(status::NOTHING);
    };
    let at_endpoint = Text::TOKEN_ENDPOINT.of(call).unwrap_or(url.text());
    let endpoint = endpoint(call, at_endpoint)?;
    let tokens = [
        TokenToRevoke::Refresh(set.refresh_token),
        TokenToRevoke::Access(set.token.access_token),
    ];
    let there = tokens
        .into_iter()
        .filter(|token| !matches!(token, TokenToRevoke::Refresh(b"")));
    let places = [at::REQUEST_URL, at::REQUEST_URL + at::FURTHER_REQUEST];
    for (first, token) in places.into_iter().zip(there) {
        let request = endpoint.revocation(&url, token, arena);
        put_http_request(first, &request, reply);
    }
    Ok(status::DONE)
}
