//! The token endpoint of a call, its answers as the facade received them, and tokens that are asked for
//! without a login.

use super::login::put_token;
use super::registered::{Text, assumes_bearer};
use super::requests::{expected, put_request};
use super::status::{Failure, at, status};
use super::wire::{Call, Reply};
use crate::error::{Error, Invalid, Refusal};
use crate::session::event::{Answer, NoToken};
use crate::syntax::arena::Arena;
use crate::syntax::grammar::number;
use crate::syntax::json::{Document, Member};
use crate::syntax::url::Url;
use crate::token::endpoint::{
    Authentication, TokenEndpoint, check_client_secret, check_further, check_raw_client_id,
};
use crate::token::http::{Format, HttpResponse};
use crate::token::request::TokenRequest;
use crate::token::response::{TokenSet, refusal};
use crate::token::token::{MARGIN_SECONDS, Token};

/// The token endpoint, where the client has one.
pub(super) fn token_endpoint<'a>(call: &Call<'a>) -> Result<Option<TokenEndpoint<'a>>, Invalid> {
    Text::TOKEN_ENDPOINT
        .of(call)
        .map(|url| endpoint(call, url))
        .transpose()
}

/// The revocation endpoint, where the client has one: RFC 7009, section 2.
pub(super) fn revocation_endpoint<'a>(call: &Call<'a>) -> Result<Option<Url<'a>>, Invalid> {
    match Text::REVOCATION_ENDPOINT.of(call).map(Url::of) {
        Some(url) if !url.is_endpoint() => Err(Invalid::RevocationEndpoint),
        url => Ok(url),
    }
}

/// The client at one of its server's endpoints.
pub(super) fn endpoint<'a>(call: &Call<'a>, url: &'a [u8]) -> Result<TokenEndpoint<'a>, Invalid> {
    let client_id = Text::CLIENT_ID.of(call).unwrap_or_default();
    let mut endpoint = TokenEndpoint::new(Url::of(url), client_id)?;
    endpoint.authentication = authentication(call, client_id)?;
    endpoint.further = Text::TOKEN_PARAMETERS.of(call).unwrap_or_default();
    check_further(endpoint.further)?;
    endpoint.format = match Text::TOKEN_REQUEST_FORMAT.of(call) {
        None | Some(b"form") => Format::Form,
        Some(b"json") => Format::Json,
        Some(b"query") => Format::Query,
        Some(_) => return Err(Invalid::TokenRequestFormat),
    };
    endpoint.assumes_bearer = assumes_bearer(call)?;
    Ok(endpoint)
}

fn authentication<'a>(call: &Call<'a>, client_id: &[u8]) -> Result<Authentication<'a>, Invalid> {
    let method = Text::TOKEN_ENDPOINT_AUTH_METHOD.of(call);
    let Some(secret) = Text::CLIENT_SECRET.of(call) else {
        return match method {
            None | Some(b"none") => Ok(Authentication::None),
            Some(_) => Err(Invalid::ClientSecretForMethod),
        };
    };
    if Text::PAGE.of(call).is_some() && Text::ALLOW_SECRET_IN_BROWSER.of(call).is_none() {
        return Err(Invalid::ClientSecretInPage);
    }
    check_client_secret(secret)?;
    match method {
        None | Some(b"client_secret_basic") if Text::RAW_BASIC.is_in(call) => {
            check_raw_client_id(client_id)?;
            Ok(Authentication::RawBasic(secret))
        }
        None | Some(b"client_secret_basic") => Ok(Authentication::Basic(secret)),
        Some(b"client_secret_post") => Ok(Authentication::Post(secret)),
        Some(_) => Err(Invalid::AuthenticationMethod),
    }
}

/// The members of an answer, each with a character for its kind in front of it: a text, a number, an
/// array with a line for each text in it, `false`, or something else. The names stand in the order in which the
/// facade gives them.
#[derive(Clone, Copy)]
pub(super) struct Members<'a> {
    call: Call<'a>,
    names: &'static [&'static str],
}

/// What an answer of the token endpoint can say.
const TOKEN_MEMBERS: &[&str] = &[
    "access_token",
    "token_type",
    "scope",
    "expires_in",
    "refresh_token",
    "error",
    "error_description",
    "error_uri",
    "id_token",
];
/// Where the first of them stands.
const FIRST_MEMBER: usize = 4;

