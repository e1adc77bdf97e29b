use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Server};

const JSON: (&str, &str) = ("content-type", "application/json");

async fn report(server: &Server, token: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    server
        .call(
            Method::POST,
            "/api/v2/issues",
            &[("authorization", &bearer), JSON],
            body,
        )
        .await
}

fn summaries(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    let issues = json["issues"].as_array().unwrap();
    issues
        .iter()
        .map(|issue| issue["summary"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_profile_is_the_tokens_owners() {
    let server = Server::new();
    let token = server.token("profile").await;
    let answer = server.get_with("/api/v2/profile", &token).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.json(),
        json!({
            "id": 1,
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "role": "Registered User",
            "witty_title": "Street Smart",
            "civic_points": 340,
        })
    );
    assert_eq!(answer.header("www-authenticate"), None);
}

#[tokio::test]
async fn a_token_travels_by_header_or_query() {
    let server = Server::new();
    let token = server.token("profile").await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        for name in ["authorization", "authentication"] {
            let answer = server
                .get("/api/v2/profile", &[(name, &format!("{scheme} {token}"))])
                .await;
            assert_eq!(answer.status, StatusCode::OK, "{name}: {scheme}");
        }
    }
    let answer = server
        .get(&format!("/api/v2/profile?access_token={token}"), &[])
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("cache-control"), Some("private, no-store"));
}

#[tokio::test]
async fn without_a_token_the_challenge_has_no_error() {
    let server = Server::new();
    let basic = ("authorization", "Basic YWRhOmRlbW8=");
    for path in ["/api/v2/profile", "/api/v2/issues"] {
        for headers in [&[][..], &[basic][..]] {
            let answer = server.get(path, headers).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            assert_eq!(
                answer.header("www-authenticate"),
                Some("Bearer realm=\"City Issues\"")
            );
            let errors = json!({ "errors": { "base": ["The request needs an access token."] } });
            assert_eq!(answer.json(), errors);
        }
    }
    let answer = server
        .call(Method::POST, "/api/v2/issues", &[JSON], "{}")
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

fn assert_invalid_token(answer: &Answer, description: &str) {
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        answer.header("www-authenticate").unwrap(),
        format!(
            "Bearer realm=\"City Issues\", error=\"invalid_token\", \
             error_description=\"{description}\""
        )
    );
}

