//! The authorization request and the answers to it: RFC 6749, sections 3.1, 4.1.1 to 4.1.2.1 for a
//! code and 4.2.1 to 4.2.2.1 for a token; OpenID Connect Core 1.0, sections 3.1.2 and 3.2.2.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::authorization::prompt::Prompt;
use crate::http::page;
use crate::http::parameters::{self, Parameters, Repeated};
use crate::http::redirect::see_other;
use crate::state::clients::{self, Client};
use crate::state::families::{self, CodeBinding};
use crate::state::pkce::{self, Challenge};
use crate::state::scopes::{self, Scope};
use crate::state::site::Site;

/// An authorization request in which nothing is left to doubt.
#[derive(Debug)]
pub struct Request {
    pub client: &'static Client,
    pub scopes: Vec<Scope>,
    /// For the ID token.
    pub nonce: Option<String>,
    /// Done with when the person is sent on, so it does not travel along.
    pub prompt: Prompt,
    response_type: ResponseType,
    way_back: WayBack,
}

#[derive(Debug)]
enum ResponseType {
    Code(Challenge),
    Token,
    IdToken,
    IdTokenToken,
}

/// How an answer reaches the client, and what stands in each.
#[derive(Debug)]
struct WayBack {
    redirect_uri: String,
    part: Part,
    state: Option<String>,
    /// Stands in every answer (RFC 9207, 2).
    issuer: String,
}

/// The part of the redirect URI that carries the answer (OAuth 2.0 Multiple Response Types, 2.1).
#[derive(Clone, Copy, Debug)]
enum Part {
    Query,
    Fragment,
}

/// Why a request goes no further.
#[derive(Debug)]
pub enum Refusal {
    /// Without a client and a redirect URI that belongs to it, nobody is told but the person
    /// (4.1.2.1, 4.2.2.1): a redirect could go anywhere.
    Page(&'static str),
    /// The client is told, by a redirect to this URL.
    Redirect(String),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Page(why) => page::message(
                StatusCode::BAD_REQUEST,
                "This request can't be answered",
                &format!("{why} You have not been sent back to the application."),
            ),
            Self::Redirect(url) => see_other(&url),
        }
    }
}

impl Request {
    pub fn read(query: &str, site: &Site) -> Result<Self, Refusal> {
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
        if !site
            .redirect_uris
            .iter()
            .any(|registered| registered == redirect_uri)
        {
            return Err(Refusal::Page(
                "The place to return to (redirect_uri) is not registered for this client.",
            ));
        }

        // From here on the client can be told, where its answer would be.
        let way_back = WayBack::read(&parameters, redirect_uri, &site.origin);
        let refuse = |error, description| way_back.refuse(error, description);
        let repeated = |Repeated| {
            refuse(
                "invalid_request",
                "The request repeats one of its parameters.",
            )
        };

        parameters.get("state").map_err(repeated)?;
        for name in ["request", "request_uri"] {
            if parameters.all(name).next().is_some() {
                return Err(refuse(
                    &format!("{name}_not_supported"),
                    "The authorization server reads no request objects.",
                ));
            }
        }
        if let Some(mode) = parameters.get("response_mode").map_err(repeated)?
            && mode != way_back.part.response_mode()
        {
            return Err(refuse(
                "invalid_request",
                "The authorization server does not support this response mode.",
            ));
        }
        let nonce = parameters.get("nonce").map_err(repeated)?;
        let prompt = Prompt::read(&parameters).map_err(|why| refuse("invalid_request", why))?;
        let response_type = match parameters.get("response_type").map_err(repeated)? {
            Some("token") => ResponseType::Token,
            Some("id_token") => ResponseType::IdToken,
            Some("id_token token" | "token id_token") => ResponseType::IdTokenToken,
            Some("code") => ResponseType::Code(challenge(&parameters, &way_back)?),
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
        };
        let scope = parameters.get("scope").map_err(repeated)?;
        let scopes = scopes::parse(scope).ok_or_else(|| {
            refuse(
                "invalid_scope",
                "The requested scope is invalid, unknown, or malformed.",
            )
        })?;

        if response_type.has_id_token() {
            if !scopes.contains(&Scope::OpenId) {
                return Err(refuse(
                    "invalid_scope",
                    "An ID token needs the scope openid.",
                ));
            }
            // Core, 3.2.2.1.
            if nonce.is_none() {
                return Err(refuse("invalid_request", "The request has no nonce."));
            }
        }

        Ok(Self {
            client,
            scopes,
            nonce: nonce.map(str::to_owned),
            prompt,
            response_type,
            way_back,
        })
    }

    pub fn redirect_uri(&self) -> &str {
        &self.way_back.redirect_uri
    }

