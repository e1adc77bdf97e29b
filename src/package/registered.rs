//! The client and the resources of a call, from the texts that the facade keeps of them.

#[cfg(feature = "implicit")]
use core::ops::Range;

use super::numbers::{ARGUMENTS, client_texts};
use super::wire::Call;
#[cfg(feature = "implicit")]
use crate::error::Invalid;
#[cfg(feature = "implicit")]
use crate::registration::client::{
    Client, RedirectUri, check_client_id, check_scope, check_state_lifetime,
};
#[cfg(feature = "implicit")]
use crate::registration::server::AuthorizationServer;
#[cfg(feature = "implicit")]
use crate::syntax::grammar::number;
#[cfg(feature = "implicit")]
use crate::syntax::text::is;
#[cfg(feature = "implicit")]
use crate::syntax::url::Url;

macro_rules! positions {
    ($($(#[$about:meta])* $NAME:ident,)+) => {
        #[derive(Clone, Copy)]
        #[allow(non_camel_case_types, dead_code, clippy::upper_case_acronyms, reason = "the names that the facade has; the small entry uses some of them")]
        pub(super) enum Text { $($(#[$about])* $NAME,)+ }
    };
}
client_texts!(positions);

impl Text {
    /// Where it stands in a call.
    fn place(self) -> usize {
        ARGUMENTS.wrapping_add(self as usize)
    }

    /// This text of the client of a call.
    pub(super) fn of<'a>(self, call: &Call<'a>) -> Option<&'a [u8]> {
        call.get(self.place())
    }

    /// The same; empty where there is none.
    pub(super) fn text<'a>(self, call: &Call<'a>) -> &'a [u8] {
        call.text(self.place())
    }

    /// Whether it is there.
    pub(super) fn is_in(self, call: &Call<'_>) -> bool {
        call.has(self.place())
    }
}

/// The client of a call.
#[cfg(feature = "implicit")]
pub(super) fn client<'a>(call: &Call<'a>) -> Result<Client<'a>, Invalid> {
    let server = AuthorizationServer {
        issuer: Text::ISSUER.of(call),
        promises_issuer: Text::PROMISES_ISSUER.is_in(call),
        ..AuthorizationServer::new(Url::of(Text::AUTHORIZATION_ENDPOINT.text(call)))?
    };
    if server.promises_issuer && server.issuer.is_none() {
        return Err(Invalid::IssuerOfPromise);
    }
    let parsed = Url::of(Text::REDIRECT_URL.text(call));
    let redirect_uri = RedirectUri::new(Text::REDIRECT_URI.text(call), parsed)?;
    let client_id = Text::CLIENT_ID.text(call);
    check_client_id(client_id)?;
    let scope = Text::SCOPE.text(call);
    if Text::SCOPE.is_in(call) {
        check_scope(scope)?;
    }
    let state_lifetime = number(Text::STATE_LIFETIME.text(call)).unwrap_or_default();
    check_state_lifetime(state_lifetime)?;
    Ok(Client {
        server,
        client_id,
        redirect_uri,
        scope,
        state_lifetime,
        hash_router: Text::HASH_ROUTER.is_in(call),
        assumes_bearer: assumes_bearer(call)?,
    })
}

/// For a server that leaves the type out.
#[cfg(feature = "implicit")]
pub(super) fn assumes_bearer(call: &Call<'_>) -> Result<bool, Invalid> {
    match Text::ASSUME_TOKEN_TYPE.of(call) {
        None => Ok(false),
        Some(token_type) if is(token_type, b"Bearer") => Ok(true),
        Some(_) => Err(Invalid::AssumeTokenType),
    }
}

/// Whether everybody on the way could have changed the page that calls.
#[cfg(feature = "implicit")]
pub(super) fn is_in_the_clear(call: &Call<'_>) -> bool {
    Url::of(Text::PAGE.text(call)).is_in_the_clear()
}

/// Where the texts stand that come in the place of a client.
#[cfg(feature = "implicit")]
pub(super) fn places(call: &Call<'_>) -> Range<usize> {
    ARGUMENTS..call.texts
}
