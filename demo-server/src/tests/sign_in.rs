use std::time::Duration;

use axum::http::StatusCode;

use super::{Answer, Browser, Server};
use crate::http::parameters;
use crate::state::random;

const REQUEST: [(&str, &str); 4] = [
    ("response_type", "token"),
    ("client_id", "city-issues"),
    ("redirect_uri", "http://localhost:4180/"),
    ("scope", "profile issues"),
];

async fn submit(browser: &mut Browser<'_>, email: &str, password: &str) -> Answer {
    let secret = browser.get("/sign-in").await.field("form_secret");
    let form = [
        ("form_secret", &*secret),
        ("email", email),
        ("password", password),
    ];
    browser.post("/sign-in", &form).await
}

async fn is_signed_in(browser: &mut Browser<'_>) -> bool {
    browser.get("/").await.body.contains("You are signed in as")
}

#[tokio::test]
async fn signing_in_goes_on_with_the_request_and_nowhere_else() {
    let server = Server::new();
    let mut browser = server.browser();
    let request = parameters::encode(&REQUEST);
    let path = format!("/sign-in?{}", parameters::encode(&[("request", &request)]));
    let page = browser.get(&path).await;
    page.assert_page(StatusCode::OK);
    assert!(
        page.body
            .contains("to continue to <strong>City Issues</strong>")
    );
    let (secret, carried) = (page.field("form_secret"), page.field("request"));
    assert_eq!(carried, request);
    let form = [
        ("form_secret", &*secret),
        ("request", &*carried),
        ("email", " Ada@Example.com "),
        ("password", "demo"),
    ];
    let answer = browser.post("/sign-in", &form).await;
    assert_eq!(answer.location(), format!("/oauth/authorize?{request}"));
    // And once signed in, the page has nothing to ask.
    assert_eq!(
        browser.get(&path).await.location(),
        format!("/oauth/authorize?{request}")
    );
    assert_eq!(browser.get("/sign-in").await.location(), "/");
}

#[tokio::test]
async fn nobody_is_sent_away_from_the_sign_in_page() {
    let server = Server::new();
    let mut browser = server.browser();
    browser.sign_in("ada@example.com").await;
    let mut stranger = server.browser();
    let secret = stranger.get("/sign-in").await.field("form_secret");
    let elsewhere = parameters::encode(&[
        ("response_type", "token"),
        ("client_id", "city-issues"),
        ("redirect_uri", "https://evil.example/"),
    ]);
    let refused = parameters::encode(&[
        ("response_type", "nothing"),
        ("client_id", "city-issues"),
        ("redirect_uri", "http://localhost:4180/"),
    ]);
    for request in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\r\nx: y",
        &elsewhere,
        &refused,
    ] {
        let path = format!("/sign-in?{}", parameters::encode(&[("request", request)]));
        browser
            .get(&path)
            .await
            .assert_page(StatusCode::BAD_REQUEST);
        stranger
            .get(&path)
            .await
            .assert_page(StatusCode::BAD_REQUEST);
        let form = [
            ("form_secret", &*secret),
            ("request", request),
            ("email", "ada@example.com"),
            ("password", "demo"),
        ];
        stranger
            .post("/sign-in", &form)
            .await
            .assert_page(StatusCode::BAD_REQUEST);
        stranger
            .post("/sign-out", &form)
            .await
            .assert_page(StatusCode::BAD_REQUEST);
    }
    assert!(!is_signed_in(&mut stranger).await);
}

#[tokio::test]
async fn a_wrong_sign_in_is_explained_where_it_went_wrong() {
    let server = Server::new();
    let mut browser = server.browser();
    let together = "The e-mail address and the password do not belong together.";
    for (email, password, field, sentence) in [
        ("ada@example.com", "Demo", "email", together),
        ("nobody@example.com", "demo", "email", together),
        ("", "demo", "email", "Enter your e-mail address."),
        ("ada@example.com", "", "password", "Enter your password."),
    ] {
        let page = submit(&mut browser, email, password).await;
        page.assert_page(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            page.body
                .contains(&format!("<a href=\"#{field}\">{sentence}</a>"))
        );
        assert!(page.body.contains("role=\"alert\""));
        assert!(
            page.body
                .contains("aria-invalid=\"true\" aria-describedby=\"problem\"")
        );
        assert!(page.body.contains("<title>Error: sign in"));
        assert!(
            page.body
                .contains(&format!("type=\"email\" value=\"{email}\""))
        );
        assert!(!is_signed_in(&mut browser).await);
    }
    assert!(
        !browser
            .get("/sign-in")
            .await
            .body
            .contains("role=\"alert\"")
    );
}

#[tokio::test]
async fn what_was_typed_stays_text() {
    let server = Server::new();
    let mut browser = server.browser();
    let page = submit(&mut browser, "\"><script>alert('&')</script>", "x").await;
    assert!(
        page.body
            .contains("value=\"&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;\"")
    );
    assert!(!page.body.contains("<script"));
}

