//! How long a login may take, where the client says nothing. The build gives it to the facade, too.

/// Seconds after which a login that was started is no longer answered.
pub(crate) const STATE_LIFETIME_SECONDS: u64 = 3600;
