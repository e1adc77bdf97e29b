//! The authorization response in a redirect's URL: RFC 6749, sections 4.1.2 and 4.2.2.
//!
//! First it is asked whether the URL is a response at all, and what the address bar may keep of it;
//! then, by [`crate::login`], whose response it is; and only then what it says.

use super::parameters::Parameters;
use super::place::{self, Leaving, Place};
use crate::error::{Error, Refusal};
use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::form::{self, MOST_NAMES, Slots, halves, is_named};
use crate::syntax::grammar::{is_access_token, is_unquoted};
use crate::syntax::secret::State;
use crate::syntax::text::{is, split};
use crate::syntax::url::Url;
use crate::token::token::{NoNumber, Token, check_token_type, expires_at, granted_scope};

/// Bytes and parameters that a response may have at most.
const MAX_RESPONSE_BYTES: usize = 128 * 1024;
const MAX_RESPONSE_PARAMETERS: usize = 256;

/// What a URL is to a client.
pub(crate) struct Reading<'s, 'a> {
    /// The URL to put into the address bar instead, where something must not stay in it.
    pub(crate) scrubbed: Option<&'a [u8]>,
    /// The response, `None` where the URL is none; refused without a look at any record, where that
    /// is enough to tell.
    pub(crate) response: Result<Option<Response<'s, 'a>>, Error>,
}

/// A response whose state is still to be verified.
#[derive(Clone, Copy)]
pub(crate) struct Response<'s, 'a> {
    pub(crate) parameters: Parameters<'s, 'a>,
    pub(crate) place: Place,
    /// It came to the redirect URI.
    pub(crate) is_delivered: bool,
    /// It has a token, a code or an error, and not just a parameter that happens to be named `state`.
    pub(crate) is_certain: bool,
    /// The pairs that have no meaning for us, as they came, with a `&` in front of each.
    pub(crate) further: &'a [u8],
}

impl<'s, 'a> Reading<'s, 'a> {
    /// Reads a URL that the page or the webview was opened with, and its parameters into `slots`.
    pub(crate) fn parse(
        client: &Client<'_>,
        url: &Url<'a>,
        slots: &'s mut Slots<'a>,
        arena: &mut Arena<'a>,
    ) -> Self {
        let is_delivered = client.redirect_uri.receives(url);
        let own = if is_delivered {
            client.redirect_uri.query()
        } else {
            b""
        };
        let query = place::foreign(url.query().unwrap_or_default(), own, arena);
        let whole_fragment = url.fragment().unwrap_or_default();
        let fragment = place::parameters_of_fragment(whole_fragment, client.hash_router);
        let in_query = is_delivered && place::carries_response(query);
        let in_fragment = is_delivered && place::carries_response(fragment);
        let is_certain = in_query || in_fragment;
        let mut leaving = [Leaving::Nothing; 2];
        let place = if is_certain {
            let place = read_certain(query, fragment, in_query, in_fragment, slots, arena);
            let all = match place {
                Err(Error::MalformedResponse) => Leaving::Known,
                _ => Leaving::All,
            };
            leaving = [
                if in_query { all } else { Leaving::Beside },
                if in_fragment { all } else { Leaving::Nothing },
            ];
            place
        } else if is_delivered && place::hides_token(whole_fragment) {
            // A token where no parameter is one is no response, whatever stands beside it.
            Ok(None)
        } else {
            // Only a state that is known makes a response of the rest, also of what came elsewhere.
            let mut places = [(fragment, Place::Fragment), (query, Place::Query)].into_iter();
            let found = places.find(|(text, _)| {
                let parameters = read(text, slots, arena);
                parameters.is_ok_and(|it| State::read(it.state()).is_some())
            });
            leaving = match found {
                Some(_) if !is_delivered => [Leaving::Known; 2],
                Some((_, Place::Query)) => [Leaving::All, Leaving::Nothing],
                Some((_, Place::Fragment)) => [Leaving::Beside, Leaving::All],
                None => leaving,
            };
            Ok(found.map(|(_, place)| place))
        };
        let scrubbed = if is_delivered || matches!(place, Ok(Some(_))) {
            let [of_query, of_fragment] = leaving;
            place::scrub(url, own, fragment, of_query, of_fragment, arena)
        } else {
            None
        };
        let parameters = Parameters(slots);
        let response = |place| Response {
            parameters,
            place,
            is_delivered,
            is_certain,
            further: further(if in_query { query } else { fragment }, arena),
        };
        Self {
            scrubbed,
            response: place.map(|place| place.map(response)),
        }
    }

    /// The state of the response, where it can be one of ours at all.
    pub(crate) fn state(&self) -> Option<State<'a>> {
        self.response.as_ref().ok()?.as_ref()?.state()
    }
}

