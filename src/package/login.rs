//! Logins: started, and answered by a URL. What an answer can bring is handed in.

use super::page::{Logins, random};
use super::registered::is_in_the_clear;
use super::status::{Failure, at, status};
use super::wire::{Call, Reply};
use crate::authorization::request::{Flow, check_parameters, client_for, write_url};
use crate::error::Error;
use crate::login::answer::Verified;
use crate::login::places;
use crate::login::record::{self, Kept};
use crate::login::store::Found;
use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::form::Slots;
use crate::syntax::secret::{State, base64url};
use crate::syntax::url::Url;
use crate::token::token::Token;

/// Starts a login; `flow` is what it asks for, and `kept_parameters` what a silent one is to repeat.
pub(super) fn start<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    flow: &Flow<'_>,
    kept_parameters: &[u8],
    reply: &mut Reply<'_>,
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
    let client = &client_for(client, parameters, arena)?;
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
    places::settle(&mut state, client, &Logins, call.now, arena)?;
    let url = write_url(client, flow, &state, parameters, arena);
    let record = record::write(client, flow, &kept, &state, call.now, arena);
    let state = State::read(&state).ok_or(Error::RandomUnavailable)?;
    places::keep(&Logins, state, record, arena)?;
    reply.put(at::ADDRESS, url);
    Ok(status::DONE)
}

/// Answers a URL that was looked up; `grant` answers with what a verified response brings. The address
/// to show instead of the response's comes with every outcome.
pub(super) fn finish<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    found: &Found<'_, 'a>,
    knows_codes: bool,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
    grant: impl FnOnce(&Verified<'_, 'a>, &mut Reply<'_>, &mut Arena<'a>) -> Result<u8, Failure>,
) -> Result<u8, Failure> {
    let slots = &mut Slots::default();
    let answer = found.answer(client, knows_codes, call.now, slots, arena);
    reply.put(at::ADDRESS, answer.scrubbed.unwrap_or_default());
    reply.put(at::APP_STATE, answer.kept.app_state);
    reply.put(at::RETURN_TO, answer.kept.return_to);
    let granted = match answer.outcome {
        Ok(None) => Ok(status::NOTHING),
        Ok(Some(verified)) => grant(&verified, reply, arena),
        Err(error) => Err(error.into()),
    };
    // All texts of the answer have found their room before the record is used up.
    found.change(answer.change, &Logins, arena.complete()?)?;
    granted
}

/// Refuses a verified response, with what the server said.
pub(super) fn refused<'a>(
    error: Error,
    verified: &Verified<'_, 'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Failure {
    if error == Error::AuthorizationError {
        reply.put_refusal(&verified.response.refusal(arena));
    }
    error.into()
}

/// Reads the URL of a call into `slots`, and looks its record up.
pub(super) fn look_up<'s, 'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    slots: &'s mut Slots<'a>,
    arena: &mut Arena<'a>,
) -> Found<'s, 'a> {
    Found::look_up(client, &Logins, &Url::of(call.text(0)), slots, arena)
}

/// Answers with a token, and from when on it is no longer sent.
pub(super) fn put_token(
    token: &Token<'_>,
    usable_until: Option<u64>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'_>,
) {
    reply.put(at::ACCESS_TOKEN, token.access_token);
    reply.put(at::GRANTED_SCOPE, token.scope);
    reply.put(at::FURTHER, token.further);
    put_number(at::EXPIRES_AT, token.expires_at, reply, arena);
    put_number(at::USABLE_UNTIL, usable_until, reply, arena);
}

/// Answers with a number, where there is one.
pub(super) fn put_number(
    at: usize,
    number: Option<u64>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'_>,
) {
    if let Some(number) = number {
        arena.put_decimal(number);
        reply.put(at, arena.take());
    }
}
