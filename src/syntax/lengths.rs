//! Characters of values that nobody may guess. The build gives them to the facade, too.

/// 32 bytes as base64url without padding.
pub(crate) const STATE_LENGTH: usize = 43;

/// So much of a state names its record: 132 random bits, and not the whole secret.
pub(crate) const KEY_LENGTH: usize = 22;
