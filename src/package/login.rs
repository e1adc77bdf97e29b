//! Logins: started, and answered by a URL. What an answer can bring is handed in.

use super::page::{Logins, random};
use super::registered::{Text, is_in_the_clear};
use super::status::{Failure, at, status};
use super::wire::{Call, Reply};
use crate::authorization::request::{Flow, check_parameters, write_url};
use crate::authorization::response::Response;
use crate::error::Error;
use crate::login::answer::{Granted, Grants};
use crate::login::places;
use crate::login::record::{self, Kept};
use crate::login::store::{Found, keep};
use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::secret::{State, base64url};
use crate::syntax::url::Url;
use crate::token::token::{Token, usable_until};

/// The storage that the facade has chosen for this client's logins.
pub(super) fn logins(call: &Call<'_>) -> Logins {
    Logins {
        is_shared: Text::SHARES_LOGINS.is_in(call),
    }
}

/// Starts a login; `flow` is what it asks for.
pub(super) fn start<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    flow: &Flow<'_>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let kept = Kept {
        app_state: call.text(0),
        return_to: call.text(1),
        is_relayed: call.has(2),
    };
    let parameters = call.text(3);
    check_parameters(parameters, *flow != Flow::Token)?;
    // Given and empty is no path.
    if call.has(1) && kept.return_to.is_empty() {
        return Err(Error::InvalidReturnTo.into());
    }
    kept.check()?;
    if is_in_the_clear(call) {
        return Err(Error::InsecureContext.into());
    }
    let [state] = random()?;
    let mut state = base64url(&state);
    let logins = logins(call);
    if !logins.is_shared {
        places::settle(&mut state, client, &logins, call.now, arena)?;
    }
    let url = write_url(client, flow, &state, parameters, arena);
    let record = record::write(client, flow, &kept, &state, call.now, arena);
    let state = State::read(&state).ok_or(Error::RandomUnavailable)?;
    if logins.is_shared {
        keep(client, &logins, state, record, arena)?;
    } else {
        places::keep(&logins, state, record, arena)?;
    }
    reply.put(at::ADDRESS, url);
    Ok(status::DONE)
}

/// Answers a URL; the address to show instead of the response's comes with every outcome.
pub(super) fn finish<'a, G: Grants<'a>>(
    call: &Call<'a>,
    client: &Client<'a>,
    grants: &G,
    found: &Found<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<Option<Granted<'a, G::Granted>>, Failure> {
    let answer = found.conclude(client, &logins(call), grants, call.now, arena)?;
    reply.put(at::ADDRESS, answer.scrubbed.unwrap_or_default());
    match answer.outcome {
        Ok(granted) => Ok(granted),
        Err(error @ Error::AuthorizationError) => {
            let response = found
                .reading
                .response
                .as_ref()
                .ok()
                .and_then(Option::as_ref);
            let said = response.and_then(Response::refusal);
            reply.put_refusal(&said.unwrap_or_default());
            Err(error.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads the URL of a call and looks its record up.
pub(super) fn look_up<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    arena: &mut Arena<'a>,
) -> Found<'a> {
    Found::look_up(client, &logins(call), &Url::of(call.text(0)), arena)
}

/// Answers with a token, and from when on it is no longer sent.
pub(super) fn put_token(token: &Token<'_>, reply: &mut Reply<'_>, arena: &mut Arena<'_>) {
    reply.put(at::ACCESS_TOKEN, token.access_token);
    reply.put(at::GRANTED_SCOPE, token.scope);
    let ends = [
        (at::EXPIRES_AT, token.expires_at),
        (at::USABLE_UNTIL, usable_until(token.expires_at)),
    ];
    for (at, end) in ends {
        if let Some(end) = end {
            arena.put_decimal(end);
            reply.put(at, arena.take());
        }
    }
}

/// Answers with what the application wanted back.
pub(super) fn put_kept(kept: &Kept<'_>, reply: &mut Reply<'_>) {
    reply.put(at::APP_STATE, kept.app_state);
    reply.put(at::RETURN_TO, kept.return_to);
}