impl<'a> Members<'a> {
    pub(super) fn new(call: &Call<'a>, names: &'static [&'static str]) -> Self {
        Self { call: *call, names }
    }
}

impl Document for Members<'_> {
    fn further(&self) -> &[u8] {
        self.call.text(FIRST_MEMBER.wrapping_sub(1))
    }

    fn member(&self, name: &str) -> Member<'_> {
        let at = self.names.iter().position(|known| *known == name);
        let text = at.and_then(|at| self.call.get(at.saturating_add(FIRST_MEMBER)));
        match text {
            None => Member::Absent,
            Some([b't', text @ ..]) => Member::Text(text),
            Some([b'n', digits @ ..]) => Member::Number(digits),
            Some([b'l', lines @ ..]) => Member::List(lines),
            Some([b'f', ..]) => Member::False,
            Some(_) => Member::Other,
        }
    }
}

/// An answer: its status, its content type and, where its body is a JSON object, what else that says.
pub(super) fn http_response<'a>(
    call: &Call<'a>,
    names: &'static [&'static str],
) -> HttpResponse<Members<'a>> {
    let status = number(call.text(1)).and_then(|status| u16::try_from(status).ok());
    let members = call.has(3).then(|| Members::new(call, names));
    HttpResponse::new(status.unwrap_or_default(), call.text(2), members)
}

/// The answer to a request for a token, and what the server said where it refused; without a status there
/// was none, and a text in the place of the content type says that the device is offline.
pub(super) fn token_response<'a>(
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> (Answer<'a>, Refusal<'a>) {
    let expected = expected(call.text(0));
    if !call.has(1) {
        let error = if call.has(2) {
            Error::Offline
        } else {
            Error::TokenEndpointUnreachable
        };
        return (Err(NoToken::of(error)), Refusal::default());
    }
    reply.put(at::HTTP_STATUS, call.text(1));
    let answer = http_response(call, TOKEN_MEMBERS);
    let said = answer
        .document()
        .and_then(|document| refusal(document, arena).ok());
    let said = said.flatten().unwrap_or_default();
    let set = TokenSet::read(&answer, &expected, call.now, arena);
    // The answer's texts go on living where the session's next record is written.
    let mut keep = |text: &[u8]| {
        arena.put(text);
        arena.take()
    };
    let said = Refusal {
        error: keep(said.error),
        description: keep(said.description),
        uri: keep(said.uri),
    };
    // The facade has verified it where it was asked for; any other one is dropped unread.
    let id_token = match answer
        .document()
        .map(|document| document.member("id_token"))
    {
        Some(Member::Text(text)) if Text::OPENID.is_in(call) => keep(text),
        _ => b"",
    };
    let set = set.map(
        |TokenSet {
             token,
             refresh_token,
             ..
         }| TokenSet {
            token: Token {
                access_token: keep(token.access_token),
                scope: keep(token.scope),
                further: keep(token.further),
                ..token
            },
            refresh_token: keep(refresh_token),
            id_token,
        },
    );
    let answer = set.map_err(|error| NoToken {
        error,
        code: said.error,
        is_servers_fault: matches!(answer.status, 429 | 500..),
    });
    (answer, said)
}

/// Asks for a token without a login: RFC 6749, sections 4.4, 4.5 and 6.
pub(super) fn request_token<'a>(
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let endpoint = endpoint(call, Text::TOKEN_ENDPOINT.of(call).unwrap_or_default())?;
    let request = TokenRequest::new(&endpoint, call.text(0), call.text(1), arena)?;
    put_request(&request, reply, arena);
    Ok(status::REQUEST)
}

/// The token of its answer.
pub(super) fn token_requested<'a>(
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let (answer, said) = token_response(call, reply, arena);
    match answer {
        Ok(set) => {
            let usable_until = set.token.usable_until(MARGIN_SECONDS);
            put_token(&set.token, usable_until, reply, arena);
            reply.put(at::REFRESH_TOKEN, set.refresh_token);
            Ok(status::TOKEN)
        }
        Err(NoToken { error, .. }) => {
            reply.put_refusal(&said);
            Err(error.into())
        }
    }
}
