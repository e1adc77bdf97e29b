use serde_json::json;

use super::{CODE_REQUEST, ISS, SERVER, Server, changed};

const PATH: &str = "/.well-known/oauth-authorization-server";

#[tokio::test]
async fn the_metadata_says_what_the_server_does() {
    let server = Server::new();
    let answer = server.get(PATH, &[]).await;
    assert_eq!(
        answer.json(),
        json!({
            "issuer": "http://127.0.0.1:4181",
            "authorization_endpoint": "http://127.0.0.1:4181/oauth/authorize",
            "token_endpoint": "http://127.0.0.1:4181/oauth/token",
            "revocation_endpoint": "http://127.0.0.1:4181/oauth/revoke",
            "userinfo_endpoint": "http://127.0.0.1:4181/oauth/userinfo",
            "end_session_endpoint": "http://127.0.0.1:4181/oauth/end-session",
            "jwks_uri": "http://127.0.0.1:4181/oauth/jwks",
            "scopes_supported": ["openid", "profile", "issues"],
            "response_types_supported": ["code", "token", "id_token", "id_token token"],
            "response_modes_supported": ["query", "fragment"],
            "grant_types_supported": ["authorization_code", "refresh_token", "implicit"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "claims_supported": [
                "iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "at_hash", "name", "email",
            ],
            "request_uri_parameter_supported": false,
            "authorization_response_iss_parameter_supported": true,
        })
    );
    let discovered = server
        .get("/.well-known/openid-configuration", &[])
        .await
        .json();
    assert_eq!(discovered, answer.json());
}

#[tokio::test]
async fn the_issuer_is_the_one_that_answers_name() {
    let server = Server::new();
    let issuer = server.get(PATH, &[]).await.json()["issuer"].clone();
    assert_eq!(issuer, SERVER);
    let mut browser = server.browser();
    browser.sign_in("ada@example.com").await;
    for response_type in ["code", "token"] {
        let request = changed(&CODE_REQUEST, "response_type", response_type);
        for decision in ["allow", "deny"] {
            let answer = browser.decide(&request, decision).await;
            assert!(
                answer.location().ends_with(ISS),
                "{response_type}, {decision}"
            );
        }
    }
}
