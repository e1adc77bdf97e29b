//! How a credential goes along with a request: RFC 6750, sections 2.1 to 2.3.

use super::credential::Credential;
use super::resource::{Resource, Way};
use crate::error::Error;
use crate::syntax::arena::Arena;
use crate::syntax::form::{has_name, put_pair};
use crate::syntax::text::{before, has, is, is_caseless, is_one_of};
use crate::syntax::url::Url;

/// The parameter's name in a query or in a body.
const ACCESS_TOKEN: &str = "access_token";
/// Methods whose content means nothing (RFC 9110, sections 9.3.1, 9.3.2 and 9.3.5).
const WITHOUT_BODY: &str = "GET HEAD DELETE";
/// The header that browsers take off when a redirect leads to another origin.
pub(crate) const AUTHORIZATION: &[u8] = b"Authorization";

/// What to change of a request, so that its credential goes along.
#[derive(Clone, Copy)]
pub(crate) enum Attachment<'a> {
    /// Nothing: it has an access token of its own in its query or in its body.
    Own,
    /// Add this header.
    Header { name: &'a [u8], value: &'a [u8] },
    /// Request this URL instead.
    Query(&'a [u8]),
    /// Send this body instead.
    Body(&'a [u8]),
}

impl Attachment<'_> {
    /// Whether a redirect may be followed. Of all ways to send a credential, browsers take only the
    /// header `Authorization` back when a redirect leads to another origin.
    pub(crate) fn may_be_redirected(&self) -> bool {
        match self {
            Self::Own => true,
            Self::Header { name, .. } => is(name, AUTHORIZATION),
            Self::Query(_) | Self::Body(_) => false,
        }
    }
}

/// What goes along with a request to this URL, in the way of its resource. `form` is the request's
/// body where [`form`] says that it is one.
pub(crate) fn attach<'a>(
    resource: &Resource<'a>,
    url: &Url<'_>,
    form: Option<&[u8]>,
    credential: &Credential<'_>,
    arena: &mut Arena<'a>,
) -> Result<Attachment<'a>, Error> {
    if has_name(url.query().unwrap_or_default(), ACCESS_TOKEN) {
        return Ok(Attachment::Own);
    }
    // Nothing but an access token goes into a query or a body.
    let token = credential.token().ok_or(Error::ResourceNotAllowed);
    Ok(match resource.way {
        Way::Authorization => Attachment::Header {
            name: AUTHORIZATION,
            value: credential.header(resource.scheme, arena),
        },
        Way::Header(name) => Attachment::Header {
            name,
            value: credential.header(resource.scheme, arena),
        },
        Way::Query => Attachment::Query(with_query(url, token?, arena)),
        Way::Body => {
            // Whoever takes a NUL for the end of a text would not see what stands behind it.
            let body = form.filter(|form| form.is_ascii() && !has(form, b'\0'));
            let body = body.ok_or(Error::UnsupportedBody)?;
            if has_name(body, ACCESS_TOKEN) {
                return Ok(Attachment::Own);
            }
            arena.put(body);
            put_token(body, token?, arena);
            Attachment::Body(arena.take())
        }
    })
}

/// Puts the parameter behind a form, which may be empty.
fn put_token(form: &[u8], token: &[u8], arena: &mut Arena<'_>) {
    if form.is_empty() {
        arena.put(ACCESS_TOKEN.as_bytes());
        arena.push(b'=');
        crate::syntax::form::encode(token, |byte| arena.push(byte));
    } else {
        put_pair(arena, b'&', ACCESS_TOKEN, token);
    }
}

fn with_query<'a>(url: &Url<'_>, token: &[u8], arena: &mut Arena<'a>) -> &'a [u8] {
    let query = url.query().unwrap_or_default();
    arena.put(url.base());
    arena.push(b'?');
    arena.put(query);
    put_token(query, token, arena);
    if let Some(fragment) = url.fragment() {
        arena.push(b'#');
        arena.put(fragment);
    }
    arena.take()
}

/// The body, where it is form-encoded and its method gives it a meaning: nothing else can hold a
/// token (RFC 6750, section 2.2).
pub(crate) fn form<'a>(method: &[u8], content_type: &[u8], body: &'a [u8]) -> Option<&'a [u8]> {
    let media_type = before(content_type, b';').trim_ascii();
    let is_form = is_caseless(media_type, b"application/x-www-form-urlencoded");
    (is_form && !method.is_empty() && !is_one_of(method, WITHOUT_BODY)).then_some(body)
}
