//! The authorization response in a redirect's URL: RFC 6749, section 4.2.2.
//!
//! First it is asked whether the URL is a response at all, and what the address bar may keep of it;
//! then, by [`crate::Client::answer`], whose response it is; and only then what it says.

use alloc::boxed::Box;
use alloc::string::String;

use crate::client::{Client, is_scope};
use crate::error::{Error, ServerError};
use crate::params::Params;
use crate::pending::record_key;
use crate::place::{self, PARAMETERS, Place, STRAY};
use crate::secret::State;
use crate::text::{cut, has, split};
use crate::token::{Token, expires_at, is_b64token};
use crate::url::Url;

/// Bytes and parameters that a response may have at most.
const MAX_BYTES: usize = 128 * 1024;
const MAX_PARAMETERS: usize = 256;
/// Characters that are kept of a server's description of an error.
const MAX_DESCRIPTION: usize = 1024;

/// What a URL is to a client.
#[derive(Debug)]
pub enum Reading {
    /// No response. `scrubbed`, where there is one, is the URL without what must not stay in it.
    Nothing {
        /// The URL to put into the address bar instead.
        scrubbed: Option<String>,
    },
    /// A response that is refused without a look at any record.
    Refused {
        /// Why.
        error: Error,
        /// The URL to put into the address bar instead.
        scrubbed: Option<String>,
    },
    /// A response with a state; the record that it names decides.
    Response(Response),
}

/// A response whose state is still to be verified.
pub struct Response {
    params: Params,
    state: Option<State>,
    place: Place,
    /// It came to the redirect URI.
    pub(crate) is_delivered: bool,
    /// It has a token, a code or an error, and not just a parameter that happens to be named `state`.
    pub(crate) is_certain: bool,
    pub(crate) scrubbed: Option<String>,
}

impl Client {
    /// Reads a URL that the page or the webview was opened with.
    #[must_use]
    pub fn read(&self, url: &Url) -> Reading {
        let is_delivered = self.redirect_uri.receives(url);
        let parts = url.parts();
        let query = parts.query.unwrap_or_default();
        let fragment = parts.fragment.unwrap_or_default();
        let fragment = place::parameters_of_fragment(fragment, self.hash_router);
        let in_query = is_delivered && place::carries(query);
        let in_fragment = is_delivered && place::carries(fragment);
        let scrub = |of_query: &'static [_], of_fragment: &'static [_]| {
            place::scrub(url, fragment, of_query, of_fragment)
        };
        if !in_query && !in_fragment {
            // Only a state that is known makes a response of the rest, also of what came elsewhere.
            for (text, place) in [(fragment, Place::Fragment), (query, Place::Query)] {
                if let Ok(params) = read_response(text)
                    && let Some(state) = params.get("state").and_then(State::read)
                {
                    return Reading::Response(Response {
                        params,
                        state: Some(state),
                        place,
                        is_delivered,
                        is_certain: false,
                        scrubbed: scrub(&PARAMETERS, &PARAMETERS),
                    });
                }
            }
            let scrubbed = if is_delivered { scrub(&[], &[]) } else { None };
            return Reading::Nothing { scrubbed };
        }
        let leaving =
            |is_response| -> &'static [_] { if is_response { &PARAMETERS } else { &STRAY } };
        let scrubbed = scrub(leaving(in_query), leaving(in_fragment));
        let (text, place) = if in_query {
            (query, Place::Query)
        } else {
            (fragment, Place::Fragment)
        };
        let read = read_response(text).and_then(|params| {
            if in_query && in_fragment {
                read_response(fragment)?;
                return Err(Error::AmbiguousResponse);
            }
            let state = State::read(params.get("state").ok_or(Error::MissingState)?);
            Ok((params, state))
        });
        match read {
            Err(error) => Reading::Refused { error, scrubbed },
            Ok((params, state)) => Reading::Response(Response {
                params,
                state,
                place,
                is_delivered,
                is_certain: true,
                scrubbed,
            }),
        }
    }
}

fn read_response(text: &str) -> Result<Params, Error> {
    if text.len() > MAX_BYTES || split(text, b'&').nth(MAX_PARAMETERS).is_some() {
        return Err(Error::ResponseTooLarge);
    }
    Params::read(text, &PARAMETERS)
}

impl Response {
    /// The state, where it can be one of ours at all.
    #[must_use]
    pub fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    /// The name of the record to look up; `None` when no record can fit.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        self.state.as_ref().map(|state| record_key(state.key()))
    }

    /// The token, or why there is none. The state was verified before.
    pub(crate) fn into_token(mut self, client: &Client, now: u64) -> Result<Token, Error> {
        if !self.is_delivered {
            return Err(Error::RedirectUriMismatch);
        }
        let params = &mut self.params;
        if self.place == Place::Query && params.get("access_token").is_some() {
            return Err(Error::WrongLocation);
        }
        check_issuer(client, params.get("iss"))?;
        if let Some(error) = params.take("error") {
            return Err(server_error(error, params));
        }
        if params.get("code").is_some() || params.get("response").is_some() {
            return Err(Error::UnexpectedResponseType);
        }
        let access_token = params
            .take("access_token")
            .ok_or(Error::MissingAccessToken)?;
        match params.get("token_type") {
            Some(name) if name.eq_ignore_ascii_case("bearer") => {}
            Some(_) => return Err(Error::UnsupportedTokenType),
            None if client.assumes_bearer => {}
            None => return Err(Error::MissingTokenType),
        }
        if !is_b64token(&access_token) {
            return Err(Error::MalformedResponse);
        }
        let scope = params.take("scope");
        if scope.as_deref().is_some_and(|scope| !is_scope(scope)) {
            return Err(Error::MalformedResponse);
        }
        Ok(Token {
            access_token,
            expires_at: params
                .get("expires_in")
                .and_then(|seconds| expires_at(seconds, now)),
            scope,
        })
    }
}

/// RFC 9207, section 2.4: simple string comparison, on errors too.
fn check_issuer(client: &Client, iss: Option<&str>) -> Result<(), Error> {
    match (client.server.issuer(), iss) {
        (Some(issuer), Some(iss)) if iss != issuer => Err(Error::IssuerMismatch),
        (Some(_), None) if client.server.promises_issuer() => Err(Error::IssuerMissing),
        _ => Ok(()),
    }
}

/// RFC 6749, section 4.2.2.1: the character sets of its three parameters.
fn server_error(error: String, params: &mut Params) -> Error {
    let is_text = |text: &str| {
        text.bytes()
            .all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E))
    };
    let mut description = params.take("error_description");
    let uri = params.take("error_uri");
    let is_well_formed = is_text(&error)
        && description.as_deref().is_none_or(is_text)
        && uri
            .as_deref()
            .is_none_or(|uri| is_text(uri) && !has(uri, b' '));
    if !is_well_formed {
        return Error::MalformedResponse;
    }
    if let Some(description) = &mut description {
        description.truncate(MAX_DESCRIPTION);
    }
    let uri = uri.filter(|uri| {
        let (scheme, rest) = cut(uri, b':');
        rest.is_some()
            && (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
    });
    Error::AuthorizationError(Box::new(ServerError {
        error,
        description,
        uri,
    }))
}

impl core::fmt::Debug for Response {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Response")
            .field("state", &self.state)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
