//! How a credential goes along with a request: RFC 6750, sections 2.1 to 2.3.

use alloc::string::String;
use core::fmt;

use crate::error::Error;
use crate::resource::allowlist::{Resources, usable};
use crate::resource::credential::Credential;
use crate::resource::resource::Way;
use crate::syntax::form::{append, names};
use crate::syntax::text::{concat, consists_of, cut, word};
use crate::syntax::url::Url;
use crate::token::token::Token;

/// The parameter's name in a query or in a body.
const ACCESS_TOKEN: &str = "access_token";
/// Methods whose content means nothing (RFC 9110, sections 9.3.1, 9.3.2 and 9.3.5).
const WITHOUT_BODY: &str = "GET HEAD DELETE";

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
    /// Whether a redirect may be followed. Of all ways to send a credential, browsers take only the
    /// header `Authorization` back when a redirect leads to another origin.
    #[must_use]
    pub fn may_be_redirected(&self) -> bool {
        match self {
            Self::Own => true,
            Self::Header { name, .. } => name == "Authorization",
            Self::Query(_) | Self::Body(_) => false,
        }
    }
}

impl Resources {
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
        let way = &self.find(url)?.way;
        let credential = Credential::of(usable(token, now)?);
        attach(way, url, form, &credential)
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
        attach(&self.find(url)?.way, url, form, credential)
    }
}

fn attach(
    way: &Way,
    url: &Url,
    form: Option<&str>,
    credential: &Credential,
) -> Result<Attachment, Error> {
    if names(url.parts().query.unwrap_or_default(), ACCESS_TOKEN) {
        return Ok(Attachment::Own);
    }
    let header = |name: &str| Attachment::Header {
        name: name.into(),
        value: credential.header(),
    };
    Ok(match way {
        Way::Authorization => header("Authorization"),
        Way::Header(name) => header(name),
        Way::Query => Attachment::Query(with_query(url, parameter(credential)?)),
        Way::Body => {
            let form = form.filter(|form| consists_of(form, |byte| byte.is_ascii()));
            let mut body = String::from(form.ok_or(Error::UnsupportedBody)?);
            if names(&body, ACCESS_TOKEN) {
                return Ok(Attachment::Own);
            }
            append(&mut body, ACCESS_TOKEN, parameter(credential)?);
            Attachment::Body(body)
        }
    })
}

/// Nothing but an access token goes into a query or a body.
fn parameter(credential: &Credential) -> Result<&str, Error> {
    credential.token().ok_or(Error::ResourceNotAllowed)
}

fn with_query(url: &Url, token: &str) -> String {
    let (rest, fragment) = cut(url.as_str(), b'#');
    let (base, query) = cut(rest, b'?');
    let mut query = String::from(query.unwrap_or_default());
    append(&mut query, ACCESS_TOKEN, token);
    let delimiter = fragment.map_or("", |_| "#");
    concat(&[base, "?", &query, delimiter, fragment.unwrap_or_default()])
}

/// The body, where it is form-encoded and its method gives it a meaning: nothing else can hold a
/// token (RFC 6750, section 2.2).
#[must_use]
pub fn form<'a>(method: &str, content_type: &str, body: &'a str) -> Option<&'a str> {
    let (media_type, _) = cut(content_type, b';');
    let is_form = media_type
        .trim_ascii()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded");
    (is_form && !method.is_empty() && word(method, WITHOUT_BODY).is_none()).then_some(body)
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
