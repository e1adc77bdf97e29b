//! The methods of the full entries.

use super::attach::{authorize, authorize_credential, challenges, is_token_refused, resources};
use super::discovery::{best_response_type, check_metadata, metadata_urls};
use super::endpoint::{request_token, token_endpoint, token_requested};
use super::login::{finish, look_up, refused, start};
use super::registered::{Text, client};
use super::requests::put_request;
use super::session::{
    cause, exchanged, job, plan, put_unverified, renewal, serve_event, session_name, turn,
};
use super::status::{Failure, Method, at, given, status};
use super::wire::{Call, Reply};
use crate::authorization::pkce;
use crate::authorization::place::Place;
use crate::authorization::request::Flow;
use crate::error::{Error, Invalid};
use crate::login::answer::Verified;
use crate::login::store::Found;
use crate::registration::client::Client;
use crate::registration::server::OURS_FOR_CODE;
use crate::session::event::{self, Event, Unframed};
use crate::syntax::arena::Arena;
use crate::syntax::form::{Slots, has_name};
use crate::syntax::secret::base64url;
use crate::token::request::TokenRequest;
use crate::token::response::TokenSet;

pub(super) fn serve<'a>(
    method: Method,
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    match method {
        Method::CHECK_CLIENT => {
            let client = client(call)?;
            check_flow(call, &client)?;
            reply.put(at::SESSION_NAME, session_name(call, &client, arena));
            Ok(status::DONE)
        }
        Method::CHECK_RESOURCES => {
            for resource in resources(call) {
                resource?;
            }
            Ok(status::DONE)
        }
        Method::START => start_flow(call, reply, arena),
        Method::FINISH => {
            let client = client(call)?;
            let slots = &mut Slots::default();
            let found = look_up(call, &client, slots, arena);
            finish_flow(call, &client, &found, reply, arena)
        }
        Method::AUTHORIZE => authorize(call, reply, arena),
        Method::AUTHORIZE_CREDENTIAL => authorize_credential(call, reply, arena),
        Method::IS_TOKEN_REFUSED => Ok(is_token_refused(call, arena)),
        Method::CHALLENGES => Ok(challenges(call, reply, arena)),
        Method::JOIN => {
            reply.put(
                at::JOB,
                job(call, &client(call)?, b"", call.text(0), arena)?,
            );
            Ok(status::DONE)
        }
        Method::VERIFIED
        | Method::LOOK
        | Method::WOKE
        | Method::RENEW
        | Method::LOCKED
        | Method::REFRESHED
        | Method::EXCHANGED
        | Method::UNFRAMED
        | Method::TOKEN_REFUSED
        | Method::LOGOUT
        | Method::LOGOUT_HEARD
        | Method::RENEWED_ELSEWHERE => serve_event(method, call, &client(call)?, reply, arena),
        Method::REQUEST_TOKEN => request_token(call, reply, arena),
        Method::TOKEN_REQUESTED => token_requested(call, reply, arena),
        Method::METADATA_URLS => metadata_urls(call, reply, arena),
        Method::CHECK_METADATA => check_metadata(call, reply),
        Method::BEST_RESPONSE_TYPE => Ok(best_response_type(call, reply)),
        // Those of the module for OpenID Connect.
        _ => Err(Failure::UNKNOWN),
    }
}

/// Whether the client asks for codes, and in which part of the redirect URI; with all that it needs.
fn check_flow(call: &Call<'_>, client: &Client<'_>) -> Result<Option<Place>, Invalid> {
    let place = match Text::RESPONSE_MODE.of(call) {
        None | Some(b"query") => Place::Query,
        Some(b"fragment") => Place::Fragment,
        Some(_) => return Err(Invalid::ResponseMode),
    };
    // Both endpoints are checked, also those of a client that asks for tokens.
    super::endpoint::revocation_endpoint(call)?;
    plan(call)?;
    let endpoint = token_endpoint(call)?;
    if Text::RESPONSE_TYPE.of(call) != Some(b"code") {
        return Ok(None);
    }
    if endpoint.is_none() {
        return Err(Invalid::TokenEndpointForCode);
    }
    let query = client.server.authorization_endpoint.query();
    if has_name(query.unwrap_or_default(), OURS_FOR_CODE) {
        return Err(Invalid::AuthorizationEndpointForCode);
    }
    Ok(Some(place))
}

