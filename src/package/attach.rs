//! What goes along with a request to an API, and what its refusal means.

use super::registered::places;
use super::status::{Failure, at, status};
use super::wire::{Call, Reply};
use crate::error::Invalid;
use crate::resource::allowlist::find;
use crate::resource::attachment::{Attachment, attach, form};
use crate::resource::challenge::{Challenges, Part, has_invalid_token};
use crate::resource::credential::Credential;
use crate::resource::resource::{Resource, Way};
use crate::syntax::arena::Arena;
use crate::syntax::form::encode;
use crate::syntax::grammar::number;
use crate::syntax::url::Url;
use crate::token::token::check_usable;

/// Texts of a resource: its URL, how it takes a token, a header's name, and a scheme.
const RESOURCE_TEXTS: usize = 4;

/// The resources of a call.
pub(super) fn resources<'a>(
    call: &Call<'a>,
) -> impl Iterator<Item = Result<Resource<'a>, Invalid>> + Clone {
    let call = *call;
    places(&call).step_by(RESOURCE_TEXTS).map(move |at| {
        let resource = Resource::new(Url::of(call.text(at)))?;
        with_way(resource, &call, at)
    })
}

/// The same, where the facade has them from a check that passed, or where they are the page's own
/// origin, which may be insecure: nothing is sent to it then.
fn checked<'a>(call: &Call<'a>) -> impl Iterator<Item = Resource<'a>> + Clone {
    let call = *call;
    places(&call).step_by(RESOURCE_TEXTS).filter_map(move |at| {
        let resource = Resource::at(Url::of(call.text(at)));
        with_way(resource, &call, at).ok()
    })
}

/// The resource whose texts stand there, with how it takes a token.
fn with_way<'a>(
    resource: Resource<'a>,
    call: &Call<'a>,
    at: usize,
) -> Result<Resource<'a>, Invalid> {
    let via = call.get(at.wrapping_add(1)).unwrap_or(b"header");
    let header = call.get(at.wrapping_add(2));
    let scheme = call.get(at.wrapping_add(3));
    let resource = match (via, header) {
        (b"header", Some(name)) => resource.by_header(name)?,
        (b"header", None) => resource,
        (_, Some(_)) => return Err(Invalid::ResourceHeaderVia),
        (b"query", None) => resource.by(Way::Query),
        (b"body", None) => resource.by(Way::Body),
        (_, None) => return Err(Invalid::ResourceVia),
    };
    match scheme {
        None => Ok(resource),
        Some(scheme) if via == b"header" => resource.by_scheme(scheme),
        Some(_) => Err(Invalid::ResourceSchemeVia),
    }
}

/// What goes along with a request, for the session's token.
pub(super) fn authorize<'a>(
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let url = Url::of(call.text(0));
    let resource = find(checked(call), &url)?;
    check_usable(call.has(1), number(call.text(2)), call.now)?;
    let credential = Credential::Bearer(call.text(1));
    answer(&resource, &url, call, &credential, reply, arena)
}

/// The same for a credential that needs no login, which is checked each time.
pub(super) fn authorize_credential<'a>(
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let credential = match call.text(6) {
        b"bearer" => Credential::bearer(call.text(7))?,
        b"basic" => Credential::basic(call.text(8), call.text(9))?,
        _ => return Err(Invalid::CredentialType.into()),
    };
    for resource in resources(call) {
        resource?;
    }
    credential.check(checked(call))?;
    let Some(url) = call.get(0).map(Url::of) else {
        return Ok(status::DONE);
    };
    let resource = find(checked(call), &url)?;
    answer(&resource, &url, call, &credential, reply, arena)
}

fn answer<'a>(
    resource: &Resource<'a>,
    url: &Url<'_>,
    call: &Call<'a>,
    credential: &Credential<'_>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    // Before the request is made its body is not known, and hoped to be a form.
    let form = match call.get(3) {
        None => Some(&b""[..]),
        Some(method) => form(method, call.text(4), call.text(5)),
    };
    let attachment = attach(resource, url, form, credential, arena)?;
    match attachment {
        Attachment::Own => return Ok(status::NOTHING),
        Attachment::Header { name, value } => {
            reply.put(at::HEADER_NAME, name);
            reply.put(at::HEADER_VALUE, value);
        }
        Attachment::Query(url) => reply.put(at::URL_WITH_TOKEN, url),
        Attachment::Body(body) => reply.put(at::BODY_WITH_TOKEN, body),
    }
    if !attachment.may_be_redirected() {
        reply.put(at::REDIRECT, b"error");
    }
    Ok(status::DONE)
}

/// Whether a resource of ours says that the token is invalid.
pub(super) fn is_token_refused<'a>(call: &Call<'a>, arena: &mut Arena<'a>) -> u8 {
    let is_ours = find(checked(call), &Url::of(call.text(0))).is_ok();
    if is_ours && has_invalid_token(call.text(1), arena) {
        status::DONE
    } else {
        status::NOTHING
    }
}

/// A header's challenges: a form in each line, first of the scheme and its token68, then of the
/// parameters, of which a name can come again.
pub(super) fn challenges<'a>(call: &Call<'a>, reply: &mut Reply<'_>, arena: &mut Arena<'a>) -> u8 {
    // Both are written at the same time.
    let (mut parts, mut lines) = arena.halves();
    let mut challenges = Challenges::of(call.text(0));
    let mut is_first = true;
    while let Some(part) = challenges.next(&mut parts) {
        let (delimiter, name, value) = match part {
            Part::Scheme { name, token68 } => (b'\n', name, token68),
            Part::Parameter { name, value } => (b'&', name, value),
        };
        if !is_first {
            lines.push(delimiter);
        }
        is_first = false;
        encode(name, |byte| lines.push(byte));
        lines.push(b'=');
        encode(value, |byte| lines.push(byte));
    }
    reply.put(at::CHALLENGE_LINES, lines.take());
    arena.join((parts, lines));
    status::DONE
}
