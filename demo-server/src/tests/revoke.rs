use axum::http::StatusCode;

use super::{Server, Tokens};
use crate::http::parameters;

async fn revoke(server: &Server, client: &str, token: &str) -> super::Answer {
    let form = [("client_id", client), ("token", token)];
    server.post("/oauth/revoke", &form).await
}

#[tokio::test]
async fn an_access_token_goes_alone() {
    let server = Server::new();
    let first = server.tokens_of("city-issues").await;
    let answer = revoke(&server, "city-issues", &first.access).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(!server.takes(&first.access).await);
    let second = Tokens::of(&server.refresh(&first.refresh).await);
    assert!(server.takes(&second.access).await);

    let implicit = server.token("profile").await;
    revoke(&server, "city-issues", &implicit).await;
    assert!(!server.takes(&implicit).await);
}

#[tokio::test]
async fn a_refresh_token_takes_its_family_with_it() {
    let server = Server::new();
    let other = server.tokens_of("city-issues").await;
    let first = server.tokens_of("city-issues").await;
    let second = Tokens::of(&server.refresh(&first.refresh).await);
    let answer = revoke(&server, "city-issues", &second.refresh).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!server.takes(&first.access).await);
    assert!(!server.takes(&second.access).await);
    let answer = server.refresh(&second.refresh).await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");

    assert!(server.takes(&other.access).await);
    Tokens::of(&server.refresh(&other.refresh).await);
}

#[tokio::test]
async fn an_old_refresh_token_takes_its_family_with_it_too() {
    let server = Server::new();
    let first = server.tokens_of("city-issues").await;
    let second = Tokens::of(&server.refresh(&first.refresh).await);
    revoke(&server, "city-issues", &first.refresh).await;
    assert!(!server.takes(&second.access).await);
    let answer = server.refresh(&second.refresh).await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
}

#[tokio::test]
async fn only_the_client_that_has_a_token_revokes_it() {
    let server = Server::new();
    let tokens = server.tokens_of("city-issues").await;
    for token in [&tokens.access, &tokens.refresh] {
        let answer = revoke(&server, "city-issues-short", token).await;
        answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    assert!(server.takes(&tokens.access).await);
    Tokens::of(&server.refresh(&tokens.refresh).await);
}

#[tokio::test]
async fn a_token_that_is_none_is_as_good_as_revoked() {
    let server = Server::new();
    let tokens = server.tokens_of("city-issues").await;
    for token in ["unknown", "un.known", ".", &tokens.refresh, &tokens.refresh] {
        let answer = revoke(&server, "city-issues", token).await;
        assert_eq!((answer.status, &*answer.body), (StatusCode::OK, ""));
    }
}

#[tokio::test]
async fn a_request_that_says_too_little_is_refused() {
    let server = Server::new();
    let tokens = server.tokens_of("city-issues").await;
    let token = ("token", tokens.refresh.as_str());
    for (form, status, error) in [
        (
            vec![("client_id", "city-issues")],
            StatusCode::BAD_REQUEST,
            "invalid_request",
        ),
        (vec![token], StatusCode::BAD_REQUEST, "invalid_request"),
        (
            vec![("client_id", "nobody"), token],
            StatusCode::UNAUTHORIZED,
            "invalid_client",
        ),
        (
            vec![("client_id", "city-issues"), token, token],
            StatusCode::BAD_REQUEST,
            "invalid_request",
        ),
    ] {
        let answer = server.post("/oauth/revoke", &form).await;
        answer.assert_error(status, error);
    }
    // Nor does the URL say it (RFC 6749, 2.3.1).
    let form = parameters::encode(&[("client_id", "city-issues"), token]);
    let answer = server.post(&format!("/oauth/revoke?{form}"), &[]).await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_request");
    Tokens::of(&server.refresh(&tokens.refresh).await);
}
