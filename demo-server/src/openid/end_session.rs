//! The end of the person's session, as a client asks for it: RP-Initiated Logout 1.0, sections 2 to 4.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use axum::response::Response;

use crate::http::page::{self, Text};
use crate::http::parameters::{self, Parameters, Repeated};
use crate::http::redirect::see_other;
use crate::openid::id_token::Hint;
use crate::state::accounts::Account;
use crate::state::clients::{self, Client};
use crate::state::random;
use crate::state::sessions::Session;
use crate::state::site::Site;

pub const PATH: &str = "/oauth/end-session";
pub const DECISION_PATH: &str = "/oauth/end-session/decision";

/// A request of which nothing is left to doubt.
struct Request {
    client: Option<&'static Client>,
    /// Whom the client takes for signed in, where it shows an ID token for it.
    subject: Option<String>,
    /// A registered place to return to, and the state for it.
    way_back: Option<(String, Option<String>)>,
}

/// Ends the session at once where an ID token of the same person is shown; else the person is asked,
/// because any site could send them here (section 2).
pub async fn ask(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let request = match Request::read(&query, &site) {
        Ok(request) => request,
        Err(why) => return refused(why),
    };
    let Some((session, account)) = site.signed_in(&headers) else {
        return request.done();
    };
    if request.subject == Some(account.subject()) {
        site.sessions().end(&session.id);
        return request.done();
    }
    request.question(&query, &session, account)
}

/// The same by a form. Browsers keep the session's cookie from a form of another site, and send it
/// where that form is redirected to.
pub async fn by_form(body: Bytes) -> Response {
    match str::from_utf8(&body) {
        Ok(query) => see_other(&format!("{PATH}?{query}")),
        Err(_) => refused("The request's parameters are not UTF-8."),
    }
}

/// The person's answer to the question. The request is checked again, since a form's fields are
/// anybody's to write.
pub async fn decide(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Parameters::parse_bytes(&body).unwrap_or_default();
    let request = match Request::read(form.one("request"), &site) {
        Ok(request) => request,
        Err(why) => return refused(why),
    };
    if form.one("decision") == "end"
        && let Some((session, _)) = site.signed_in(&headers)
    {
        if !random::same(form.one("form_secret"), &session.form_secret) {
            return page::message(
                StatusCode::FORBIDDEN,
                "This page is out of date",
                "The answer did not come from the page that this server showed last, so you are still signed in.",
            );
        }
        site.sessions().end(&session.id);
    }
    request.done()
}

impl Request {
    fn read(query: &str, site: &Site) -> Result<Self, &'static str> {
        let parameters =
            Parameters::parse(query).ok_or("The request's parameters are not UTF-8.")?;
        let get = |name| {
            parameters
                .get(name)
                .map_err(|Repeated| "The request repeats one of its parameters.")
        };
        let hint = get("id_token_hint")?.and_then(|text| Hint::read(text, site));
        let named = get("client_id")?;
        if let (Some(hint), Some(named)) = (&hint, named)
            && hint.client != named
        {
            return Err("The ID token (id_token_hint) is for another client (client_id).");
        }
        let client = match named.or(hint.as_ref().map(|hint| hint.client.as_str())) {
            Some(id) => {
                Some(clients::find(id).ok_or("No client of this name is registered (client_id).")?)
            }
            None => None,
        };
        let state = get("state")?.map(str::to_owned);
        let way_back = match (get("post_logout_redirect_uri")?, client) {
            (None, _) => None,
            (Some(uri), Some(_)) if site.redirect_uris.iter().any(|known| known == uri) => {
                Some((uri.to_owned(), state))
            }
            (Some(_), Some(_)) => {
                return Err(
                    "The place to return to (post_logout_redirect_uri) is not registered for this client.",
                );
            }
            (Some(_), None) => {
                return Err(
                    "The request does not say whose place to return to it has (client_id).",
                );
            }
        };
        Ok(Self {
            client,
            subject: hint.map(|hint| hint.subject),
            way_back,
        })
    }

    /// Back to the client with its state (section 3), or a page that says that it is done.
    fn done(&self) -> Response {
        match &self.way_back {
            Some((uri, None)) => see_other(uri),
            Some((uri, Some(state))) => {
                let mark = if uri.contains('?') { '&' } else { '?' };
                see_other(&format!(
                    "{uri}{mark}{}",
                    parameters::encode(&[("state", state)])
                ))
            }
            None => see_other("/"),
        }
    }

    fn question(&self, query: &str, session: &Session, account: &Account) -> Response {
        let main = format!(
            include_str!("end_session.html"),
            client = Text(self.client.map_or("A site", |client| client.name)),
            name = Text(account.name),
            email = Text(account.email),
            form_secret = Text(&session.form_secret),
            request = Text(query),
        );
        let source = self
            .way_back
            .as_ref()
            .map(|(uri, _)| clients::policy_source(uri))
            .unwrap_or_default();
        // Chromium applies form-action to the redirect that follows the form, too.
        page::page(
            StatusCode::OK,
            "Sign out?",
            &main,
            &format!("'self' {source}"),
        )
    }
}

fn refused(why: &str) -> Response {
    page::message(
        StatusCode::BAD_REQUEST,
        "This request can't be answered",
        &format!("{why} You are still signed in where you were."),
    )
}
