use axum::http::{Method, StatusCode};

use super::{Answer, Server};

const READERS: [&str; 3] = [
    "http://localhost:4180",
    "https://app.example",
    "http://[::1]:9000",
];
const STRANGERS: [&str; 6] = [
    "http://localhost:4181",
    "http://127.0.0.1:4181",
    "http://localhost:4180.evil.example",
    "https://localhost:4180",
    "com.example.app:",
    "null",
];

async fn preflight(server: &Server, origin: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "authorization,content-type",
        ),
    ];
    server
        .call(Method::OPTIONS, "/api/v2/issues", &headers, "")
        .await
}

#[tokio::test]
async fn the_applications_page_may_send_a_token_and_json() {
    let server = Server::new();
    for reader in READERS {
        let answer = preflight(&server, reader).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(answer.header("access-control-allow-origin"), Some(reader));
        assert_eq!(
            answer.header("access-control-allow-methods"),
            Some("GET, POST")
        );
        assert_eq!(
            answer.header("access-control-allow-headers"),
            Some("Authorization, Authentication, Content-Type, Cache-Control")
        );
        assert_eq!(answer.header("access-control-max-age"), Some("600"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert_eq!(answer.header("vary"), Some("origin"));
        assert_eq!(answer.header("www-authenticate"), None);
    }
}

#[tokio::test]
async fn the_applications_page_may_read_answers_and_challenges() {
    let server = Server::new();
    let bearer = format!("Bearer {}", server.token("profile").await);
    for (path, status) in [
        ("/api/v2/profile", StatusCode::OK),
        ("/api/v2/issues", StatusCode::FORBIDDEN),
        ("/api/v2/nothing", StatusCode::NOT_FOUND),
    ] {
        for reader in READERS {
            let headers = [("origin", reader), ("authorization", &*bearer)];
            let answer = server.get(path, &headers).await;
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("access-control-allow-origin"), Some(reader));
            assert_eq!(
                answer.header("access-control-expose-headers"),
                Some("WWW-Authenticate")
            );
            assert_eq!(answer.header("vary"), Some("origin"));
        }
    }
}

#[tokio::test]
async fn other_pages_may_read_nothing() {
    let server = Server::new();
    let bearer = format!("Bearer {}", server.token("profile").await);
    for stranger in STRANGERS {
        let headers = [("origin", stranger), ("authorization", &*bearer)];
        let answer = server.get("/api/v2/profile", &headers).await;
        assert_eq!(
            answer.header("access-control-allow-origin"),
            None,
            "{stranger}"
        );
        assert_eq!(answer.header("access-control-expose-headers"), None);
        assert_eq!(answer.header("vary"), Some("origin"));
        let answer = preflight(&server, stranger).await;
        assert_eq!(
            answer.header("access-control-allow-origin"),
            None,
            "{stranger}"
        );
        assert_eq!(answer.header("access-control-allow-headers"), None);
    }
    // Only the API is shared: not the pages, not the development endpoints.
    for path in [
        "/",
        "/sign-in",
        "/oauth/authorize",
        "/test/log",
        "/test/token-log",
    ] {
        let answer = server.get(path, &[("origin", READERS[0])]).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

#[tokio::test]
async fn every_page_may_ask_for_tokens_and_read_the_answer() {
    let server = Server::new();
    for origin in READERS.into_iter().chain(STRANGERS) {
        for (path, method, status) in [
            ("/oauth/token", Method::POST, StatusCode::BAD_REQUEST),
            ("/oauth/token", Method::GET, StatusCode::METHOD_NOT_ALLOWED),
            ("/oauth/revoke", Method::POST, StatusCode::BAD_REQUEST),
            (
                "/.well-known/oauth-authorization-server",
                Method::GET,
                StatusCode::OK,
            ),
        ] {
            let answer = server.call(method, path, &[("origin", origin)], "").await;
            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            assert_eq!(answer.header("access-control-allow-credentials"), None);
            let headers = [
                ("origin", origin),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "content-type"),
            ];
            let answer = server.call(Method::OPTIONS, path, &headers, "").await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            let allowed = answer.header("access-control-allow-headers").unwrap();
            assert!(allowed.contains("Content-Type"));
        }
    }
}

#[tokio::test]
async fn the_applications_page_alone_may_see_how_the_switches_stand() {
    let server = Server::new();
    for origin in READERS.iter().chain(&STRANGERS) {
        let headers = [("origin", *origin)];
        let answer = server.get("/test/id-token", &headers).await;
        let reader = READERS.contains(origin).then_some(*origin);
        assert_eq!(answer.header("access-control-allow-origin"), reader);
        let answer = server.call(Method::POST, "/test/keys", &headers, "").await;
        assert_eq!(answer.header("access-control-allow-origin"), reader);
    }
}
