//! The pages that a person sees: plain HTML and CSS, no script.

use std::fmt;

use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::{Html, IntoResponse, Response};

use super::accounts::Account;
use super::clients;
use super::request::Request;
use super::sessions::Session;

/// What went wrong with a sign-in.
#[derive(Clone, Copy)]
pub enum Problem {
    NoEmail,
    NoPassword,
    WrongCredentials,
    FormExpired,
}

impl Problem {
    /// A sentence, and the field that it is about.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NoEmail => ("Enter your e-mail address.", "email"),
            Self::NoPassword => ("Enter your password.", "password"),
            Self::WrongCredentials => (
                "The e-mail address and the password do not belong together.",
                "email",
            ),
            Self::FormExpired => ("The form had expired. Please sign in again.", "email"),
        }
    }
}

pub fn sign_in(
    status: StatusCode,
    request: Option<&Request>,
    session: &Session,
    email: &str,
    problem: Option<Problem>,
) -> Response {
    let (summary, invalid) = match problem.map(Problem::words) {
        Some((sentence, field)) => (
            format!(
                include_str!("pages/problem.html"),
                field = field,
                sentence = sentence
            ),
            " aria-invalid=\"true\" aria-describedby=\"problem\"",
        ),
        None => (String::new(), ""),
    };
    let on_password = matches!(
        problem,
        Some(Problem::NoPassword | Problem::WrongCredentials)
    );
    let on_email = matches!(problem, Some(Problem::NoEmail | Problem::WrongCredentials));
    let main = format!(
        include_str!("pages/sign_in.html"),
        summary = summary,
        client = Text(request.map_or("this server", |request| request.client.name)),
        form_secret = Text(&session.form_secret),
        request = Text(&request.map(Request::to_query).unwrap_or_default()),
        email = Text(email),
        email_invalid = if on_email { invalid } else { "" },
        password_invalid = if on_password { invalid } else { "" },
    );
    let title = if problem.is_some() {
        "Error: sign in"
    } else {
        "Sign in"
    };
    page(status, title, &main, "'self'")
}

pub fn consent(request: &Request, account: &Account, session: &Session) -> Response {
    let scopes: String = request
        .scopes
        .iter()
        .map(|scope| format!("<li>{}</li>\n", scope.words()))
        .collect();
    let source = clients::policy_source(request.redirect_uri());
    let main = format!(
        include_str!("pages/consent.html"),
        client = Text(request.client.name),
        name = Text(account.name),
        email = Text(account.email),
        scopes = scopes,
        lifetime = request.lifetime_words(),
        redirect_uri = Text(request.redirect_uri()),
        form_secret = Text(&session.form_secret),
        request = Text(&request.to_query()),
    );
    // Chromium applies form-action to the redirect that follows the form, too.
    page(
        StatusCode::OK,
        "Allow access?",
        &main,
        &format!("'self' {source}"),
    )
}

pub fn home(app_origin: &str, signed_in: Option<(&Session, &Account)>) -> Response {
    let account = match signed_in {
        Some((session, account)) => format!(
            include_str!("pages/signed_in.html"),
            name = Text(account.name),
            email = Text(account.email),
            form_secret = Text(&session.form_secret),
        ),
        None => include_str!("pages/signed_out.html").to_owned(),
    };
    let main = format!(
        include_str!("pages/home.html"),
        app_origin = Text(app_origin),
        account = account
    );
    page(StatusCode::OK, "Authorization server", &main, "'self'")
}

pub fn message(status: StatusCode, title: &str, sentence: &str) -> Response {
    let main = format!(
        include_str!("pages/message.html"),
        title = Text(title),
        sentence = Text(sentence)
    );
    page(status, title, &main, "'none'")
}

pub async fn style() -> Response {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("pages/style.css"),
    )
        .into_response()
}

pub async fn icon() -> Response {
    (
        [(header::CONTENT_TYPE, "image/svg+xml")],
        include_str!("pages/icon.svg"),
    )
        .into_response()
}

fn page(status: StatusCode, title: &str, main: &str, form_action: &str) -> Response {
    let html = format!(
        include_str!("pages/page.html"),
        title = Text(title),
        main = main
    );
    let mut response = (status, Html(html)).into_response();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action {form_action}; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Text that stays text, in an element or in a quoted attribute.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => fmt::Write::write_char(f, other)?,
            }
        }
        Ok(())
    }
}
