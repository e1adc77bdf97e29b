//! What the full build sends, and what it makes of a refusal.

use alloc::string::String;

use super::client::{Failure, PackageClient, wrong};
use super::reply::Reply;
use super::{page, resources};
use crate::resource::allowlist::{Resources, usable};
use crate::resource::attachment::{Attachment, form};
use crate::resource::challenge::Challenge;
use crate::resource::credential::Credential;
use crate::syntax::form::{Params, append};
use crate::syntax::text::cut;
use crate::syntax::url::Url;
use crate::token::token::Token;

/// What a server has said of a token.
const SAID: &str = "token url challenges";

impl PackageClient {
    /// What to change of a request, in `fetch`'s own words. `text` is its URL, and on a second line,
    /// once the request has been made, the form of what the body needs.
    pub(super) fn authorize(&self, text: &str, reply: &mut Reply) -> Result<(), Failure> {
        let (url, request) = cut(text, b'\n');
        let (url, form) = read(url, request)?;
        let token = self.token.as_ref();
        let attachment = self
            .resources
            .attach(&url, form.as_deref(), token, page::now())?;
        write(&attachment, reply);
        if attachment != Attachment::Own {
            reply.add("token", token.map(Token::access_token).unwrap_or_default());
        }
        Ok(())
    }

    /// A server has refused a token: it is dropped where the refusal comes from a resource of ours,
    /// says that the token is invalid, and means the one that is still sent.
    pub(super) fn refused(&mut self, text: &str, reply: &mut Reply) -> Result<(), Failure> {
        let said = Params::read(text, SAID)?;
        // Another tab may have renewed it since.
        #[cfg(feature = "code")]
        self.restore(reply);
        let is_current = usable(self.token.as_ref(), page::now())
            .is_ok_and(|token| token.access_token() == said.get("token"));
        if is_current && is_invalid(&said, &self.resources) {
            #[cfg(feature = "code")]
            self.forget();
            #[cfg(not(feature = "code"))]
            {
                self.token = None;
            }
            reply.add("revoked", "true");
        }
        Ok(())
    }
}

/// Whether a resource of ours says that the token is invalid.
fn is_invalid(said: &Params, resources: &Resources) -> bool {
    let url = Url::from_serialization(said.get("url").into());
    let challenges = Challenge::read(said.get("challenges"));
    challenges.iter().any(Challenge::is_invalid_token) && resources.find(&url).is_ok()
}

/// The members of a credential's form.
const CREDENTIAL: &str = "type token username password resources";

/// As `PackageClient::authorize` with a credential that needs no login: `text` is the form of the
/// credential and its resources, followed by the request on further lines. Without them the form is
/// only checked.
pub(super) fn authorize(text: &str, reply: &mut Reply) -> Result<(), Failure> {
    let (options, request) = cut(text, b'\n');
    let options = Params::read(options, CREDENTIAL)?;
    let credential = match options.get("type") {
        "bearer" => Credential::bearer(options.get("token"))?,
        "basic" => Credential::basic(options.get("username"), options.get("password"))?,
        _ => return Err(wrong("credential.type", "be 'bearer' or 'basic'")),
    };
    let resources = resources::read(options.get("resources"))?;
    credential.check(&resources)?;
    if let Some(request) = request {
        let (url, request) = cut(request, b'\n');
        let (url, form) = read(url, request)?;
        let attachment = resources.attach_credential(&url, form.as_deref(), &credential)?;
        write(&attachment, reply);
        if attachment != Attachment::Own {
            reply.add("token", options.get("token"));
        }
    }
    Ok(())
}

/// Whether a server has called the credential's token invalid: `text` is the credential's form, and on
/// a second line what it said.
pub(super) fn credential_refused(text: &str, reply: &mut Reply) -> Result<(), Failure> {
    let (options, said) = cut(text, b'\n');
    let options = Params::read(options, CREDENTIAL)?;
    let said = Params::read(said.unwrap_or_default(), SAID)?;
    if is_invalid(&said, &resources::read(options.get("resources"))?) {
        reply.add("revoked", "true");
    }
    Ok(())
}

/// A header's challenges: a form in each line, first of the scheme and its token68, then of the
/// parameters.
pub(super) fn challenges(text: &str, reply: &mut Reply) {
    let mut lines = String::new();
    for challenge in Challenge::read(text) {
        let mut line = String::new();
        append(
            &mut line,
            &challenge.scheme,
            challenge.token68.as_deref().unwrap_or_default(),
        );
        for (name, value) in &challenge.parameters {
            append(&mut line, name, value);
        }
        lines.push_str(&line);
        lines.push_str("\n");
    }
    reply.add("challenges", &lines);
}

/// A request's URL and its form. Before the request is made its body is not known, and hoped to be one.
fn read(url: &str, request: Option<&str>) -> Result<(Url, Option<String>), Failure> {
    let url = Url::from_serialization(url.into());
    let Some(request) = request else {
        return Ok((url, Some(String::new())));
    };
    let request = Params::read(request, "method type body")?;
    let form = form(
        request.get("method"),
        request.get("type"),
        request.get("body"),
    );
    Ok((url, form.map(String::from)))
}

fn write(attachment: &Attachment, reply: &mut Reply) {
    match attachment {
        Attachment::Own => {}
        Attachment::Header { name, value } => {
            reply.add("header", name);
            reply.add("value", value);
        }
        Attachment::Query(url) => reply.add("url", url),
        Attachment::Body(body) => reply.add("body", body),
    }
    if !attachment.may_be_redirected() {
        reply.add("redirect", "error");
    }
}