/// Reads what has a token, a code or an error, and tells where it stands.
fn read_certain<'a>(
    query: &'a [u8],
    fragment: &'a [u8],
    in_query: bool,
    in_fragment: bool,
    slots: &mut Slots<'a>,
    arena: &mut Arena<'a>,
) -> Result<Option<Place>, Error> {
    if in_query {
        read(query, slots, arena)?;
    }
    if in_fragment {
        read(fragment, slots, arena)?;
    }
    if in_query && in_fragment {
        return Err(Error::AmbiguousResponse);
    }
    if in_fragment {
        read_beside(query, slots, arena)?;
    }
    if Parameters(slots).state().is_empty() {
        return Err(Error::MissingState);
    }
    Ok(Some(if in_query {
        Place::Query
    } else {
        Place::Fragment
    }))
}

/// Reads what of a fragment's response stands in the query; two that differ leave open which one counts.
fn read_beside<'a>(
    query: &'a [u8],
    slots: &mut Slots<'a>,
    arena: &mut Arena<'a>,
) -> Result<(), Error> {
    let beside = &mut Slots::default();
    form::read(query, place::BESIDE, MOST_NAMES, beside, arena)?;
    for (slot, value) in slots.0.iter_mut().zip(beside.0) {
        if slot.is_empty() {
            *slot = value;
        } else if !value.is_empty() && !is(slot, value) {
            return Err(Error::DuplicateParameter);
        }
    }
    Ok(())
}

fn further<'a>(text: &[u8], arena: &mut Arena<'a>) -> &'a [u8] {
    for pair in split(text, b'&') {
        if !pair.is_empty() && !is_named(halves(pair).0, Parameters::NAMES) {
            arena.push(b'&');
            arena.put(pair);
        }
    }
    arena.take()
}

fn read<'s, 'a>(
    text: &'a [u8],
    slots: &'s mut Slots<'a>,
    arena: &mut Arena<'a>,
) -> Result<Parameters<'s, 'a>, Error> {
    let mut pairs = split(text, b'&');
    if text.len() > MAX_RESPONSE_BYTES || pairs.nth(MAX_RESPONSE_PARAMETERS).is_some() {
        return Err(Error::ResponseTooLarge);
    }
    Ok(Parameters::parse(text, slots, arena)?)
}

impl<'a> Response<'_, 'a> {
    /// The state, where it can be one of ours at all.
    pub(crate) fn state(&self) -> Option<State<'a>> {
        State::read(self.parameters.state())
    }

    /// What every kind of response has to fit: where it came, who answered, and that it is no refusal.
    pub(super) fn check(&self, client: &Client<'_>) -> Result<(), Error> {
        let parameters = &self.parameters;
        if !self.is_delivered {
            return Err(Error::RedirectUriMismatch);
        }
        if self.place == Place::Query && !parameters.access_token().is_empty() {
            return Err(Error::WrongLocation);
        }
        check_issuer(client, parameters.iss())?;
        if parameters.error().is_empty() {
            return Ok(());
        }
        Err(if is_unquoted(parameters.error()) {
            Error::AuthorizationError
        } else {
            Error::MalformedResponse
        })
    }

    /// What the server said of its refusal (RFC 6749, section 4.2.2.1), where there is
    /// [`Error::AuthorizationError`].
    pub(crate) fn refusal(&self, arena: &mut Arena<'a>) -> Refusal<'a> {
        let parameters = &self.parameters;
        let said = Refusal::of(
            parameters.error(),
            parameters.error_description(),
            parameters.error_uri(),
            arena,
        );
        said.unwrap_or_default()
    }

    /// The token, or why there is none. The state was verified before.
    pub(crate) fn token(
        &self,
        client: &Client<'_>,
        requested_scope: &'a [u8],
        now: u64,
        arena: &mut Arena<'a>,
    ) -> Result<Token<'a>, Error> {
        self.check(client)?;
        let parameters = &self.parameters;
        if !parameters.code().is_empty() || !parameters.response().is_empty() {
            return Err(Error::UnexpectedResponseType);
        }
        if parameters.access_token().is_empty() {
            return Err(Error::MissingAccessToken);
        }
        check_token_type(parameters.token_type(), client.assumes_bearer)?;
        let expires_at = expires_at(parameters.expires_in(), now);
        let expires_at = expires_at.map_err(|NoNumber| Error::MalformedResponse)?;
        if !is_access_token(parameters.access_token()) {
            return Err(Error::MalformedResponse);
        }
        Ok(Token {
            access_token: parameters.access_token(),
            granted_at: now,
            expires_at,
            scope: granted_scope(parameters.scope(), requested_scope, arena),
            further: self.further,
        })
    }
}

/// RFC 9207, section 2.4: simple string comparison, on errors too.
fn check_issuer(client: &Client<'_>, iss: &[u8]) -> Result<(), Error> {
    let server = &client.server;
    match server.issuer {
        Some(_) if iss.is_empty() && server.promises_issuer => Err(Error::IssuerMissing),
        Some(issuer) if !iss.is_empty() && !is(iss, issuer) => Err(Error::IssuerMismatch),
        _ => Ok(()),
    }
}
