//! The authorization request: RFC 6749, sections 4.1.1 and 4.2.1.

use super::place::Place;
use crate::error::Invalid;
use crate::registration::client::Client;
use crate::registration::server::{OURS, OURS_FOR_CODE};
use crate::syntax::arena::Arena;
use crate::syntax::form::{decoded, is_named, pairs, put_if_any, put_pair};
use crate::syntax::text::has;

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
}

impl Flow<'_> {
    pub(crate) fn response_type(&self) -> &'static [u8] {
        match self {
            Self::Token => b"token",
            Self::Code { .. } => b"code",
        }
    }
}

/// Checks further parameters, a form that is already encoded: names that this package sets, that are
/// empty or that occur twice can't be told from its own by every server (section 3.1).
pub(crate) fn check_parameters(parameters: &[u8], asks_for_codes: bool) -> Result<(), Invalid> {
    let mut rest = pairs(parameters);
    while let Some((name, _)) = rest.next() {
        if asks_for_codes && is_named(name, OURS_FOR_CODE) {
            return Err(Invalid::ParametersForCode);
        }
        let is_taken = name.is_empty()
            || is_named(name, OURS)
            || rest
                .clone()
                .any(|(later, _)| decoded(later).eq(decoded(name)));
        if is_taken {
            return Err(Invalid::Parameters);
        }
    }
    Ok(())
}

/// Writes the URL to send the user to. `parameters` are further ones, checked and encoded.
pub(crate) fn write_url<'a>(
    client: &Client<'_>,
    flow: &Flow<'_>,
    state: &[u8],
    parameters: &[u8],
    arena: &mut Arena<'a>,
) -> &'a [u8] {
    let endpoint = client.server.authorization_endpoint.text();
    arena.put(endpoint);
    let delimiter = if has(endpoint, b'?') { b'&' } else { b'?' };
    put_pair(arena, delimiter, "response_type", flow.response_type());
    put_pair(arena, b'&', "client_id", client.client_id);
    put_pair(arena, b'&', "redirect_uri", client.redirect_uri.text);
    put_if_any(arena, b'&', "scope", client.scope);
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
    arena.take()
}