#[tokio::test]
async fn an_unknown_token_is_invalid() {
    let server = Server::new();
    let token = server.token("profile").await;
    let longer = format!("{token}=");
    for token in [
        "mF_9.B5f-4.1JqM",
        "a",
        "a/b+c~d==",
        &longer,
        &token.to_lowercase(),
    ] {
        let answer = server.get_with("/api/v2/profile", token).await;
        assert_invalid_token(&answer, "The access token is invalid.");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_expires_when_its_client_was_told() {
    let server = Server::new();
    for (client, seconds) in [("city-issues-short", 3), ("city-issues", 7200)] {
        let token = server.token_of(client, "profile").await;
        tokio::time::advance(Duration::from_millis(seconds * 1000 - 1)).await;
        let answer = server.get_with("/api/v2/profile", &token).await;
        assert_eq!(answer.status, StatusCode::OK);
        tokio::time::advance(Duration::from_millis(1)).await;
        let answer = server.get_with("/api/v2/profile", &token).await;
        assert_invalid_token(&answer, "The access token expired.");
    }
    let token = server.token_of("city-issues-forever", "profile").await;
    tokio::time::advance(Duration::from_secs(400 * 24 * 3600)).await;
    assert_eq!(
        server.get_with("/api/v2/profile", &token).await.status,
        StatusCode::OK
    );
}

#[tokio::test(start_paused = true)]
async fn expired_tokens_are_forgotten_in_the_end() {
    let server = Server::new();
    let token = server.token_of("city-issues-short", "profile").await;
    tokio::time::advance(Duration::from_secs(3602)).await;
    server.token("profile").await;
    let answer = server.get_with("/api/v2/profile", &token).await;
    assert_invalid_token(&answer, "The access token expired.");
    tokio::time::advance(Duration::from_secs(1)).await;
    server.token("profile").await;
    let answer = server.get_with("/api/v2/profile", &token).await;
    assert_invalid_token(&answer, "The access token is invalid.");
}

#[tokio::test]
async fn a_malformed_request_is_told_from_a_bad_token() {
    let server = Server::new();
    let token = server.token("profile").await;
    let own = format!("Bearer {token}");
    let two = format!("Bearer {token} {token}");
    let in_query = format!("/api/v2/profile?access_token={token}");
    let profile = "/api/v2/profile";
    let one_only = "The request carries more than one access token.";
    let malformed = "The access token is malformed.";
    for (path, headers, description) in [
        (profile, vec![("authorization", "Bearer")], malformed),
        (profile, vec![("authorization", "Bearer ")], malformed),
        (profile, vec![("authorization", "Bearer =")], malformed),
        (profile, vec![("authorization", "Bearer a,b")], malformed),
        (profile, vec![("authorization", "Bearer a=b")], malformed),
        (profile, vec![("authorization", "Bearer \"a\"")], malformed),
        (profile, vec![("authorization", "Bearer \u{e4}")], malformed),
        (profile, vec![("authorization", &*two)], malformed),
        ("/api/v2/profile?access_token=", vec![], malformed),
        (
            "/api/v2/profile?access_token=%FF",
            vec![],
            "The query is not UTF-8.",
        ),
        (
            profile,
            vec![("authorization", &*own), ("authorization", &*own)],
            one_only,
        ),
        (
            profile,
            vec![("authorization", &*own), ("authentication", &*own)],
            one_only,
        ),
        (&in_query, vec![("authorization", &*own)], one_only),
        (
            &format!("{in_query}&access_token={token}"),
            vec![],
            one_only,
        ),
        (&format!("{in_query}&access_token="), vec![], one_only),
    ] {
        let answer = server.get(path, &headers).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{headers:?}");
        assert_eq!(
            answer.header("www-authenticate").unwrap(),
            format!(
                "Bearer realm=\"City Issues\", error=\"invalid_request\", \
                 error_description=\"{description}\""
            )
        );
    }
}

#[tokio::test]
async fn a_token_is_good_for_its_scopes_alone() {
    let server = Server::new();
    for (granted, path, needed) in [
        ("profile", "/api/v2/issues", "issues"),
        ("issues", "/api/v2/profile", "profile"),
    ] {
        let token = server.token(granted).await;
        let answer = server.get_with(path, &token).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(
            answer.header("www-authenticate").unwrap(),
            format!(
                "Bearer realm=\"City Issues\", error=\"insufficient_scope\", error_description=\
                 \"The access token was not granted the scope for this.\", scope=\"{needed}\""
            )
        );
    }
    let token = server.token("profile").await;
    let answer = report(&server, &token, "{}").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn issues_are_listed_to_their_reporter_alone() {
    let server = Server::new();
    let token = server.token("issues").await;
    let answer = server.get_with("/api/v2/issues", &token).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        summaries(&answer),
        [
            "Blocked storm drain",
            "Overflowing bin in the playground",
            "Deep pothole in the cycle lane",
            "Street light out at the crossing",
        ]
    );
    let issue = &answer.json()["issues"][0];
    assert_eq!(
        issue["reporter"],
        json!({ "id": 1, "name": "Ada Lovelace" })
    );
    assert_eq!(issue["status"], "Open");
    let created = issue["created_at"].as_str().unwrap();
    assert_eq!(created.len(), "2026-11-20T08:00:00Z".len());
    assert!(created.starts_with("20") && created.ends_with('Z'));
}

#[tokio::test]
async fn the_list_comes_in_pages() {
    let server = Server::new();
    let token = server.token("issues").await;
    let page = async |query: &str| {
        let answer = server
            .get_with(&format!("/api/v2/issues?{query}"), &token)
            .await;
        (
            summaries(&answer).len(),
            answer.json()["metadata"]["pagination"].clone(),
        )
    };
    let pagination = |page: usize, per_page: usize, pages: usize, next: Value, previous: Value| {
        json!({
            "entries": 4,
            "page": page,
            "per_page": per_page,
            "pages": pages,
            "next_page": next,
            "previous_page": previous,
        })
    };
    let none = Value::Null;
    assert_eq!(
        page("").await,
        (4, pagination(1, 20, 1, none.clone(), none.clone()))
    );
    assert_eq!(
        page("per_page=3").await,
        (3, pagination(1, 3, 2, json!(2), none.clone()))
    );
    assert_eq!(
        page("page=2&per_page=3").await,
        (1, pagination(2, 3, 2, none.clone(), json!(1)))
    );
    assert_eq!(
        page("page=9").await,
        (0, pagination(9, 20, 1, none, json!(8)))
    );
    let last = format!("page={}&per_page=100", usize::MAX);
    assert_eq!(page(&last).await.0, 0);

    for query in [
        "page=0",
        "page=-1",
        "page=x",
        "page=1&page=1",
        "page=99999999999999999999",
    ] {
        let answer = server
            .get_with(&format!("/api/v2/issues?{query}"), &token)
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let errors = json!({ "errors": { "page": ["must be a whole number from 1"] } });
        assert_eq!(answer.json(), errors, "{query}");
    }
    let answer = server.get_with("/api/v2/issues?per_page=101", &token).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = json!({ "errors": { "per_page": ["must be a whole number from 1 to 100"] } });
    assert_eq!(answer.json(), errors);
}

#[tokio::test]
async fn a_reported_issue_is_listed_first() {
    let server = Server::new();
    let token = server.token("issues").await;
    let body = json!({ "summary": " Graffiti ", "description": "On <b>the</b> wall", "address": "Dock 3" });
    let answer = report(&server, &token, &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let issue = answer.json();
    assert_eq!(issue["id"], 1006);
    assert_eq!(issue["summary"], "Graffiti");
    assert_eq!(issue["description"], "On <b>the</b> wall");
    assert_eq!(issue["address"], "Dock 3");
    assert_eq!(issue["status"], "Open");
    assert_eq!(issue["reporter"]["id"], 1);
    assert_eq!(issue["created_at"], issue["updated_at"]);

    let list = server.get_with("/api/v2/issues", &token).await;
    assert_eq!(list.json()["issues"][0], issue);
    assert_eq!(summaries(&list).len(), 5);

    let mut grace = server.browser();
    grace.sign_in("grace@example.com").await;
    let request = [
        ("response_type", "token"),
        ("client_id", "city-issues"),
        ("redirect_uri", "http://localhost:4180/"),
    ];
    let back = grace.decide(&request, "allow").await;
    let token = back.location().split(['=', '&']).nth(1).unwrap();
    let list = server.get_with("/api/v2/issues", token).await;
    assert_eq!(summaries(&list), ["Bus shelter glass broken"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_report_is_told_by_field() {
    let server = Server::new();
    let token = server.token("issues").await;
    let blank = json!(["can't be blank"]);
    let text = json!(["must be text"]);
    let fits = |length: usize| "ä".repeat(length);
    for (body, errors) in [
        (json!({}), json!({ "summary": blank, "address": blank })),
        (
            json!({ "summary": " ", "address": null }),
            json!({ "summary": blank, "address": blank }),
        ),
        (
            json!({ "summary": 1, "description": [], "address": {} }),
            json!({ "summary": text, "description": text, "address": text }),
        ),
        (
            json!({ "summary": fits(121), "description": fits(2001), "address": fits(201) }),
            json!({
                "summary": ["is too long (at most 120 characters)"],
                "description": ["is too long (at most 2000 characters)"],
                "address": ["is too long (at most 200 characters)"],
            }),
        ),
    ] {
        let answer = report(&server, &token, &body.to_string()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.json(), json!({ "errors": errors }));
    }
    let longest = json!({ "summary": fits(120), "description": fits(2000), "address": fits(200) });
    assert_eq!(
        report(&server, &token, &longest.to_string()).await.status,
        StatusCode::CREATED
    );
    let shortest = json!({ "summary": "a", "address": "b" });
    let answer = report(&server, &token, &shortest.to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(answer.json()["description"], "");
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let server = Server::new();
    let token = server.token("issues").await;
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"summary\"",
        "{\"summary\":\"\u{0}\"}",
    ] {
        let answer = report(&server, &token, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        let errors = json!({ "errors": { "base": ["The body is not a JSON object."] } });
        assert_eq!(answer.json(), errors);
    }
    let bearer = format!("Bearer {token}");
    let body = json!({ "summary": "a", "address": "b" }).to_string();
    for kind in [
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/jsonp",
    ] {
        let headers = [("authorization", &*bearer), ("content-type", kind)];
        let answer = server
            .call(Method::POST, "/api/v2/issues", &headers, &body)
            .await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let headers = [
        ("authorization", &*bearer),
        ("content-type", "Application/JSON; charset=utf-8"),
    ];
    let answer = server
        .call(Method::POST, "/api/v2/issues", &headers, &body)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let huge = format!("{{\"summary\":\"{}\"}}", "a".repeat(64 * 1024));
    assert_eq!(
        report(&server, &token, &huge).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn other_addresses_and_methods_are_refused_in_json() {
    let server = Server::new();
    let answer = server.get("/api/v2/nothing", &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(
        answer.json()["errors"]["base"],
        json!(["There is nothing at this address."])
    );
    let answer = server.call(Method::DELETE, "/api/v2/issues", &[], "").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), Some("GET,HEAD,POST"));
    answer.json();
}
