//! Requests to a server's endpoints and their answers, as values: whoever has an HTTP client sends
//! them. RFC 6749, sections 3.2, 5.1 and 5.2.

use crate::syntax::arena::Arena;
use crate::syntax::form::{decoded, encode, pairs, put_url_without};
use crate::syntax::json::Document;
use crate::syntax::media_type::{is_html_or_form, is_json};
use crate::syntax::url::Url;

/// How the parameters of a request travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// In a form-encoded body, as RFC 6749, section 3.2, has it.
    #[default]
    Form,
    /// In a JSON body, for a server that documents it.
    Json,
    /// In the query, where logs keep them; only for a server that takes them in no other way.
    Query,
}

impl Format {
    /// The value of `Content-Type`; empty for a request without a body.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Form => "application/x-www-form-urlencoded",
            Self::Json => "application/json",
            Self::Query => "",
        }
    }
}

/// A request to send: always `POST`.
#[derive(Clone, Copy)]
pub(crate) struct HttpRequest<'a> {
    pub(crate) url: &'a [u8],
    pub(crate) format: Format,
    /// The value of `Authorization`; empty where the client shows itself in another way.
    pub(crate) authorization: &'a [u8],
    /// Empty where everything stands in the URL.
    pub(crate) body: &'a [u8],
}

/// The parameters of a request, in the order in which they are sent.
#[derive(Clone, Copy)]
pub(crate) struct Parameters<'p> {
    /// Those of the grant.
    pub(crate) own: &'p [(&'static str, &'p [u8])],
    /// Further ones: a form that is already encoded.
    pub(crate) further: &'p [u8],
    /// Those by which the client shows who it is.
    pub(crate) of_client: &'p [(&'static str, &'p [u8])],
}

/// Writes the parameters of a request; gives its URL and its body. None of them stands in the endpoint's
/// own query, too, in whatever format they travel.
pub(crate) fn write<'a>(
    url: &Url<'a>,
    format: Format,
    parameters: &Parameters<'_>,
    arena: &mut Arena<'a>,
) -> (&'a [u8], &'a [u8]) {
    put_form(parameters, arena);
    let form = arena.take();
    let delimiter = put_url_without(arena, url, form);
    if format == Format::Query {
        arena.push(delimiter);
        arena.put(form);
        return (arena.take(), b"");
    }
    let url = arena.take();
    if format == Format::Form {
        return (url, form);
    }
    put_json(parameters, arena);
    (url, arena.take())
}

fn put_form(parameters: &Parameters<'_>, arena: &mut Arena<'_>) {
    let mut is_first = true;
    let mut put = |arena: &mut Arena<'_>, pairs: &[(&str, &[u8])]| {
        for (name, value) in pairs {
            if !is_first {
                arena.push(b'&');
            }
            is_first = false;
            arena.put(name.as_bytes());
            arena.push(b'=');
            encode(value, |byte| arena.push(byte));
        }
    };
    put(arena, parameters.own);
    if !parameters.further.is_empty() {
        arena.push(b'&');
        arena.put(parameters.further);
    }
    put(arena, parameters.of_client);
}

/// RFC 8259, sections 4 and 7.
fn put_json(parameters: &Parameters<'_>, arena: &mut Arena<'_>) {
    let mut delimiter = b'{';
    let mut put = |arena: &mut Arena<'_>, pairs: &[(&str, &[u8])]| {
        for (name, value) in pairs {
            arena.push(delimiter);
            delimiter = b',';
            put_string(arena, name.bytes());
            arena.push(b':');
            put_string(arena, value.iter().copied());
        }
    };
    put(arena, parameters.own);
    for (at, (name, value)) in pairs(parameters.further).enumerate() {
        let same = |(other, _): &(&[u8], _)| decoded(other).eq(decoded(name));
        // What may be repeated stands as an array in the place of its first value.
        if pairs(parameters.further).take(at).any(|it| same(&it)) {
            continue;
        }
        arena.push(b',');
        put_string(arena, decoded(name));
        arena.push(b':');
        let mut values = pairs(parameters.further).filter(same).skip(1).peekable();
        if values.peek().is_none() {
            put_string(arena, decoded(value));
            continue;
        }
        arena.push(b'[');
        put_string(arena, decoded(value));
        for (_, value) in values {
            arena.push(b',');
            put_string(arena, decoded(value));
        }
        arena.push(b']');
    }
    put(arena, parameters.of_client);
    arena.push(b'}');
}

fn put_string(arena: &mut Arena<'_>, text: impl Iterator<Item = u8>) {
    arena.push(b'"');
    for byte in text {
        match byte {
            b'"' | b'\\' => {
                arena.push(b'\\');
                arena.push(byte);
            }
            0..=0x1F => {
                arena.put(b"\\u00");
                arena.push(b'0' | (byte >> 4));
                arena.push(match byte & 0x0F {
                    digit @ 0..=9 => b'0' | digit,
                    digit => b'a'.wrapping_add(digit).wrapping_sub(10),
                });
            }
            byte => arena.push(byte),
        }
    }
    arena.push(b'"');
}

/// An answer as it came.
#[derive(Clone, Copy)]
pub(crate) struct HttpResponse<D> {
    pub(crate) status: u16,
    /// It says that its body is JSON.
    is_json: bool,
    /// The body, where it is a JSON object and does not say that it is HTML or a form.
    document: Option<D>,
}

impl<D: Document> HttpResponse<D> {
    /// `content_type` is the value of the header, empty where there is none.
    pub(crate) fn new(status: u16, content_type: &[u8], document: Option<D>) -> Self {
        Self {
            status,
            is_json: is_json(content_type),
            document: document.filter(|_| !is_html_or_form(content_type)),
        }
    }

    /// The document of an answer that is a success.
    pub(crate) fn success(&self) -> Option<&D> {
        self.document().filter(|_| matches!(self.status, 200..=299))
    }

    /// The same of one that says that its body is JSON.
    pub(crate) fn json_success(&self) -> Option<&D> {
        self.success().filter(|_| self.is_json)
    }

    pub(crate) fn document(&self) -> Option<&D> {
        self.document.as_ref()
    }
}
