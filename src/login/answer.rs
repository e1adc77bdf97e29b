//! A response and the record that its state names: what becomes of each.

use super::record::{Kept, Record, Stored};
use crate::authorization::response::{Reading, Response};
use crate::error::Error;
use crate::registration::client::Client;
use crate::syntax::arena::Arena;
use crate::syntax::form::Slots;
use crate::syntax::secret::State;
use crate::syntax::text::is;
#[cfg(all(feature = "code", any(feature = "package", feature = "sign-in")))]
use crate::syntax::text::starts_with;
use crate::token::token::Token;

/// What a URL comes to, and what is to be done before anything else happens.
pub(crate) struct Answer<'s, 'a> {
    /// The URL to put into the address bar instead of the response's.
    pub(crate) scrubbed: Option<&'a [u8]>,
    pub(crate) change: Option<RecordChange<'a>>,
    /// What the application wanted back, where the state is that of a login of this client's.
    pub(crate) kept: Kept<'a>,
    /// `None` when the URL is no response of this client's.
    pub(crate) outcome: Result<Option<Verified<'s, 'a>>, Error>,
}

/// A response, and the login that it answers. What it says is not read yet.
#[derive(Clone, Copy)]
pub(crate) struct Verified<'s, 'a> {
    pub(crate) response: Response<'s, 'a>,
    pub(crate) record: Record<'s, 'a>,
}

impl<'a> Verified<'_, 'a> {
    /// The token, or why there is none.
    pub(crate) fn token(
        &self,
        client: &Client<'_>,
        now: u64,
        arena: &mut Arena<'a>,
    ) -> Result<Token<'a>, Error> {
        let scope = self.record.members.scope();
        self.response.token(client, scope, now, arena)
    }

    /// Whether a code was asked for: the record decides, and not what the client would ask for today.
    #[cfg(feature = "code")]
    pub(crate) fn asks_for_code(&self) -> bool {
        is(self.record.members.response_type(), b"code")
    }

    /// Whether an ID token was asked for in the redirect.
    #[cfg(all(feature = "code", any(feature = "package", feature = "sign-in")))]
    pub(crate) fn asks_for_id_token(&self) -> bool {
        starts_with(self.record.members.response_type(), b"id_token")
    }

    /// The ID token, which is still to be verified, and the token where one was asked for, too; or why there
    /// is none.
    #[cfg(all(feature = "code", any(feature = "package", feature = "sign-in")))]
    pub(crate) fn id_token(
        &self,
        client: &Client<'_>,
        now: u64,
        arena: &mut Arena<'a>,
    ) -> Result<(&'a [u8], Option<Token<'a>>), Error> {
        let id_token = self.response.id_token(client)?;
        let is_alone = is(self.record.members.response_type(), b"id_token");
        let token = self.token(client, now, arena);
        match token {
            Err(Error::MissingAccessToken) if is_alone => Ok((id_token, None)),
            Ok(_) if is_alone => Err(Error::UnexpectedResponseType),
            token => Ok((id_token, Some(token?))),
        }
    }

    /// The code, or why there is none.
    #[cfg(feature = "code")]
    pub(crate) fn code(&self, client: &Client<'_>) -> Result<&'a [u8], Error> {
        self.response.code(client, self.record.place_of_code())
    }
}

/// What to do with a record in the store.
#[derive(Clone, Copy)]
pub(crate) enum RecordChange<'a> {
    /// It can't be read or has served its time.
    Remove,
    /// It was used: this stays in its place until its lifetime ends.
    Replace(&'a [u8]),
}

/// Answers what was read with the record that the store holds under the state's name, whose members go
/// into `slots`; `knows_codes` where a login that asked for a code can be answered.
///
/// An unknown state changes nothing (RFC 9700, section 4.7), nor does another client's; a state of ours
/// is used up, whatever the response turns out to be.
pub(crate) fn answer<'s, 'a>(
    client: &Client<'_>,
    reading: &Reading<'s, 'a>,
    record: Result<Option<&'a [u8]>, Error>,
    knows_codes: bool,
    now: u64,
    slots: &'s mut Slots<'a>,
    arena: &mut Arena<'a>,
) -> Answer<'s, 'a> {
    let mut answer = Answer {
        scrubbed: reading.scrubbed,
        change: None,
        kept: Kept::default(),
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
    let mut refused = Error::UnknownState;
    match record.map(|it| it.map(|it| Stored::parse(it, knows_codes, slots, arena))) {
        // A response is unknown because the store is silent: that is the news then.
        Err(error) => refused = error,
        Ok(None) => {}
        Ok(Some(Stored::Used { time, key })) if now.abs_diff(time) <= client.state_lifetime => {
            let is_its = |state: State<'_>| key.is_empty() || is(state.key(), key);
            if response.state().is_some_and(is_its) {
                refused = Error::StateReplayed;
            }
        }
        Ok(Some(Stored::Used { .. } | Stored::Unreadable)) => {
            answer.change = Some(RecordChange::Remove);
        }
        Ok(Some(Stored::Pending(record))) => match record.verify(client, &response, now) {
            Err(error @ (Error::UnknownState | Error::StateWrongClient)) => refused = error,
            verified => {
                let kept = record.kept();
                if kept.check().is_ok() {
                    answer.kept = kept;
                }
                answer.change = Some(RecordChange::Replace(record.used(arena)));
                answer.outcome = verified.map(|()| Some(Verified { response, record }));
                return answer;
            }
        },
    }
    if response.is_certain {
        answer.outcome = Err(refused);
    } else {
        answer.scrubbed = None;
    }
    answer
}
