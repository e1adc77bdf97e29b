//! What goes along with a request to an API, and who may get it: RFC 6750.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::error::{Error, InvalidOption};
use super::room::{if_any, owned, with_room};
use super::token::Token;
use super::url::Url;
use crate::error as core_error;
use crate::resource::allowlist::find;
use crate::resource::attachment::{self as core_attachment, attach};
use crate::resource::challenge::{Challenges, Part};
use crate::resource::credential as core_credential;
use crate::resource::resource::{self as core_resource, BEARER, Way};
use crate::token::token::check_usable;

/// An origin, and the path below which a credential may be sent.
#[derive(Clone, Debug)]
pub struct Resource {
    url: Url,
    way: OwnedWay,
    scheme: String,
}

/// How a resource takes its credential: never in two ways at once (RFC 6750, section 2).
#[derive(Clone, Debug)]
enum OwnedWay {
    Authorization,
    Header(String),
    Query,
    Body,
}

impl Resource {
    /// A resource that takes its credential in the `Authorization` header (RFC 6750, section 2.1).
    ///
    /// # Errors
    ///
    /// The URL is neither `https:` nor `http:` on a loopback host, or has credentials, a query or a
    /// fragment, or a `*`: there are no wildcards.
    pub fn new(url: Url) -> Result<Self, InvalidOption> {
        core_resource::Resource::new(url.parts())?;
        Ok(Self::at(url))
    }

    fn at(url: Url) -> Self {
        Self {
            url,
            way: OwnedWay::Authorization,
            scheme: owned(BEARER),
        }
    }

    /// The same resource, which takes its credential in a header of this name.
    ///
    /// # Errors
    ///
    /// The name is no token of RFC 9110, section 5.6.2, or a header that browsers set themselves or
    /// that means something else.
    pub fn by_header(self, name: &str) -> Result<Self, InvalidOption> {
        let way = match self.as_core().by_header(name.as_bytes())?.way {
            Way::Header(_) => OwnedWay::Header(name.into()),
            _ => OwnedWay::Authorization,
        };
        Ok(Self { way, ..self })
    }

    /// The same resource, which takes an access token behind another scheme than `Bearer`, such as `OAuth`,
    /// or bare, where the scheme is empty. In a query or a body there is none.
    ///
    /// # Errors
    ///
    /// The scheme is no token of RFC 9110, section 5.6.2.
    pub fn by_scheme(self, scheme: &str) -> Result<Self, InvalidOption> {
        self.as_core().by_scheme(scheme.as_bytes())?;
        let scheme = scheme.into();
        Ok(Self { scheme, ..self })
    }

    /// The same resource, which takes its credential as the query parameter `access_token`
    /// (RFC 6750, section 2.3).
    #[must_use]
    pub fn by_query(self) -> Self {
        let way = OwnedWay::Query;
        Self { way, ..self }
    }

    /// The same resource, which takes its credential as the parameter `access_token` of a
    /// form-encoded body (RFC 6750, section 2.2).
    #[must_use]
    pub fn by_body(self) -> Self {
        let way = OwnedWay::Body;
        Self { way, ..self }
    }

