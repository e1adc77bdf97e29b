//! The store for logins under way, whatever keeps it: a browser's storage, a file, a map in memory.

use alloc::string::String;

use super::authorization_request::AuthorizationRequest;
use super::error::Error;
use super::login::{Grant, Pending, outcome};
use super::registration::Client;
use super::room::{owned, with_room};
use super::url::Url;
use crate::error as core_error;
use crate::login::places;
use crate::login::storage as core_storage;
use crate::login::store::Found;
use crate::syntax::arena::{Arena, Complete};
use crate::syntax::form::Slots;
use crate::syntax::secret::base64url;

/// A place for named texts that outlives the page or the program which started a login.
///
/// A record holds a state, so the place is for this program or this origin alone. Names begin with
/// `claviger:`, so that others can use the same place; nothing is enumerated. No text that is set
/// is empty.
pub trait Storage {
    /// The text under this name; empty where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::StorageUnavailable`]: the place can't be read.
    fn get(&self, name: &str) -> Result<String, Error>;

    /// Puts a text under this name, in the place of an earlier one; says whether it is there now.
    #[must_use]
    fn set(&self, name: &str, text: &str) -> bool;

    /// Removes what is under this name, where there is anything; says whether nothing is left.
    #[must_use]
    fn remove(&self, name: &str) -> bool;
}

/// A storage of the application's as the core sees it.
struct Lent<'s, S>(&'s S);

impl<S: Storage> core_storage::Storage for Lent<'_, S> {
    fn get<'a>(&self, name: &[u8], arena: &mut Arena<'a>) -> Result<&'a [u8], core_error::Error> {
        let text = self.0.get(&owned(name)).map_err(|error| error.to_core())?;
        arena.put(text.as_bytes());
        Ok(arena.take())
    }

    fn set(&self, name: &[u8], text: &[u8], _: Complete) -> bool {
        self.0.set(&owned(name), &owned(text))
    }

    fn remove(&self, name: &[u8], _: Complete) -> bool {
        self.0.remove(&owned(name))
    }
}

/// What a URL came to, after the store was asked and changed.
#[derive(Debug)]
pub struct Handled {
    /// The URL to put into the address bar instead of the one that was handled, whatever the outcome.
    pub scrubbed: Option<String>,
    /// The grant; `None` when the URL is no response of this client's.
    pub outcome: Result<Option<Grant>, Error>,
}

/// What a URL came to in a window that may have been opened for another one's login.
#[derive(Debug)]
pub enum HandledHere {
    /// It is this window's, or nobody's.
    Handled(Handled),
    /// Another window waits for it. The URL to put into the address bar instead.
    Relayed(Option<String>),
}

impl AuthorizationRequest<'_> {
    /// As [`Self::start`], with the record kept in a store before its URL is handed to anybody. A store has
    /// 32 places for logins, of which the state names its own: a login takes one write and at most 32
    /// reads, however many were abandoned. Where none is free one that was finished makes room, else the
    /// client's oldest, else the oldest of all.
    ///
    /// # Errors
    ///
    /// [`Error::StorageUnavailable`]: the login was not kept, and no earlier one was lost.
    pub fn start_in(
        self,
        storage: &impl Storage,
        random: &[[u8; 32]; 3],
        now: u64,
    ) -> Result<(String, Pending), Error> {
        let [state, verifier, nonce] = random;
        let random_state = base64url(state);
        let state = with_room(self.client, |client, arena| {
            let mut state = random_state;
            places::settle(&mut state, &client.as_core(), &Lent(storage), now, arena)
                .map(|()| state)
        })?;
        let (url, pending) = self.start_with(&state, [verifier, nonce], now);
        let record = pending.to_record();
        with_room(&record, |record, arena| {
            let state = pending.state().as_core();
            places::keep(&Lent(storage), state, record.as_bytes(), arena)
        })?;
        Ok((url, pending))
    }
}

impl Client {
    /// Handles a URL that the page or the program was opened with: reads it, looks its record up,
    /// verifies it, and marks the record used. `now` is in seconds since 1970.
    ///
    /// Put [`Handled::scrubbed`] into the address bar before anything else happens.
    #[must_use]
    pub fn handle(&self, storage: &impl Storage, url: &Url, now: u64) -> Handled {
        with_room(&(self, url), |(client, url), arena| {
            let (as_core, url) = (client.as_core(), url.parts());
            let slots = &mut Slots::default();
            let found = Found::look_up(&as_core, &Lent(storage), &url, slots, arena);
            conclude(client, storage, &found, now, arena)
        })
    }

    /// As [`Client::handle`], for a window that may have been opened for another one's login (see
    /// [`AuthorizationRequest::set_relayed`](crate::AuthorizationRequest::set_relayed)): such a
    /// response is left for the window that waits, and its record as it is.
    #[must_use]
    pub fn handle_here(&self, storage: &impl Storage, url: &Url, now: u64) -> HandledHere {
        with_room(&(self, url), |(client, url), arena| {
            let (as_core, url) = (client.as_core(), url.parts());
            let slots = &mut Slots::default();
            let found = Found::look_up(&as_core, &Lent(storage), &url, slots, arena);
            if found.is_relayed(arena) {
                return HandledHere::Relayed(found.reading.scrubbed.map(owned));
            }
            HandledHere::Handled(conclude(client, storage, &found, now, arena))
        })
    }
}

fn conclude<'a>(
    client: &Client,
    storage: &impl Storage,
    found: &Found<'_, 'a>,
    now: u64,
    arena: &mut Arena<'a>,
) -> Handled {
    let slots = &mut Slots::default();
    let answer = found.answer(&client.as_core(), true, now, slots, arena);
    let outcome = outcome(client, answer.outcome, now, arena);
    let changed = match arena.complete() {
        Ok(complete) => found.change(answer.change, &Lent(storage), complete),
        Err(full) => Err(full.into()),
    };
    Handled {
        scrubbed: answer.scrubbed.map(owned),
        outcome: changed.map_err(Error::from).and(outcome),
    }
}
