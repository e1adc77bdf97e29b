//! Requests to a server's endpoints and their answers, as the facade sends and receives them.
//!
//! An answer is a text of lines, each a form: of the status and the content type; then, where the
//! body was a JSON object, of its texts, its numbers, its arrays and of all other members.

use alloc::string::String;
use alloc::vec::Vec;

use super::client::{Failure, assumes_bearer, owned, write_token, wrong};
use super::page;
use super::reply::Reply;
use crate::error::Error;
use crate::registration::metadata::Metadata;
use crate::syntax::form::{Params, decode, next_pair};
use crate::syntax::json::{Document, Member};
use crate::syntax::text::{concat, cut, number, split};
use crate::syntax::url::Url;
use crate::token::endpoint::TokenEndpoint;
use crate::token::http::{Format, HttpRequest, HttpResponse};
use crate::token::request::{Expected, TokenRequest};
use crate::token::response::TokenSet;

const EXPECTED: &str = "scope refresh_token assumed";

/// A request, and what comes back beside its answer.
pub(super) fn write(request: &TokenRequest, reply: &mut Reply) {
    reply.add("request", &form(request.http()));
    let mut expected = Params::default();
    expected.add("scope", &request.expected.scope);
    expected.add("refresh_token", &request.expected.refresh_token);
    if request.expected.assumes_bearer {
        expected.add("assumed", "true");
    }
    reply.add("expected", &expected.write());
}

/// A request for the facade's `post`.
pub(super) fn form(request: &HttpRequest) -> String {
    let mut form = Params::default();
    form.add("url", request.url());
    form.add("type", request.content_type().unwrap_or_default());
    form.add("authorization", request.authorization().unwrap_or_default());
    form.add("body", &request.body());
    form.write()
}

/// `text` is what came back, and in the lines behind it the answer.
pub(super) fn read(text: &str) -> Result<(Expected, HttpResponse), Error> {
    let (expected, answer) = cut(text, b'\n');
    let expected = Params::read(expected, EXPECTED)?;
    let expected = Expected {
        scope: owned(&expected, "scope"),
        refresh_token: owned(&expected, "refresh_token"),
        assumes_bearer: expected.has("assumed"),
    };
    Ok((expected, read_answer(answer.unwrap_or_default())?))
}

fn read_answer(text: &str) -> Result<HttpResponse, Error> {
    let (head, members) = cut(text, b'\n');
    let head = Params::read(head, "status type")?;
    let status = number(head.get("status")).and_then(|status| u16::try_from(status).ok());
    Ok(HttpResponse::of(
        status.unwrap_or_default(),
        head.get("type"),
        members.map(read_document),
    ))
}

fn read_document(text: &str) -> Document {
    let kinds: [fn(String) -> Member; 4] = [Member::Text, Member::Number, Member::List, |_| {
        Member::Other
    }];
    let mut document = Document::default();
    for (line, kind) in split(text, b'\n').zip(kinds) {
        let mut form = split(line, b'&');
        while let Some((name, value)) = next_pair(&mut form) {
            // The browser's own encoder wrote them.
            if let (Some(name), Some(value)) = (decode(name), decode(value)) {
                document.add(name, kind(value));
            }
        }
    }
    document
}

/// The members of an endpoint's form.
pub(super) const ENDPOINT: &str = "token_endpoint client_id client_secret token_endpoint_auth_method tokenRequestFormat assumeTokenType allowSecretInBrowser page grant_type";

/// The token endpoint of a client's options.
pub(super) fn endpoint(options: &Params, url: &str, page: &Url) -> Result<TokenEndpoint, Failure> {
    let url = Url::from_serialization(url.into());
    let mut endpoint = TokenEndpoint::new(url, owned(options, "client_id"))?;
    let secret = owned(options, "client_secret");
    let method = options.get("token_endpoint_auth_method");
    if secret.is_empty() {
        if !matches!(method, "" | "none") {
            return Err(wrong(
                "client_secret",
                "be there, or token_endpoint_auth_method be 'none'",
            ));
        }
    } else {
        if !page.as_str().is_empty() && options.get("allowSecretInBrowser") != "true" {
            return Err(wrong(
                "client_secret",
                "stay out of a page, where everybody who opens it can read it; register a public client, or set allowSecretInBrowser to true if the page's only user is the secret's owner",
            ));
        }
        match method {
            "" | "client_secret_basic" => endpoint.authenticate_by_basic(secret)?,
            "client_secret_post" => endpoint.authenticate_by_post(secret)?,
            _ => {
                return Err(wrong(
                    "token_endpoint_auth_method",
                    "be 'client_secret_basic' or 'client_secret_post' beside a client_secret",
                ));
            }
        }
    }
    endpoint.set_format(match options.get("tokenRequestFormat") {
        "" | "form" => Format::Form,
        "json" => Format::Json,
        "query" => Format::Query,
        _ => {
            return Err(wrong("tokenRequestFormat", "be 'form', 'json' or 'query'"));
        }
    });
    endpoint.assume_bearer(assumes_bearer(options)?);
    Ok(endpoint)
}

/// A request for a token without a login: `text` is the form of the endpoint and the grant, and on a
/// second line the form of the grant's parameters.
pub(super) fn request(text: &str, reply: &mut Reply) -> Result<(), Failure> {
    let (options, parameters) = cut(text, b'\n');
    let options = Params::read(options, ENDPOINT)?;
    let page = Url::from_serialization(owned(&options, "page"));
    let endpoint = endpoint(&options, options.get("token_endpoint"), &page)?;
    let mut decoded = Vec::new();
    let mut form = split(parameters.unwrap_or_default(), b'&');
    while let Some((name, value)) = next_pair(&mut form) {
        decoded.extend(decode(name).zip(decode(value)));
    }
    let parameters: Vec<(&str, &str)> = decoded
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    write(
        &TokenRequest::new(&endpoint, options.get("grant_type"), &parameters)?,
        reply,
    );
    Ok(())
}

/// The token of its answer.
pub(super) fn answer(text: &str, reply: &mut Reply) -> Result<(), Failure> {
    let (expected, answer) = read(text)?;
    let set = TokenSet::read(&answer, &expected, page::now())?;
    write_token(&set.token, reply);
    reply.add(
        "refresh_token",
        set.refresh_token.as_deref().unwrap_or_default(),
    );
    Ok(())
}

/// Where an issuer's metadata can stand: a line for each URL.
pub(super) fn metadata_urls(issuer: &str, reply: &mut Reply) -> Result<(), Failure> {
    let urls = Metadata::urls(&Url::from_serialization(issuer.into()))?;
    let [first, second] = urls;
    reply.add("urls", &concat(&[&first, "\n", &second]));
    Ok(())
}

/// Whether an answer is the issuer's metadata: `text` is the issuer as a form's value, and then the answer.
pub(super) fn metadata(text: &str) -> Result<(), Failure> {
    let (issuer, answer) = cut(text, b'\n');
    let issuer = Params::read(issuer, "issuer")?;
    let answer = read_answer(answer.unwrap_or_default())?;
    Metadata::read(issuer.get("issuer"), &answer)?;
    Ok(())
}

/// Which response type a document's server allows.
pub(super) fn best_response_type(text: &str, reply: &mut Reply) {
    let choice = Metadata::of(read_document(text)).best_response_type();
    reply.add("response_type", choice.response_type);
    reply.add("reason", choice.reason);
}
