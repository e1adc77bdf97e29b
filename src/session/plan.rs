//! When a token is of use, when it is renewed, and how long a failure waits: arithmetic on seconds.

use crate::token::token::{MARGIN_SECONDS, Token};

/// Percent of a token's life after which it is renewed: what is left is time to try again.
const RENEW_AT_PERCENT: u64 = 80;
/// Seconds between two requests that nobody has asked for, however short the tokens live.
const FLOOR_SECONDS: u64 = 10;
/// Seconds until the first new attempt after a failure; each further one waits twice as long.
const FIRST_PAUSE_SECONDS: u64 = 2;
const LONGEST_PAUSE_SECONDS: u64 = 300;
/// Seconds by which two readings of one clock may differ without its having been set back.
const CLOCK_TOLERANCE_SECONDS: u64 = 60;
/// Seconds for which a tab that asks for a new token keeps the others from asking, too: the time limit of
/// its request, and what a tab needs to write the answer down.
pub(crate) const LEASE_SECONDS: u64 = 12;

/// Later than every time that JavaScript's dates have.
pub(super) const NEVER: u64 = 1 << 53;

/// How a client's sessions are renewed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Renew before the end without being asked.
    pub(crate) renews: bool,
    /// Seconds before its end from which a token is no longer sent, at most a tenth of its life.
    pub(crate) margin: u64,
    /// Percent of its life after which a token is renewed.
    pub(crate) renew_at: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            renews: false,
            margin: MARGIN_SECONDS,
            renew_at: RENEW_AT_PERCENT,
        }
    }
}

impl Plan {
    /// From when on the token is no longer sent; `None` where the server didn't say when it ends.
    pub(crate) fn usable_until(&self, token: &Token<'_>) -> Option<u64> {
        token.usable_until(self.margin)
    }

    /// When the token is to be renewed; never where it has no end, or where it had ended when it came. A
    /// clock that was set back hides how long it still lives, so that is now.
    pub(crate) fn due(&self, token: &Token<'_>, now: u64) -> Option<u64> {
        let end = token.expires_at?;
        if now.saturating_add(CLOCK_TOLERANCE_SECONDS) < token.granted_at {
            return Some(now);
        }
        let life = end.saturating_sub(token.granted_at);
        if life == 0 {
            return None;
        }
        // No life is so long that the product does not fit.
        let share = life.min(NEVER).wrapping_mul(self.renew_at) / 100;
        Some(token.granted_at.saturating_add(share))
    }

    /// The earliest time for a request that nobody has asked for: at `retry_at` after a failure, which is 0
    /// where there was none, and else some time after the one at `requested_at`. What is later than it could
    /// have been written was written before the clock was set back, and holds up nothing.
    pub(crate) fn earliest(requested_at: u64, retry_at: u64, now: u64) -> u64 {
        let (at, longest) = match retry_at {
            NEVER => return NEVER,
            0 => {
                let floor = requested_at.saturating_add(FLOOR_SECONDS);
                (floor, FLOOR_SECONDS + CLOCK_TOLERANCE_SECONDS)
            }
            retry_at => (retry_at, LONGEST_PAUSE_SECONDS),
        };
        if at <= now.saturating_add(longest) {
            at
        } else {
            now
        }
    }

    /// When a page that wakes tries again: at once, but a page that wakes again and again sends no more for it.
    pub(crate) fn woken(requested_at: u64, now: u64) -> u64 {
        requested_at.saturating_add(FIRST_PAUSE_SECONDS).max(now)
    }

    /// Whether a request may be under way because of this lease. One that ends later than any that begins
    /// now was written before the clock was set back.
    pub(crate) fn is_leased(until: u64, now: u64) -> bool {
        now < until && until <= now.saturating_add(LEASE_SECONDS)
    }

    /// When to try again after so many failures in a row.
    pub(crate) fn retry_at(failures: u64, now: u64) -> u64 {
        let doublings = failures.saturating_sub(1).min(8);
        let pause = FIRST_PAUSE_SECONDS << doublings;
        now.saturating_add(pause.min(LONGEST_PAUSE_SECONDS))
    }
}
