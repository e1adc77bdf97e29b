use axum::http::StatusCode;
use serde_json::json;

use super::id_token::{front_channel, openid_request};
use super::{Server, changed};

const PATH: &str = "/oauth/userinfo";

#[tokio::test]
async fn it_says_of_the_user_what_was_allowed() {
    let server = Server::new();
    let answer = server.redeemed(&openid_request()).await;
    let token = answer["access_token"].as_str().unwrap();
    let whole = json!({ "sub": "citizen-1", "name": "Ada Lovelace", "email": "ada@example.com" });
    let answer = server.get_with(PATH, token).await;
    assert_eq!(answer.json(), whole);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let by_post = server
        .call(
            axum::http::Method::POST,
            PATH,
            &[("authorization", &format!("Bearer {token}"))],
            "",
        )
        .await;
    assert_eq!(by_post.json(), whole);

    let bare = changed(&front_channel("id_token token"), "scope", "openid");
    let token = server.allowed(&bare).await;
    let answer = server.get_with(PATH, token.one("access_token")).await;
    assert_eq!(answer.json(), json!({ "sub": "citizen-1" }));
}

#[tokio::test]
async fn it_wants_a_token_that_was_given_for_openid() {
    let server = Server::new();
    let answer = server.get(PATH, &[]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let token = server.token("profile").await;
    let answer = server.get_with(PATH, &token).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(
        answer
            .header("www-authenticate")
            .unwrap()
            .ends_with("error=\"insufficient_scope\", error_description=\"The access token was not granted the scope for this.\", scope=\"openid\"")
    );
}
