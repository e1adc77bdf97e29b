//! The authorization response: RFC 6749, sections 4.1.2 and 4.2.2.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::error::Error;
use super::registration::Client;
use super::room::{owned, with_room};
use super::state::{State, record_name};
use super::url::Url;
use crate::authorization::parameters::Parameters;
use crate::authorization::place::Place;
use crate::authorization::response as core_response;
use crate::syntax::form::{MOST_NAMES, Slots};

/// What a URL is to a client.
#[derive(Debug)]
pub struct Reading {
    /// The URL to put into the address bar instead, where something must not stay in it.
    pub scrubbed: Option<String>,
    /// The response, `None` where the URL is none; refused without a look at any record, where that
    /// is enough to tell.
    pub response: Result<Option<Response>, Error>,
}

/// A response whose state is still to be verified.
pub struct Response {
    parameters: [Vec<u8>; MOST_NAMES],
    place: Place,
    is_delivered: bool,
    is_certain: bool,
    further: Vec<u8>,
}

impl Client {
    /// Reads a URL that the page or the webview was opened with.
    #[must_use]
    pub fn read(&self, url: &Url) -> Reading {
        with_room(&(self, url), |(client, url), arena| {
            let slots = &mut Slots::default();
            let (client, url) = (client.as_core(), url.parts());
            let reading = core_response::Reading::parse(&client, &url, slots, arena);
            Reading {
                scrubbed: reading.scrubbed.map(owned),
                response: match reading.response {
                    Ok(response) => Ok(response.map(|response| Response::of(&response))),
                    Err(error) => Err(error.into()),
                },
            }
        })
    }
}

impl Reading {
    /// The name of the record to look up; `None` when no record can fit.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        let state = self.response.as_ref().ok()?.as_ref()?.state()?;
        Some(record_name(state))
    }
}

impl Response {
    fn of(response: &core_response::Response<'_, '_>) -> Self {
        let Parameters(Slots(values)) = response.parameters;
        Self {
            parameters: values.map(<[u8]>::to_vec),
            place: response.place,
            is_delivered: response.is_delivered,
            is_certain: response.is_certain,
            further: response.further.to_vec(),
        }
    }

    /// Where the core reads the parameters.
    pub(super) fn slots(&self) -> Slots<'_> {
        Slots(self.parameters.each_ref().map(Vec::as_slice))
    }

    pub(super) fn as_core<'s, 'a>(
        &'a self,
        slots: &'s Slots<'a>,
    ) -> core_response::Response<'s, 'a> {
        core_response::Response {
            parameters: Parameters(slots),
            place: self.place,
            is_delivered: self.is_delivered,
            is_certain: self.is_certain,
            further: &self.further,
        }
    }

    /// The state, where it can be one of ours at all.
    #[must_use]
    pub fn state(&self) -> Option<State<'_>> {
        let state = Parameters(&self.slots()).state();
        core::str::from_utf8(state).ok().and_then(State::read)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("state", &self.state())
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
