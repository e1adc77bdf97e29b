use axum::http::StatusCode;

use super::id_token::{NONCE, openid_request};
use super::{Server, authorize_path};

fn path(more: &str) -> String {
    format!("{}&{more}", authorize_path(&openid_request()))
}

#[tokio::test]
async fn without_a_page_nobody_is_known() {
    let server = Server::new();
    let mut browser = server.browser();
    browser
        .get(&path("prompt=none"))
        .await
        .assert_told("login_required");
    browser.sign_in("ada@example.com").await;
    browser
        .get(&path("prompt=none"))
        .await
        .assert_told("consent_required");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let server = Server::new();
    for wrong in [
        "prompt=none+login",
        "prompt=None",
        "prompt=login++consent",
        "prompt=login&prompt=login",
        "max_age=-1",
        "max_age=1.5",
        "max_age=soon",
    ] {
        let answer = server.get(&path(wrong), &[]).await;
        answer.assert_told("invalid_request");
    }
}

/// Signing in is done with then, so that nobody is asked for it in a circle.
#[tokio::test]
async fn who_is_signed_in_does_so_again_where_the_client_wants_it() {
    let server = Server::new();
    let mut browser = server.browser();
    browser.sign_in("ada@example.com").await;
    for asked in ["prompt=consent", "max_age=600"] {
        browser.get(&path(asked)).await.assert_page(StatusCode::OK);
    }
    for asked in ["prompt=login", "prompt=select_account+consent"] {
        let answer = browser.get(&path(asked)).await;
        let sign_in = answer.location().to_owned();
        let page = browser.get(&sign_in).await;
        page.assert_page(StatusCode::OK);
        let (secret, request) = (page.field("form_secret"), page.field("request"));
        let form = [
            ("form_secret", &*secret),
            ("request", &*request),
            ("email", "grace@example.com"),
            ("password", "demo"),
        ];
        let answer = browser.post("/sign-in", &form).await;
        let consent = answer.location().to_owned();
        assert!(consent.contains(&format!("nonce={NONCE}")));
        let page = browser.get(&consent).await;
        page.assert_page(StatusCode::OK);
        assert!(page.body.contains("Grace Lindqvist"));
    }
}

#[tokio::test]
async fn a_sign_in_is_not_older_than_max_age() {
    let server = Server::new();
    let mut browser = server.browser();
    browser.sign_in("ada@example.com").await;
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let answer = browser.get(&path("max_age=0")).await;
    assert!(answer.location().ends_with("&again=1"));
}
