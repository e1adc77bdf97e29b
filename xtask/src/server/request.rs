//! The authorization request and the answers to it: RFC 6749, sections 3.1 and 4.2.1 to 4.2.2.1.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::authorize::see_other;
use super::clients::{self, Client};
use super::pages;
use super::parameters::{self, Parameters, Repeated};
use super::scopes::{self, Scope};

/// An authorization request in which nothing is left to doubt.
#[derive(Debug)]
pub struct Request {
    pub client: &'static Client,
    pub redirect_uri: String,
    pub scopes: Vec<Scope>,
    state: Option<String>,
}

/// Why a request goes no further.
#[derive(Debug)]
pub enum Refusal {
    /// Without a client and a redirect URI that belongs to it, nobody is told but the person
    /// (4.2.2.1): a redirect could go anywhere.
    Page(&'static str),
    /// The client is told, by a redirect to this URL.
    Redirect(String),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Page(why) => pages::message(
                StatusCode::BAD_REQUEST,
                "This request can't be answered",
                &format!("{why} You have not been sent back to the application."),
            ),
            Self::Redirect(url) => see_other(&url),
        }
    }
}

impl Request {
    pub fn read(query: &str, redirect_uris: &[String]) -> Result<Self, Refusal> {
        let parameters = Parameters::parse(query)
            .ok_or(Refusal::Page("The request's parameters are not UTF-8."))?;
        let client = parameters
            .get("client_id")
            .map_err(|Repeated| Refusal::Page("The request names its client more than once."))?
            .ok_or(Refusal::Page(
                "The request does not name its client (client_id).",
            ))?;
        let client = clients::find(client).ok_or(Refusal::Page(
            "No client of this name is registered (client_id).",
        ))?;
        let redirect_uri = parameters
            .get("redirect_uri")
            .map_err(|Repeated| Refusal::Page("The request has more than one redirect_uri."))?
            .ok_or(Refusal::Page(
                "The request does not say where to return (redirect_uri).",
            ))?;
        if !redirect_uris
            .iter()
            .any(|registered| registered == redirect_uri)
        {
            return Err(Refusal::Page(
                "The place to return to (redirect_uri) is not registered for this client.",
            ));
        }

        // From here on the client can be told, with the state it sent, if it sent just one.
        let state = parameters.get("state");
        let response_type = parameters.get("response_type");
        let part = match response_type {
            // Who asks for a code reads the answer from the query (4.1.2.1).
            Ok(Some("code")) => Part::Query,
            _ => Part::Fragment,
        };
        let refuse = |error, description| {
            let mut answer = vec![("error", error), ("error_description", description)];
            answer.extend(
                state
                    .as_ref()
                    .ok()
                    .copied()
                    .flatten()
                    .map(|state| ("state", state)),
            );
            Refusal::Redirect(part.of(redirect_uri, &answer))
        };
        let repeated = || {
            refuse(
                "invalid_request",
                "The request repeats one of its parameters.",
            )
        };

        if state.is_err() {
            return Err(repeated());
        }
        match response_type.as_ref().map_err(|Repeated| repeated())? {
            Some("token") => {}
            Some(_) => {
                return Err(refuse(
                    "unsupported_response_type",
                    "The authorization server does not support this response type.",
                ));
            }
            None => {
                return Err(refuse(
                    "invalid_request",
                    "The request has no response_type.",
                ));
            }
        }
        let scope = parameters.get("scope").map_err(|Repeated| repeated())?;
        let scopes = scopes::parse(scope).ok_or_else(|| {
            refuse(
                "invalid_scope",
                "The requested scope is invalid, unknown, or malformed.",
            )
        })?;

        let state = state.ok().flatten().map(str::to_owned);
        Ok(Self {
            client,
            redirect_uri: redirect_uri.to_owned(),
            scopes,
            state,
        })
    }

    /// The request again as a query: what the sign-in page and the forms carry along.
    pub fn to_query(&self) -> String {
        let scope = scopes::join(&self.scopes);
        let mut pairs = vec![
            ("response_type", "token"),
            ("client_id", self.client.id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", &scope),
        ];
        pairs.extend(self.state.as_deref().map(|state| ("state", state)));
        parameters::encode(&pairs)
    }

    /// The access token response (4.2.2). Like Doorkeeper's, it never repeats the scope.
    pub fn granted(&self, token: &str) -> String {
        let seconds = self
            .client
            .lifetime
            .map(|lifetime| lifetime.as_secs().to_string());
        let mut answer = vec![("access_token", token), ("token_type", "Bearer")];
        answer.extend(seconds.as_deref().map(|seconds| ("expires_in", seconds)));
        answer.extend(self.state.as_deref().map(|state| ("state", state)));
        Part::Fragment.of(&self.redirect_uri, &answer)
    }

    pub fn denied(&self) -> String {
        let mut answer = vec![
            ("error", "access_denied"),
            (
                "error_description",
                "The resource owner or authorization server denied the request.",
            ),
        ];
        answer.extend(self.state.as_deref().map(|state| ("state", state)));
        Part::Fragment.of(&self.redirect_uri, &answer)
    }
}

/// The part of the redirect URI that carries the answer.
#[derive(Clone, Copy)]
enum Part {
    Query,
    Fragment,
}

impl Part {
    /// A registered URI has no fragment, and keeps the query that it has (3.1.2).
    fn of(self, redirect_uri: &str, answer: &[(&str, &str)]) -> String {
        let mark = match self {
            Self::Fragment => '#',
            Self::Query if redirect_uri.contains('?') => '&',
            Self::Query => '?',
        };
        format!("{redirect_uri}{mark}{}", parameters::encode(answer))
    }
}
