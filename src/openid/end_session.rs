//! The request that ends the user's session at the provider, and the redirect that comes back: OpenID
//! Connect RP-Initiated Logout 1.0, sections 2 and 3.
//!
//! It has a state of its own, whose record has a name and a form that no login's has: neither answers the
//! other.

use crate::error::{Error, Invalid};
use crate::registration::client::RedirectUri;
use crate::syntax::arena::Arena;
use crate::syntax::form::{
    Slots, are_free, encode, halves, has_name, is_named, parameters, put_if_any, put_pair,
    put_url_without,
};
use crate::syntax::grammar::{is_local_path, number};
use crate::syntax::secret::State;
use crate::syntax::text::{is, split};
use crate::syntax::url::Url;

/// The parameters of a request that this package sets, and nobody else.
const OURS: &str = "id_token_hint client_id post_logout_redirect_uri state";
const STATE: &str = "state";

/// The format of a record that this release writes and reads.
const VERSION: &[u8] = b"1";

parameters! {
    /// What of the redirect's query is the provider's.
    struct Returned {
        state,
    }
}

parameters! {
    /// The members of a record, as they stand in the store.
    struct Members {
        v,
        /// When the logout started.
        logout,
        state,
        client_id,
        post_logout_redirect_uri,
        return_to,
        app_state,
    }
}

/// A request to the provider's `end_session_endpoint`.
#[derive(Clone, Copy)]
pub(crate) struct EndSession<'a> {
    pub(crate) endpoint: Url<'a>,
    pub(crate) client_id: &'a [u8],
    /// Where the user comes back to; empty where they stay at the provider.
    pub(crate) post_logout_redirect_uri: &'a [u8],
    /// An ID token of the user's, which may have expired: with it the provider knows who wants to leave, and
    /// most ask no question. Empty where there is none.
    pub(crate) id_token_hint: &'a [u8],
}

/// What the application wants back with the answer; empty where it wants nothing.
#[derive(Clone, Copy, Default)]
pub(crate) struct KeptForLogout<'a> {
    pub(crate) app_state: &'a [u8],
    /// The path on this origin to go on with.
    pub(crate) return_to: &'a [u8],
}

impl KeptForLogout<'_> {
    /// A path that could lead to another origin is not kept.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.return_to.is_empty() || is_local_path(self.return_to) {
            Ok(())
        } else {
            Err(Error::InvalidReturnTo)
        }
    }
}

/// Checks the provider's endpoint.
pub(crate) fn check_endpoint(endpoint: &Url<'_>) -> Result<(), Invalid> {
    let query = endpoint.query().unwrap_or_default();
    if endpoint.is_endpoint() && !has_name(query, OURS) {
        Ok(())
    } else {
        Err(Invalid::EndSessionEndpoint)
    }
}

/// Checks further parameters, a form that is already encoded.
pub(crate) fn check_parameters(parameters: &[u8]) -> Result<(), Invalid> {
    if are_free(parameters, OURS, "") {
        Ok(())
    } else {
        Err(Invalid::LogoutParameters)
    }
}

impl EndSession<'_> {
    /// Writes the URL to send the user to. `parameters` are further ones, checked and encoded.
    pub(crate) fn write_url<'a>(
        &self,
        state: &[u8],
        parameters: &[u8],
        arena: &mut Arena<'a>,
    ) -> &'a [u8] {
        arena.put(b"client_id=");
        encode(self.client_id, |byte| arena.push(byte));
        put_if_any(arena, b'&', "id_token_hint", self.id_token_hint);
        if !self.post_logout_redirect_uri.is_empty() {
            let redirect_uri = self.post_logout_redirect_uri;
            put_pair(arena, b'&', "post_logout_redirect_uri", redirect_uri);
            put_pair(arena, b'&', STATE, state);
        }
        if !parameters.is_empty() {
            arena.push(b'&');
            arena.put(parameters);
        }
        let parameters = arena.take();
        let delimiter = put_url_without(arena, &self.endpoint, parameters);
        arena.push(delimiter);
        arena.put(parameters);
        arena.take()
    }

    /// Writes the record of a logout that starts.
    pub(crate) fn write_record<'a>(
        &self,
        kept: &KeptForLogout<'_>,
        state: &[u8],
        time: u64,
        arena: &mut Arena<'a>,
    ) -> &'a [u8] {
        arena.put(b"v=");
        arena.put(VERSION);
        arena.put(b"&logout=");
        arena.put_decimal(time);
        put_pair(arena, b'&', STATE, state);
        put_pair(arena, b'&', "client_id", self.client_id);
        let redirect_uri = self.post_logout_redirect_uri;
        put_pair(arena, b'&', "post_logout_redirect_uri", redirect_uri);
        put_if_any(arena, b'&', "return_to", kept.return_to);
        put_if_any(arena, b'&', "app_state", kept.app_state);
        arena.take()
    }
}

/// The name of a logout's record in the store.
pub(crate) fn record_name<'a>(state: State<'_>, arena: &mut Arena<'a>) -> &'a [u8] {
    arena.put(b"claviger:logout:");
    arena.put(state.key());
    arena.take()
}

/// A URL that may be the redirect of a logout: only a record tells.
#[derive(Clone, Copy)]
pub(crate) struct Redirect<'a> {
    pub(crate) state: State<'a>,
    /// The URL to put into the address bar instead, once it is known to be one.
    pub(crate) scrubbed: &'a [u8],
}

impl<'a> Redirect<'a> {
    /// `None` where the URL came elsewhere, or has no state that could be one of ours.
    pub(crate) fn parse(
        redirect_uri: &RedirectUri<'_>,
        url: &Url<'a>,
        arena: &mut Arena<'a>,
    ) -> Option<Self> {
        let query = url.query()?;
        if !redirect_uri.receives(url) {
            return None;
        }
        let mut slots = Slots::default();
        let returned = Returned::parse(query, &mut slots, arena).ok()?;
        let state = State::read(returned.state())?;
        arena.put(url.base());
        let mut delimiter = b'?';
        for pair in split(query, b'&') {
            if !is_named(halves(pair).0, STATE) {
                arena.push(delimiter);
                arena.put(pair);
                delimiter = b'&';
            }
        }
        if let Some(fragment) = url.fragment() {
            arena.push(b'#');
            arena.put(fragment);
        }
        let scrubbed = arena.take();
        Some(Self { state, scrubbed })
    }

    /// What the application wanted back, where the record is this logout's, in time, and the client's. The
    /// record is used up with it.
    pub(crate) fn verify(
        &self,
        record: &'a [u8],
        client_id: &[u8],
        redirect_uri: &RedirectUri<'_>,
        lifetime: u64,
        now: u64,
        arena: &mut Arena<'a>,
    ) -> Option<KeptForLogout<'a>> {
        let mut slots = Slots::default();
        let members = Members::parse(record, &mut slots, arena).ok()?;
        let time = number(members.logout())?;
        let state = State::read(members.state())?;
        let is_own = is(members.v(), VERSION)
            && state.matches(self.state)
            && is(members.client_id(), client_id)
            && is(members.post_logout_redirect_uri(), redirect_uri.text)
            && now.abs_diff(time) <= lifetime;
        let kept = KeptForLogout {
            app_state: members.app_state(),
            return_to: members.return_to(),
        };
        (is_own && kept.check().is_ok()).then_some(kept)
    }
}
