//! The record of a session: a file format, versioned and bound to its client. What can't be read, or is
//! another client's, counts as absent and is left where it is.
//!
//! A logout leaves its mark, the record's generation, so that whatever was asked before it, in whatever
//! tab, can be told from what was asked since.

use super::event::Granted;
use super::plan::NEVER;
use crate::authorization::pkce;
use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::form::{Slots, parameters, put_if_any, put_pair};
use crate::syntax::grammar::{is_access_token, is_visible, number};
use crate::syntax::secret::KEY_LENGTH;
use crate::syntax::text::{is, to};
use crate::token::response::TokenSet;
use crate::token::token::Token;

/// The format that this release writes and reads.
const VERSION: &[u8] = b"2";

parameters! {
    /// The members of a record, as they stand in the store.
    struct Members {
        v,
        server,
        client_id,
        redirect_uri,
        generation,
        /// Seconds since 1970, or a little more.
        left_at,
        revokes,
        id,
        /// Seconds since 1970, or a little more.
        asked_at,
        access_token,
        /// Seconds since 1970.
        granted_at,
        /// Seconds since 1970; absent where the server didn't say.
        expires_at,
        scope,
        refresh_token,
        id_token,
        /// What else the server said.
        further,
        /// What the login asked for beside what every login of the client does.
        parameters,
        /// Seconds since 1970.
        leased_until,
        /// The lock under which that was said.
        leased_under,
    }
}

/// What the record says.
#[derive(Clone, Copy, Default)]
pub(crate) struct Record<'a> {
    /// A name that each logout makes anew; empty before the first one.
    pub(super) generation: &'a [u8],
    /// When that was; later than every logout of which its tab knew.
    pub(super) left_at: u64,
    /// The logout that made it ordered to revoke what was still to come.
    pub(super) revokes: bool,
    pub(super) session: Option<Held<'a>>,
}

/// Somebody who is signed in.
#[derive(Clone, Copy)]
pub(crate) struct Held<'a> {
    /// Names the session: its login's alone, and the same over all renewals of its grant.
    pub(super) id: &'a [u8],
    /// When its login was asked for; later than every logout of which its tab knew.
    pub(super) asked_at: u64,
    pub(super) set: TokenSet<'a>,
    /// A form of what its login asked for in addition; a silent login repeats it.
    pub(super) parameters: &'a [u8],
    /// Until then a request with its refresh token may be under way; 0 when none is.
    pub(super) leased_until: u64,
    /// The lock that whoever sent it has.
    pub(super) leased_under: u64,
}

impl<'a> Held<'a> {
    /// A session that begins. Without a login's state its first token names it.
    pub(crate) fn new(granted: &Granted<'a>, asked_at: u64, arena: &mut Arena<'a>) -> Self {
        let Granted {
            set,
            state,
            parameters,
            ..
        } = *granted;
        let id = if state.is_empty() {
            arena.put(to(&pkce::challenge(set.proof()), KEY_LENGTH));
            arena.take()
        } else {
            to(state, KEY_LENGTH)
        };
        Self {
            id,
            asked_at,
            set,
            parameters,
            leased_until: 0,
            leased_under: 0,
        }
    }
}

/// The name of a client's session in a store: it holds what the session depends on, so that clients who
/// ask for different things have different ones. `further` is what its requests for tokens say in addition,
/// such as their `resource` (RFC 8707, section 2.2).
pub(crate) fn name<'a>(client: &Client<'_>, further: &[u8], arena: &mut Arena<'a>) -> &'a [u8] {
    for (name, value) in [
        ("server", client.server.authorization_endpoint.text()),
        ("client_id", client.client_id),
        ("redirect_uri", client.redirect_uri.text),
        ("scope", client.scope),
    ] {
        put_pair(arena, b'&', name, value);
    }
    put_if_any(arena, b'&', "parameters", further);
    let depends_on = pkce::challenge(arena.take());
    arena.put(b"claviger:session:");
    arena.put(&depends_on);
    arena.take()
}

/// The record as text. It holds the tokens: keep it where only this origin reads.
pub(crate) fn write<'a>(
    client: &Client<'_>,
    record: &Record<'_>,
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
    put_if_any(arena, b'&', "generation", record.generation);
    if record.left_at > 0 {
        arena.put(b"&left_at=");
        arena.put_decimal(record.left_at);
    }
    if record.revokes {
        arena.put(b"&revokes=true");
    }
    if let Some(held) = &record.session {
        let Held {
            set:
                TokenSet {
                    token,
                    refresh_token,
                    id_token,
                },
            ..
        } = held;
        put_pair(arena, b'&', "id", held.id);
        arena.put(b"&asked_at=");
        arena.put_decimal(held.asked_at);
        put_if_any(arena, b'&', "access_token", token.access_token);
        arena.put(b"&granted_at=");
        arena.put_decimal(token.granted_at);
        if let Some(end) = token.expires_at {
            arena.put(b"&expires_at=");
            arena.put_decimal(end);
        }
        put_if_any(arena, b'&', "scope", token.scope);
        put_if_any(arena, b'&', "refresh_token", refresh_token);
        put_if_any(arena, b'&', "id_token", id_token);
        put_if_any(arena, b'&', "further", token.further);
        put_if_any(arena, b'&', "parameters", held.parameters);
        if held.leased_until > 0 {
            arena.put(b"&leased_until=");
            arena.put_decimal(held.leased_until);
            arena.put(b"&leased_under=");
            arena.put_decimal(held.leased_under);
        }
    }
    arena.take()
}

/// Reads what [`write`] wrote for the same client; anything else says nothing.
pub(crate) fn parse<'a>(client: &Client<'_>, text: &'a [u8], arena: &mut Arena<'a>) -> Record<'a> {
    let slots = &mut Slots::default();
    let Ok(members) = Members::parse(text, slots, arena) else {
        return Record::default();
    };
    let is_own = is(members.v(), VERSION)
        && is(
            members.server(),
            client.server.authorization_endpoint.text(),
        )
        && is(members.client_id(), client.client_id)
        && is(members.redirect_uri(), client.redirect_uri.text)
        && is_visible(members.generation());
    if !is_own {
        return Record::default();
    }
    Record {
        generation: members.generation(),
        // A time that nobody lives to see was written by nobody here.
        left_at: number(members.left_at())
            .filter(|at| *at < NEVER)
            .unwrap_or_default(),
        revokes: !members.revokes().is_empty(),
        session: held(members),
    }
}

fn held<'a>(members: Members<'_, 'a>) -> Option<Held<'a>> {
    let expires_at = number(members.expires_at());
    // Who asked for an ID token alone has no other one.
    let is_without_token = members.access_token().is_empty() && !members.id_token().is_empty();
    let is_readable = members.expires_at().is_empty() == expires_at.is_none()
        && (is_without_token || is_access_token(members.access_token()))
        && is_visible(members.id())
        && !members.id().is_empty();
    let token = Token {
        access_token: members.access_token(),
        granted_at: number(members.granted_at())?,
        expires_at,
        scope: members.scope(),
        further: members.further(),
    };
    is_readable.then_some(Held {
        id: members.id(),
        asked_at: number(members.asked_at()).unwrap_or_default(),
        set: TokenSet {
            token,
            refresh_token: members.refresh_token(),
            id_token: members.id_token(),
        },
        parameters: members.parameters(),
        leased_until: number(members.leased_until()).unwrap_or_default(),
        leased_under: number(members.leased_under()).unwrap_or_default(),
    })
}
