//! The 32 places for logins in a store that belongs to one tab alone: the state's first character says
//! in which one its record stands, so that a login starts with one write and leaves nothing to sweep.

use super::record::{self, Stored};
use super::store::Storage;
use crate::error::Error;
use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::secret::{STATE_LENGTH, State};
use crate::syntax::text::to;

/// The first characters that a state can have here.
const PLACES: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef";

/// How readily a place is given to a new login, the least first. Where all are taken, a client's own
/// oldest login goes before another client's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    /// Unreadable, or past its lifetime.
    Spent,
    /// A mark of a login that was finished then.
    Used(u64),
    /// A login of this client's that started then.
    Own(u64),
    /// Another client's.
    Foreign(u64),
}

/// Puts a state into the place that is to take its record: the first empty one from where its random
/// character points, else the one with the least claim. Of its 256 random bits 250 are left.
pub(crate) fn settle(
    state: &mut [u8; STATE_LENGTH],
    client: &Client<'_>,
    storage: &impl Storage,
    now: u64,
    arena: &mut Arena<'_>,
) -> Result<(), Error> {
    let [character, ..] = state;
    let place = PLACES.iter().position(|place| place == character);
    let start = place.unwrap_or(usize::from(*character) & 31);
    let mut best: Option<Claim> = None;
    for place in PLACES.iter().cycle().skip(start).take(PLACES.len()) {
        let name = record::name(core::slice::from_ref(place), arena);
        let text = storage.get(name, arena)?;
        if text.is_empty() {
            *character = *place;
            return Ok(());
        }
        let is_alive = |time: u64| now.abs_diff(time) <= client.state_lifetime;
        let claim = match Stored::parse(text, true, arena) {
            Stored::Used { time, .. } if is_alive(time) => Claim::Used(time),
            Stored::Pending(record) if is_alive(record.time) => {
                if record.is_of(client) {
                    Claim::Own(record.time)
                } else {
                    Claim::Foreign(record.time)
                }
            }
            _ => Claim::Spent,
        };
        if best.is_none_or(|best| claim < best) {
            best = Some(claim);
            *character = *place;
        }
    }
    Ok(())
}

/// Keeps a login that starts, before its URL is handed to anybody.
pub(crate) fn keep(
    storage: &impl Storage,
    state: State<'_>,
    text: &[u8],
    arena: &mut Arena<'_>,
) -> Result<(), Error> {
    let name = record::name(place_of(state), arena);
    if storage.set(name, text, arena.complete()?) {
        Ok(())
    } else {
        Err(Error::StorageUnavailable)
    }
}

/// What of a state names its place.
pub(crate) fn place_of(state: State<'_>) -> &[u8] {
    to(state.text(), 1)
}
