//! The authorization response in a redirect's URL: RFC 6749, sections 4.1.2 and 4.2.2.
//!
//! First it is asked whether the URL is a response at all, and what the address bar may keep of it;
//! then, by [`crate::Client::answer`], whose response it is; and only then what it says.

use alloc::string::String;

use crate::authorization::place::{self, PARAMETERS, Place, STRAY};
use crate::error::{Error, ServerError};
use crate::login::record::record_key;
#[cfg(feature = "code")]
use crate::registration::client::is_visible;
use crate::registration::client::{Client, is_scope};
use crate::syntax::form::Params;
use crate::syntax::secret::State;
use crate::syntax::text::split;
use crate::syntax::url::Url;
use crate::token::token::{Token, expires_at, is_b64token};

/// Bytes and parameters that a response may have at most.
const MAX_BYTES: usize = 128 * 1024;
const MAX_PARAMETERS: usize = 256;

/// What a URL is to a client.
#[derive(Debug)]
pub struct Reading {
    /// The URL to put into the address bar instead, where something must not stay in it.
    pub scrubbed: Option<String>,
    /// The response, `None` where the URL is none; refused without a look at any record, where that
    /// is enough to tell.
    pub response: Result<Option<Response>, Error>,
}

/// A response whose state is still to be verified.
pub struct Response {
    params: Params,
    place: Place,
    /// It came to the redirect URI.
    is_delivered: bool,
    /// It has a token, a code or an error, and not just a parameter that happens to be named `state`.
    pub(crate) is_certain: bool,
}

impl Client {
    /// Reads a URL that the page or the webview was opened with.
    #[must_use]
    pub fn read(&self, url: &Url) -> Reading {
        let is_delivered = self.redirect_uri.receives(url);
        let parts = url.parts();
        let query = parts.query.unwrap_or_default();
        let fragment =
            place::parameters_of_fragment(parts.fragment.unwrap_or_default(), self.hash_router);
        let in_query = is_delivered && place::carries(query);
        let in_fragment = is_delivered && place::carries(fragment);
        let scrub =
            |of_query: &str, of_fragment: &str| place::scrub(url, fragment, of_query, of_fragment);
        if in_query || in_fragment {
            let leaving = |is_response| if is_response { PARAMETERS } else { STRAY };
            let (text, place) = if in_query {
                (query, Place::Query)
            } else {
                (fragment, Place::Fragment)
            };
            let scrubbed = scrub(leaving(in_query), leaving(in_fragment));
            let response = match read_response(text) {
                Err(error) => Err(error),
                Ok(_) if in_query && in_fragment => match read_response(fragment) {
                    Err(error) => Err(error),
                    Ok(_) => Err(Error::AmbiguousResponse),
                },
                Ok(params) if !params.has("state") => Err(Error::MissingState),
                Ok(params) => Ok(Some(Response {
                    params,
                    place,
                    is_delivered,
                    is_certain: true,
                })),
            };
            return Reading { scrubbed, response };
        }
        // A token where no parameter is one is no response, whatever stands beside it.
        if is_delivered && parts.fragment.is_some_and(place::hides_token) {
            return Reading {
                scrubbed: scrub("", ""),
                response: Ok(None),
            };
        }
        // Only a state that is known makes a response of the rest, also of what came elsewhere.
        let uncertain = |text, place| match read_response(text) {
            Ok(params) if State::read(params.get("state")).is_some() => Some(Response {
                params,
                place,
                is_delivered,
                is_certain: false,
            }),
            _ => None,
        };
        let response =
            uncertain(fragment, Place::Fragment).or_else(|| uncertain(query, Place::Query));
        let leaving = if response.is_some() { PARAMETERS } else { "" };
        Reading {
            scrubbed: if is_delivered || response.is_some() {
                scrub(leaving, leaving)
            } else {
                None
            },
            response: Ok(response),
        }
    }
}

impl Reading {
    /// The name of the record to look up; `None` when no record can fit.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        let state = self.response.as_ref().ok()?.as_ref()?.state()?;
        Some(record_key(state.key()))
    }
}

fn read_response(text: &str) -> Result<Params, Error> {
    if text.len() > MAX_BYTES || split(text, b'&').nth(MAX_PARAMETERS).is_some() {
        return Err(Error::ResponseTooLarge);
    }
    Params::read(text, PARAMETERS)
}

impl Response {
    /// The state, where it can be one of ours at all.
    #[must_use]
    pub fn state(&self) -> Option<State<'_>> {
        State::read(self.params.get("state"))
    }

    /// What every kind of response has to fit: where it came, who answered, and that it is no refusal.
    fn check(&self, client: &Client) -> Result<(), Error> {
        if !self.is_delivered {
            return Err(Error::RedirectUriMismatch);
        }
        let params = &self.params;
        if self.place == Place::Query && params.has("access_token") {
            return Err(Error::WrongLocation);
        }
        check_issuer(client, params.get("iss"))?;
        if params.has("error") {
            let (error, description) = (params.get("error"), params.get("error_description"));
            return Err(
                match ServerError::read(error, description, params.get("error_uri")) {
                    Some(said) => Error::AuthorizationError(said),
                    None => Error::MalformedResponse,
                },
            );
        }
        Ok(())
    }

    /// The code, or why there is none. The state was verified before.
    #[cfg(feature = "code")]
    pub(crate) fn code(&self, client: &Client, wanted: Place) -> Result<&str, Error> {
        self.check(client)?;
        let params = &self.params;
        if params.has("access_token") || params.has("response") {
            return Err(Error::UnexpectedResponseType);
        }
        let code = params.get("code");
        if code.is_empty() {
            return Err(Error::MissingCode);
        }
        if self.place != wanted {
            return Err(Error::CodeInWrongLocation);
        }
        if !is_visible(code) {
            return Err(Error::MalformedResponse);
        }
        Ok(code)
    }

    /// The token, or why there is none. The state was verified before.
    pub(crate) fn token(
        &self,
        client: &Client,
        requested_scope: &str,
        now: u64,
    ) -> Result<Token, Error> {
        self.check(client)?;
        let params = &self.params;
        if params.has("code") || params.has("response") {
            return Err(Error::UnexpectedResponseType);
        }
        let access_token = params.get("access_token");
        if access_token.is_empty() {
            return Err(Error::MissingAccessToken);
        }
        let token_type = params.get("token_type");
        if token_type.is_empty() {
            if !client.assumes_bearer {
                return Err(Error::MissingTokenType);
            }
        } else if !token_type.eq_ignore_ascii_case("bearer") {
            return Err(Error::UnsupportedTokenType);
        }
        let granted = params.get("scope");
        if !is_b64token(access_token) || !(granted.is_empty() || is_scope(granted)) {
            return Err(Error::MalformedResponse);
        }
        let scope = if granted.is_empty() {
            requested_scope
        } else {
            granted
        };
        Ok(Token {
            access_token: access_token.into(),
            expires_at: expires_at(params.get("expires_in"), now),
            scope: (!scope.is_empty()).then(|| scope.into()),
        })
    }
}

/// RFC 9207, section 2.4: simple string comparison, on errors too.
fn check_issuer(client: &Client, iss: &str) -> Result<(), Error> {
    match client.server.issuer() {
        Some(issuer) if !iss.is_empty() && iss != issuer => Err(Error::IssuerMismatch),
        Some(_) if iss.is_empty() && client.server.promises_issuer() => Err(Error::IssuerMissing),
        _ => Ok(()),
    }
}

impl core::fmt::Debug for Response {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Response")
            .field("state", &self.state())
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