    fn as_core(&self) -> core_resource::Resource<'_> {
        let resource = core_resource::Resource::at(self.url.parts()).by(match &self.way {
            OwnedWay::Authorization => Way::Authorization,
            OwnedWay::Header(name) => Way::Header(name.as_bytes()),
            OwnedWay::Query => Way::Query,
            OwnedWay::Body => Way::Body,
        });
        let scheme = self.scheme.as_bytes();
        core_resource::Resource { scheme, ..resource }
    }
}

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
        let resources: Result<_, _> = urls.into_iter().map(Resource::new).collect();
        resources.map(Self)
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
        let mut origin = owned(address.parts().origin());
        origin.push('/');
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
        self.authorize_until(url, token, token.and_then(Token::usable_until), now)
    }

    /// The same for a session that says until when its token is sent.
    pub(crate) fn authorize_until(
        &self,
        url: &Url,
        token: Option<&Token>,
        usable_until: Option<u64>,
        now: u64,
    ) -> Result<String, Error> {
        let resource = self.find(url)?;
        if resource.way != Way::Authorization {
            return Err(Error::ResourceNotAllowed);
        }
        let given = (usable(token, usable_until, now)?, resource.scheme);
        Ok(with_room(&given, |(credential, scheme), arena| {
            owned(credential.header(scheme, arena))
        }))
    }

    /// What goes along with a request to this URL: the session's token, in the way of its resource.
    ///
    /// `form` is the request's body where [`form`] says that it is one.
    ///
    /// # Errors
    ///
    /// [`Error::InsecureResource`] and [`Error::ResourceNotAllowed`] for the URL,
    /// [`Error::LoginRequired`] and [`Error::TokenExpired`] for the token,
    /// [`Error::UnsupportedBody`] for a body that can't hold it.
    pub fn attach(
        &self,
        url: &Url,
        form: Option<&str>,
        token: Option<&Token>,
        now: u64,
    ) -> Result<Attachment, Error> {
        self.attach_until(url, form, token, token.and_then(Token::usable_until), now)
    }

    /// The same for a session that says until when its token is sent.
    pub(crate) fn attach_until(
        &self,
        url: &Url,
        form: Option<&str>,
        token: Option<&Token>,
        usable_until: Option<u64>,
        now: u64,
    ) -> Result<Attachment, Error> {
        let resource = self.find(url)?;
        let credential = usable(token, usable_until, now)?;
        Attachment::make(resource, url, form, &credential)
    }

    /// Whether a resource holds for this URL.
    #[cfg(feature = "browser")]
    pub(crate) fn has(&self, url: &Url) -> bool {
        self.find(url).is_ok()
    }

    /// As [`Resources::attach`], with a credential that needs no login.
    ///
    /// # Errors
    ///
    /// [`Error::InsecureResource`] and [`Error::ResourceNotAllowed`] for the URL,
    /// [`Error::UnsupportedBody`] for a body that can't hold the credential.
    pub fn attach_credential(
        &self,
        url: &Url,
        form: Option<&str>,
        credential: &Credential,
    ) -> Result<Attachment, Error> {
        Attachment::make(self.find(url)?, url, form, &credential.as_core())
    }

    fn find(&self, url: &Url) -> Result<core_resource::Resource<'_>, Error> {
        let resources = self.0.iter().map(Resource::as_core);
        Ok(find(resources, &url.parts())?)
    }
}

/// The token as a credential, where there is one that may still be sent.
fn usable(
    token: Option<&Token>,
    usable_until: Option<u64>,
    now: u64,
) -> Result<core_credential::Credential<'_>, core_error::Error> {
    // A login that asked for an ID token alone has no other one.
    let token = token.filter(|token| !token.access_token().is_empty());
    check_usable(token.is_some(), usable_until, now)?;
    let access_token = token.map(Token::access_token).unwrap_or_default();
    Ok(core_credential::Credential::Bearer(access_token.as_bytes()))
}

/// What to change of a request, so that its credential goes along.
///
/// Its `Debug` does not show the credential.
#[derive(Clone, PartialEq, Eq)]
pub enum Attachment {
    /// Nothing: it has an access token of its own in its query or in its body.
    Own,
    /// Add this header. A request that has one of this name, or an `Authorization`, keeps its own.
    Header {
        /// The header's name.
        name: String,
        /// Its value.
        value: String,
    },
    /// Request this URL instead, with `Cache-Control: no-store`.
    Query(String),
    /// Send this body instead.
    Body(String),
}

impl Attachment {
    fn make(
        resource: core_resource::Resource<'_>,
        url: &Url,
        form: Option<&str>,
        credential: &core_credential::Credential<'_>,
    ) -> Result<Self, Error> {
        let given = (resource, url, form, credential);
        with_room(&given, |(resource, url, form, credential), arena| {
            let form = form.map(str::as_bytes);
            let attachment = attach(resource, &url.parts(), form, credential, arena)?;
            Ok(Self::of(&attachment))
        })
    }

    fn of(attachment: &core_attachment::Attachment<'_>) -> Self {
        match attachment {
            core_attachment::Attachment::Own => Self::Own,
            core_attachment::Attachment::Header { name, value } => Self::Header {
                name: owned(name),
                value: owned(value),
            },
            core_attachment::Attachment::Query(url) => Self::Query(owned(url)),
            core_attachment::Attachment::Body(body) => Self::Body(owned(body)),
        }
    }

