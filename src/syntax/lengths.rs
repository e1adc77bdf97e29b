//! Characters of values that nobody may guess. The build gives them to the facade, too.

/// 32 bytes as base64url without padding.
pub(crate) const STATE_LENGTH: usize = 43;
