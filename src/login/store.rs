//! The store for logins under way, whatever keeps it: a browser's storage, a file, a map in memory.
//!
//! The order of operations is the point of it: a login is kept before it can be answered, and used
//! up before anything is made of its answer.

use alloc::string::String;

use crate::authorization::response::Reading;
use crate::error::Error;
use crate::login::answer::RecordChange;
use crate::login::record::{Grant, Pending};
use crate::login::ring::Ring;
use crate::registration::client::Client;
use crate::syntax::url::Url;

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

/// What a URL came to, after the store was asked and changed.
#[derive(Debug)]
pub struct Handled {
    /// The URL to put into the address bar instead of the one that was handled, whatever the outcome.
    pub scrubbed: Option<String>,
    /// The grant; `None` when the URL is no response of this client's.
    pub outcome: Result<Option<Grant>, Error>,
}

/// What a URL came to in a window that may have been opened for another one's login.
#[cfg(feature = "code")]
#[derive(Debug)]
pub enum HandledHere {
    /// It is this window's, or nobody's.
    Handled(Handled),
    /// Another window waits for it. The URL to put into the address bar instead.
    Relayed(Option<String>),
}

/// What a URL is, and what the store has for it.
struct Found {
    reading: Reading,
    key: Option<String>,
    record: Result<String, Error>,
}

impl Client {
    /// Keeps a login that starts, before its URL is handed to anybody. It takes four operations,
    /// however many logins were abandoned, and at most 32 of a client's are kept: the oldest goes.
    ///
    /// # Errors
    ///
    /// [`Error::StorageUnavailable`]: the login was not kept, and no earlier one was lost.
    #[inline]
    pub fn keep(&self, storage: &impl Storage, pending: &Pending) -> Result<(), Error> {
        let ring_key = Ring::key(self);
        let ring = storage.get(&ring_key)?;
        let (ring, oldest) = Ring::read(Some(&ring)).turn(pending);
        let key = pending.key();
        if storage.set(&key, &pending.to_record())
            && storage.set(&ring_key, &ring)
            && storage.remove(&oldest)
        {
            return Ok(());
        }
        // A record outside the ring would never be swept.
        let _ = storage.remove(&key);
        Err(Error::StorageUnavailable)
    }

    /// Handles a URL that the page or the program was opened with: reads it, looks its record up,
    /// verifies it, and marks the record used. `now` is in seconds since 1970.
    ///
    /// Put [`Handled::scrubbed`] into the address bar before anything else happens.
    #[must_use]
    #[inline]
    pub fn handle(&self, storage: &impl Storage, url: &Url, now: u64) -> Handled {
        self.conclude(storage, self.look_up(storage, url), now)
    }

    /// As [`Client::handle`], for a window that may have been opened for another one's login (see
    /// [`AuthorizationRequest::set_relayed`](crate::AuthorizationRequest::set_relayed)): such a
    /// response is left for the window that waits, and its record as it is.
    #[cfg(feature = "code")]
    #[must_use]
    pub fn handle_here(&self, storage: &impl Storage, url: &Url, now: u64) -> HandledHere {
        let found = self.look_up(storage, url);
        let record = found.record.as_deref().unwrap_or_default();
        if Pending::from_record(record).is_some_and(|pending| pending.is_relayed()) {
            return HandledHere::Relayed(found.reading.scrubbed);
        }
        HandledHere::Handled(self.conclude(storage, found, now))
    }

    #[inline]
    fn look_up(&self, storage: &impl Storage, url: &Url) -> Found {
        let reading = self.read(url);
        let key = reading.key();
        let record = match &key {
            Some(key) => storage.get(key),
            None => Ok(String::new()),
        };
        Found {
            reading,
            key,
            record,
        }
    }

    #[inline]
    fn conclude(&self, storage: &impl Storage, found: Found, now: u64) -> Handled {
        let record = found.record.as_deref().ok();
        let record = record.filter(|record| !record.is_empty());
        let answer = self.answer(found.reading, record, now);
        let mut outcome = answer.outcome;
        if let (Some(key), Some(change)) = (&found.key, &answer.change) {
            // Used is used, also where the trace of it can't be kept.
            let is_traced = matches!(change, RecordChange::Replace(text) if storage.set(key, text));
            if !is_traced && !storage.remove(key) {
                outcome = Err(Error::StorageUnavailable);
            }
        }
        // A response is unknown because the store is silent: that is the news then.
        if outcome.is_err() && found.record.is_err() {
            outcome = Err(Error::StorageUnavailable);
        }
        let scrubbed = answer.scrubbed;
        Handled { scrubbed, outcome }
    }
}
