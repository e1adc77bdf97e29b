//! Browser sessions: a cookie, the account that signed in, and the secret of the session's forms.

use std::collections::HashMap;
use std::time::Duration;

use axum::http::{HeaderMap, header};
use tokio::time::Instant;

use crate::state::accounts::Account;
use crate::state::clock;
use crate::state::random;

const LIFETIME: Duration = Duration::from_secs(8 * 3600);
/// A visitor without the cookie starts a session, so there must be an end to them.
const MOST: usize = 1000;

#[derive(Clone)]
pub struct Session {
    pub id: String,
    /// Comes back with every form (RFC 6749, 10.12 and 10.13: nobody else may press the buttons).
    pub form_secret: String,
    pub account: Option<&'static Account>,
    /// When it began, and with it the sign-in of its account, in seconds since 1970.
    pub since: u64,
    expires: Instant,
}

pub struct Sessions {
    cookie: String,
    by_id: HashMap<String, Session>,
}

impl Sessions {
    /// Cookies are not kept apart by port, so the port is in the name.
    pub fn new(server_origin: &str) -> Self {
        let port = server_origin.rsplit(':').next().unwrap_or_default();
        Self {
            cookie: format!("claviger_demo_{port}"),
            by_id: HashMap::new(),
        }
    }

    /// A new session under a new name: signing in never continues the one before.
    pub fn open(&mut self, account: Option<&'static Account>) -> Result<Session, getrandom::Error> {
        let now = Instant::now();
        self.by_id.retain(|_, session| session.expires > now);
        if self.by_id.len() >= MOST {
            let oldest = self.by_id.values().min_by_key(|session| session.expires);
            if let Some(id) = oldest.map(|session| session.id.clone()) {
                self.by_id.remove(&id);
            }
        }
        let session = Session {
            id: random::secret()?,
            form_secret: random::secret()?,
            account,
            since: clock::unix_seconds(),
            expires: now + LIFETIME,
        };
        self.by_id.insert(session.id.clone(), session.clone());
        Ok(session)
    }

    pub fn of(&self, headers: &HeaderMap) -> Option<Session> {
        let session = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == self.cookie)
            .and_then(|(_, id)| self.by_id.get(id))?;
        (session.expires > Instant::now()).then(|| session.clone())
    }

    pub fn end(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    pub fn set_cookie(&self, session: &Session) -> String {
        format!(
            "{}={}; Path=/; HttpOnly; SameSite=Lax",
            self.cookie, session.id
        )
    }
}
