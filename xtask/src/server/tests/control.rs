use axum::http::{Method, StatusCode};
use serde_json::json;

use super::Server;

#[tokio::test]
async fn a_revoked_token_is_invalid_and_the_others_are_not() {
    let server = Server::new();
    let revoked = server.token("profile").await;
    let other = server.token("profile").await;
    let body = format!("token={revoked}");
    let answer = server.call(Method::POST, "/test/revoke", &[], &body).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let answer = server.get_with("/api/v2/profile", &revoked).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        answer.header("www-authenticate"),
        Some(
            "Bearer realm=\"City Issues\", error=\"invalid_token\", \
             error_description=\"The access token was revoked.\""
        )
    );
    assert_eq!(
        server.get_with("/api/v2/profile", &other).await.status,
        StatusCode::OK
    );

    let answer = server
        .call(Method::POST, "/test/revoke", &[], "token=unknown")
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let answer = server.call(Method::POST, "/test/revoke", &[], "").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_log_tells_what_reached_the_api_and_no_token() {
    let server = Server::new();
    let token = server.token("profile").await;
    assert_eq!(server.get("/test/log", &[]).await.json(), json!([]));

    server.get_with("/api/v2/profile", &token).await;
    server
        .get(&format!("/api/v2/profile?access_token={token}"), &[])
        .await;
    server
        .get("/api/v2x", &[("authentication", "Bearer a")])
        .await;
    server
        .call(Method::OPTIONS, "/api/v2/issues", &[], "")
        .await;
    server
        .call(
            Method::POST,
            "/api/v2/issues",
            &[("authorization", "Bearer")],
            "",
        )
        .await;
    let log = server.get("/test/log", &[]).await;
    let entry = |method, path, authorization| json!({ "method": method, "path": path, "authorization": authorization });
    assert_eq!(
        log.json(),
        json!([
            entry("GET", "/api/v2/profile", "present"),
            entry("GET", "/api/v2/profile", "absent"),
            entry("GET", "/api/v2x", "present"),
            entry("OPTIONS", "/api/v2/issues", "absent"),
            entry("POST", "/api/v2/issues", "present"),
        ])
    );
    assert!(!log.body.contains(&token));

    let answer = server.call(Method::DELETE, "/test/log", &[], "").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(server.get("/test/log", &[]).await.json(), json!([]));
}

#[tokio::test]
async fn the_log_keeps_the_newest() {
    let server = Server::new();
    server.get("/api/v2/first", &[]).await;
    for _ in 0..999 {
        server.get("/api/v2/later", &[]).await;
    }
    let log = server.get("/test/log", &[]).await.json();
    assert_eq!(log[0]["path"], "/api/v2/first");
    server.get("/api/v2/last", &[]).await;
    let log = server.get("/test/log", &[]).await.json();
    assert_eq!(log.as_array().unwrap().len(), 1000);
    assert_eq!(log[0]["path"], "/api/v2/later");
    assert_eq!(log[999]["path"], "/api/v2/last");
}
