//! The time as tokens and their claims have it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970 (a NumericDate of RFC 7519, section 2).
pub fn unix_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
