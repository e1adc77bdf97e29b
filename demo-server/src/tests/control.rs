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

#[tokio::test]
async fn the_token_log_tells_what_was_asked_for_and_no_token() {
    let server = Server::new();
    let tokens = server.tokens_of("city-issues-short").await;
    let other = server.tokens_of("city-issues").await;
    server.refresh(&other.refresh).await;
    server.refresh(&tokens.refresh).await;
    server.post("/oauth/token", &[("grant_type", "")]).await;
    let entry = |grant_type, client_id, status| json!({ "grant_type": grant_type, "client_id": client_id, "status": status });
    let (code, refresh) = (Some("authorization_code"), Some("refresh_token"));
    let (short, usual) = (Some("city-issues-short"), Some("city-issues"));
    let log = server.get("/test/token-log", &[]).await;
    assert_eq!(
        log.json(),
        json!([
            entry(code, short, 200),
            entry(code, usual, 200),
            entry(refresh, usual, 200),
            entry(refresh, usual, 400),
            entry(None, None, 400),
        ])
    );
    assert_eq!(server.get("/test/log", &[]).await.json(), json!([]));

    let answer = server
        .call(Method::DELETE, "/test/token-log", &[], "")
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(server.get("/test/token-log", &[]).await.json(), json!([]));
}

#[tokio::test(start_paused = true)]
async fn token_answers_wait_as_long_as_they_are_told_to() {
    let server = Server::new();
    let delay = async |form: &str| {
        let answer = server
            .call(Method::POST, "/test/token-delay", &[], form)
            .await;
        answer.status
    };
    let waited = async || {
        let start = tokio::time::Instant::now();
        server.post("/oauth/token", &[]).await;
        start.elapsed().as_millis()
    };
    assert_eq!(waited().await, 0);
    assert_eq!(delay("milliseconds=500").await, StatusCode::NO_CONTENT);
    assert_eq!((waited().await, waited().await), (500, 0));
    assert_eq!(
        delay("milliseconds=200&answers=2").await,
        StatusCode::NO_CONTENT
    );
    assert_eq!((waited().await, waited().await), (200, 200));
    assert_eq!(waited().await, 0);
    delay("milliseconds=200&answers=2").await;
    delay("milliseconds=0").await;
    assert_eq!(waited().await, 0);
    for wrong in [
        "",
        "milliseconds=-1",
        "milliseconds=60001",
        "milliseconds=1&answers=101",
        "milliseconds=1&answers=x",
    ] {
        assert_eq!(delay(wrong).await, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_delayed_answer_has_had_its_effect() {
    let server = Server::new();
    let tokens = server.tokens_of("city-issues").await;
    let form = "milliseconds=500";
    server
        .call(Method::POST, "/test/token-delay", &[], form)
        .await;
    let lost = tokio::time::timeout(
        std::time::Duration::from_millis(100),
        server.refresh(&tokens.refresh),
    );
    assert!(lost.await.is_err());
    let log = server.get("/test/token-log", &[]).await.json();
    assert_eq!(log[1]["grant_type"], "refresh_token");
    let answer = server.refresh(&tokens.refresh).await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
}