#[tokio::test]
async fn only_the_sign_in_page_can_sign_somebody_in() {
    let server = Server::new();
    let foreign = server.browser().get("/sign-in").await.field("form_secret");
    let mut browser = server.browser();
    browser.get("/sign-in").await;
    for secret in ["", "guess", &*foreign] {
        let form = [
            ("form_secret", secret),
            ("email", "ada@example.com"),
            ("password", "demo"),
        ];
        let page = browser.post("/sign-in", &form).await;
        page.assert_page(StatusCode::FORBIDDEN);
        assert!(page.body.contains("The form had expired."));
        assert!(!is_signed_in(&mut browser).await);
    }
    // The page that says so works.
    let form = [("form_secret", ""), ("email", ""), ("password", "")];
    let secret = browser.post("/sign-in", &form).await.field("form_secret");
    let form = [
        ("form_secret", &*secret),
        ("email", "ada@example.com"),
        ("password", "demo"),
    ];
    assert_eq!(browser.post("/sign-in", &form).await.location(), "/");
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn the_session_is_the_cookies_and_new_at_sign_in() {
    let server = Server::new();
    let mut browser = server.browser();
    browser.get("/sign-in").await;
    let before = browser.cookie.clone().unwrap();
    let answer = browser.sign_in("ada@example.com").await;
    let after = browser.cookie.clone().unwrap();
    assert_ne!(before, after);
    let (name, id) = after.split_once('=').unwrap();
    assert_eq!(name, "claviger_demo_4181");
    assert_eq!(id.len(), 43);
    assert_eq!(
        answer.header("set-cookie").unwrap(),
        format!("{after}; Path=/; HttpOnly; SameSite=Lax")
    );

    let mut fixated = Browser {
        server: &server,
        cookie: Some(before),
    };
    assert!(!is_signed_in(&mut fixated).await);
    let mut among_others = Browser {
        server: &server,
        cookie: Some(format!("a=b; {after}; claviger_demo_1=x")),
    };
    assert!(is_signed_in(&mut among_others).await);
    let renamed = format!("claviger_demo_1={id}");
    assert!(
        !is_signed_in(&mut Browser {
            server: &server,
            cookie: Some(renamed)
        })
        .await
    );
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let server = Server::new();
    let mut browser = server.browser();
    browser.sign_in("ada@example.com").await;
    let cookie = browser.cookie.clone();
    let secret = browser.get("/").await.field("form_secret");

    browser.post("/sign-out", &[("form_secret", "guess")]).await;
    assert!(is_signed_in(&mut browser).await);

    let request = parameters::encode(&REQUEST);
    let form = [("form_secret", &*secret), ("request", &*request)];
    let answer = browser.post("/sign-out", &form).await;
    assert_eq!(answer.location(), format!("/oauth/authorize?{request}"));
    assert!(
        !is_signed_in(&mut Browser {
            server: &server,
            cookie
        })
        .await
    );
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_by_itself() {
    let server = Server::new();
    let mut browser = server.browser();
    browser.sign_in("ada@example.com").await;
    tokio::time::advance(Duration::from_secs(8 * 3600 - 1)).await;
    assert!(is_signed_in(&mut browser).await);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test(start_paused = true)]
async fn visitors_do_not_pile_up() {
    let server = Server::new();
    let mut first = server.browser();
    first.sign_in("ada@example.com").await;
    tokio::time::advance(Duration::from_secs(1)).await;
    for _ in 0..999 {
        server.get("/sign-in", &[]).await;
    }
    assert!(is_signed_in(&mut first).await);
    server.get("/sign-in", &[]).await;
    assert!(!is_signed_in(&mut first).await);
}

#[tokio::test]
async fn the_pages_files_are_served() {
    let server = Server::new();
    let style = server.get("/style.css", &[]).await;
    assert_eq!(
        style.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    let icon = server.get("/icon.svg", &[]).await;
    assert_eq!(icon.header("content-type"), Some("image/svg+xml"));
    let page = server.get("/sign-in", &[]).await;
    for words in [
        "Development server.",
        "ada@example.com",
        "<label for=\"email\">",
        "id=\"sign-in\"",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    server
        .get("/nowhere", &[])
        .await
        .assert_page(StatusCode::NOT_FOUND);
}

#[test]
fn secrets_differ_and_are_compared_whole() {
    let (a, b) = (random::secret().unwrap(), random::secret().unwrap());
    assert_eq!(a.len(), 43);
    assert_ne!(a, b);
    assert!(random::same(&a, &a.clone()));
    assert!(!random::same(&a, &b));
    assert!(!random::same("abc", "ab"));
    assert!(!random::same("abc", "abd"));
    assert!(!random::same("abc", "bbc"));
}
