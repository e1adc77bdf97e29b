//! A response and the record that its state names: what becomes of each.

use alloc::string::String;

use crate::client::Client;
use crate::error::Error;
use crate::pending::{Grant, Stored};
use crate::response::Response;

/// What a response comes to, and what is to be done before anything else happens.
#[derive(Debug)]
pub struct Answer {
    /// The URL to put into the address bar instead of the response's.
    pub scrubbed: Option<String>,
    /// What to do with the record.
    pub change: Option<RecordChange>,
    /// The grant; `None` when the URL is no response of this client's.
    pub outcome: Result<Option<Grant>, Error>,
}

/// What to do with a record in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordChange {
    /// It can't be read or has served its time.
    Remove,
    /// It was used: this stays in its place until its lifetime ends.
    Replace(String),
}

impl Client {
    /// Answers a response with the record that the store holds under [`Response::key`].
    ///
    /// An unknown state changes nothing (RFC 9700, section 4.7), nor does another client's; a state
    /// of ours is used up, whatever the response turns out to be.
    #[must_use]
    pub fn answer(&self, mut response: Response, record: Option<&str>, now: u64) -> Answer {
        let scrubbed = response.scrubbed.take();
        let is_certain = response.is_certain;
        let unknown = |change: Option<RecordChange>, scrubbed: Option<String>, error: Error| {
            if is_certain {
                Answer {
                    scrubbed,
                    change,
                    outcome: Err(error),
                }
            } else {
                Answer {
                    scrubbed: None,
                    change,
                    outcome: Ok(None),
                }
            }
        };
        match record.map(Stored::read) {
            None => unknown(None, scrubbed, Error::UnknownState),
            Some(Stored::Unreadable) => {
                unknown(Some(RecordChange::Remove), scrubbed, Error::UnknownState)
            }
            Some(Stored::Used(time)) if now.abs_diff(time) > self.state_lifetime => {
                unknown(Some(RecordChange::Remove), scrubbed, Error::UnknownState)
            }
            Some(Stored::Used(_)) => unknown(None, scrubbed, Error::StateReplayed),
            Some(Stored::Pending(pending)) => {
                if !response
                    .state()
                    .is_some_and(|state| state.matches(pending.state()))
                {
                    return unknown(None, scrubbed, Error::UnknownState);
                }
                if !pending.is_of(self) {
                    return unknown(None, scrubbed, Error::StateWrongClient);
                }
                Answer {
                    scrubbed,
                    change: Some(RecordChange::Replace(pending.used())),
                    outcome: pending.finish(self, response, now).map(Some),
                }
            }
        }
    }
}
