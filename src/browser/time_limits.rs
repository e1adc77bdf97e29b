//! How long to wait, in milliseconds.

/// Longest time that the platform's timers wait.
pub(super) const LONGEST_TIMER_MS: u64 = (1 << 31) - 1;

/// How long a server may take for metadata, for a code's exchange and for a token without a login.
pub(super) const REQUEST_TIMEOUT_MS: i32 = 30_000;

/// How long an issuer may take to give its keys.
#[cfg(feature = "sign-in")]
pub(super) const KEYS_TIMEOUT_MS: i32 = 10_000;

/// How long a tab waits while another one renews the token: one that is frozen never ends.
pub(super) const OTHER_TAB_TIMEOUT_MS: i32 = 10_000;

/// How long a server may take to renew or to revoke a token: less than another tab waits for this one.
pub(super) const RENEWAL_TIMEOUT_MS: i32 = 9_000;
