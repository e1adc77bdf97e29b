//! The token endpoint, and how a client shows there who it is: RFC 6749, sections 2.3 and 3.2.

use super::http::{Format, HttpRequest, Parameters, write};
use crate::error::Invalid;
use crate::registration::client::check_client_id;
use crate::registration::server::REPEATABLE;
use crate::resource::credential::put_basic;
use crate::syntax::arena::Arena;
use crate::syntax::form::{are_free, encode, pairs};
use crate::syntax::grammar::is_visible;
use crate::syntax::text::has;
use crate::syntax::url::Url;

/// A server's token endpoint as one client sees it.
#[derive(Clone, Copy)]
pub(crate) struct TokenEndpoint<'a> {
    pub(crate) url: Url<'a>,
    pub(crate) client_id: &'a [u8],
    pub(crate) authentication: Authentication<'a>,
    /// How the parameters travel.
    pub(crate) format: Format,
    /// An answer without `token_type` counts as one with `Bearer`.
    pub(crate) assumes_bearer: bool,
    /// What the exchange of a code and a renewal say in addition: a form that was checked.
    pub(crate) further: &'a [u8],
}

/// How a client authenticates: RFC 6749, section 2.3.1; RFC 7591, section 2.
#[derive(Clone, Copy)]
pub(crate) enum Authentication<'a> {
    /// As a public client, by its identifier alone.
    None,
    /// By HTTP Basic, with this secret.
    Basic(&'a [u8]),
    /// The same at a server that decodes neither the identifier nor the secret.
    RawBasic(&'a [u8]),
    /// By parameters of the request, with this secret.
    Post(&'a [u8]),
}

impl<'a> TokenEndpoint<'a> {
    /// The token endpoint for a public client.
    pub(crate) fn new(url: Url<'a>, client_id: &'a [u8]) -> Result<Self, Invalid> {
        if !url.is_endpoint() {
            return Err(Invalid::TokenEndpoint);
        }
        check_client_id(client_id)?;
        Ok(Self {
            url,
            client_id,
            authentication: Authentication::None,
            format: Format::Form,
            assumes_bearer: false,
            further: b"",
        })
    }

    /// The request with these parameters, and with the client's own.
    pub(crate) fn request(
        &self,
        own: &[(&'static str, &[u8])],
        further: &[u8],
        arena: &mut Arena<'a>,
    ) -> HttpRequest<'a> {
        self.request_to(&self.url, self.format, own, further, arena)
    }

    /// The same to another endpoint of the server's.
    pub(crate) fn request_to(
        &self,
        url: &Url<'a>,
        format: Format,
        own: &[(&'static str, &[u8])],
        further: &[u8],
        arena: &mut Arena<'a>,
    ) -> HttpRequest<'a> {
        let id = ("client_id", self.client_id);
        let (of_client, authorization): (&[_], &[u8]) = match self.authentication {
            Authentication::None => (&[id], b""),
            Authentication::Post(secret) => (&[id, ("client_secret", secret)], b""),
            Authentication::Basic(secret) => (&[], self.basic(secret, arena)),
            Authentication::RawBasic(secret) => {
                let separated = self.client_id.iter().chain(b":").chain(secret);
                put_basic(arena, separated.copied());
                (&[], arena.take())
            }
        };
        let parameters = Parameters {
            own,
            further,
            of_client,
        };
        let (url, body) = write(url, format, &parameters, arena);
        HttpRequest {
            url,
            format,
            authorization,
            body,
        }
    }

    /// The header of a client that authenticates with its identifier and its secret, both of them
    /// form-encoded (RFC 6749, section 2.3.1).
    fn basic(&self, secret: &[u8], arena: &mut Arena<'a>) -> &'a [u8] {
        encode(self.client_id, |byte| arena.push(byte));
        arena.push(b':');
        encode(secret, |byte| arena.push(byte));
        let user_pass = arena.take();
        put_basic(arena, user_pass.iter().copied());
        arena.take()
    }
}

/// What an exchange or a renewal sets itself.
const OURS: &str =
    "grant_type client_id client_secret code redirect_uri code_verifier refresh_token scope";

/// Checks what exchanges and renewals are to say in addition, a form that is already encoded.
pub(crate) fn check_further(parameters: &[u8]) -> Result<(), Invalid> {
    let is_empty = |(_, value): (_, &[u8])| value.is_empty();
    if !are_free(parameters, OURS, REPEATABLE) || pairs(parameters).any(is_empty) {
        return Err(Invalid::TokenParameters);
    }
    Ok(())
}

/// Where nothing is encoded, the first colon ends the identifier (RFC 7617, section 2).
pub(crate) fn check_raw_client_id(client_id: &[u8]) -> Result<(), Invalid> {
    if has(client_id, b':') {
        return Err(Invalid::ClientIdWithColon);
    }
    Ok(())
}

/// RFC 6749, appendix A.2.
pub(crate) fn check_client_secret(secret: &[u8]) -> Result<(), Invalid> {
    if secret.is_empty() || !is_visible(secret) {
        return Err(Invalid::ClientSecret);
    }
    Ok(())
}
