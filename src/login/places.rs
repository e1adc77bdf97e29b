//! The 32 places for logins in a store: the state's first character says in which one its record stands,
//! so that a login starts with one write, leaves nothing to sweep, and finds no more than 32 names however
//! many tabs start one at once. A store has no transactions: of two tabs that settle in the same instant one
//! may take the other's place. The package has them settle one after the other, by a lock of the platform's;
//! elsewhere chance keeps them apart, where several places are free.

use super::record::{self, Members};
use super::storage::Storage;
use crate::error::Error;
use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::form::Slots;
use crate::syntax::grammar::number;
use crate::syntax::secret::{STATE_LENGTH, State};
use crate::syntax::text::to;

/// The first characters that the state of a login in a store can have.
const PLACES: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef";

/// How dear a place is to its login: nothing where that is unreadable or past its lifetime, then a login
/// that was finished, then the client's own, then another client's; of two alike the newer one's.
const FINISHED: u64 = 0;
const OWN: u64 = 1 << 62;
const FOREIGN: u64 = 2 << 62;

/// Puts a state into the place that is to take its record: the first empty one from where its random
/// character points, else the least dear one. Of its 256 random bits 250 are left.
pub(crate) fn settle(
    state: &mut [u8; STATE_LENGTH],
    client: &Client<'_>,
    storage: &impl Storage,
    now: u64,
    arena: &mut Arena<'_>,
) -> Result<(), Error> {
    let [character, ..] = state;
    let mut least = u64::MAX;
    let mut next = usize::from(*character);
    for _ in PLACES {
        let place = PLACES.get(next & 31).copied().unwrap_or_default();
        next = next.wrapping_add(1);
        let price = arena.lend(|arena| {
            let name = record::name(&[place], arena);
            let text = storage.get(name, arena)?;
            Ok::<_, Error>((!text.is_empty()).then(|| price(text, client, now, arena)))
        })?;
        match price {
            None => {
                *character = place;
                return Ok(());
            }
            Some(price) if price < least => {
                least = price;
                *character = place;
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn price<'a>(text: &'a [u8], client: &Client<'_>, now: u64, arena: &mut Arena<'a>) -> u64 {
    let slots = &mut Slots::default();
    let Ok(members) = Members::parse(text, slots, arena) else {
        return 0;
    };
    let (class, time) = if !members.used().is_empty() {
        (FINISHED, members.used())
    } else if members.are_of(client) {
        (OWN, members.time())
    } else {
        (FOREIGN, members.time())
    };
    match number(time) {
        Some(time) if now.abs_diff(time) <= client.state_lifetime => class | time,
        _ => 0,
    }
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
