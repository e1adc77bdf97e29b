//! The methods of the full entries.

use super::attach::{authorize, authorize_credential, challenges, is_token_refused, resources};
use super::discovery::{best_response_type, check_metadata, metadata_urls};
use super::endpoint::{request_token, token_endpoint, token_requested};
use super::login::{finish, look_up, put_token, refused, start};
use super::registered::{Text, client};
use super::requests::put_request;
use super::session::{exchanged, put_record, renew, renewed, restore, revoke, session_name};
use super::status::{Failure, Method, at, status};
use super::wire::{Call, Reply};
use crate::authorization::pkce;
use crate::authorization::place::Place;
use crate::authorization::request::Flow;
use crate::error::{Error, Invalid};
use crate::login::store::Found;
use crate::registration::client::Client;
use crate::registration::server::OURS_FOR_CODE;
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
        Method::FINISH | Method::FINISH_HERE => {
            let client = client(call)?;
            let slots = &mut Slots::default();
            let found = look_up(call, &client, slots, arena);
            if method == Method::FINISH_HERE && found.is_relayed(arena) {
                reply.put(at::ADDRESS, found.reading.scrubbed.unwrap_or_default());
                return Ok(status::RELAY);
            }
            finish_flow(call, &client, &found, reply, arena)
        }
        Method::AUTHORIZE => authorize(call, reply, arena),
        Method::AUTHORIZE_CREDENTIAL => authorize_credential(call, reply, arena),
        Method::IS_TOKEN_REFUSED => Ok(is_token_refused(call, arena)),
        Method::CHALLENGES => Ok(challenges(call, reply, arena)),
        Method::EXCHANGED => exchanged(call, &client(call)?, reply, arena),
        Method::RENEW => renew(call, &client(call)?, reply, arena),
        Method::RENEWED => renewed(call, &client(call)?, reply, arena),
        Method::RESTORE => Ok(restore(call, &client(call)?, reply, arena)),
        Method::REVOKE => revoke(call, &client(call)?, reply, arena),
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
        return start(call, &client, &Flow::Token, reply, arena);
    };
    let [verifier] = super::page::random()?;
    let verifier = base64url(&verifier);
    let challenge = pkce::challenge(&verifier);
    let flow = Flow::Code {
        verifier: &verifier,
        challenge: &challenge,
        place,
    };
    start(call, &client, &flow, reply, arena)
}

fn finish_flow<'a>(
    call: &Call<'a>,
    client: &Client<'a>,
    found: &Found<'_, 'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    finish(
        call,
        client,
        found,
        true,
        reply,
        arena,
        |verified, reply, arena| {
            if verified.asks_for_code() {
                let code = verified.code(client);
                let code = code.map_err(|error| refused(error, verified, reply))?;
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
                return Ok(status::REQUEST);
            }
            let token = verified.token(client, call.now);
            let token = token.map_err(|error| refused(error, verified, reply))?;
            put_token(&token, reply, arena);
            let set = TokenSet {
                token,
                refresh_token: b"",
            };
            put_record(client, &set, reply, arena);
            Ok(status::TOKEN)
        },
    )
}
