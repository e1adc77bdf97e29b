//! Which URL may be sent the token: RFC 6750, sections 2.1 and 5.3.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::{Error, InvalidOption};
use crate::resource::resource::Resource;
use crate::syntax::text::concat;
use crate::syntax::url::Url;
use crate::token::token::Token;

/// The resources that may be sent a credential, and nobody else.
#[derive(Clone, Debug, Default)]
pub struct Resources(Vec<Resource>);

impl Resources {
    /// Resources that take the token in the `Authorization` header.
    ///
    /// # Errors
    ///
    /// A URL is neither `https:` nor `http:` on a loopback host, or has credentials, a query or a
    /// fragment, or a `*`: there are no wildcards.
    pub fn new(urls: Vec<Url>) -> Result<Self, InvalidOption> {
        let mut resources = Vec::new();
        for url in urls {
            resources.push(Resource::new(url)?);
        }
        Ok(Self(resources))
    }

    /// Resources that take it each in its own way. Where several hold for a URL, the one with the
    /// longest path decides; of two with the same URL the first.
    #[must_use]
    pub fn of(resources: Vec<Resource>) -> Self {
        Self(resources)
    }

    /// The default: all of the origin of a page's address. It may be an insecure one; nothing is
    /// sent to it then.
    #[must_use]
    pub fn own_origin(address: &Url) -> Self {
        let parts = address.parts();
        let origin = concat(&[parts.scheme, "://", parts.authority, "/"]);
        Self([Resource::at(Url::from_serialization(origin))].into())
    }

    /// The value of the `Authorization` header for a request to this URL: the one place where
    /// scheme, origin, path and freshness are decided.
    ///
    /// # Errors
    ///
    /// [`Error::InsecureResource`] and [`Error::ResourceNotAllowed`] for the URL, the latter also for
    /// a resource that takes its token in another way; [`Error::LoginRequired`] and
    /// [`Error::TokenExpired`] for the token.
    pub fn authorize(&self, url: &Url, token: Option<&Token>, now: u64) -> Result<String, Error> {
        let resource = self.find(url);
        #[cfg(feature = "bearer")]
        let resource = resource.and_then(Resource::by_authorization);
        resource?;
        let token = usable(token, now)?;
        Ok(concat(&["Bearer ", token.access_token()]))
    }

    /// The resource that decides about a URL.
    pub(crate) fn find(&self, url: &Url) -> Result<&Resource, Error> {
        let requested = url.parts();
        if !requested.is_secure() {
            return Err(match requested.scheme {
                "http" => Error::InsecureResource,
                _ => Error::ResourceNotAllowed,
            });
        }
        let mut found: Option<&Resource> = None;
        for resource in &self.0 {
            let is_longer =
                found.is_none_or(|found| found.url.as_str().len() < resource.url.as_str().len());
            if is_longer && resource.allows(&requested) {
                found = Some(resource);
            }
        }
        found.ok_or(Error::ResourceNotAllowed)
    }

    #[cfg(feature = "bearer")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Resource> {
        self.0.iter()
    }
}

/// The token, where there is one that may still be sent.
pub(crate) fn usable(token: Option<&Token>, now: u64) -> Result<&Token, Error> {
    let token = token.ok_or(Error::LoginRequired)?;
    if token.is_usable(now) {
        Ok(token)
    } else {
        Err(Error::TokenExpired)
    }
}
