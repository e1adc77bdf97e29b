//! The methods of the module for OpenID Connect: texts in, a verdict out.

use super::page::{get, random, remove, set};
use super::registered::Text;
use super::status::{Failure, Method, at, status};
use super::wire::{Call, Reply};
use crate::error::{Error, Invalid};
use crate::openid::end_session::{
    self, EndSession, KeptForLogout, Redirect, check_endpoint, record_name,
};
use crate::openid::id_token::{Check, IdToken, Outcome, Unverified};
use crate::openid::key_set::{check_answer, is_fresh, may_refetch};
use crate::openid::relying_party::{Beside, CLOCK_TOLERANCE_SECONDS, Expected, RelyingParty};
use crate::openid::request::{Asked, check_parameters, write, write_kept};
use crate::openid::userinfo::UserInfo;
use crate::registration::client::RedirectUri;
use crate::syntax::arena::Arena;
use crate::syntax::base64url::decode;
use crate::syntax::grammar::number;
use crate::syntax::secret::{State, base64url};
use crate::syntax::url::Url;

/// Where the three digests of an outcome stand in a call.
const DIGESTS: [usize; 3] = [11, 12, 13];

pub(super) fn serve<'a>(
    method: Method,
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    match method {
        Method::CHECK_RELYING_PARTY => {
            check(call)?;
            return Ok(status::DONE);
        }
        Method::ASK => return ask(call, reply, arena),
        Method::CHECK_KEYS => {
            let status = number(call.text(0)).unwrap_or_default();
            check_answer(status, call.text(1), call.text(2), arena)?;
            return Ok(status::DONE);
        }
        Method::ARE_KEYS_FRESH => {
            return Ok(
                if is_fresh(number(call.text(0)).unwrap_or_default(), call.now) {
                    status::DONE
                } else {
                    status::NOTHING
                },
            );
        }
        _ => {}
    }
    let party = relying_party(call)?;
    match method {
        Method::CHECK_ID_TOKEN | Method::ID_TOKEN_CHECKED => {
            verify(method, call, &party, reply, arena)
        }
        Method::READ_ID_TOKEN => {
            let id_token = IdToken::read_again(call.text(0), &party, arena)?;
            reply.put(at::CLAIMS, id_token.payload);
            Ok(status::DONE)
        }
        Method::CHECK_USERINFO => {
            let status = number(call.text(0)).unwrap_or_default();
            let (content_type, body) = (call.text(1), call.text(2));
            UserInfo::read(status, content_type, body, call.text(3), arena)?;
            Ok(status::DONE)
        }
        Method::END_SESSION => end_session(call, reply, arena),
        Method::SESSION_ENDED => session_ended(call, reply, arena),
        _ => Err(Failure::UNKNOWN),
    }
}

/// The client of a call as a relying party.
fn relying_party<'a>(call: &Call<'a>) -> Result<RelyingParty<'a>, Invalid> {
    let clock_tolerance = match Text::CLOCK_TOLERANCE.of(call) {
        None => CLOCK_TOLERANCE_SECONDS,
        Some(seconds) => number(seconds).ok_or(Invalid::ClockTolerance)?,
    };
    let party = RelyingParty {
        issuer: Text::ISSUER.text(call),
        client_id: Text::CLIENT_ID.text(call),
        registered_algorithm: Text::SIGNED_RESPONSE_ALG.text(call),
        supported_algorithms: Text::SUPPORTED_ALGS.of(call),
        trusted_audiences: Text::TRUSTED_AUDIENCES.text(call),
        clock_tolerance,
    };
    party.check()?;
    Ok(party)
}

/// Checks all that a relying party is configured with.
fn check(call: &Call<'_>) -> Result<(), Invalid> {
    relying_party(call)?;
    let is_endpoint = |text: Text| text.of(call).is_none_or(|url| Url::of(url).is_endpoint());
    let is_signed =
        !(Text::TRUSTS_TOKEN_ENDPOINT.is_in(call) && Text::RESPONSE_TYPE.text(call) == b"code");
    let has_keys = Text::HAS_KEYS.is_in(call) || Text::JWKS_URI.is_in(call);
    if !is_endpoint(Text::JWKS_URI) || (is_signed && !has_keys) {
        return Err(Invalid::JwksUri);
    }
    if !is_endpoint(Text::USERINFO_ENDPOINT) {
        return Err(Invalid::UserinfoEndpoint);
    }
    if let Some(url) = Text::END_SESSION_ENDPOINT.of(call) {
        check_endpoint(&Url::of(url))?;
    }
    post_logout_redirect_uri(call).map(drop)
}

/// Where the user comes back to from a logout, if anywhere.
fn post_logout_redirect_uri<'a>(call: &Call<'a>) -> Result<Option<RedirectUri<'a>>, Invalid> {
    let Some(text) = Text::POST_LOGOUT_REDIRECT_URI.of(call) else {
        return Ok(None);
    };
    let parsed = Url::of(Text::POST_LOGOUT_REDIRECT_URL.text(call));
    let uri = RedirectUri::new(text, parsed).map_err(|_| Invalid::PostLogoutRedirectUri)?;
    Ok(Some(uri))
}

