//! Requests to a server's endpoints and their answers, as values: whoever has an HTTP client sends
//! them. RFC 6749, sections 3.2, 5.1 and 5.2.

use alloc::string::String;
use core::fmt;

use crate::syntax::form::append;
use crate::syntax::json::Document;
use crate::syntax::text::{concat, cut, has};
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

/// A request to send: always `POST`.
///
/// Follow no redirect (whoever answers one could be sent the secrets), send no cookies, and keep the
/// answer out of every cache. Its `Debug` shows no secret.
#[derive(Clone)]
pub struct HttpRequest {
    url: String,
    format: Format,
    parameters: String,
    pub(crate) authorization: Option<String>,
}

impl HttpRequest {
    pub(crate) fn new(url: &Url, format: Format) -> Self {
        Self {
            url: url.as_str().into(),
            format,
            parameters: String::new(),
            authorization: None,
        }
    }

    pub(crate) fn add(&mut self, name: &str, value: &str) {
        match self.format {
            Format::Form => append(&mut self.parameters, name, value),
            Format::Json => {
                let delimiter = if self.parameters.is_empty() { "{" } else { "," };
                self.parameters = concat(&[
                    &self.parameters,
                    delimiter,
                    &json_string(name),
                    ":",
                    &json_string(value),
                ]);
            }
            Format::Query => {
                let mut parameters = String::new();
                append(&mut parameters, name, value);
                let delimiter = if has(&self.url, b'?') { "&" } else { "?" };
                self.url = concat(&[&self.url, delimiter, &parameters]);
            }
        }
    }

    /// Where to send it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The value of its `Content-Type`; `None` for a request without a body.
    #[must_use]
    pub fn content_type(&self) -> Option<&'static str> {
        match self.format {
            Format::Form => Some("application/x-www-form-urlencoded"),
            Format::Json => Some("application/json"),
            Format::Query => None,
        }
    }

    /// The value of its `Authorization`, for a client that authenticates by HTTP Basic.
    #[must_use]
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// Its body; empty where everything stands in the URL.
    #[must_use]
    pub fn body(&self) -> String {
        match self.format {
            Format::Json => concat(&[&self.parameters, "}"]),
            Format::Form | Format::Query => self.parameters.clone(),
        }
    }
}

/// RFC 8259, section 7.
fn json_string(text: &str) -> String {
    let mut string = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => string.extend(['\\', character]),
            '\0'..='\x1F' => {
                let digit = |of: u32| char::from_digit(of, 16).unwrap_or_default();
                let code = u32::from(character);
                string.push_str("\\u00");
                string.extend([digit(code >> 4), digit(code & 0x0F)]);
            }
            character => string.push(character),
        }
    }
    string.push_str("\"");
    string
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("url", &cut(&self.url, b'?').0)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// An answer as it came. Its `Debug` shows the status alone.
#[derive(Clone)]
pub struct HttpResponse {
    status: u16,
    /// The body, where it is a JSON object that says that it is one.
    document: Option<Document>,
}

impl HttpResponse {
    /// `content_type` is the value of the header, empty where there is none. A body of more than
    /// 1 MiB, or one that is no JSON object, says nothing but its status.
    #[cfg(feature = "json")]
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: &[u8]) -> Self {
        /// Bytes that a body may have.
        const LONGEST: usize = 1 << 20;
        let document = if body.len() <= LONGEST {
            Document::parse(body)
        } else {
            None
        };
        Self::of(status, content_type, document)
    }

    pub(crate) fn of(status: u16, content_type: &str, document: Option<Document>) -> Self {
        Self {
            status,
            document: document.filter(|_| is_json(content_type)),
        }
    }

    /// The document of an answer that is a success.
    pub(crate) fn success(&self) -> Option<&Document> {
        self.document().filter(|_| matches!(self.status, 200..=299))
    }

    pub(crate) fn document(&self) -> Option<&Document> {
        self.document.as_ref()
    }
}

/// `application/json`, or a type that says that it is written in it (RFC 6839, section 3.1).
fn is_json(content_type: &str) -> bool {
    let essence = cut(content_type, b';').0.trim_ascii().to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
