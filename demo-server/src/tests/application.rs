use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

use super::{APP, Answer, SERVER, options, send};
use crate::application;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self' http://127.0.0.1:4181; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("claviger-app-{}-{count}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with(self, file: &str, text: &str) -> Self {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn routes(folder: &Folder) -> Router {
    let mut options = options();
    options.www = folder.0.join("www");
    options.pkg = folder.0.join("pkg");
    application::routes(APP, SERVER, &options)
}

async fn get(routes: &Router, path: &str) -> Answer {
    let request = Request::get(path).header("host", "localhost:4180");
    send(routes, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn files_come_with_their_types_and_the_policy() {
    let mut folder = Folder::new();
    let types = [
        ("/index.html", "www/index.html", "text/html; charset=utf-8"),
        ("/app.js", "www/app.js", "text/javascript; charset=utf-8"),
        ("/app.mjs", "www/app.mjs", "application/javascript"),
        ("/style.css", "www/style.css", "text/css; charset=utf-8"),
        ("/logo.svg", "www/logo.svg", "image/svg+xml"),
        ("/shot.png", "www/shot.png", "image/png"),
        ("/data.json", "www/data.json", "application/json"),
        (
            "/pkg/wasm/claviger.js",
            "pkg/wasm/claviger.js",
            "text/javascript; charset=utf-8",
        ),
        (
            "/pkg/wasm/claviger.wasm",
            "pkg/wasm/claviger.wasm",
            "application/wasm",
        ),
    ];
    for (path, file, _) in types {
        folder = folder.with(file, path);
    }
    let routes = routes(&folder);
    for (path, _, kind) in types {
        let answer = get(&routes, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.body, path);
        assert_eq!(answer.header("content-type"), Some(kind));
        assert_eq!(answer.header("content-security-policy"), Some(POLICY));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    assert_eq!(get(&routes, "/").await.body, "/index.html");
}

#[tokio::test]
async fn no_path_leads_out_of_the_folders() {
    let folder = Folder::new()
        .with("secret.txt", "secret")
        .with("www/index.html", "index")
        .with("pkg/index.js", "index");
    let routes = routes(&folder);
    for path in [
        "/../secret.txt",
        "/..%2Fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5Csecret.txt",
        "/pkg/../../secret.txt",
        "/pkg/..%2Fsecret.txt",
        "/pkg/%2e%2e/secret.txt",
        "//secret.txt",
        "/nothing.txt",
        "/pkg/nothing.js",
    ] {
        let answer = get(&routes, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.body.contains("secret"));
    }
    let absolute = format!("/{}", folder.0.join("secret.txt").display());
    assert_eq!(get(&routes, &absolute).await.status, StatusCode::NOT_FOUND);
    let post = Request::builder()
        .method(Method::POST)
        .uri("/")
        .header("host", "localhost:4180");
    let answer = send(&routes, post.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_page_learns_where_the_server_is() {
    let folder = Folder::new();
    let answer = get(&routes(&folder), "/config.json").await;
    assert_eq!(
        answer.json(),
        json!({
            "issuer": SERVER,
            "authorization_endpoint": "http://127.0.0.1:4181/oauth/authorize",
            "api": "http://127.0.0.1:4181/api/v2",
            "control": "http://127.0.0.1:4181/test",
            "client_id": "city-issues",
            "redirect_uri": "http://localhost:4180/",
        })
    );
}
