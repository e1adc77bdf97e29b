//! What a renewal asks for in addition.

use alloc::string::String;
use core::fmt;

use super::error::InvalidOption;
use super::form::append;
use crate::session::renewal_parameters::check;

/// What one renewal asks for in addition: of the token endpoint in the place of the parameters that it has
/// by the same names ([`crate::TokenEndpoint::add_parameter`]), in a hidden frame in the place of what the
/// login asked for. Its `Debug` shows nothing of it.
#[derive(Clone, Default)]
pub struct RenewalParameters(String);

impl RenewalParameters {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self(String::new())
    }

    /// One more, such as `resource` (RFC 8707, section 2.2), which like `audience` can be added several
    /// times, or `acr_values`.
    ///
    /// # Errors
    ///
    /// The name or the value is empty; the name was given before, or is `scope`, `prompt`, `nonce` or one that
    /// a login or a token request sets itself; a `max_age` is no whole number of seconds.
    pub fn add(&mut self, name: &str, value: &str) -> Result<(), InvalidOption> {
        let mut form = self.0.clone();
        append(&mut form, name, value);
        check(form.as_bytes())?;
        self.0 = form;
        Ok(())
    }

    pub(super) fn as_core(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for RenewalParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RenewalParameters([redacted])")
    }
}
