//! The world's authorization server: grants whose refresh tokens are used once (RFC 9700, section 4.14.2),
//! and a session of its own, for frames.

use core::cell::RefCell;
use std::collections::BTreeMap;

use super::tabs::{refusal, set};
use claviger::{Error, TokenSet};

/// How long a token lives, in seconds.
pub(super) const LIFE: u64 = 1000;

/// What was granted by one login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Grant {
    pub(super) user: u8,
    /// Logouts, wherever, before the login was asked for.
    pub(super) asked_after: u8,
    /// The number of the refresh token that is alive; `None` once one was used again.
    alive: Option<u8>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Server {
    grants: Vec<Grant>,
    /// Who is signed in at the server.
    user: Option<u8>,
}

/// What a request has come to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    /// An access token, the same text as refresh token where the grant has one, and when it came.
    Tokens(String, u64),
    Refused(&'static str),
    Nothing,
}

impl Server {
    pub(super) fn login(&mut self, user: u8, asked_after: u8, now: u64) -> Answer {
        self.user = Some(user);
        self.grant(user, asked_after, now)
    }

    /// A login without the user (OpenID Connect Core 1.0, section 3.1.2.1).
    pub(super) fn silent_login(&mut self, asked_after: u8, now: u64) -> Answer {
        match self.user {
            Some(user) => self.grant(user, asked_after, now),
            None => Answer::Refused("login_required"),
        }
    }

    fn grant(&mut self, user: u8, asked_after: u8, now: u64) -> Answer {
        let number = self.grants.len();
        self.grants.push(Grant {
            user,
            asked_after,
            alive: Some(0),
        });
        Answer::Tokens(format!("{number}.0"), now)
    }

    /// The answer to a refresh token; whether one was used again, which ends its grant.
    pub(super) fn refresh(&mut self, token: &str, now: u64) -> (Answer, bool) {
        let (grant, number) = parts(token);
        let alive = &mut self.grants[grant].alive;
        let is_used_again = alive.is_some_and(|alive| alive != number);
        *alive = alive.filter(|alive| *alive == number).map(|it| it + 1);
        let answer = match alive {
            Some(next) => Answer::Tokens(format!("{grant}.{next}"), now),
            None => Answer::Refused("invalid_grant"),
        };
        (answer, is_used_again)
    }

    pub(super) fn grant_of(&self, token: &str) -> &Grant {
        &self.grants[parts(token).0]
    }
}

fn parts(token: &str) -> (usize, u8) {
    let (grant, number) = token.split_once('.').unwrap();
    (grant.parse().unwrap(), number.parse().unwrap())
}

impl Answer {
    /// As a program that has sent the request has it; made once for each text.
    pub(super) fn as_result(&self, has_refresh_token: bool) -> Result<TokenSet, Error> {
        type Made = BTreeMap<(String, u64, bool), TokenSet>;
        thread_local! {
            static SETS: RefCell<Made> = RefCell::default();
            static REFUSALS: RefCell<BTreeMap<&'static str, Error>> = RefCell::default();
        }
        match self {
            Self::Tokens(token, now) => SETS.with_borrow_mut(|sets| {
                let refresh_token = if has_refresh_token { token } else { "" };
                let made = sets.entry((token.clone(), *now, has_refresh_token));
                let made = made.or_insert_with(|| set(token, refresh_token, Some(LIFE), *now));
                Ok(made.clone())
            }),
            Self::Refused(code) => REFUSALS.with_borrow_mut(|refusals| {
                let made = refusals.entry(code).or_insert_with(|| refusal(code));
                Err(made.clone())
            }),
            Self::Nothing => Err(Error::TokenEndpointUnreachable),
        }
    }
}
