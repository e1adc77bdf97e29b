use std::time::Duration;

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};

use super::{CODE_REQUEST, SERVER, Server, authorize_path, changed, token};
use crate::http::parameters;
use crate::openid::id_token::left_half_of_hash;
use crate::state::clock;

pub const NONCE: &str = "n-0S6_WzA2Mj";

/// The code request with an ID token and a nonce.
pub fn openid_request() -> Vec<(&'static str, &'static str)> {
    let mut request = changed(&CODE_REQUEST, "scope", "openid profile");
    request.push(("nonce", NONCE));
    request
}

/// A request that the redirect answers.
pub fn front_channel(response_type: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("response_type", response_type),
        ("client_id", "city-issues"),
        ("redirect_uri", "http://localhost:4180/"),
        ("scope", "openid profile"),
        ("nonce", NONCE),
    ]
}

impl Server {
    /// What the token endpoint gives for the code of such a request.
    pub async fn redeemed(&self, request: &[(&str, &str)]) -> Value {
        let code = self.code(request).await;
        self.post("/oauth/token", &token::exchange(&code))
            .await
            .json()
    }

    pub async fn id_token(&self) -> String {
        let answer = self.redeemed(&openid_request()).await;
        answer["id_token"].as_str().unwrap().to_owned()
    }

    async fn jwks(&self) -> Vec<Value> {
        let answer = self.get("/oauth/jwks", &[]).await;
        assert_eq!(
            answer.header("content-type"),
            Some("application/jwk-set+json")
        );
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        let set: Value = serde_json::from_str(&answer.body).unwrap();
        set["keys"].as_array().unwrap().clone()
    }

    /// As a client would, by the published keys alone.
    async fn is_signed(&self, id_token: &str) -> bool {
        let (input, signature) = id_token.rsplit_once('.').unwrap();
        let header = part(id_token, 0);
        assert_eq!(
            (&header["alg"], &header["typ"]),
            (&json!("ES256"), &json!("JWT"))
        );
        let keys = self.jwks().await;
        let key = keys.iter().find(|key| key["kid"] == header["kid"]);
        key.is_some_and(|key| {
            let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap());
            let point = [vec![4], coordinate("x").unwrap(), coordinate("y").unwrap()].concat();
            let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            VerifyingKey::from_sec1_bytes(&point)
                .unwrap()
                .verify(
                    input.as_bytes(),
                    &Signature::from_slice(&signature).unwrap(),
                )
                .is_ok()
        })
    }

    async fn rotate(&self) {
        let answer = self.call(Method::POST, "/test/keys", &[], "").await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }

    async fn go_wrong(&self, wrong: &str) {
        let answer = self.post("/test/id-token", &[("wrong", wrong)]).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }
}

