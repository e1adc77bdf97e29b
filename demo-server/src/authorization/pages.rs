//! The pages on which a person signs in and decides.

use axum::http::StatusCode;
use axum::response::Response;

use crate::authorization::request::Request;
use crate::http::page::{Text, page};
use crate::state::accounts::Account;
use crate::state::clients;
use crate::state::sessions::Session;

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
                include_str!("problem.html"),
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
        include_str!("sign_in.html"),
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
        include_str!("consent.html"),
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
            include_str!("signed_in.html"),
            name = Text(account.name),
            email = Text(account.email),
            form_secret = Text(&session.form_secret),
        ),
        None => include_str!("signed_out.html").to_owned(),
    };
    let main = format!(
        include_str!("home.html"),
        app_origin = Text(app_origin),
        account = account
    );
    page(StatusCode::OK, "Authorization server", &main, "'self'")
}
