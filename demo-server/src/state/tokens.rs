//! The access tokens handed out: what each is good for, and for how long.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::state::accounts::Account;
use crate::state::clients::Client;
use crate::state::random;
use crate::state::scopes::Scope;

/// How long an expired token is still told from an unknown one.
const REMEMBERED: Duration = Duration::from_secs(3600);

#[derive(Clone, Debug)]
pub struct Grant {
    client: &'static Client,
    pub account: &'static Account,
    pub scopes: Vec<Scope>,
    /// The name of its family; nothing: given without a code.
    family: Option<String>,
    expires: Option<Instant>,
    revoked: bool,
}

#[derive(Debug)]
pub enum Invalid {
    Unknown,
    Expired,
    Revoked,
}

#[derive(Default)]
pub struct Tokens(HashMap<String, Grant>);

impl Tokens {
    pub fn issue(
        &mut self,
        client: &'static Client,
        account: &'static Account,
        scopes: Vec<Scope>,
        family: Option<String>,
    ) -> Result<String, getrandom::Error> {
        let now = Instant::now();
        self.0.retain(|_, grant| {
            grant
                .expires
                .is_none_or(|expires| expires + REMEMBERED > now)
        });
        let token = random::secret()?;
        let expires = client.lifetime.map(|lifetime| now + lifetime);
        self.0.insert(
            token.clone(),
            Grant {
                client,
                account,
                scopes,
                family,
                expires,
                revoked: false,
            },
        );
        Ok(token)
    }

    pub fn check(&self, token: &str) -> Result<Grant, Invalid> {
        let grant = self.0.get(token).ok_or(Invalid::Unknown)?;
        if grant.revoked {
            return Err(Invalid::Revoked);
        }
        if grant
            .expires
            .is_some_and(|expires| expires <= Instant::now())
        {
            return Err(Invalid::Expired);
        }
        Ok(grant.clone())
    }

    pub fn revoke(&mut self, token: &str) {
        if let Some(grant) = self.0.get_mut(token) {
            grant.revoked = true;
        }
    }

    pub fn revoke_family(&mut self, family: &str) {
        for grant in self.0.values_mut() {
            grant.revoked |= grant.family.as_deref() == Some(family);
        }
    }

    /// The client that the token was given to, whether or not it is still good.
    pub fn client(&self, token: &str) -> Option<&'static Client> {
        self.0.get(token).map(|grant| grant.client)
    }
}
