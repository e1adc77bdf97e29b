//! A response and the record that its state names: what becomes of each.

use alloc::string::String;

use crate::authorization::response::Reading;
use crate::error::Error;
use crate::login::record::{Grant, Stored};
use crate::registration::client::Client;

/// What a URL comes to, and what is to be done before anything else happens.
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
    /// Answers what was read with the record that the store holds under [`Reading::key`].
    ///
    /// An unknown state changes nothing (RFC 9700, section 4.7), nor does another client's; a state
    /// of ours is used up, whatever the response turns out to be.
    #[must_use]
    pub fn answer(&self, reading: Reading, record: Option<&str>, now: u64) -> Answer {
        let mut answer = Answer {
            scrubbed: reading.scrubbed,
            change: None,
            outcome: Ok(None),
        };
        let response = match reading.response {
            Ok(Some(response)) => response,
            Ok(None) => return answer,
            Err(error) => {
                answer.outcome = Err(error);
                return answer;
            }
        };
        answer.outcome = Err(Error::UnknownState);
        match record.map(Stored::read) {
            None => {}
            Some(Stored::Used(time)) if now.abs_diff(time) <= self.state_lifetime => {
                answer.outcome = Err(Error::StateReplayed);
            }
            Some(Stored::Used(_) | Stored::Unreadable) => {
                answer.change = Some(RecordChange::Remove);
            }
            Some(Stored::Pending(pending)) => {
                let outcome = pending.verify(self, &response, now).map(Some);
                if !matches!(outcome, Err(Error::UnknownState | Error::StateWrongClient)) {
                    answer.change = Some(RecordChange::Replace(pending.used()));
                    answer.outcome = outcome;
                    return answer;
                }
                answer.outcome = outcome;
            }
        }
        if !response.is_certain {
            answer.scrubbed = None;
            answer.outcome = Ok(None);
        }
        answer
    }
}
