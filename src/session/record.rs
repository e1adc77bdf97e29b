//! A session as a store keeps it: a file format, versioned and bound to its client. What can't be read,
//! or is of no use any more, counts as absent.

use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::form::{Slots, parameters, put_if_any, put_pair};
use crate::syntax::grammar::{is_b64token, number};
use crate::syntax::text::is;
use crate::token::response::TokenSet;
use crate::token::token::Token;

/// The format that this release writes and reads.
const VERSION: &[u8] = b"1";

parameters! {
    /// The members of a session, as they stand in the store.
    struct Members {
        v,
        server,
        client_id,
        redirect_uri,
        access_token,
        /// Seconds since 1970; absent where the server didn't say.
        expires_at,
        scope,
        refresh_token,
    }
}

/// The name of a client's session in the store.
pub(crate) fn name<'a>(client: &Client<'_>, arena: &mut Arena<'a>) -> &'a [u8] {
    arena.put(b"claviger:session:");
    arena.put(client.client_id);
    arena.push(b' ');
    arena.put(client.server.authorization_endpoint.text());
    arena.take()
}

/// The session as text for the store. It holds the tokens: keep it where only this origin reads.
pub(crate) fn write<'a>(
    client: &Client<'_>,
    set: &TokenSet<'_>,
    arena: &mut Arena<'a>,
) -> &'a [u8] {
    arena.put(b"v=");
    arena.put(VERSION);
    put_pair(
        arena,
        b'&',
        "server",
        client.server.authorization_endpoint.text(),
    );
    put_pair(arena, b'&', "client_id", client.client_id);
    put_pair(arena, b'&', "redirect_uri", client.redirect_uri.text);
    put_pair(arena, b'&', "access_token", set.token.access_token);
    if let Some(end) = set.token.expires_at {
        arena.put(b"&expires_at=");
        arena.put_decimal(end);
    }
    put_if_any(arena, b'&', "scope", set.token.scope);
    put_if_any(arena, b'&', "refresh_token", set.refresh_token);
    arena.take()
}

/// Reads what [`write`] wrote for the same client; `None` for anything else, and for a session that has
/// ended and can't be renewed.
pub(crate) fn parse<'a>(
    client: &Client<'_>,
    record: &'a [u8],
    now: u64,
    arena: &mut Arena<'a>,
) -> Option<TokenSet<'a>> {
    let slots = &mut Slots::default();
    let members = Members::parse(record, slots, arena).ok()?;
    let expires_at = number(members.expires_at());
    let is_own = is(members.v(), VERSION)
        && is(
            members.server(),
            client.server.authorization_endpoint.text(),
        )
        && is(members.client_id(), client.client_id)
        && is(members.redirect_uri(), client.redirect_uri.text);
    let is_readable = is_own
        && members.expires_at().is_empty() == expires_at.is_none()
        && is_b64token(members.access_token());
    let set = TokenSet {
        token: Token {
            access_token: members.access_token(),
            expires_at,
            scope: members.scope(),
        },
        refresh_token: members.refresh_token(),
    };
    let is_of_use = set.token.is_usable(now) || !set.refresh_token.is_empty();
    (is_readable && is_of_use).then_some(set)
}
