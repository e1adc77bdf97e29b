//! The UserInfo endpoint: OpenID Connect Core 1.0, section 5.3.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::header::HeaderMap;
use serde_json::{Value, json};

use crate::api::bearer::{self, Challenge};
use crate::state::scopes::Scope;
use crate::state::site::Site;

pub const PATH: &str = "/oauth/userinfo";

/// The e-mail address with `profile`, too: the consent page says so.
pub async fn answer(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Challenge> {
    let grant = bearer::check(&headers, query.as_deref(), Scope::OpenId, &site.tokens())?;
    let account = grant.account;
    let mut claims = json!({ "sub": account.subject() });
    if grant.scopes.contains(&Scope::Profile) {
        claims["name"] = account.name.into();
        claims["email"] = account.email.into();
    }
    Ok(Json(claims))
}
