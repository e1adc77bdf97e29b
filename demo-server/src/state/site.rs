//! The authorization server's state, each part behind a lock of its own.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::header::HeaderMap;

use crate::state::accounts::Account;
use crate::state::clients;
use crate::state::families::Families;
use crate::state::issues::Issues;
use crate::state::keys::Keys;
use crate::state::log::{Delays, Log};
use crate::state::sessions::{Session, Sessions};
use crate::state::tokens::Tokens;
use crate::state::wrong::Wrong;

pub struct Site {
    pub origin: String,
    pub app_origin: String,
    /// Registered for every client, for the way back from a sign-in and from a sign-out, and compared
    /// as they stand (RFC 9700, 4.1.3).
    pub redirect_uris: Vec<String>,
    /// The origins whose scripts may read the API.
    pub readers: Arc<[String]>,
    sessions: Mutex<Sessions>,
    families: Mutex<Families>,
    tokens: Mutex<Tokens>,
    issues: Mutex<Issues>,
    keys: Mutex<Keys>,
    wrong: Mutex<Option<Wrong>>,
    log: Mutex<Log>,
    token_log: Mutex<Log>,
    token_delays: Mutex<Delays>,
}

impl Site {
    pub fn new(
        app_origin: &str,
        server_origin: &str,
        more_redirect_uris: &[String],
    ) -> Result<Self, getrandom::Error> {
        let mut redirect_uris = vec![format!("{app_origin}/")];
        redirect_uris.extend_from_slice(more_redirect_uris);
        let readers = redirect_uris
            .iter()
            .filter_map(|uri| clients::web_origin(uri))
            .collect();
        Ok(Self {
            origin: server_origin.to_owned(),
            app_origin: app_origin.to_owned(),
            redirect_uris,
            readers,
            sessions: Mutex::new(Sessions::new(server_origin)),
            families: Mutex::default(),
            tokens: Mutex::default(),
            issues: Mutex::new(Issues::seeded()),
            keys: Mutex::new(Keys::generate()?),
            wrong: Mutex::default(),
            log: Mutex::default(),
            token_log: Mutex::default(),
            token_delays: Mutex::default(),
        })
    }

    pub fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.sessions)
    }

    /// Who needs the tokens too takes the families first.
    pub fn families(&self) -> MutexGuard<'_, Families> {
        lock(&self.families)
    }

    pub fn tokens(&self) -> MutexGuard<'_, Tokens> {
        lock(&self.tokens)
    }

    pub fn issues(&self) -> MutexGuard<'_, Issues> {
        lock(&self.issues)
    }

    pub fn keys(&self) -> MutexGuard<'_, Keys> {
        lock(&self.keys)
    }

    /// What the next ID token has that is not right.
    pub fn wrong(&self) -> MutexGuard<'_, Option<Wrong>> {
        lock(&self.wrong)
    }

    pub fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.log)
    }

    pub fn token_log(&self) -> MutexGuard<'_, Log> {
        lock(&self.token_log)
    }

    pub fn token_delays(&self) -> MutexGuard<'_, Delays> {
        lock(&self.token_delays)
    }

    pub fn signed_in(&self, headers: &HeaderMap) -> Option<(Session, &'static Account)> {
        let session = self.sessions().of(headers)?;
        let account = session.account?;
        Some((session, account))
    }
}

/// What can fail comes before the change that it is for, so that nothing is left half done by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
