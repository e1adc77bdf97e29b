//! The authorization server's metadata: RFC 8414.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::authorization::endpoint as authorize;
use crate::state::pkce;
use crate::state::scopes::Scope;
use crate::state::site::Site;
use crate::token::{endpoint as token, revocation};

pub const PATH: &str = "/.well-known/oauth-authorization-server";

pub async fn answer(State(site): State<Arc<Site>>) -> Json<Value> {
    Json(document(&site.origin))
}

pub fn document(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}{}", authorize::PATH),
        "token_endpoint": format!("{issuer}{}", token::PATH),
        "revocation_endpoint": format!("{issuer}{}", revocation::PATH),
        "scopes_supported": Scope::ALL.map(Scope::name),
        "response_types_supported": ["code", "token"],
        "response_modes_supported": ["query", "fragment"],
        "grant_types_supported": ["authorization_code", "refresh_token", "implicit"],
        "code_challenge_methods_supported": [pkce::METHOD],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "authorization_response_iss_parameter_supported": true,
    })
}
