//! The session of a client that may exchange codes, renew and keep its tokens: its events come in as
//! methods, and its effects go out as letters with their texts.

use super::endpoint::{endpoint, revocation_endpoint, token_endpoint, token_response};
use super::login::{put_number, put_token};
use super::page::random;
use super::registered::Text;
use super::requests::{put_expected, put_http_request};
use super::status::{Failure, Method, at, effect, given, status};
use super::wire::{Call, Reply};
use crate::error::Invalid;
use crate::registration::client::Client;
use crate::session::event::{Answer, Cause, Effect, Effects, Event, Granted, Lock, Unframed};
use crate::session::job::Job;
use crate::session::plan::Plan;
use crate::session::policy::Policy;
use crate::session::record;
use crate::session::renewal_parameters;
use crate::syntax::arena::Arena;
use crate::syntax::grammar::number;
use crate::syntax::lines::{Lines, put_line, put_number_line};
use crate::syntax::secret::base64url;
use crate::token::request::TokenRequest;
use crate::token::response::TokenSet;
use crate::token::token::Token;

/// The name of the client's session in a store.
pub(super) fn session_name<'a>(
    call: &Call<'_>,
    client: &Client<'_>,
    arena: &mut Arena<'a>,
) -> &'a [u8] {
    let further = Text::TOKEN_PARAMETERS.of(call).unwrap_or_default();
    record::name(client, further, arena)
}

/// The job of a login with this state, whose response or code comes later.
pub(super) fn job<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    state: &[u8],
    parameters: &[u8],
    arena: &mut Arena<'a>,
) -> Result<&'a [u8], Invalid> {
    let (record, tab) = (call.text(given::GIVEN_RECORD), call.text(given::GIVEN_TAB));
    Ok(policy(call, client)?.job(record, tab, state, parameters, call.now, arena))
}

/// The event that a method stands for, and what becomes of the session.
pub(super) fn serve_event<'a>(
    method: Method,
    call: &Call<'a>,
    client: &Client<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let renewal = renewal(call);
    let event = match method {
        Method::WOKE => Event::Woke,
        Method::RENEW => {
            let parameters = call.text(0);
            renewal_parameters::check(parameters)?;
            Event::RenewRequested { parameters }
        }
        Method::LOCKED => Event::Locked {
            renewal,
            lock: match call.text(0) {
                b"held" => Lock::Held,
                b"timeout" => Lock::TimedOut,
                _ => Lock::Unavailable,
            },
        },
        Method::REFRESHED | Method::EXCHANGED => {
            let (answer, said) = token_response(call, reply, arena);
            reply.put_refusal(&said);
            if method == Method::REFRESHED {
                Event::Refreshed { renewal, answer }
            } else {
                answered(call, answer)
            }
        }
        Method::VERIFIED => answered(call, Ok(verified(call))),
        Method::UNFRAMED => Event::Framed {
            renewal,
            outcome: Err(if call.has(0) {
                Unframed::Impossible
            } else {
                Unframed::Unanswered
            }),
        },
        Method::TOKEN_REFUSED => Event::TokenRefused {
            access_token: call.text(0),
            is_fresh: call.has(1),
        },
        Method::LOGOUT => {
            // It has to be another name, and only that, where the platform has no random bytes.
            match random() {
                Ok([generation]) => arena.put(&base64url(&generation)),
                Err(_) => arena.put_decimal(call.now),
            }
            Event::LogoutRequested {
                revokes: call.has(0),
                generation: arena.take(),
            }
        }
        Method::LOGOUT_HEARD => Event::LogoutHeard,
        Method::RENEWED_ELSEWHERE => Event::RenewedElsewhere { id: call.text(0) },
        _ => Event::Look,
    };
    turn(call, client, &event, reply, arena)
}

/// The number of the renewal that a call is about.
pub(super) fn renewal(call: &Call<'_>) -> u64 {
    number(call.text(given::GIVEN_RENEWAL)).unwrap_or_default()
}

/// What a login has brought: in a renewal's frame, or elsewhere.
fn answered<'a>(call: &Call<'a>, answer: Answer<'a>) -> Event<'a> {
    if call.has(given::GIVEN_RENEWAL) {
        framed(call, answer)
    } else {
        exchanged(call, answer)
    }
}

/// Answers with what came in a redirect, as the facade gives it back when its ID token is verified.
pub(super) fn put_unverified(
    id_token: &[u8],
    token: Option<&Token<'_>>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'_>,
) {
    reply.put(at::ID_TOKEN, id_token);
    if let Some(token) = token {
        reply.put(at::ACCESS_TOKEN, token.access_token);
        put_line(arena, token.access_token);
        put_line(arena, token.scope);
        put_line(arena, token.further);
        put_number_line(arena, token.granted_at);
        if let Some(end) = token.expires_at {
            put_number_line(arena, end);
        }
        reply.put(at::EXPECTED, arena.take());
    }
}

/// What came in a redirect, with its ID token.
fn verified<'a>(call: &Call<'a>) -> TokenSet<'a> {
    let mut lines = Lines::of(call.text(0));
    TokenSet {
        token: Token {
            access_token: lines.text(),
            scope: lines.text(),
            further: lines.text(),
            granted_at: lines.number(),
            expires_at: number(lines.text()),
        },
        refresh_token: b"",
        id_token: call.text(1),
    }
}

