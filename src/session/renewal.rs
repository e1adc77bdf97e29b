//! A renewal under way: whose it is, and what it waits for.

/// A tab has one at a time.
#[derive(Clone, Copy)]
pub(super) struct Renewal<'a> {
    pub(super) number: u64,
    pub(super) phase: Phase,
    /// Its lock: 0 for the first one, and another number where somebody keeps that for too long.
    pub(super) lock: u64,
    /// The session for which it was asked; empty where nobody was signed in.
    pub(super) id: &'a [u8],
    /// The record's generation at that time.
    pub(super) generation: &'a [u8],
    /// The token that is to be replaced; empty where there was none.
    pub(super) access_token: &'a [u8],
    /// A form of what its caller asked for in addition.
    pub(super) parameters: &'a [u8],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It waits for its turn among those who can see the record.
    Locking,
    /// Somebody who can't be heard any more may have a request under way, until this time.
    Leased(u64),
    /// Its request is under way.
    Requesting,
    /// Its frame is open.
    Framing,
}

impl Phase {
    /// The phase that a number stands for: small ones for those without a time.
    pub(super) fn parse(number: u64) -> Option<Self> {
        Some(match number {
            0 => return None,
            1 => Self::Locking,
            2 => Self::Requesting,
            3 => Self::Framing,
            until => Self::Leased(until),
        })
    }

    pub(super) fn to_number(self) -> u64 {
        match self {
            Self::Locking => 1,
            Self::Requesting => 2,
            Self::Framing => 3,
            Self::Leased(until) => until,
        }
    }
}
