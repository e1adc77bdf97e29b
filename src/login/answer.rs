//! A response and the record that its state names: what becomes of each.

use super::record::{Record, Stored};
use crate::authorization::response::{Reading, Response};
use crate::error::Error;
use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::text::is;

/// What a response brings to a client that asked for it: a token, a code, or why neither. The record
/// decides, and not what the client would ask for today.
pub(crate) trait Grants<'a> {
    type Granted;
    /// Whether a login that asked for a code can be answered.
    const KNOWS_CODES: bool;

    fn grant(
        &self,
        record: &Record<'a>,
        response: &Response<'a>,
        now: u64,
    ) -> Result<Self::Granted, Error>;
}

/// What a URL comes to, and what is to be done before anything else happens.
pub(crate) struct Answer<'a, G> {
    /// The URL to put into the address bar instead of the response's.
    pub(crate) scrubbed: Option<&'a [u8]>,
    pub(crate) change: Option<RecordChange<'a>>,
    /// `None` when the URL is no response of this client's.
    pub(crate) outcome: Result<Option<Granted<'a, G>>, Error>,
}

/// What was granted, and the login that asked for it.
pub(crate) struct Granted<'a, G> {
    pub(crate) granted: G,
    pub(crate) record: Record<'a>,
}

/// What to do with a record in the store.
#[derive(Clone, Copy)]
pub(crate) enum RecordChange<'a> {
    /// It can't be read or has served its time.
    Remove,
    /// It was used: this stays in its place until its lifetime ends.
    Replace(&'a [u8]),
}

/// Answers what was read with the record that the store holds under the state's name.
///
/// An unknown state changes nothing (RFC 9700, section 4.7), nor does another client's; a state of ours
/// is used up, whatever the response turns out to be.
pub(crate) fn answer<'a, G: Grants<'a>>(
    client: &Client<'_>,
    reading: &Reading<'a>,
    record: Option<&'a [u8]>,
    grants: &G,
    now: u64,
    arena: &mut Arena<'a>,
) -> Answer<'a, G::Granted> {
    let mut answer = Answer {
        scrubbed: reading.scrubbed,
        change: None,
        outcome: Ok(None),
    };
    let response = match &reading.response {
        Ok(Some(response)) => response,
        Ok(None) => return answer,
        Err(error) => {
            answer.outcome = Err(*error);
            return answer;
        }
    };
    answer.outcome = Err(Error::UnknownState);
    if let Some(record) = record {
        match Stored::parse(record, G::KNOWS_CODES, arena) {
            Stored::Used { time, key } if now.abs_diff(time) <= client.state_lifetime => {
                if response
                    .state()
                    .is_some_and(|state| key.is_empty() || is(state.key(), key))
                {
                    answer.outcome = Err(Error::StateReplayed);
                }
            }
            Stored::Used { .. } | Stored::Unreadable => answer.change = Some(RecordChange::Remove),
            Stored::Pending(record) => match record.verify(client, response, now) {
                Err(error @ (Error::UnknownState | Error::StateWrongClient)) => {
                    answer.outcome = Err(error);
                }
                verified => {
                    answer.change = Some(RecordChange::Replace(record.used(arena)));
                    answer.outcome = verified
                        .and_then(|()| grants.grant(&record, response, now))
                        .map(|granted| Some(Granted { granted, record }));
                    return answer;
                }
            },
        }
    }
    if !response.is_certain {
        answer.scrubbed = None;
        answer.outcome = Ok(None);
    }
    answer
}
