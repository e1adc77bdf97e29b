//! The methods of the full entries.

use super::attach::{authorize, authorize_credential, challenges, is_token_refused, resources};
use super::discovery::{best_response_type, check_metadata, metadata_urls};
use super::endpoint::{request_token, token_endpoint, token_requested};
use super::login::{finish, look_up, put_kept, start};
use super::registered::{Text, client};
use super::requests::put_request;
use super::session::{cause, exchanged, job, plan, renewal, serve_event, session_name, turn};
use super::status::{Failure, Method, at, given, status};
use super::wire::{Call, Reply};
use crate::authorization::pkce;
use crate::authorization::place::Place;
use crate::authorization::request::Flow;
use crate::authorization::response::Response;
use crate::error::{Error, Invalid};
use crate::login::answer::{Granted, Grants};
use crate::login::record::Record;
use crate::login::store::Found;
use crate::registration::client::Client;
use crate::registration::server::OURS_FOR_CODE;
use crate::session::event::{self, Event, Unframed};
use crate::syntax::arena::Arena;
use crate::syntax::form::has_name;
use crate::syntax::secret::base64url;
use crate::token::request::TokenRequest;
use crate::token::response::TokenSet;
use crate::token::token::Token;

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
            reply.put(at::SESSION_NAME, session_name(&client, arena));
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
            let found = look_up(call, &client, arena);
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
        Method::LOOK
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
        Method::CHECK_METADATA => check_metadata(call),
        Method::BEST_RESPONSE_TYPE => Ok(best_response_type(call, reply)),
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
    let Some(place) = check_flow(call, &client)? else {
        return start(call, &client, &Flow::Token, call.text(2), reply, arena);
    };
    let [verifier] = super::page::random()?;
    let verifier = base64url(&verifier);
    let challenge = pkce::challenge(&verifier);
    let flow = Flow::Code {
        verifier: &verifier,
        challenge: &challenge,
        place,
    };
    start(call, &client, &flow, call.text(2), reply, arena)
}

/// What a client is granted that may ask for codes.
struct TokensAndCodes<'c>(&'c Client<'c>);

enum Brought<'a> {
    Token(Token<'a>),
    Code(&'a [u8]),
}

impl<'a> Grants<'a> for TokensAndCodes<'_> {
    type Granted = Brought<'a>;
    const KNOWS_CODES: bool = true;

    fn grant(
        &self,
        record: &Record<'a>,
        response: &Response<'a>,
        now: u64,
    ) -> Result<Brought<'a>, Error> {
        if record.members.response_type() == b"code" {
            let code = response.code(self.0, record.place_of_code())?;
            return Ok(Brought::Code(code));
        }
        let token = response.token(self.0, record.members.scope(), now)?;
        Ok(Brought::Token(token))
    }
}

/// Answers a response: a token is the session's next turn, and a code asks for the request of its exchange.
fn finish_flow<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    found: &Found<'a>,
    out: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let finished = finish(call, client, &TokensAndCodes(client), found, out, arena);
    let Granted { granted, record } = match finished {
        Ok(Some(granted)) => granted,
        Ok(None) => return Ok(status::NOTHING),
        Err(refused) => return refused_flow(call, client, found, refused, out, arena),
    };
    put_kept(&record.kept(), out);
    let members = &record.members;
    let (state, parameters) = (members.state(), members.parameters());
    match granted {
        Brought::Token(token) => {
            let set = TokenSet {
                token,
                refresh_token: b"",
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
            turn(call, client, &event, out, arena)
        }
        Brought::Code(code) => {
            // Without an endpoint this client can't ask for a token any more.
            let endpoint = token_endpoint(call)?.ok_or(Error::UnexpectedResponseType)?;
            let request = TokenRequest::exchange(
                &endpoint,
                code,
                client.redirect_uri.text,
                members.code_verifier(),
                members.scope(),
                arena,
            );
            put_request(&request, out, arena);
            if !call.has(given::GIVEN_JOB) {
                out.put(at::JOB, job(call, client, state, parameters, arena)?);
            }
            Ok(status::REQUEST)
        }
    }
}

/// A response that is refused; where a renewal's frame brought it, the session hears of it.
fn refused_flow<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    found: &Found<'a>,
    refused: Failure,
    out: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    if !call.has(given::GIVEN_RENEWAL) {
        return Err(refused);
    }
    let said = found.refusal().map_or(b"" as &[u8], |said| said.error);
    let mut end = |outcome| {
        let event = Event::Framed {
            renewal: renewal(call),
            outcome: Err(outcome),
        };
        turn(call, client, &event, out, arena)
    };
    // A response that failed before says nothing, whatever stands in it.
    if refused.number() == Failure::from(Error::AuthorizationError).number() {
        end(Unframed::Refused(said))
    } else {
        end(Unframed::Impossible)?;
        Ok(refused.number())
    }
}