    /// Whether a redirect may be followed. Of all ways to send a credential, browsers take only the
    /// header `Authorization` back when a redirect leads to another origin.
    #[must_use]
    pub fn may_be_redirected(&self) -> bool {
        match self {
            Self::Own => core_attachment::Attachment::Own,
            Self::Header { name, value } => core_attachment::Attachment::Header {
                name: name.as_bytes(),
                value: value.as_bytes(),
            },
            Self::Query(url) => core_attachment::Attachment::Query(url.as_bytes()),
            Self::Body(body) => core_attachment::Attachment::Body(body.as_bytes()),
        }
        .may_be_redirected()
    }
}

/// The body, where it is form-encoded and its method gives it a meaning: nothing else can hold a
/// token (RFC 6750, section 2.2).
#[must_use]
pub fn form<'a>(method: &str, content_type: &str, body: &'a str) -> Option<&'a str> {
    core_attachment::form(method.as_bytes(), content_type.as_bytes(), body.as_bytes())
        .and(Some(body))
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Own => "Own",
            Self::Header { .. } => "Header([redacted])",
            Self::Query(_) => "Query([redacted])",
            Self::Body(_) => "Body([redacted])",
        })
    }
}

/// What a request shows to be let in. Its `Debug` does not show the credential itself.
#[derive(Clone)]
pub struct Credential(Kind);

#[derive(Clone)]
enum Kind {
    Bearer(String),
    Basic(String, String),
}

impl Credential {
    /// A bearer token, such as a personal access token.
    ///
    /// # Errors
    ///
    /// It is empty, or has a space or another character than a printable ASCII one.
    pub fn bearer(token: &str) -> Result<Self, InvalidOption> {
        core_credential::Credential::bearer(token.as_bytes())?;
        Ok(Self(Kind::Bearer(token.into())))
    }

    /// A user name and a password, as UTF-8 (RFC 7617, section 2.1).
    ///
    /// # Errors
    ///
    /// The user name has a `:`, or either has a control character.
    pub fn basic(username: &str, password: &str) -> Result<Self, InvalidOption> {
        core_credential::Credential::basic(username.as_bytes(), password.as_bytes())?;
        Ok(Self(Kind::Basic(username.into(), password.into())))
    }

    /// Whether these resources take it: nothing but an access token goes into a query or a body.
    ///
    /// # Errors
    ///
    /// A password would go into a query or a body.
    pub fn check(&self, resources: &Resources) -> Result<(), InvalidOption> {
        let resources = resources.0.iter().map(Resource::as_core);
        Ok(self.as_core().check(resources)?)
    }

    fn as_core(&self) -> core_credential::Credential<'_> {
        match &self.0 {
            Kind::Bearer(token) => core_credential::Credential::Bearer(token.as_bytes()),
            Kind::Basic(username, password) => {
                core_credential::Credential::Basic(username.as_bytes(), password.as_bytes())
            }
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Bearer(_) => "Bearer([redacted])",
            Kind::Basic(..) => "Basic([redacted])",
        })
    }
}

/// One challenge of a `WWW-Authenticate` header: inert data from outside (RFC 9110, section 11.6.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The authentication scheme, in lower case.
    pub scheme: String,
    /// What stands in the place of parameters in some schemes.
    pub token68: Option<String>,
    /// Names, in lower case and each once, and values without their quotes and escapes.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The challenges of a header, or of several that were joined with commas. What breaks the
    /// grammar is left out, up to the next comma.
    #[must_use]
    pub fn read(header: &str) -> Vec<Self> {
        with_room(header, |header, arena| {
            let mut challenges: Vec<Self> = Vec::new();
            let mut parts = Challenges::of(header.as_bytes());
            while let Some(part) = parts.next(arena) {
                match part {
                    Part::Scheme { name, token68 } => challenges.push(Self {
                        scheme: owned(name),
                        token68: if_any(token68),
                        parameters: Vec::new(),
                    }),
                    Part::Parameter { name, value } => {
                        let (name, value) = (owned(name), owned(value));
                        if let Some(challenge) = challenges.last_mut()
                            && challenge.parameter(&name).is_none()
                        {
                            challenge.parameters.push((name, value));
                        }
                    }
                }
            }
            challenges
        })
    }

    /// The value of a parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let (_, value) = parameters.find(|(known, _)| known == name)?;
        Some(value)
    }

    /// The token is expired, revoked, malformed or otherwise invalid (RFC 6750, section 3.1).
    #[must_use]
    pub fn is_invalid_token(&self) -> bool {
        self.scheme == "bearer" && self.parameter("error") == Some("invalid_token")
    }
}
