//! A place that may be sent a credential, and the way that it takes one: RFC 6750, sections 2 and 5.3.

#[cfg(feature = "bearer")]
use alloc::string::String;

#[cfg(feature = "bearer")]
use crate::error::Error;
use crate::error::InvalidOption;
use crate::syntax::form::unescape;
use crate::syntax::text::has;
#[cfg(feature = "bearer")]
use crate::syntax::text::{consists_of, is_token_byte, word};
use crate::syntax::url::{Parts, Url};

/// An origin, and the path below which a credential may be sent.
#[derive(Clone, Debug)]
pub struct Resource {
    pub(crate) url: Url,
    #[cfg(feature = "bearer")]
    pub(crate) way: Way,
}

/// How a resource takes its credential: never in two ways at once (RFC 6750, section 2).
#[cfg(feature = "bearer")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Way {
    #[default]
    Authorization,
    Header(String),
    Query,
    Body,
}

/// Headers that a browser sets itself or drops in silence, and those that say something else.
#[cfg(feature = "bearer")]
const NO_HEADER: &str = "connection cookie cookie2 date dnt expect host keep-alive location origin \
    pragma range referer set-cookie set-cookie2 te trailer transfer-encoding upgrade user-agent via \
    cache-control www-authenticate";
/// And all that begin so.
#[cfg(feature = "bearer")]
const NO_HEADERS: [&str; 7] = [
    "accept",
    "access-control-",
    "content-",
    "if-",
    "proxy-",
    "sec-",
    "x-http-method",
];

impl Resource {
    /// A resource that takes its credential in the `Authorization` header (RFC 6750, section 2.1).
    ///
    /// # Errors
    ///
    /// The URL is neither `https:` nor `http:` on a loopback host, or has credentials, a query or a
    /// fragment, or a `*`: there are no wildcards.
    pub fn new(url: Url) -> Result<Self, InvalidOption> {
        let parts = url.parts();
        if !parts.is_secure()
            || has(parts.authority, b'@')
            || has(parts.authority, b'*')
            // A `*` as Chromium's parser writes it; no host has one otherwise.
            || has(parts.authority, b'%')
            || parts.query.is_some()
            || parts.fragment.is_some()
        {
            return Err(InvalidOption {
                option: "resources",
                must: "be absolute https: URLs (http: on a loopback host) without credentials, wildcard, query or fragment",
            });
        }
        Ok(Self::at(url))
    }

    /// A resource whose URL needs no check.
    pub(crate) fn at(url: Url) -> Self {
        Self {
            url,
            #[cfg(feature = "bearer")]
            way: Way::default(),
        }
    }

    /// The same resource, which takes its credential in a header of this name.
    ///
    /// # Errors
    ///
    /// The name is no token of RFC 9110, section 5.6.2, or a header that browsers set themselves or
    /// that means something else.
    #[cfg(feature = "bearer")]
    pub fn by_header(self, name: &str) -> Result<Self, InvalidOption> {
        let lower = name.to_ascii_lowercase();
        let is_taken = word(&lower, NO_HEADER).is_some()
            || NO_HEADERS.iter().any(|start| lower.starts_with(start));
        if name.is_empty() || !consists_of(name, is_token_byte) || is_taken {
            return Err(InvalidOption {
                option: "resources.header",
                must: "be a header's name that is free for a credential, such as 'Authorization'",
            });
        }
        let way = if lower == "authorization" {
            Way::Authorization
        } else {
            Way::Header(name.into())
        };
        Ok(Self { way, ..self })
    }

    /// The same resource, which takes its credential as the query parameter `access_token`
    /// (RFC 6750, section 2.3).
    #[cfg(feature = "bearer")]
    #[must_use]
    pub fn by_query(self) -> Self {
        let way = Way::Query;
        Self { way, ..self }
    }

    /// The same resource, which takes its credential as the parameter `access_token` of a
    /// form-encoded body (RFC 6750, section 2.2).
    #[cfg(feature = "bearer")]
    #[must_use]
    pub fn by_body(self) -> Self {
        let way = Way::Body;
        Self { way, ..self }
    }

    /// This resource, where it takes its credential in the `Authorization` header.
    #[cfg(feature = "bearer")]
    pub(crate) fn by_authorization(&self) -> Result<&Self, Error> {
        if self.way == Way::Authorization {
            Ok(self)
        } else {
            Err(Error::ResourceNotAllowed)
        }
    }

    /// Scheme, host and port are the same, and the path is this one or below.
    pub(crate) fn allows(&self, requested: &Parts<'_>) -> bool {
        let allowed = self.url.parts();
        allowed.is_same_origin(requested) && is_below(requested, allowed.path)
    }
}

/// The path is the allowed one, or goes on behind it at a `/`. A step upwards that hides behind an
/// encoded separator is one that the URL parser left for the server to take.
fn is_below(requested: &Parts<'_>, allowed: &str) -> bool {
    let Some(rest) = requested.path.strip_prefix(allowed) else {
        return false;
    };
    (rest.is_empty() || allowed.ends_with("/") || rest.starts_with("/")) && !climbs(rest)
}

fn climbs(path: &str) -> bool {
    let (plain, _) = unescape(path);
    plain
        .split(|byte| matches!(byte, b'/' | b'\\'))
        .any(|segment| segment == b"..")
}
