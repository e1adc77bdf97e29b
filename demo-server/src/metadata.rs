//! The authorization server's metadata: RFC 8414, and OpenID Connect Discovery 1.0, section 3.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::authorization::endpoint as authorize;
use crate::openid::{end_session, jwks, userinfo};
use crate::state::keys;
use crate::state::pkce;
use crate::state::scopes::Scope;
use crate::state::site::Site;
use crate::token::{endpoint as token, revocation};

/// The same document for both standards.
pub const PATHS: [&str; 2] = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
];

pub async fn answer(State(site): State<Arc<Site>>) -> Json<Value> {
    Json(document(&site.origin))
}

pub fn document(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}{}", authorize::PATH),
        "token_endpoint": format!("{issuer}{}", token::PATH),
        "revocation_endpoint": format!("{issuer}{}", revocation::PATH),
        "userinfo_endpoint": format!("{issuer}{}", userinfo::PATH),
        "end_session_endpoint": format!("{issuer}{}", end_session::PATH),
        "jwks_uri": format!("{issuer}{}", jwks::PATH),
        "scopes_supported": Scope::ALL.map(Scope::name),
        "response_types_supported": ["code", "token", "id_token", "id_token token"],
        "response_modes_supported": ["query", "fragment"],
        "grant_types_supported": ["authorization_code", "refresh_token", "implicit"],
        "code_challenge_methods_supported": [pkce::METHOD],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [keys::ALGORITHM],
        "claims_supported": [
            "iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "at_hash", "name", "email",
        ],
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
    })
}