/// The answer to the exchange of a code, or a token for which somebody waits in another window.
pub(super) fn exchanged<'a>(call: &Call<'a>, answer: Answer<'a>) -> Event<'a> {
    Event::Exchanged {
        job: call.text(given::GIVEN_JOB),
        answer,
        by: cause(call),
    }
}

/// The answer to the exchange of a code that a frame's response brought.
fn framed<'a>(call: &Call<'a>, answer: Answer<'a>) -> Event<'a> {
    let job = Job::parse(call.text(given::GIVEN_JOB)).unwrap_or_default();
    let granted = |set| Granted {
        set,
        state: job.state,
        parameters: job.parameters,
        by: Cause::Frame,
    };
    Event::Framed {
        renewal: renewal(call),
        outcome: answer.map(granted).map_err(Unframed::NoToken),
    }
}

/// Whose doing a response is.
pub(super) fn cause(call: &Call<'_>) -> Cause {
    match call.text(given::GIVEN_CAUSE) {
        b"popup" => Cause::Popup,
        b"frame" => Cause::Frame,
        _ => Cause::Redirect,
    }
}

/// Gives the session an event, and answers with its turn: TOKEN with one that can be sent.
pub(super) fn turn<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    event: &Event<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let policy = policy(call, client)?;
    let (record, tab) = (call.text(given::GIVEN_RECORD), call.text(given::GIVEN_TAB));
    let after = policy.on(record, tab, event, call.now, arena);
    put_effects(&after.effects, reply, arena);
    reply.put(at::TAB, after.tab);
    if let Some(set) = &after.session {
        put_token(&set.token, after.usable_until, reply, arena);
        reply.put(at::ID_TOKEN, set.id_token);
    }
    put_number(at::DEADLINE, after.deadline, reply, arena);
    reply.put(at::SESSION_STATE, after.status.as_str().as_bytes());
    Ok(match after.outcome {
        Ok(()) if after.session.is_some() => status::TOKEN,
        Ok(()) => status::DONE,
        Err(failure) => {
            reply.put(at::ERROR, failure.code);
            Failure::from(failure.error).number()
        }
    })
}

/// Answers with what is to be done: a letter for each effect, and their texts.
fn put_effects(effects: &Effects<'_>, reply: &mut Reply<'_>, arena: &mut Arena<'_>) {
    for effect in Effect::ALL {
        if effects.has(effect) {
            arena.push(letter(effect));
        }
    }
    reply.put(at::EFFECTS, arena.take());
    reply.put(at::RECORD, effects.record);
    reply.put(at::SESSION_ID, effects.session_id);
    reply.put(at::PARAMETERS, effects.parameters);
    put_number(at::RENEWAL, Some(effects.renewal), reply, arena);
    put_number(at::LOCK, Some(effects.lock), reply, arena);
    if let Some(TokenRequest { http, expected }) = &effects.request {
        put_http_request(at::REQUEST_URL, http, reply);
        put_expected(expected, reply, arena);
    }
    let places = [at::REVOCATION, at::OTHER_REVOCATION];
    for (behind, request) in places.into_iter().zip(effects.revocations.iter().flatten()) {
        put_http_request(at::REQUEST_URL.wrapping_add(behind), request, reply);
    }
    for (change, cause) in effects.told() {
        arena.put(change.as_str().as_bytes());
        arena.push(b' ');
        put_line(arena, cause.as_str().as_bytes());
    }
    reply.put(at::CHANGES, arena.take());
}

/// The letter that stands for an effect.
fn letter(effect: Effect) -> u8 {
    match effect {
        Effect::Keep => effect::KEEP,
        Effect::Remove => effect::REMOVE,
        Effect::TellLogout => effect::TELL_LOGOUT,
        Effect::TellRenewed => effect::TELL_RENEWED,
        Effect::EndExchanges => effect::END_EXCHANGES,
        Effect::Settle => effect::SETTLE,
        Effect::Drop => effect::DROP,
        Effect::CloseFrame => effect::CLOSE_FRAME,
        Effect::GiveLock => effect::GIVE_LOCK,
        Effect::TakeLock => effect::TAKE_LOCK,
        Effect::Send => effect::SEND,
        Effect::OpenFrame => effect::OPEN_FRAME,
        Effect::Revoke => effect::REVOKE,
    }
}

fn policy<'m, 'a>(call: &Call<'a>, client: &'m Client<'a>) -> Result<Policy<'m, 'a>, Invalid> {
    let revocation = match revocation_endpoint(call)? {
        None => None,
        Some(url) => {
            let text = Text::TOKEN_ENDPOINT.of(call).unwrap_or(url.text());
            Some((endpoint(call, text)?, url))
        }
    };
    Ok(Policy {
        client,
        token_endpoint: token_endpoint(call)?,
        revocation,
        plan: plan(call)?,
        is_shared: Text::SHARES_SESSION.is_in(call),
        has_frames: Text::HAS_FRAMES.is_in(call),
    })
}

/// How the client wants its sessions renewed.
pub(super) fn plan(call: &Call<'_>) -> Result<Plan, Invalid> {
    let mut plan = Plan {
        renews: Text::AUTO_RENEW.is_in(call),
        ..Plan::default()
    };
    if let Some(margin) = Text::EXPIRY_MARGIN.of(call) {
        plan.margin = number(margin).ok_or(Invalid::ExpiryMargin)?;
    }
    if let Some(percent) = Text::RENEW_AT.of(call) {
        let percent = number(percent).filter(|percent| matches!(percent, 1..=99));
        plan.renew_at = percent.ok_or(Invalid::RenewAt)?;
    }
    Ok(plan)
}
