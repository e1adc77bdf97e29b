//! Logins: started, and answered by a URL. What an answer can bring is handed in.

use super::page::{Logins, random};
use super::registered::{Text, is_in_the_clear};
use super::status::{Failure, at, status};
use super::wire::{Call, Reply};
use crate::authorization::request::{Flow, check_parameters, write_url};
use crate::error::Error;
use crate::login::answer::{Granted, Grants};
use crate::login::places;
use crate::login::record::{self, Kept};
use crate::login::store::{Found, keep};
use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::secret::{State, base64url};
use crate::syntax::url::Url;
use crate::token::token::Token;

/// The storage that the facade has chosen for this client's logins.
pub(super) fn logins(call: &Call<'_>) -> Logins {
    Logins {
        is_shared: Text::SHARES_LOGINS.is_in(call),
    }
}

/// Starts a login; `flow` is what it asks for, and `kept_parameters` what a silent one is to repeat.
pub(super) fn start<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    flow: &Flow<'_>,
    kept_parameters: &[u8],
    out: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let kept = Kept {
        app_state: call.text(0),
        return_to: call.text(1),
        is_relayed: false,
        parameters: kept_parameters,
    };
    let parameters = call.text(2);
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
    out.put(at::ADDRESS, url);
    Ok(status::DONE)
}

/// Answers a URL; the address to show instead of the response's comes with every outcome.
pub(super) fn finish<'a, G: Grants<'a>>(
    call: &Call<'a>,
    client: &Client<'a>,
    grants: &G,
    found: &Found<'a>,
    out: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<Option<Granted<'a, G::Granted>>, Failure> {
    let answer = found.conclude(client, &logins(call), grants, call.now, arena)?;
    out.put(at::ADDRESS, answer.scrubbed.unwrap_or_default());
    match answer.outcome {
        Ok(granted) => Ok(granted),
        Err(error @ Error::AuthorizationError) => {
            out.put_refusal(&found.refusal().unwrap_or_default());
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
pub(super) fn put_token(
    token: &Token<'_>,
    usable_until: Option<u64>,
    out: &mut Reply<'_>,
    arena: &mut Arena<'_>,
) {
    out.put(at::ACCESS_TOKEN, token.access_token);
    out.put(at::GRANTED_SCOPE, token.scope);
    put_number(at::EXPIRES_AT, token.expires_at, out, arena);
    put_number(at::USABLE_UNTIL, usable_until, out, arena);
}

/// Answers with a number, where there is one.
pub(super) fn put_number(
    at: usize,
    number: Option<u64>,
    out: &mut Reply<'_>,
    arena: &mut Arena<'_>,
) {
    if let Some(number) = number {
        arena.put_decimal(number);
        out.put(at, arena.take());
    }
}

/// Answers with what the application wanted back.
pub(super) fn put_kept(kept: &Kept<'_>, out: &mut Reply<'_>) {
    out.put(at::APP_STATE, kept.app_state);
    out.put(at::RETURN_TO, kept.return_to);
}
