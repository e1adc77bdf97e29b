//! The authorization response with a code: RFC 6749, section 4.1.2.

use super::place::Place;
use super::response::Response;
use crate::error::Error;
use crate::registration::client::Client;
use crate::syntax::grammar::is_visible;

impl<'a> Response<'_, 'a> {
    /// The code, or why there is none. The state was verified before.
    pub(crate) fn code(&self, client: &Client<'_>, wanted: Place) -> Result<&'a [u8], Error> {
        self.check(client)?;
        let parameters = &self.parameters;
        if !parameters.access_token().is_empty() || !parameters.response().is_empty() {
            return Err(Error::UnexpectedResponseType);
        }
        if parameters.code().is_empty() {
            return Err(Error::MissingCode);
        }
        if self.place != wanted {
            return Err(Error::CodeInWrongLocation);
        }
        if !is_visible(parameters.code()) {
            return Err(Error::MalformedResponse);
        }
        Ok(parameters.code())
    }
}
