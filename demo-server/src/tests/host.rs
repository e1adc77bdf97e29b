use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use super::{APP, SERVER, Server, options, send};
use crate::application;

#[tokio::test]
async fn the_server_answers_to_its_own_name_alone() {
    let server = Server::new();
    let ours = server.get("/test/log", &[("host", "127.0.0.1:4181")]).await;
    assert_eq!(ours.status, StatusCode::OK);
    for host in [
        "evil.example",
        "evil.example:4181",
        "localhost:4181",
        "127.0.0.1",
        "127.0.0.1:4180",
        "",
    ] {
        for path in ["/", "/test/log", "/api/v2/profile"] {
            let answer = server.get(path, &[("host", host)]).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
            assert_eq!(answer.body, "This server is at http://127.0.0.1:4181.\n");
        }
    }
    let absolute = "http://evil.example/test/log";
    let answer = server
        .call(Method::GET, absolute, &[("host", "127.0.0.1:4181")], "")
        .await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn the_application_sends_its_addresses_to_its_name() {
    let routes = application::routes(APP, SERVER, &options());
    let get = async |host: &str, path: &str| {
        let request = Request::get(path)
            .header("host", host)
            .body(Body::empty())
            .unwrap();
        send(&routes, request).await
    };
    assert_eq!(
        get("localhost:4180", "/config.json").await.status,
        StatusCode::OK
    );
    for address in ["127.0.0.1:4180", "[::1]:4180"] {
        let answer = get(address, "/config.json?a=b").await;
        assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(
            answer.header("location"),
            Some("http://localhost:4180/config.json?a=b")
        );
        let answer = get(address, "//evil.example/").await;
        assert_eq!(
            answer.header("location"),
            Some("http://localhost:4180//evil.example/")
        );
    }
    for host in [
        "evil.example",
        "evil.example:4180",
        "127.0.0.1:4181",
        "127.0.0.1",
        "",
    ] {
        let answer = get(host, "/config.json").await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert_eq!(
            answer.body,
            "This application is at http://localhost:4180.\n"
        );
    }
}