    /// How long the access lasts, in words.
    pub fn lifetime_words(&self) -> &'static str {
        match (&self.response_type, self.client.lifetime) {
            (ResponseType::Code(_), Some(_)) => families::LIFETIME_WORDS,
            (ResponseType::IdToken, _) => "for this sign-in alone",
            _ => self.client.lifetime_words,
        }
    }

    /// The request again as a query: what the sign-in page and the forms carry along.
    pub fn to_query(&self) -> String {
        let scope = scopes::join(&self.scopes);
        let mut pairs = vec![
            ("response_type", self.response_type.name()),
            ("client_id", self.client.id),
            ("redirect_uri", self.redirect_uri()),
            ("scope", &scope),
        ];
        if let ResponseType::Code(challenge) = &self.response_type {
            pairs.extend([
                ("code_challenge", challenge.as_str()),
                ("code_challenge_method", pkce::METHOD),
                ("response_mode", self.way_back.part.response_mode()),
            ]);
        }
        pairs.extend(self.nonce.as_deref().map(|nonce| ("nonce", nonce)));
        pairs.extend(self.way_back.state());
        parameters::encode(&pairs)
    }

    /// What the code is bound to, where one was asked for.
    pub fn code_binding(&self) -> Option<CodeBinding> {
        match &self.response_type {
            ResponseType::Code(challenge) => Some(CodeBinding {
                redirect_uri: self.redirect_uri().to_owned(),
                challenge: challenge.clone(),
            }),
            _ => None,
        }
    }

    pub fn wants_token(&self) -> bool {
        self.response_type.has_token()
    }

    pub fn wants_id_token(&self) -> bool {
        self.response_type.has_id_token()
    }

    /// The authorization response (4.1.2).
    pub fn granted_code(&self, code: &str) -> String {
        self.way_back.with(&[("code", code)])
    }

    /// The access token response (4.2.2; Core, 3.2.2.5). Like Doorkeeper's, it never repeats the scope.
    pub fn granted_tokens(&self, token: Option<&str>, id_token: Option<&str>) -> String {
        let seconds = self
            .client
            .lifetime
            .map(|lifetime| lifetime.as_secs().to_string());
        let mut answer = Vec::new();
        if let Some(token) = token {
            answer.extend([("access_token", token), ("token_type", "Bearer")]);
            answer.extend(seconds.as_deref().map(|seconds| ("expires_in", seconds)));
        }
        answer.extend(id_token.map(|id_token| ("id_token", id_token)));
        self.way_back.with(&answer)
    }

    /// The answer to `prompt=none` (Core, 3.1.2.6): nobody is signed in, or somebody has not said yet
    /// that the client may know it.
    pub fn not_without_a_page(&self, is_signed_in: bool) -> String {
        let (error, description) = if is_signed_in {
            ("consent_required", "The person has to be asked first.")
        } else {
            ("login_required", "Nobody is signed in.")
        };
        self.way_back
            .with(&[("error", error), ("error_description", description)])
    }

    pub fn denied(&self) -> String {
        self.way_back.with(&[
            ("error", "access_denied"),
            (
                "error_description",
                "The resource owner or authorization server denied the request.",
            ),
        ])
    }
}

/// The code challenge, which no request for a code goes without (RFC 7636, 4.3 and 4.4.1).
fn challenge(parameters: &Parameters, way_back: &WayBack) -> Result<Challenge, Refusal> {
    let refuse = |description| way_back.refuse("invalid_request", description);
    let repeated = |Repeated| refuse("The request repeats one of its parameters.");
    let challenge = parameters
        .get("code_challenge")
        .map_err(repeated)?
        .ok_or_else(|| refuse("The request has no code_challenge."))?;
    // Left out, it would mean plain.
    let method = parameters.get("code_challenge_method").map_err(repeated)?;
    if method != Some(pkce::METHOD) {
        return Err(refuse("The code_challenge_method must be S256."));
    }
    Challenge::read(challenge).ok_or_else(|| refuse("The code_challenge is malformed."))
}

impl ResponseType {
    fn name(&self) -> &'static str {
        match self {
            Self::Code(_) => "code",
            Self::Token => "token",
            Self::IdToken => "id_token",
            Self::IdTokenToken => "id_token token",
        }
    }

    fn has_token(&self) -> bool {
        matches!(self, Self::Token | Self::IdTokenToken)
    }

    fn has_id_token(&self) -> bool {
        matches!(self, Self::IdToken | Self::IdTokenToken)
    }
}

impl WayBack {
    /// With the state that was sent, if it was just one.
    fn read(parameters: &Parameters, redirect_uri: &str, issuer: &str) -> Self {
        let is = |name, value| matches!(parameters.get(name), Ok(Some(v)) if v == value);
        let for_code = is("response_type", "code");
        Self {
            redirect_uri: redirect_uri.to_owned(),
            part: if for_code && !is("response_mode", "fragment") {
                Part::Query
            } else {
                Part::Fragment
            },
            state: parameters.get("state").ok().flatten().map(str::to_owned),
            issuer: issuer.to_owned(),
        }
    }

    /// A registered URI has no fragment, and keeps the query that it has (3.1.2).
    fn with(&self, answer: &[(&str, &str)]) -> String {
        let mut answer = answer.to_vec();
        answer.extend(self.state());
        answer.push(("iss", &self.issuer));
        let redirect_uri = &self.redirect_uri;
        let mark = match self.part {
            Part::Fragment => '#',
            Part::Query if redirect_uri.contains('?') => '&',
            Part::Query => '?',
        };
        format!("{redirect_uri}{mark}{}", parameters::encode(&answer))
    }

    fn state(&self) -> Option<(&'static str, &str)> {
        self.state.as_deref().map(|state| ("state", state))
    }

    fn refuse(&self, error: &str, description: &str) -> Refusal {
        Refusal::Redirect(self.with(&[("error", error), ("error_description", description)]))
    }
}

impl Part {
    fn response_mode(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
        }
    }
}
