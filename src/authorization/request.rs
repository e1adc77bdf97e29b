//! The authorization request: RFC 6749, sections 4.1.1 and 4.2.1.

use super::place::Place;
use crate::error::Invalid;
use crate::registration::client::{Client, check_scope};
use crate::registration::server::{OURS, OURS_FOR_CODE, REPEATABLE, SCOPE};
use crate::syntax::arena::Arena;
use crate::syntax::form::{
    are_free, decode, has_name, is_named, pairs, put_if_any, put_pair, put_url_without,
};

/// The only method: `plain` would show the verifier to whoever sees the request (RFC 7636, section 7.2).
const CHALLENGE_METHOD: &[u8] = b"S256";

/// What is asked for: RFC 6749, section 3.1.1.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow<'a> {
    /// A token in the fragment of the redirect.
    Token,
    /// A code, which is bound to a verifier by PKCE (RFC 7636, sections 4.1 and 4.2).
    #[cfg_attr(
        not(feature = "code"),
        allow(dead_code, reason = "this build asks for tokens alone")
    )]
    Code {
        verifier: &'a [u8],
        challenge: &'a [u8],
        /// The part of the redirect URI in which it comes back.
        place: Place,
    },
    /// An ID token in the fragment, alone or with a token (OpenID Connect Core 1.0, section 3.2.2.1).
    #[cfg_attr(
        not(any(feature = "package", feature = "sign-in")),
        allow(
            dead_code,
            reason = "nobody signs in with OpenID Connect in this build"
        )
    )]
    #[cfg(feature = "code")]
    IdToken { with_token: bool },
}

impl Flow<'_> {
    pub(crate) fn response_type(&self) -> &'static [u8] {
        match self {
            Self::Token => b"token",
            Self::Code { .. } => b"code",
            #[cfg(feature = "code")]
            Self::IdToken { with_token: false } => b"id_token",
            #[cfg(feature = "code")]
            Self::IdToken { with_token: true } => b"id_token token",
        }
    }
}

/// Checks further parameters, a form that is already encoded: names that this package sets, that are
/// empty or that occur twice can't be told from its own by every server (section 3.1).
pub(crate) fn check_parameters(parameters: &[u8], asks_for_codes: bool) -> Result<(), Invalid> {
    if asks_for_codes && has_name(parameters, OURS_FOR_CODE) {
        return Err(Invalid::ParametersForCode);
    }
    if are_free(parameters, OURS, REPEATABLE) {
        Ok(())
    } else {
        Err(Invalid::Parameters)
    }
}

/// The client as it is for one login, which can ask for a scope of its own among its parameters.
pub(crate) fn client_for<'a>(
    client: &Client<'a>,
    parameters: &'a [u8],
    arena: &mut Arena<'a>,
) -> Result<Client<'a>, Invalid> {
    let mut client = *client;
    for (name, value) in pairs(parameters) {
        if is_named(name, SCOPE) {
            client.scope = decode(value, arena).map_err(|_| Invalid::Scope)?;
            check_scope(client.scope)?;
        }
    }
    Ok(client)
}

/// Writes the URL to send the user to. `parameters` are further ones, checked and encoded.
pub(crate) fn write_url<'a>(
    client: &Client<'_>,
    flow: &Flow<'_>,
    state: &[u8],
    parameters: &[u8],
    arena: &mut Arena<'a>,
) -> &'a [u8] {
    arena.put(b"response_type=");
    arena.put(flow.response_type());
    put_pair(arena, b'&', "client_id", client.client_id);
    put_pair(arena, b'&', "redirect_uri", client.redirect_uri.text);
    if !has_name(parameters, SCOPE) {
        put_if_any(arena, b'&', SCOPE, client.scope);
    }
    put_pair(arena, b'&', "state", state);
    if let Flow::Code {
        challenge, place, ..
    } = flow
    {
        put_pair(arena, b'&', "code_challenge", challenge);
        put_pair(arena, b'&', "code_challenge_method", CHALLENGE_METHOD);
        if *place == Place::Fragment {
            put_pair(arena, b'&', "response_mode", b"fragment");
        }
    }
    if !parameters.is_empty() {
        arena.push(b'&');
        arena.put(parameters);
    }
    let parameters = arena.take();
    let delimiter = put_url_without(arena, &client.server.authorization_endpoint, parameters);
    arena.push(delimiter);
    arena.put(parameters);
    arena.take()
}
