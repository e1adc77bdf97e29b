//! The server as a browser and a script meet it: one request at a time through its routes, and over
//! real sockets where sockets are the point.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on must stop"
)]

mod api;
mod application;
mod authorize;
mod code;
mod control;
mod cors;
mod end_session;
mod host;
mod id_token;
mod listen;
mod metadata;
mod prompt;
mod revoke;
mod sign_in;
mod token;
mod userinfo;

use std::path::Path;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

use crate::http::parameters::{self, Parameters};
use crate::options::Options;
use crate::server;
use crate::state::site::Site;

const APP: &str = "http://localhost:4180";
const SERVER: &str = "http://127.0.0.1:4181";
/// Redirect URIs beside the application's own.
const WITH_QUERY: &str = "https://app.example/cb?tenant=1";
const PRIVATE_USE: &str = "com.example.app:/cb";
const IPV6: &str = "http://[::1]:9000/cb";

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// How every answer ends (RFC 9207, 2).
const ISS: &str = "&iss=http%3A%2F%2F127.0.0.1%3A4181";
const CODE_REQUEST: [(&str, &str); 7] = [
    ("response_type", "code"),
    ("client_id", "city-issues"),
    ("redirect_uri", "http://localhost:4180/"),
    ("scope", "profile issues"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
    ("state", "af0ifjsldkj"),
];

/// A request with one parameter changed; without a value it counts as left out.
fn changed<'a>(
    request: &[(&'a str, &'a str)],
    name: &str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    request
        .iter()
        .map(|&(n, v)| (n, if n == name { value } else { v }))
        .collect()
}

fn options() -> Options {
    let mut options = Options::new(Path::new("."));
    options.redirect_uris = [WITH_QUERY, PRIVATE_USE, IPV6].map(str::to_owned).to_vec();
    options
}

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?.to_str().unwrap();
        assert!(values.next().is_none(), "{name} occurs twice");
        Some(value)
    }

    fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header("location").unwrap()
    }

    /// An error of RFC 6749, section 5.2.
    fn assert_error(&self, status: StatusCode, error: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.json()["error"], error, "{}", self.body);
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(self.header("access-control-allow-origin"), Some("*"));
    }

    /// An error in the redirect to the client.
    fn assert_told(&self, error: &str) {
        let (_, answer) = self.location().split_once(['#', '?']).unwrap();
        assert_eq!(Parameters::parse(answer).unwrap().one("error"), error);
    }

    fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_str(&self.body).unwrap()
    }

    /// A hidden field of the page, as a browser would send it.
    fn field(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.body.split_once(&start).expect("the field is there").1;
        rest.split_once('"').unwrap().0.replace("&amp;", "&")
    }

    fn assert_page(&self, status: StatusCode) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("location"), None);
        assert!(
            self.header("content-type")
                .unwrap()
                .starts_with("text/html")
        );
    }
}

async fn send(routes: &Router, request: Request<Body>) -> Answer {
    let response = routes.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

/// A server of its own for each test.
struct Server(Router);

impl Server {
    fn new() -> Self {
        let site = Site::new(APP, SERVER, &options().redirect_uris).unwrap();
        Self(server::routes(site))
    }

    /// Without a browser: no cookies, and the headers given.
    async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:4181");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        send(&self.0, request.body(Body::from(body.to_owned())).unwrap()).await
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.call(Method::GET, path, headers, "").await
    }

    async fn get_with(&self, path: &str, token: &str) -> Answer {
        self.get(path, &[("authorization", &format!("Bearer {token}"))])
            .await
    }

    /// A form from a client's script.
    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.call(Method::POST, path, &headers, &parameters::encode(form))
            .await
    }

    fn browser(&self) -> Browser<'_> {
        Browser {
            server: self,
            cookie: None,
        }
    }

    /// The parameters of the fragment that a person who allows `request` comes back with.
    async fn allowed(&self, request: &[(&str, &str)]) -> Parameters {
        let mut browser = self.browser();
        browser.sign_in("ada@example.com").await;
        let answer = browser.decide(request, "allow").await;
        Parameters::parse(answer.location().split_once('#').unwrap().1).unwrap()
    }

    /// The code that a person who allows `request` comes back with.
    async fn code(&self, request: &[(&str, &str)]) -> String {
        let mut browser = self.browser();
        browser.sign_in("ada@example.com").await;
        let answer = browser.decide(request, "allow").await;
        let query = answer.location().split_once('?').unwrap().1;
        Parameters::parse(query).unwrap().one("code").to_owned()
    }

    /// What a client gets for the code of its `CODE_REQUEST`.
    async fn tokens_of(&self, client: &str) -> Tokens {
        let code = self
            .code(&changed(&CODE_REQUEST, "client_id", client))
            .await;
        let form = changed(&token::exchange(&code), "client_id", client);
        Tokens::of(&self.post("/oauth/token", &form).await)
    }

    async fn refresh(&self, refresh_token: &str) -> Answer {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", "city-issues"),
            ("refresh_token", refresh_token),
        ];
        self.post("/oauth/token", &form).await
    }

    /// Whether the API takes it.
    async fn takes(&self, access_token: &str) -> bool {
        let answer = self.get_with("/api/v2/profile", access_token).await;
        answer.status == StatusCode::OK
    }

    async fn token(&self, scope: &str) -> String {
        self.token_of("city-issues", scope).await
    }

    async fn token_of(&self, client: &str, scope: &str) -> String {
        let request = [
            ("response_type", "token"),
            ("client_id", client),
            ("redirect_uri", "http://localhost:4180/"),
            ("scope", scope),
        ];
        self.allowed(&request).await.one("access_token").to_owned()
    }
}

struct Tokens {
    access: String,
    refresh: String,
}

impl Tokens {
    fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let json = answer.json();
        let text = |name: &str| json[name].as_str().unwrap().to_owned();
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
        }
    }
}

/// Follows no redirect, keeps the one cookie.
struct Browser<'a> {
    server: &'a Server,
    cookie: Option<String>,
}

impl Browser<'_> {
    async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "").await
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, &parameters::encode(form))
            .await
    }

    async fn send(&mut self, method: Method, path: &str, body: &str) -> Answer {
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend(self.cookie.as_deref().map(|cookie| ("cookie", cookie)));
        let answer = self.server.call(method, path, &headers, body).await;
        if let Some(cookie) = answer.headers.get(header::SET_COOKIE) {
            self.cookie = cookie
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .map(str::to_owned);
        }
        answer
    }

    async fn sign_in(&mut self, email: &str) -> Answer {
        let page = self.get("/sign-in").await;
        let secret = page.field("form_secret");
        let form = [
            ("form_secret", secret.as_str()),
            ("email", email),
            ("password", "demo"),
        ];
        let answer = self.post("/sign-in", &form).await;
        assert_eq!(answer.location(), "/");
        answer
    }

    /// Goes to the consent page and presses one of its buttons.
    async fn decide(&mut self, request: &[(&str, &str)], decision: &str) -> Answer {
        let page = self.get(&authorize_path(request)).await;
        page.assert_page(StatusCode::OK);
        let (secret, request) = (page.field("form_secret"), page.field("request"));
        let form = [
            ("form_secret", &*secret),
            ("request", &*request),
            ("decision", decision),
        ];
        self.post("/oauth/authorize", &form).await
    }
}

fn authorize_path(request: &[(&str, &str)]) -> String {
    format!("/oauth/authorize?{}", parameters::encode(request))
}
