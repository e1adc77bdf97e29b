use axum::http::StatusCode;

use super::{
    Browser, CODE_REQUEST, IPV6, ISS, PRIVATE_USE, Server, WITH_QUERY, authorize_path, changed,
};
use crate::http::parameters::{self, Parameters};
use crate::state::clients;

const REQUEST: [(&str, &str); 5] = [
    ("response_type", "token"),
    ("client_id", "city-issues"),
    ("redirect_uri", "http://localhost:4180/"),
    ("scope", "profile issues"),
    ("state", "af0ifjsldkj"),
];

/// The request with one parameter changed.
fn with<'a>(name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    changed(&REQUEST, name, value)
}

async fn signed_in(server: &Server) -> Browser<'_> {
    let mut browser = server.browser();
    browser.sign_in("ada@example.com").await;
    browser
}

/// A token is 43 characters of base64url: 32 bytes.
fn cut_token(location: &str) -> (String, String) {
    let (before, rest) = location.split_once("access_token=").unwrap();
    let (token, after) = rest.split_once('&').unwrap();
    assert_eq!(token.len(), 43);
    assert!(
        token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
    (token.to_owned(), format!("{before}access_token=…&{after}"))
}

#[tokio::test]
async fn allowing_answers_as_doorkeeper_does_and_names_the_server() {
    let server = Server::new();
    let mut browser = signed_in(&server).await;
    let first = browser.decide(&REQUEST, "allow").await;
    let (first_token, shape) = cut_token(first.location());
    assert_eq!(
        shape,
        format!(
            "http://localhost:4180/#access_token=…&token_type=Bearer&expires_in=7200&state=af0ifjsldkj{ISS}"
        )
    );
    let second = browser.decide(&REQUEST, "allow").await;
    assert_ne!(cut_token(second.location()).0, first_token);
}

#[tokio::test]
async fn the_request_of_seeclickfixs_document_is_enough() {
    let server = Server::new();
    let mut browser = signed_in(&server).await;
    let request = [
        ("client_id", "city-issues"),
        ("redirect_uri", "http://localhost:4180/"),
        ("response_type", "token"),
    ];
    let answer = browser.decide(&request, "allow").await;
    let (token, shape) = cut_token(answer.location());
    assert_eq!(
        shape,
        format!("http://localhost:4180/#access_token=…&token_type=Bearer&expires_in=7200{ISS}")
    );
    assert_eq!(
        server.get_with("/api/v2/profile", &token).await.status,
        StatusCode::OK
    );
    assert_eq!(
        server.get_with("/api/v2/issues", &token).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_lifetime_is_the_clients() {
    let server = Server::new();
    let lifetime = async |client| {
        let answer = server.allowed(&with("client_id", client)).await;
        answer.get("expires_in").unwrap().map(str::to_owned)
    };
    assert_eq!(lifetime("city-issues").await.as_deref(), Some("7200"));
    assert_eq!(lifetime("city-issues-short").await.as_deref(), Some("3"));
    assert_eq!(lifetime("city-issues-medium").await.as_deref(), Some("40"));
    assert_eq!(lifetime("city-issues-forever").await, None);
}

#[tokio::test]
async fn denying_is_told_to_the_client() {
    let server = Server::new();
    let answer = signed_in(&server).await.decide(&REQUEST, "deny").await;
    assert_eq!(
        answer.location(),
        format!(
            "http://localhost:4180/#error=access_denied&error_description=The+resource+owner+or+\
             authorization+server+denied+the+request.&state=af0ifjsldkj{ISS}"
        )
    );
}

#[tokio::test]
async fn the_state_is_echoed_exactly() {
    let server = Server::new();
    let mut browser = signed_in(&server).await;
    for state in [
        "a+b c",
        "100%25",
        "%zz",
        "&access_token=x#y",
        "ünï\u{1f511}",
        "  ",
        "\"'<>",
    ] {
        for decision in ["allow", "deny"] {
            let answer = browser.decide(&with("state", state), decision).await;
            let fragment = answer.location().split_once('#').unwrap().1;
            let echoed = Parameters::parse(fragment).unwrap();
            assert_eq!(echoed.get("state").unwrap(), Some(state), "{decision}");
        }
    }
}

#[tokio::test]
async fn without_a_client_and_its_redirect_uri_nobody_is_redirected() {
    let server = Server::new();
    let mut browser = signed_in(&server).await;
    let mut requests = vec![
        authorize_path(&with("client_id", "")),
        authorize_path(&with("client_id", "nobody")),
        authorize_path(&with("client_id", "City-Issues")),
        authorize_path(&with("redirect_uri", "")),
        authorize_path(&REQUEST[..2]),
        format!("{}&client_id=city-issues", authorize_path(&REQUEST)),
        format!(
            "{}&redirect_uri=http%3A%2F%2Flocalhost%3A4180%2F",
            authorize_path(&REQUEST)
        ),
        format!("{}&state2=%FF", authorize_path(&REQUEST)),
        "/oauth/authorize".to_owned(),
    ];
    for elsewhere in [
        "http://localhost:4180",
        "http://localhost:4180/callback",
        "http://localhost:4180/?next=1",
        "http://localhost:4180/#",
        "http://LOCALHOST:4180/",
        "http://localhost:4180/..%2F",
        "http://localhost:4180.evil.example/",
        "http://localhost:4180@evil.example/",
        "https://localhost:4180/",
        "http://127.0.0.1:4180/",
        "https://evil.example/",
        "javascript:alert(1)",
    ] {
        requests.push(authorize_path(&with("redirect_uri", elsewhere)));
    }
    for request in requests {
        let page = browser.get(&request).await;
        page.assert_page(StatusCode::BAD_REQUEST);
        assert!(
            page.body.contains("You have not been sent back"),
            "{request}"
        );
    }
}

#[tokio::test]
async fn other_refusals_are_told_to_the_client() {
    let server = Server::new();
    let unknown_type = "error=unsupported_response_type&error_description=\
        The+authorization+server+does+not+support+this+response+type.&state=af0ifjsldkj";
    let invalid_scope = "error=invalid_scope&error_description=\
        The+requested+scope+is+invalid%2C+unknown%2C+or+malformed.&state=af0ifjsldkj";
    let no_type = "error=invalid_request&error_description=\
        The+request+has+no+response_type.&state=af0ifjsldkj";
    let repeated = "error=invalid_request&error_description=\
        The+request+repeats+one+of+its+parameters.";
    let repeated_with_state = format!("{repeated}&state=af0ifjsldkj");
    let again = |pair| format!("{}&{pair}", authorize_path(&REQUEST));
    let path = |name, value| authorize_path(&with(name, value));
    for (request, location) in [
        (
            path("response_type", "code token"),
            format!("#{unknown_type}"),
        ),
        (
            path("response_type", "code id_token"),
            format!("#{unknown_type}"),
        ),
        (path("response_type", "Token"), format!("#{unknown_type}")),
        (path("response_type", ""), format!("#{no_type}")),
        (path("scope", "profile admin"), format!("#{invalid_scope}")),
        (path("scope", "Profile"), format!("#{invalid_scope}")),
        (
            path("scope", "profile  issues"),
            format!("#{invalid_scope}"),
        ),
        (
            again("response_type=token"),
            format!("#{repeated_with_state}"),
        ),
        (again("scope=profile"), format!("#{repeated_with_state}")),
        (again("scope="), format!("#{repeated_with_state}")),
        (again("state=other"), format!("#{repeated}")),
        (again("st%61te=af0ifjsldkj"), format!("#{repeated}")),
    ] {
        // Whether or not somebody is signed in.
        let answer = server.get(&request, &[]).await;
        assert_eq!(
            answer.location(),
            format!("http://localhost:4180/{location}{ISS}"),
            "{request}"
        );
    }
}

#[tokio::test]
async fn unknown_parameters_are_ignored_even_repeated() {
    let server = Server::new();
    let mut browser = signed_in(&server).await;
    let path = format!(
        "{}&audience=x&audience=y&access_type=offline",
        authorize_path(&REQUEST)
    );
    browser.get(&path).await.assert_page(StatusCode::OK);
}

#[tokio::test]
async fn a_registered_query_is_kept() {
    let server = Server::new();
    let mut browser = signed_in(&server).await;
    let denied = browser
        .decide(&with("redirect_uri", WITH_QUERY), "deny")
        .await;
    assert!(
        denied
            .location()
            .starts_with("https://app.example/cb?tenant=1#error=access_denied&")
    );
    let denied = browser
        .decide(&changed(&CODE_REQUEST, "redirect_uri", WITH_QUERY), "deny")
        .await;
    assert!(
        denied
            .location()
            .starts_with("https://app.example/cb?tenant=1&error=access_denied&")
    );
}

#[tokio::test]
async fn nobody_is_asked_before_signing_in() {
    let server = Server::new();
    let answer = server.get(&authorize_path(&REQUEST), &[]).await;
    let (path, query) = answer.location().split_once('?').unwrap();
    assert_eq!(path, "/sign-in");
    let carried = Parameters::parse(query).unwrap();
    assert_eq!(carried.one("request"), parameters::encode(&REQUEST));

    let form = [("request", carried.one("request")), ("decision", "allow")];
    let mut browser = server.browser();
    let answer = browser.post("/oauth/authorize", &form).await;
    assert!(answer.location().starts_with("/sign-in?request="));
    // A visitor's session is no account's, whatever its form's secret.
    let secret = browser.get("/sign-in").await.field("form_secret");
    let form = [("form_secret", &*secret), form[0], form[1]];
    let answer = browser.post("/oauth/authorize", &form).await;
    assert!(answer.location().starts_with("/sign-in?request="));
}

#[tokio::test]
async fn only_the_consent_page_can_answer_for_the_person() {
    let server = Server::new();
    let mut attacker = server.browser();
    attacker.sign_in("grace@example.com").await;
    let page = attacker.get(&authorize_path(&REQUEST)).await;
    let foreign = page.field("form_secret");

    let mut browser = signed_in(&server).await;
    let request = parameters::encode(&REQUEST);
    for secret in ["", "guess", &*foreign] {
        for decision in ["allow", "deny"] {
            let form = [
                ("form_secret", secret),
                ("request", &*request),
                ("decision", decision),
            ];
            browser
                .post("/oauth/authorize", &form)
                .await
                .assert_page(StatusCode::FORBIDDEN);
        }
    }
    let own = browser
        .get(&authorize_path(&REQUEST))
        .await
        .field("form_secret");
    let form = [("form_secret", &*own), ("request", &*request)];
    browser
        .post("/oauth/authorize", &form)
        .await
        .assert_page(StatusCode::BAD_REQUEST);
    let form = [form[0], form[1], ("decision", "allow")];
    assert!(
        browser
            .post("/oauth/authorize", &form)
            .await
            .location()
            .contains("access_token=")
    );
}

#[tokio::test]
async fn the_consent_forms_request_is_checked_again() {
    let server = Server::new();
    let mut browser = signed_in(&server).await;
    let own = browser
        .get(&authorize_path(&REQUEST))
        .await
        .field("form_secret");
    for request in [
        parameters::encode(&with("redirect_uri", "https://evil.example/")),
        parameters::encode(&with("client_id", "nobody")),
        String::new(),
    ] {
        let form = [
            ("form_secret", &*own),
            ("request", &*request),
            ("decision", "allow"),
        ];
        browser
            .post("/oauth/authorize", &form)
            .await
            .assert_page(StatusCode::BAD_REQUEST);
    }
    let wider = parameters::encode(&with("scope", "admin"));
    let form = [
        ("form_secret", &*own),
        ("request", &*wider),
        ("decision", "allow"),
    ];
    let answer = browser.post("/oauth/authorize", &form).await;
    assert!(
        answer
            .location()
            .starts_with("http://localhost:4180/#error=invalid_scope&")
    );
}

#[tokio::test]
async fn the_consent_page_says_who_asks_and_for_what() {
    let server = Server::new();
    let mut browser = signed_in(&server).await;
    let page = browser.get(&authorize_path(&with("scope", "issues"))).await;
    for words in [
        "Allow <strong>City Issues</strong> to use your account?",
        "<strong>Ada Lovelace</strong> (ada@example.com)",
        "<li>See the issues you have reported, and report new ones in your name</li>",
        "for 2 hours",
        "<code>http://localhost:4180/</code>",
        "Development server.",
        "id=\"allow\"",
        "id=\"deny\"",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(!page.body.contains("See your name"));
}

#[tokio::test]
async fn the_pages_policy_lets_the_forms_answer_return() {
    let server = Server::new();
    let mut browser = signed_in(&server).await;
    for (redirect_uri, source) in [
        ("http://localhost:4180/", "http://localhost:4180"),
        (WITH_QUERY, "https://app.example"),
        (PRIVATE_USE, "com.example.app:"),
        (IPV6, "http:"),
    ] {
        let page = browser
            .get(&authorize_path(&with("redirect_uri", redirect_uri)))
            .await;
        assert_eq!(
            page.header("content-security-policy").unwrap(),
            format!(
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {source}; \
                 base-uri 'none'; frame-ancestors 'none'"
            )
        );
    }
}

#[tokio::test]
async fn every_answer_is_kept_from_caches_frames_and_referrers() {
    let server = Server::new();
    let mut browser = server.browser();
    let mut answers = vec![
        browser.get("/").await,
        browser.get("/sign-in").await,
        browser.get(&authorize_path(&REQUEST)).await,
        browser
            .get(&authorize_path(&with("client_id", "nobody")))
            .await,
        browser.get("/nowhere").await,
        browser.get("/style.css").await,
    ];
    answers.push(browser.sign_in("ada@example.com").await);
    answers.push(browser.get(&authorize_path(&REQUEST)).await);
    answers.push(browser.decide(&REQUEST, "allow").await);
    for answer in answers {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(
            policy.ends_with("base-uri 'none'; frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!answer.body.contains("<script"));
    }
}

#[test]
fn only_redirect_uris_that_can_be_returned_to_are_registered() {
    for uri in [
        "http://localhost:5173/",
        "https://app.example",
        "https://app.example/cb?a=b",
        "http://[::1]:80/",
        "com.example.app:/cb",
        "capacitor://localhost/cb",
    ] {
        assert_eq!(clients::redirect_uri_problem(uri), None, "{uri}");
    }
    for uri in [
        "",
        "/cb",
        "app.example/cb",
        "https:",
        "https://",
        "https:///cb",
        "https:/cb",
        "https://user@app.example/",
        "https://app.example;script-src/",
        "https://app.example/#",
        "https://app.example/a b",
        "https://app.example/\r\nSet-Cookie: a=b",
        "https://äpp.example/",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "blob:https://app.example/1",
        "file:///etc/passwd",
        "about:blank",
        "1http://app.example/",
    ] {
        assert!(clients::redirect_uri_problem(uri).is_some(), "{uri}");
    }
}
