use axum::http::StatusCode;

use super::{CODE_REQUEST, ISS, Server, WITH_QUERY, authorize_path, changed};
use crate::http::parameters::{self, Parameters};

/// The request with one more parameter.
fn and<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut request = CODE_REQUEST.to_vec();
    request.push((name, value));
    request
}

/// A code is its family's name and a secret: 32 bytes each.
fn cut_code(location: &str) -> (String, String) {
    let (before, rest) = location.split_once("code=").unwrap();
    let (code, after) = rest.split_once('&').unwrap();
    let (family, secret) = code.split_once('.').unwrap();
    assert_eq!((family.len(), secret.len()), (43, 43));
    (code.to_owned(), format!("{before}code=…&{after}"))
}

#[tokio::test]
async fn a_code_comes_back_in_the_query_or_where_it_was_asked_for() {
    let server = Server::new();
    let mut browser = server.browser();
    browser.sign_in("ada@example.com").await;
    let mut codes = Vec::new();
    for (request, start) in [
        (CODE_REQUEST.to_vec(), "http://localhost:4180/?"),
        (and("response_mode", "query"), "http://localhost:4180/?"),
        (and("response_mode", "fragment"), "http://localhost:4180/#"),
        (
            changed(&CODE_REQUEST, "redirect_uri", WITH_QUERY),
            "https://app.example/cb?tenant=1&",
        ),
    ] {
        let answer = browser.decide(&request, "allow").await;
        let (code, shape) = cut_code(answer.location());
        assert_eq!(shape, format!("{start}code=…&state=af0ifjsldkj{ISS}"));
        assert!(!codes.contains(&code));
        codes.push(code);
    }
}

#[tokio::test]
async fn errors_go_where_the_code_would() {
    let server = Server::new();
    let words = |error: &str, description: &str| {
        parameters::encode(&[
            ("error", error),
            ("error_description", description),
            ("state", "af0ifjsldkj"),
        ])
    };
    let invalid = |description| words("invalid_request", description);
    let with = |name, value| changed(&CODE_REQUEST, name, value);
    let repeated = "The request repeats one of its parameters.";
    let not_s256 = "The code_challenge_method must be S256.";
    let malformed = "The code_challenge is malformed.";
    let scope = "The requested scope is invalid, unknown, or malformed.";
    let mode = "The authorization server does not support this response mode.";
    for (request, answer) in [
        (
            with("code_challenge", ""),
            invalid("The request has no code_challenge."),
        ),
        (with("code_challenge_method", ""), invalid(not_s256)),
        (with("code_challenge_method", "plain"), invalid(not_s256)),
        (with("code_challenge_method", "s256"), invalid(not_s256)),
        (with("code_challenge", "E9Melhoa2Owv"), invalid(malformed)),
        (
            with(
                "code_challenge",
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
            ),
            invalid(malformed),
        ),
        (
            with(
                "code_challenge",
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=",
            ),
            invalid(malformed),
        ),
        (with("scope", "admin"), words("invalid_scope", scope)),
        (and("response_mode", "form_post"), invalid(mode)),
        (and("code_challenge", "x"), invalid(repeated)),
        (and("code_challenge_method", "S256"), invalid(repeated)),
    ] {
        let query = server.get(&authorize_path(&request), &[]).await;
        let url = format!("http://localhost:4180/?{answer}{ISS}");
        assert_eq!(query.location(), url);
        if !request.iter().any(|(name, _)| *name == "response_mode") {
            let mut request = request;
            request.push(("response_mode", "fragment"));
            let fragment = server.get(&authorize_path(&request), &[]).await;
            let url = format!("http://localhost:4180/#{answer}{ISS}");
            assert_eq!(fragment.location(), url);
        }
    }
    let mut twice = and("response_mode", "fragment");
    twice.push(("response_mode", "fragment"));
    let answer = server.get(&authorize_path(&twice), &[]).await;
    let url = format!("http://localhost:4180/?{}{ISS}", invalid(repeated));
    assert_eq!(answer.location(), url);
}

#[tokio::test]
async fn denying_a_code_is_told_to_the_client() {
    let server = Server::new();
    let mut browser = server.browser();
    browser.sign_in("ada@example.com").await;
    let error = "error=access_denied&error_description=The+resource+owner+or+\
         authorization+server+denied+the+request.&state=af0ifjsldkj";
    for (mode, start) in [("query", '?'), ("fragment", '#')] {
        let answer = browser.decide(&and("response_mode", mode), "deny").await;
        assert_eq!(
            answer.location(),
            format!("http://localhost:4180/{start}{error}{ISS}")
        );
    }
}

#[tokio::test]
async fn the_whole_request_is_carried_through_the_sign_in() {
    let server = Server::new();
    let asked = and("response_mode", "fragment");
    let answer = server.get(&authorize_path(&asked), &[]).await;
    let (_, query) = answer.location().split_once('?').unwrap();
    let carried = Parameters::parse(query).unwrap();
    let carried = Parameters::parse(carried.one("request")).unwrap();
    for (name, value) in asked {
        assert_eq!(carried.get(name).unwrap(), Some(value), "{name}");
    }
}

#[tokio::test]
async fn the_consent_page_tells_how_long_a_renewed_access_lasts() {
    let server = Server::new();
    let mut browser = server.browser();
    browser.sign_in("ada@example.com").await;
    let mut words = async |client| {
        let request = changed(&CODE_REQUEST, "client_id", client);
        let page = browser.get(&authorize_path(&request)).await;
        page.assert_page(StatusCode::OK);
        let (_, rest) = page.body.split_once("It keeps this access ").unwrap();
        rest.split_once(',').unwrap().0.to_owned()
    };
    assert_eq!(
        words("city-issues").await,
        "while it is in use and 8 hours longer"
    );
    assert_eq!(
        words("city-issues-forever").await,
        "until this server stops"
    );
}
