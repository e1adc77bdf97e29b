use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::{CHALLENGE, CODE_REQUEST, Server, Tokens, VERIFIER, changed};
use crate::http::parameters;
use crate::state::pkce::{self, Challenge};

/// The request that a code of `CODE_REQUEST` is exchanged with.
pub fn exchange(code: &str) -> [(&str, &str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("client_id", "city-issues"),
        ("code", code),
        ("redirect_uri", "http://localhost:4180/"),
        ("code_verifier", VERIFIER),
    ]
}

async fn redeem(server: &Server, code: &str) -> super::Answer {
    server.post("/oauth/token", &exchange(code)).await
}

#[tokio::test]
async fn a_code_is_exchanged_for_tokens() {
    let server = Server::new();
    let code = server.code(&CODE_REQUEST).await;
    let answer = redeem(&server, &code).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let tokens = Tokens::of(&answer);
    assert_eq!(
        answer.json(),
        json!({
            "access_token": tokens.access,
            "token_type": "Bearer",
            "refresh_token": tokens.refresh,
            "scope": "profile issues",
            "expires_in": 7200,
        })
    );
    assert!(server.takes(&tokens.access).await);
}

#[tokio::test]
async fn the_tokens_are_good_for_what_was_allowed() {
    let server = Server::new();
    let code = server
        .code(&changed(&CODE_REQUEST, "scope", "issues"))
        .await;
    let answer = redeem(&server, &code).await;
    assert_eq!(answer.json()["scope"], "issues");
    let status = async |path, tokens: &Tokens| server.get_with(path, &tokens.access).await.status;
    let first = Tokens::of(&answer);
    let second = Tokens::of(&server.refresh(&first.refresh).await);
    for tokens in [&first, &second] {
        assert_eq!(status("/api/v2/issues", tokens).await, StatusCode::OK);
        assert_eq!(
            status("/api/v2/profile", tokens).await,
            StatusCode::FORBIDDEN
        );
    }
}

#[tokio::test]
async fn the_access_tokens_lifetime_is_the_clients() {
    let server = Server::new();
    for (client, seconds) in [
        ("city-issues", json!(7200)),
        ("city-issues-short", json!(3)),
        ("city-issues-medium", json!(40)),
        ("city-issues-forever", json!(null)),
    ] {
        let request = changed(&CODE_REQUEST, "client_id", client);
        let code = server.code(&request).await;
        let form = changed(&exchange(&code), "client_id", client);
        let answer = server.post("/oauth/token", &form).await;
        assert_eq!(answer.json()["expires_in"], seconds, "{client}");
    }
}