fn ask<'a>(call: &Call<'a>, reply: &mut Reply<'_>, arena: &mut Arena<'a>) -> Result<u8, Failure> {
    let (parameters, required_acr) = (call.text(0), call.text(1));
    let is_repeated = call.has(2);
    check_parameters(parameters, is_repeated)?;
    let required_acr = if is_repeated {
        Asked::parse(parameters, arena)?.required_acr
    } else {
        required_acr
    };
    let [nonce] = random()?;
    let nonce = base64url(&nonce);
    reply.put(
        at::PARAMETERS,
        write(&nonce, required_acr, parameters, arena),
    );
    reply.put(
        at::KEPT,
        write_kept(&nonce, required_acr, parameters, arena),
    );
    Ok(status::DONE)
}

/// Checks an ID token, as far as an outcome has come, and answers with the job or with the claims.
fn verify<'a>(
    method: Method,
    call: &Call<'a>,
    party: &RelyingParty<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let asked = Asked::parse(call.text(1), arena)?;
    let is_in_redirect = call.has(3);
    let expected = Expected {
        nonce: asked.nonce(call.has(7)),
        max_age: asked.max_age,
        required_acr: asked.required_acr,
        subject: call.text(6),
        beside: Beside {
            access_token: call.text(2),
            is_in_redirect,
            code: call.text(4),
            state: call.text(5),
        },
    };
    let unverified = Unverified::parse(call.text(0), party, &expected, call.now, arena)?;
    let names_key = unverified.names_key();
    let verified = if Text::TRUSTS_TOKEN_ENDPOINT.is_in(call) && !is_in_redirect {
        Ok(unverified.check_hashes())
    } else if !call.has(9) {
        return Ok(status::REQUEST);
    } else {
        unverified.check(call.text(9), arena)
    }
    .and_then(|check| {
        if method == Method::CHECK_ID_TOKEN {
            put_job(&check, reply, arena);
        } else {
            let digests = DIGESTS.map(|at| decode(call.text(at), arena).unwrap_or_default());
            let outcome = Outcome {
                is_signed: call.has(10),
                digests,
            };
            reply.put(at::CLAIMS, check.verified(&outcome)?.payload);
        }
        Ok(status::DONE)
    });
    verified.map_err(|error| {
        let refetched_at = call.get(8).and_then(number);
        if may_refetch(error, names_key, refetched_at, call.now) {
            reply.put(at::KEYS_MAY_HAVE_CHANGED, b"1");
        }
        error.into()
    })
}

fn put_job<'a>(check: &Check<'a>, reply: &mut Reply<'_>, arena: &mut Arena<'a>) {
    reply.put(at::ALGORITHM, check.algorithm().name().as_bytes());
    if let Some(key) = &check.key {
        let jwk = key.write(arena);
        reply.put(at::JWK, jwk);
        reply.put(at::SIGNED_TEXT, check.input());
    }
    for (at, text) in (at::TEXT_TO_HASH..).zip(check.texts_to_hash()) {
        reply.put(at, text);
    }
}

fn end_session<'a>(
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let kept = KeptForLogout {
        app_state: call.text(0),
        return_to: call.text(1),
    };
    let parameters = call.text(2);
    end_session::check_parameters(parameters)?;
    // Given and empty is no path.
    if call.has(1) && kept.return_to.is_empty() {
        return Err(Error::InvalidReturnTo.into());
    }
    kept.check()?;
    let redirect_uri = post_logout_redirect_uri(call)?;
    let request = EndSession {
        endpoint: Url::of(Text::END_SESSION_ENDPOINT.text(call)),
        client_id: Text::CLIENT_ID.text(call),
        post_logout_redirect_uri: redirect_uri.as_ref().map_or(b"", |uri| uri.text),
        id_token_hint: call.text(3),
    };
    let [state] = random()?;
    let state = base64url(&state);
    reply.put(at::ADDRESS, request.write_url(&state, parameters, arena));
    if redirect_uri.is_some() {
        let record = request.write_record(&kept, &state, call.now, arena);
        let state = State::read(&state).ok_or(Error::RandomUnavailable)?;
        let name = record_name(state, arena);
        if !set(name, record, arena.complete()?) {
            return Err(Error::StorageUnavailable.into());
        }
    }
    Ok(status::DONE)
}

fn session_ended<'a>(
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let Some(redirect_uri) = post_logout_redirect_uri(call)? else {
        return Ok(status::NOTHING);
    };
    let Some(redirect) = Redirect::parse(&redirect_uri, &Url::of(call.text(0)), arena) else {
        return Ok(status::NOTHING);
    };
    let name = record_name(redirect.state, arena);
    let record = get(name, arena)?;
    let lifetime = number(Text::STATE_LIFETIME.text(call)).unwrap_or_default();
    let client_id = Text::CLIENT_ID.text(call);
    let verified = redirect.verify(record, client_id, &redirect_uri, lifetime, call.now, arena);
    let Some(kept) = verified else {
        return Ok(status::NOTHING);
    };
    reply.put(at::ADDRESS, redirect.scrubbed);
    reply.put(at::APP_STATE, kept.app_state);
    reply.put(at::RETURN_TO, kept.return_to);
    // What stays would answer the same URL again.
    if remove(name, arena.complete()?) {
        Ok(status::DONE)
    } else {
        Err(Error::StorageUnavailable.into())
    }
}
