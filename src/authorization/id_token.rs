//! The authorization response with an ID token: OpenID Connect Core 1.0, section 3.2.2.5.

use super::place::Place;
use super::response::Response;
use crate::error::Error;
use crate::registration::client::Client;

impl<'a> Response<'_, 'a> {
    /// The ID token, which is still to be verified; empty where there is none. The state was verified
    /// before.
    pub(crate) fn id_token(&self, client: &Client<'_>) -> Result<&'a [u8], Error> {
        self.check(client)?;
        if self.place == Place::Query {
            return Err(Error::WrongLocation);
        }
        Ok(self.parameters.id_token())
    }
}