#[tokio::test]
async fn a_code_that_comes_back_ends_what_it_gave() {
    let server = Server::new();
    let code = server.code(&CODE_REQUEST).await;
    let first = Tokens::of(&redeem(&server, &code).await);
    let second = Tokens::of(&server.refresh(&first.refresh).await);
    for _ in 0..2 {
        let answer = redeem(&server, &code).await;
        answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    assert!(!server.takes(&first.access).await);
    assert!(!server.takes(&second.access).await);
    let answer = server.refresh(&second.refresh).await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
}

#[tokio::test]
async fn a_code_is_good_for_its_client_redirect_uri_and_verifier_and_for_one_try() {
    let server = Server::new();
    let other_verifier = "a".repeat(43);
    for (name, value) in [
        ("client_id", "city-issues-short"),
        ("redirect_uri", "http://localhost:4180"),
        ("redirect_uri", "https://app.example/cb?tenant=1"),
        ("code_verifier", &*other_verifier),
        ("code_verifier", CHALLENGE),
    ] {
        let code = server.code(&CODE_REQUEST).await;
        let form = changed(&exchange(&code), name, value);
        let answer = server.post("/oauth/token", &form).await;
        answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
        let answer = redeem(&server, &code).await;
        answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
    }
}

#[tokio::test]
async fn a_code_that_nobody_gave_is_refused() {
    let server = Server::new();
    let code = server.code(&CODE_REQUEST).await;
    let unknown = [
        "x".to_owned(),
        ".".to_owned(),
        format!("x{code}"),
        code.split_once('.').unwrap().1.to_owned(),
    ];
    for unknown in unknown {
        let answer = redeem(&server, &unknown).await;
        answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    Tokens::of(&redeem(&server, &code).await);
}

#[tokio::test]
async fn a_code_and_a_refresh_token_are_not_each_other() {
    let server = Server::new();
    let code = server.code(&CODE_REQUEST).await;
    let answer = server.refresh(&code).await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
    let tokens = server.tokens_of("city-issues").await;
    let answer = redeem(&server, &tokens.refresh).await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
}

#[tokio::test(start_paused = true)]
async fn a_code_lives_for_a_minute() {
    let server = Server::new();
    let in_time = server.code(&CODE_REQUEST).await;
    tokio::time::advance(Duration::from_millis(59_900)).await;
    Tokens::of(&redeem(&server, &in_time).await);
    let late = server.code(&CODE_REQUEST).await;
    tokio::time::advance(Duration::from_secs(60)).await;
    let answer = redeem(&server, &late).await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
}

#[tokio::test]
async fn a_refresh_gives_a_new_pair() {
    let server = Server::new();
    let first = server.tokens_of("city-issues").await;
    let answer = server.refresh(&first.refresh).await;
    let second = Tokens::of(&answer);
    assert_eq!(
        answer.json(),
        json!({
            "access_token": second.access,
            "token_type": "Bearer",
            "refresh_token": second.refresh,
            "scope": "profile issues",
            "expires_in": 7200,
        })
    );
    assert_ne!(first.refresh, second.refresh);
    assert_ne!(first.access, second.access);
    assert!(server.takes(&first.access).await);
    assert!(server.takes(&second.access).await);
    Tokens::of(&server.refresh(&second.refresh).await);
}

#[tokio::test]
async fn an_old_refresh_token_ends_the_family_and_no_other() {
    let server = Server::new();
    let other = server.tokens_of("city-issues").await;
    let first = server.tokens_of("city-issues").await;
    let second = Tokens::of(&server.refresh(&first.refresh).await);
    let third = Tokens::of(&server.refresh(&second.refresh).await);
    for old in [&first, &third] {
        let answer = server.refresh(&old.refresh).await;
        answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    for tokens in [&first, &second, &third] {
        assert!(!server.takes(&tokens.access).await);
    }
    assert!(server.takes(&other.access).await);
    Tokens::of(&server.refresh(&other.refresh).await);
}

#[tokio::test]
async fn a_refresh_token_is_its_clients_alone() {
    let server = Server::new();
    let tokens = server.tokens_of("city-issues-short").await;
    let answer = server.refresh(&tokens.refresh).await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_lives_for_eight_hours_from_each_use() {
    let server = Server::new();
    let mut tokens = server.tokens_of("city-issues").await;
    for _ in 0..3 {
        tokio::time::advance(Duration::from_secs(8 * 3600 - 1)).await;
        tokens = Tokens::of(&server.refresh(&tokens.refresh).await);
    }
    tokio::time::advance(Duration::from_secs(8 * 3600)).await;
    let answer = server.refresh(&tokens.refresh).await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_grant");
}

#[tokio::test]
async fn a_refresh_may_ask_for_less_and_never_for_more() {
    let server = Server::new();
    let code = server
        .code(&changed(&CODE_REQUEST, "scope", "profile"))
        .await;
    let tokens = Tokens::of(&redeem(&server, &code).await);
    let refresh = async |refresh_token: &str, scope: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", "city-issues"),
            ("refresh_token", refresh_token),
            ("scope", scope),
        ];
        server.post("/oauth/token", &form).await
    };
    for scope in ["issues", "profile issues", "admin", "profile  profile"] {
        let answer = refresh(&tokens.refresh, scope).await;
        answer.assert_error(StatusCode::BAD_REQUEST, "invalid_scope");
    }
    // A refused scope has not used up the token.
    let answer = refresh(&tokens.refresh, "profile").await;
    assert_eq!(answer.json()["scope"], "profile");

    let tokens = server.tokens_of("city-issues").await;
    let narrow = refresh(&tokens.refresh, "issues").await;
    assert_eq!(narrow.json()["scope"], "issues");
    let narrow = Tokens::of(&narrow);
    assert!(!server.takes(&narrow.access).await);
    let wide = server.refresh(&narrow.refresh).await;
    assert_eq!(wide.json()["scope"], "profile issues");
}

#[tokio::test]
async fn a_request_that_says_too_little_or_too_much_is_refused() {
    let server = Server::new();
    let code = server.code(&CODE_REQUEST).await;
    let good = exchange(&code);
    let mut requests = Vec::new();
    for (name, _) in good {
        requests.push(changed(&good, name, ""));
    }
    for parameter in good {
        let mut twice = good.to_vec();
        twice.push(parameter);
        requests.push(twice);
    }
    let (short, long) = ("a".repeat(42), "a".repeat(129));
    for malformed in [short, long, format!("{}+", "a".repeat(43))] {
        let form = changed(&good, "code_verifier", &malformed);
        let answer = server.post("/oauth/token", &form).await;
        answer.assert_error(StatusCode::BAD_REQUEST, "invalid_request");
    }
    for request in requests {
        let answer = server.post("/oauth/token", &request).await;
        answer.assert_error(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let answer = server.refresh("").await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_request");
    for other in [
        "password",
        "client_credentials",
        "implicit",
        "Refresh_Token",
    ] {
        let form = changed(&good, "grant_type", other);
        let answer = server.post("/oauth/token", &form).await;
        answer.assert_error(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    // None of them was a try with the code.
    Tokens::of(&redeem(&server, &code).await);
}

#[tokio::test]
async fn only_a_form_in_the_body_counts() {
    let server = Server::new();
    let code = server.code(&CODE_REQUEST).await;
    let form = parameters::encode(&exchange(&code));
    let path = format!("/oauth/token?{form}");
    let answer = server.post(&path, &[]).await;
    answer.assert_error(StatusCode::BAD_REQUEST, "invalid_request");
    let answer = server.get(&path, &[]).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    for headers in [
        &[][..],
        &[("content-type", "application/json")],
        &[("content-type", "multipart/form-data")],
    ] {
        let answer = server
            .call(Method::POST, "/oauth/token", headers, &form)
            .await;
        answer.assert_error(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let kind = "Application/X-WWW-Form-Urlencoded ; charset=UTF-8";
    let answer = server
        .call(
            Method::POST,
            "/oauth/token",
            &[("content-type", kind)],
            &form,
        )
        .await;
    Tokens::of(&answer);
}

#[tokio::test]
async fn a_public_client_has_a_name_and_nothing_else() {
    let server = Server::new();
    let code = server.code(&CODE_REQUEST).await;
    let good = exchange(&code);
    let mut with_secret = good.to_vec();
    with_secret.push(("client_secret", "guess"));
    for form in [changed(&good, "client_id", "nobody"), with_secret] {
        let answer = server.post("/oauth/token", &form).await;
        answer.assert_error(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("authorization", "Basic Y2l0eS1pc3N1ZXM6"),
    ];
    let form = parameters::encode(&good);
    let answer = server
        .call(Method::POST, "/oauth/token", &headers, &form)
        .await;
    answer.assert_error(StatusCode::UNAUTHORIZED, "invalid_client");
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Basic realm=\"City Issues\"")
    );
    Tokens::of(&redeem(&server, &code).await);
}

#[test]
fn the_challenge_is_that_of_rfc_7636_appendix_b() {
    let challenge = Challenge::read(CHALLENGE).unwrap();
    assert!(challenge.is_met_by(VERIFIER));
    assert!(!challenge.is_met_by(&VERIFIER[1..]));
    assert!(!challenge.is_met_by(""));
    assert!(Challenge::read(VERIFIER).is_some());
    for malformed in ["", "S256", &CHALLENGE[1..], &"A".repeat(86)] {
        assert!(Challenge::read(malformed).is_none(), "{malformed}");
    }
    for good in ["a".repeat(43), "-._~Az09".repeat(16)] {
        assert!(pkce::is_verifier(&good));
    }
    for malformed in ["a".repeat(42), "a".repeat(129), "é".repeat(40)] {
        assert!(!pkce::is_verifier(&malformed));
    }
}
