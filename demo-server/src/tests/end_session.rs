use axum::http::{Method, StatusCode};

use super::id_token::front_channel;
use super::{APP, Browser, Server, WITH_QUERY};
use crate::http::parameters::{self, Parameters};

const PATH: &str = "/oauth/end-session";
const HOME: &str = "http://localhost:4180/";

fn path(request: &[(&str, &str)]) -> String {
    format!("{PATH}?{}", parameters::encode(request))
}

/// Somebody who is signed in, and the ID token that a client has for it.
async fn signed_in<'a>(server: &'a Server, email: &str) -> (Browser<'a>, String) {
    let mut browser = server.browser();
    browser.sign_in(email).await;
    let answer = browser.decide(&front_channel("id_token"), "allow").await;
    let (_, fragment) = answer.location().split_once('#').unwrap();
    let answer = Parameters::parse(fragment).unwrap();
    (browser, answer.one("id_token").to_owned())
}

async fn is_signed_in(browser: &mut Browser<'_>) -> bool {
    browser.get("/").await.body.contains("You are signed in as")
}

#[tokio::test]
async fn with_the_id_token_the_session_ends_at_once_and_the_way_leads_back() {
    let server = Server::new();
    for (uri, state, lands) in [
        (HOME, "af0ifj", "http://localhost:4180/?state=af0ifj"),
        (HOME, "", HOME),
        (
            WITH_QUERY,
            "a b",
            "https://app.example/cb?tenant=1&state=a+b",
        ),
    ] {
        let (mut browser, hint) = signed_in(&server, "ada@example.com").await;
        let request = [
            ("id_token_hint", hint.as_str()),
            ("post_logout_redirect_uri", uri),
            ("state", state),
        ];
        let answer = browser.get(&path(&request)).await;
        assert_eq!(answer.location(), lands);
        assert!(!is_signed_in(&mut browser).await);
        // And again, with nobody signed in.
        assert_eq!(browser.get(&path(&request)).await.location(), lands);
    }
}

#[tokio::test]
async fn without_a_place_to_return_to_the_server_shows_its_own_page() {
    let server = Server::new();
    let (mut browser, hint) = signed_in(&server, "ada@example.com").await;
    let answer = browser.get(&path(&[("id_token_hint", &hint)])).await;
    assert_eq!(answer.location(), "/");
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn an_id_token_that_an_earlier_key_has_signed_is_still_a_hint() {
    let server = Server::new();
    let (mut browser, hint) = signed_in(&server, "ada@example.com").await;
    server.call(Method::POST, "/test/keys", &[], "").await;
    browser.get(&path(&[("id_token_hint", &hint)])).await;
    assert!(!is_signed_in(&mut browser).await);
}

/// Any site could send a person here.
#[tokio::test]
async fn without_proof_the_person_is_asked() {
    let server = Server::new();
    let (mut browser, hint) = signed_in(&server, "ada@example.com").await;
    let (_, others) = signed_in(&server, "grace@example.com").await;
    let (input, _) = hint.rsplit_once('.').unwrap();
    let (_, anothers) = others.rsplit_once('.').unwrap();
    let forged = format!("{input}.{anothers}");
    let unsigned = format!("{input}.");
    for unproved in ["", &others, &forged, &unsigned, "x", "x.y.z"] {
        let request = [
            ("id_token_hint", unproved),
            ("client_id", "city-issues"),
            ("post_logout_redirect_uri", HOME),
            ("state", "s"),
        ];
        let page = browser.get(&path(&request)).await;
        page.assert_page(StatusCode::OK);
        assert!(
            page.header("content-security-policy")
                .unwrap()
                .contains(APP)
        );
        assert!(is_signed_in(&mut browser).await, "{unproved}");

        let (secret, request) = (page.field("form_secret"), page.field("request"));
        let mut answer = async |secret: &str, decision: &str| {
            let form = [
                ("form_secret", secret),
                ("request", request.as_str()),
                ("decision", decision),
            ];
            browser.post("/oauth/end-session/decision", &form).await
        };
        answer("", "end").await.assert_page(StatusCode::FORBIDDEN);
        let back = "http://localhost:4180/?state=s";
        assert_eq!(answer(&secret, "stay").await.location(), back);
        assert!(is_signed_in(&mut browser).await);
        let form = [
            ("form_secret", secret.as_str()),
            ("request", request.as_str()),
            ("decision", "end"),
        ];
        let answer = browser.post("/oauth/end-session/decision", &form).await;
        assert_eq!(answer.location(), back);
        assert!(!is_signed_in(&mut browser).await);
        browser.sign_in("ada@example.com").await;
    }
}

#[tokio::test]
async fn the_way_leads_to_registered_places_of_one_client_alone() {
    let server = Server::new();
    let (mut browser, hint) = signed_in(&server, "ada@example.com").await;
    for wrong in [
        vec![
            ("id_token_hint", &*hint),
            ("post_logout_redirect_uri", "https://evil.example/"),
        ],
        vec![("post_logout_redirect_uri", HOME)],
        vec![("client_id", "nobody")],
        vec![("id_token_hint", &hint), ("client_id", "city-issues-short")],
        vec![("id_token_hint", &hint), ("state", "a"), ("state", "b")],
    ] {
        let answer = browser.get(&path(&wrong)).await;
        answer.assert_page(StatusCode::BAD_REQUEST);
        assert!(is_signed_in(&mut browser).await, "{wrong:?}");
    }
}

/// A form of another site comes without the cookie.
#[tokio::test]
async fn a_form_is_sent_on_to_the_address() {
    let server = Server::new();
    let (mut browser, hint) = signed_in(&server, "ada@example.com").await;
    let request = [
        ("id_token_hint", &*hint),
        ("post_logout_redirect_uri", HOME),
        ("state", "a&b"),
    ];
    let answer = server.post(PATH, &request).await;
    assert_eq!(answer.location(), path(&request));
    let answer = browser.get(answer.location()).await;
    assert_eq!(answer.location(), "http://localhost:4180/?state=a%26b");
    assert!(!is_signed_in(&mut browser).await);
}
