//! A place that may be sent a credential, and the way that it takes one: RFC 6750, sections 2 and 5.3.

use crate::error::Invalid;
use crate::syntax::form::decoded;
#[cfg(feature = "bearer")]
use crate::syntax::grammar::is_token_byte;
#[cfg(feature = "bearer")]
use crate::syntax::text::{consists_of, split};
use crate::syntax::text::{ends_with, from, is, starts_with};
use crate::syntax::url::Url;

/// An origin, and the path below which a credential may be sent.
#[derive(Clone, Copy)]
pub(crate) struct Resource<'a> {
    pub(crate) url: Url<'a>,
    #[cfg_attr(
        not(feature = "bearer"),
        allow(dead_code, reason = "this build knows one way")
    )]
    pub(crate) way: Way<'a>,
    /// What stands in front of an access token in its header (RFC 9110, section 11.1); empty where nothing
    /// does.
    #[cfg(feature = "bearer")]
    pub(crate) scheme: &'a [u8],
}

/// The scheme of RFC 6750, section 2.1.
#[cfg(feature = "bearer")]
pub(crate) const BEARER: &[u8] = b"Bearer";

/// How a resource takes its credential: never in two ways at once (RFC 6750, section 2).
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "bearer"),
    allow(dead_code, reason = "this build knows one way")
)]
pub(crate) enum Way<'a> {
    /// The header `Authorization`.
    Authorization,
    /// A header of another name.
    Header(&'a [u8]),
    /// The query parameter `access_token`.
    Query,
    /// The parameter `access_token` of a form-encoded body.
    Body,
}

impl<'a> Resource<'a> {
    /// A resource that takes its credential in the `Authorization` header (RFC 6750, section 2.1): an
    /// `https:` URL, or `http:` on a loopback host, without credentials, query and fragment, and
    /// without a `*`, because there are no wildcards.
    pub(crate) fn new(url: Url<'a>) -> Result<Self, Invalid> {
        // A `*` is `%2A` as Chromium's parser writes it in a host, which has no `%` otherwise.
        let is_plain = !url
            .authority()
            .iter()
            .any(|byte| matches!(byte, b'*' | b'%'));
        if !url.is_endpoint() || !is_plain || url.query().is_some() {
            return Err(Invalid::Resources);
        }
        Ok(Self::at(url))
    }

    /// A resource whose URL needs no check.
    pub(crate) fn at(url: Url<'a>) -> Self {
        Self {
            url,
            way: Way::Authorization,
            #[cfg(feature = "bearer")]
            scheme: BEARER,
        }
    }

    /// Whether scheme, host and port are the same, and the path is this one or below.
    pub(crate) fn allows(&self, requested: &Url<'_>) -> bool {
        is(self.url.origin(), requested.origin()) && is_below(requested.path(), self.url.path())
    }
}

/// The path is the allowed one, or goes on behind it at a `/`. A step upwards that hides behind an
/// encoded separator is one that the URL parser left for the server to take.
fn is_below(requested: &[u8], allowed: &[u8]) -> bool {
    let rest = from(requested, allowed.len());
    starts_with(requested, allowed)
        && (ends_with(allowed, b"/") || matches!(rest, [] | [b'/', ..]))
        && !climbs(rest)
}

/// Whether a segment of the path is `..` to any server: decoded once or twice, and what some servers take
/// off a segment, as the parameters behind a `;`, taken off.
fn climbs(path: &[u8]) -> bool {
    // What the segment has so far; a delimiter stands before the first one, and behind the last one.
    let (mut length, mut dots) = (0_usize, 0_usize);
    for byte in decoded(path).again().chain([b'/']) {
        if matches!(byte, b'/' | b'\\' | b';' | b'?' | b'#') {
            if length == 2 && dots == 2 {
                return true;
            }
            (length, dots) = (0, 0);
        } else {
            length = length.saturating_add(1);
            dots = dots.saturating_add(usize::from(byte == b'.'));
        }
    }
    false
}

/// Headers that a browser sets itself or drops in silence, and those that say something else.
#[cfg(feature = "bearer")]
const NO_HEADER: &str = "connection cookie cookie2 date dnt expect host keep-alive location origin \
    pragma range referer set-cookie set-cookie2 te trailer transfer-encoding upgrade user-agent via \
    cache-control www-authenticate";
/// And all that begin so.
#[cfg(feature = "bearer")]
const NO_HEADERS: &str = "accept access-control- content- if- proxy- sec- x-http-method";

#[cfg(feature = "bearer")]
impl<'a> Resource<'a> {
    /// The same resource, which takes its credential in a header of this name: a token of RFC 9110,
    /// section 5.6.2, that browsers let a page set and that means nothing else.
    pub(crate) fn by_header(self, name: &'a [u8]) -> Result<Self, Invalid> {
        let begins = |start: &[u8]| {
            let beginning = name.get(..start.len());
            beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(start))
        };
        let mut words = split(NO_HEADER.as_bytes(), b' ');
        let is_taken = words.any(|word| name.eq_ignore_ascii_case(word))
            || split(NO_HEADERS.as_bytes(), b' ').any(begins);
        if name.is_empty() || !consists_of(name, is_token_byte) || is_taken {
            return Err(Invalid::ResourceHeader);
        }
        let way = if name.eq_ignore_ascii_case(b"authorization") {
            Way::Authorization
        } else {
            Way::Header(name)
        };
        Ok(Self { way, ..self })
    }

    /// The same resource, which takes an access token behind another scheme than `Bearer`, or bare.
    pub(crate) fn by_scheme(self, scheme: &'a [u8]) -> Result<Self, Invalid> {
        if consists_of(scheme, is_token_byte) {
            Ok(Self { scheme, ..self })
        } else {
            Err(Invalid::ResourceScheme)
        }
    }

    /// The same resource, which takes its credential in another way.
    pub(crate) fn by(self, way: Way<'a>) -> Self {
        Self { way, ..self }
    }
}
