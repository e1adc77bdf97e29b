//! What must be true in every world: what subscribers hear, what a logout ends, and what is never lost.

use super::server::Grant;
use super::world::World;
use claviger::{Change, Error, SessionEvent};

/// What a tab's subscribers have heard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Heard {
    known: Known,
    pub(super) token: String,
    user: u8,
    /// Logouts of which the tab knows.
    pub(super) logouts: u8,
    /// A bit for each login whose session has ended here.
    gone: u16,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Known {
    #[default]
    Nobody,
    Somebody,
    /// Somebody, whose token has expired.
    Expired,
}

impl Heard {
    /// What has to be the same in all tabs at rest.
    pub(super) fn state(&self) -> (bool, &str) {
        (self.known == Known::Nobody, &self.token)
    }

    /// Each change once, in an order that makes sense; and no session that nobody was told of, of another
    /// user, or asked for before a logout that is known (rules M1, M2 and M4).
    pub(super) fn hear(
        &mut self,
        told: &[Change],
        session: Option<(&str, Grant)>,
    ) -> Result<(), String> {
        let old = core::mem::take(&mut self.token);
        let (token, user) = session.map_or(("", 0), |(token, grant)| (token, grant.user));
        for change in told {
            self.known = match (change, self.known) {
                // One that had expired and could not be renewed is gone without a word.
                (Change::Login, Known::Nobody | Known::Expired) if token != old => {
                    self.user = user;
                    Known::Somebody
                }
                (Change::Renew, Known::Somebody | Known::Expired) if token != old => {
                    Known::Somebody
                }
                (Change::Expire, Known::Somebody) => Known::Expired,
                (Change::Logout | Change::Revoke, Known::Somebody | Known::Expired) => {
                    Known::Nobody
                }
                (Change::RenewalFailed, known) => known,
                (change, known) => return Err(format!("{change:?} told after {known:?}")),
            };
        }
        if login_of(&old) != login_of(token) {
            self.gone |= login_of(&old);
        }
        self.token.push_str(token);
        match (session, self.known) {
            (None, Known::Somebody) => Err(format!("{old} has gone without a word")),
            (Some(_), Known::Nobody) => Err(format!("{token} has come without a word")),
            (Some(_), _) if self.user != user => Err(format!(
                "{token} is user {user}'s, and {} was told",
                self.user
            )),
            (Some((_, grant)), _) if grant.asked_after < self.logouts => {
                Err(format!("{token} was asked for before a logout"))
            }
            _ => Ok(()),
        }
    }

    /// A session that has ended does not come back.
    pub(super) fn never_twice(&self) -> Result<(), String> {
        if self.gone & login_of(&self.token) == 0 {
            Ok(())
        } else {
            Err(format!("{} has come back", self.token))
        }
    }
}

/// A bit for the login that brought this token.
fn login_of(token: &str) -> u16 {
    let number = token.split_once('.').map(|(number, _)| number);
    number.map_or(0, |number| 1 << number.parse::<u8>().unwrap())
}

/// A session that could be renewed is never lost unless somebody signed out or a server refused it.
pub(super) fn never_lost(
    event: &SessionEvent,
    before: &str,
    token: Option<&str>,
) -> Result<(), String> {
    let could = before.contains("&refresh_token=");
    let may_end = matches!(
        event,
        SessionEvent::LogoutRequested { .. }
            | SessionEvent::LogoutHeard
            | SessionEvent::TokenRefused { is_fresh: true, .. }
            | SessionEvent::Refreshed {
                answer: Err(Error::TokenError(_)),
                ..
            }
    );
    if could && token.is_none() && !may_end {
        return Err(format!("{event:?} lost a session that could be renewed"));
    }
    Ok(())
}

/// The number of the last logout that a record knows of.
pub(super) fn logouts_in(record: &str) -> u8 {
    let mark = value(record, "generation=generation-");
    mark.map_or(0, |number| number.parse().unwrap())
}

/// What was asked for before the last logout signs nobody in, whoever wrote last.
pub(super) fn nothing_outlives_a_logout(world: &World) -> Result<(), String> {
    match value(&world.store, "access_token=") {
        Some(token) if world.server.grant_of(token).asked_after < world.logouts => {
            Err(format!("{token} has outlived a logout"))
        }
        _ => Ok(()),
    }
}

fn value<'a>(record: &'a str, name: &str) -> Option<&'a str> {
    record.split('&').find_map(|pair| pair.strip_prefix(name))
}
