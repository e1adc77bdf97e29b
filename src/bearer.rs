//! Which URL may be sent the token, and how it travels: RFC 6750, sections 2.1 and 5.3.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, InvalidOption};
use crate::params::unescape;
use crate::text::{concat, has};
use crate::token::Token;
use crate::url::{Parts, Url};

/// The URLs that may be sent a token: each an origin and the path below which it holds.
#[derive(Clone, Debug, Default)]
pub struct Resources(Vec<Url>);

impl Resources {
    /// # Errors
    ///
    /// A URL is neither `https:` nor `http:` on a loopback host, or has credentials, a query or a
    /// fragment, or a `*`: there are no wildcards.
    pub fn new(urls: Vec<Url>) -> Result<Self, InvalidOption> {
        for url in &urls {
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
        }
        Ok(Self(urls))
    }

    /// The default: all of the origin of a page's address. It may be an insecure one; nothing is
    /// sent to it then.
    #[must_use]
    pub fn own_origin(address: &Url) -> Self {
        let parts = address.parts();
        let origin = concat(&[parts.scheme, "://", parts.authority, "/"]);
        Self([Url::from_serialization(origin)].into())
    }

    /// The value of the `Authorization` header for a request to this URL: the one place where
    /// scheme, origin, path and freshness are decided.
    ///
    /// # Errors
    ///
    /// [`Error::InsecureResource`] and [`Error::ResourceNotAllowed`] for the URL,
    /// [`Error::LoginRequired`] and [`Error::TokenExpired`] for the token.
    pub fn authorize(&self, url: &Url, token: Option<&Token>, now: u64) -> Result<String, Error> {
        self.allow(url)?;
        let token = token.ok_or(Error::LoginRequired)?;
        if !token.is_usable(now) {
            return Err(Error::TokenExpired);
        }
        Ok(concat(&["Bearer ", token.access_token()]))
    }

    fn allow(&self, url: &Url) -> Result<(), Error> {
        let requested = url.parts();
        if !requested.is_secure() {
            return Err(match requested.scheme {
                "http" => Error::InsecureResource,
                _ => Error::ResourceNotAllowed,
            });
        }
        let is_allowed = self.0.iter().any(|resource| {
            let allowed = resource.parts();
            allowed.is_same_origin(&requested) && is_below(&requested, allowed.path)
        });
        if is_allowed {
            Ok(())
        } else {
            Err(Error::ResourceNotAllowed)
        }
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