fn start_flow<'a>(
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let client = client(call)?;
    // What a renewal repeats.
    let kept = call.get(3).unwrap_or(call.text(2));
    let Some(place) = check_flow(call, &client)? else {
        let flow = match Text::RESPONSE_TYPE.of(call) {
            Some(b"id_token") => Flow::IdToken { with_token: false },
            Some(b"id_token token") => Flow::IdToken { with_token: true },
            _ => Flow::Token,
        };
        return start(call, &client, &flow, kept, reply, arena);
    };
    let [verifier] = super::page::random()?;
    let verifier = base64url(&verifier);
    let challenge = pkce::challenge(&verifier);
    let flow = Flow::Code {
        verifier: &verifier,
        challenge: &challenge,
        place,
    };
    start(call, &client, &flow, kept, reply, arena)
}

/// Answers a response: a token is the session's next turn, and a code asks for the request of its exchange.
/// Where a renewal's frame brought it, the session hears of a refusal, too.
fn finish_flow<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    found: &Found<'_, 'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let is_framed = call.has(given::GIVEN_RENEWAL);
    let unframed = |outcome, reply: &mut Reply<'_>, arena: &mut Arena<'a>| {
        let event = Event::Framed {
            renewal: renewal(call),
            outcome: Err(outcome),
        };
        turn(call, client, &event, reply, arena)
    };
    let finished = finish(
        call,
        client,
        found,
        true,
        reply,
        arena,
        |verified, reply, arena| match grant(call, client, verified, reply, arena) {
            Err(Error::AuthorizationError) if is_framed => {
                let said = verified.response.refusal(arena);
                reply.put_refusal(&said);
                unframed(Unframed::Refused(said.error), reply, arena)
            }
            Err(error) => Err(refused(error, verified, reply, arena)),
            Ok(answered) => answered,
        },
    );
    match finished {
        // A response that fails its verification says nothing, whatever stands in it.
        Err(failure) if is_framed => {
            unframed(Unframed::Impossible, reply, arena)?;
            Err(failure)
        }
        finished => finished,
    }
}

/// What a verified response brings; the error of one that is refused.
fn grant<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    verified: &Verified<'_, 'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<Result<u8, Failure>, Error> {
    let members = &verified.record.members;
    let (state, parameters) = (members.state(), members.parameters());
    reply.put(at::PARAMETERS, parameters);
    if let Err(failure) = put_job(call, client, verified, reply, arena) {
        return Ok(Err(failure));
    }
    if verified.asks_for_code() {
        let code = verified.code(client)?;
        return Ok(put_exchange(call, client, verified, code, reply, arena));
    }
    if verified.asks_for_id_token() {
        // A client that can't verify it any more has no use for it.
        if !Text::OPENID.is_in(call) {
            return Err(Error::UnexpectedResponseType);
        }
        let (id_token, token) = verified.id_token(client, call.now, arena)?;
        put_unverified(id_token, token.as_ref(), reply, arena);
        return Ok(Ok(status::UNVERIFIED));
    }
    let set = TokenSet {
        token: verified.token(client, call.now, arena)?,
        refresh_token: b"",
        id_token: b"",
    };
    let granted = event::Granted {
        set,
        state,
        parameters,
        by: cause(call),
    };
    let event = if call.has(given::GIVEN_RENEWAL) {
        Event::Framed {
            renewal: renewal(call),
            outcome: Ok(granted),
        }
    } else if call.has(given::GIVEN_JOB) {
        exchanged(call, Ok(set))
    } else {
        Event::Granted(granted)
    };
    Ok(turn(call, client, &event, reply, arena))
}

/// Answers with the request of a code's exchange, and with what its answer has to fit.
fn put_exchange<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    verified: &Verified<'_, 'a>,
    code: &'a [u8],
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    // Without an endpoint this client can't ask for a token any more.
    let endpoint = token_endpoint(call)?.ok_or(Error::UnexpectedResponseType)?;
    let members = &verified.record.members;
    let request = TokenRequest::exchange(
        &endpoint,
        code,
        client.redirect_uri.text,
        members.code_verifier(),
        members.scope(),
        arena,
    );
    put_request(&request, reply, arena);
    reply.put(at::FURTHER, verified.response.further);
    Ok(status::REQUEST)
}

/// Answers with what the response belongs to, unless the facade knows it from when it came.
fn put_job<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    verified: &Verified<'_, 'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<(), Failure> {
    if !call.has(given::GIVEN_JOB) {
        let members = &verified.record.members;
        let (state, parameters) = (members.state(), members.parameters());
        reply.put(at::JOB, job(call, client, state, parameters, arena)?);
    }
    Ok(())
}