pub fn part(id_token: &str, index: usize) -> Value {
    let part = id_token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn claims(id_token: &str) -> Value {
    part(id_token, 1)
}

#[tokio::test]
async fn an_id_token_says_who_signed_in_where_and_for_whom() {
    let server = Server::new();
    let before = clock::unix_seconds();
    let answer = server.redeemed(&openid_request()).await;
    let after = clock::unix_seconds();
    let id_token = answer["id_token"].as_str().unwrap();
    assert!(server.is_signed(id_token).await);
    let claims = claims(id_token);
    let seconds = |name: &str| claims[name].as_u64().unwrap();
    assert!((before..=after).contains(&seconds("iat")));
    assert!((before..=seconds("iat")).contains(&seconds("auth_time")));
    let access_token = answer["access_token"].as_str().unwrap();
    assert_eq!(
        claims,
        json!({
            "iss": SERVER,
            "sub": "citizen-1",
            "aud": "city-issues",
            "iat": claims["iat"],
            "exp": seconds("iat") + 3600,
            "auth_time": claims["auth_time"],
            "nonce": NONCE,
            "at_hash": left_half_of_hash(access_token),
            "name": "Ada Lovelace",
        })
    );
}

/// OpenID Connect Core 1.0, A.3 has such a pair.
#[test]
fn the_hash_is_the_left_half_in_base64url() {
    assert_eq!(
        left_half_of_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
        "77QmUPtjPfzWtF2AnpK9RQ"
    );
}

#[tokio::test]
async fn only_who_asks_for_openid_gets_an_id_token() {
    let server = Server::new();
    let without = server.redeemed(&CODE_REQUEST).await;
    assert_eq!(without.get("id_token"), None);
    let unnamed = server.redeemed(&changed(&CODE_REQUEST, "scope", "")).await;
    assert_eq!(unnamed["scope"], "profile issues");
    assert_eq!(unnamed.get("id_token"), None);
    let token = server.allowed(&front_channel("token")).await;
    assert_eq!(token.one("id_token"), "");
    let bare = changed(&openid_request(), "scope", "openid");
    let answer = server.redeemed(&bare).await;
    assert_eq!(
        claims(answer["id_token"].as_str().unwrap()).get("name"),
        None
    );
}

#[tokio::test]
async fn another_person_is_another_subject() {
    let server = Server::new();
    let mut browser = server.browser();
    browser.sign_in("grace@example.com").await;
    let answer = browser.decide(&front_channel("id_token"), "allow").await;
    let (_, fragment) = answer.location().split_once('#').unwrap();
    let answer = parameters::Parameters::parse(fragment).unwrap();
    let claims = claims(answer.one("id_token"));
    assert_eq!(
        (&claims["sub"], &claims["name"]),
        (&json!("citizen-2"), &json!("Grace Lindqvist"))
    );
}

#[tokio::test]
async fn the_redirect_brings_what_its_response_type_names() {
    let server = Server::new();
    let alone = server.allowed(&front_channel("id_token")).await;
    assert_eq!(
        (
            alone.one("access_token"),
            alone.one("token_type"),
            alone.one("expires_in")
        ),
        ("", "", "")
    );
    assert!(server.is_signed(alone.one("id_token")).await);
    let claims_alone = claims(alone.one("id_token"));
    assert_eq!(
        (&claims_alone["nonce"], claims_alone.get("at_hash")),
        (&json!(NONCE), None)
    );
    for response_type in ["id_token token", "token id_token"] {
        let both = server.allowed(&front_channel(response_type)).await;
        assert!(server.is_signed(both.one("id_token")).await);
        assert!(server.takes(both.one("access_token")).await);
        let hash = left_half_of_hash(both.one("access_token"));
        assert_eq!(claims(both.one("id_token"))["at_hash"], hash);
    }
}

#[tokio::test]
async fn an_id_token_in_the_redirect_needs_openid_a_nonce_and_the_fragment() {
    let server = Server::new();
    let request = front_channel("id_token token");
    let refused = async |name: &'static str, value: &'static str| {
        let request = changed(&request, name, value);
        server.get(&authorize_path(&request), &[]).await
    };
    refused("scope", "profile")
        .await
        .assert_told("invalid_scope");
    refused("nonce", "").await.assert_told("invalid_request");
    let path = authorize_path(&request);
    for (more, error) in [
        ("response_mode=query", "invalid_request"),
        ("nonce=other", "invalid_request"),
        ("request=e30", "request_not_supported"),
        (
            "request_uri=https%3A%2F%2Fa.example%2F",
            "request_uri_not_supported",
        ),
    ] {
        let answer = server.get(&format!("{path}&{more}"), &[]).await;
        answer.assert_told(error);
        assert!(
            answer.location().starts_with("http://localhost:4180/#"),
            "{more}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_renewal_says_the_same_sign_in_without_its_nonce() {
    let server = Server::new();
    let first = server.redeemed(&openid_request()).await;
    let first_claims = claims(first["id_token"].as_str().unwrap());
    let renewed = server
        .refresh(first["refresh_token"].as_str().unwrap())
        .await;
    let renewed = renewed.json();
    let id_token = renewed["id_token"].as_str().unwrap();
    assert!(server.is_signed(id_token).await);
    let claims = claims(id_token);
    for name in ["iss", "sub", "aud", "auth_time", "name"] {
        assert_eq!(claims[name], first_claims[name], "{name}");
    }
    assert_eq!(claims.get("nonce"), None);
    let access_token = renewed["access_token"].as_str().unwrap();
    assert_eq!(claims["at_hash"], left_half_of_hash(access_token));
    tokio::time::advance(Duration::from_secs(60)).await;
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "city-issues"),
        ("refresh_token", renewed["refresh_token"].as_str().unwrap()),
        ("scope", "profile"),
    ];
    let narrowed = server.post("/oauth/token", &form).await.json();
    assert_eq!(narrowed.get("id_token"), None);
}

#[tokio::test]
async fn a_new_key_signs_and_the_one_before_is_still_published() {
    let server = Server::new();
    let [first] = &*server.jwks().await else {
        panic!("there is one key")
    };
    assert_eq!(first.get("d"), None);
    let old = server.id_token().await;
    server.rotate().await;
    let keys = server.jwks().await;
    assert_eq!((keys.len(), &keys[1]), (2, first));
    let new = server.id_token().await;
    assert_eq!(part(&new, 0)["kid"], keys[0]["kid"]);
    assert_ne!(keys[0]["kid"], keys[1]["kid"]);
    assert!(server.is_signed(&old).await && server.is_signed(&new).await);
    server.rotate().await;
    assert_eq!(server.jwks().await.len(), 2);
    assert!(!server.is_signed(&old).await && server.is_signed(&new).await);
}

#[tokio::test]
async fn one_id_token_is_wrong_as_it_was_told_and_the_next_is_right() {
    let server = Server::new();
    for wrong in ["nonce", "audience", "signature"] {
        server.go_wrong(wrong).await;
        let read = server.get("/test/id-token", &[]).await;
        assert_eq!(read.json(), json!({ "wrong": wrong }));
        let id_token = server.id_token().await;
        let claims = claims(&id_token);
        let found = [
            ("nonce", claims["nonce"] != NONCE),
            ("audience", claims["aud"] != "city-issues"),
            ("signature", !server.is_signed(&id_token).await),
        ];
        for (name, is_wrong) in found {
            assert_eq!(is_wrong, name == wrong, "{wrong}: {name}");
        }
        let read = server.get("/test/id-token", &[]).await;
        assert_eq!(read.json(), json!({ "wrong": null }));
    }
    let id_token = server.id_token().await;
    assert!(server.is_signed(&id_token).await);
    assert_eq!(
        (&claims(&id_token)["nonce"], &claims(&id_token)["aud"]),
        (&json!(NONCE), &json!("city-issues"))
    );

    server.go_wrong("nonce").await;
    let answer = server.post("/test/id-token", &[("wrong", "name")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    server.go_wrong("").await;
    let read = server.get("/test/id-token", &[]).await;
    assert_eq!(read.json(), json!({ "wrong": null }));
}
