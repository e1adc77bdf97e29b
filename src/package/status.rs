//! What a call asks for, and how it is answered: [`super::numbers`] as types.

#[cfg(feature = "code")]
use super::numbers::{effects, session_texts};
use super::numbers::{methods, reply_texts, statuses};
use crate::error::{Error, Invalid};
use crate::syntax::arena::OutOfRoom;

macro_rules! numbered {
    ($($(#[$about:meta])+ $NAME:ident,)+) => {
        /// What a call asks for.
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, dead_code, reason = "the names that the facade has; the small entry uses some of them")]
        #[repr(u8)]
        pub(super) enum Method { $($(#[$about])+ $NAME,)+ }

        impl Method {
            pub(super) fn of(number: u8) -> Option<Self> {
                const ALL: &[Method] = &[$(Method::$NAME),+];
                ALL.get(usize::from(number)).copied()
            }
        }
    };
}
methods!(numbered);

macro_rules! constants {
    ($($(#[$about:meta])* $NAME:ident = $number:literal,)+) => {
        /// How a call was answered.
        pub(super) mod status {
            $($(#[$about])* #[allow(dead_code, reason = "the small entry uses some of them")] pub(crate) const $NAME: u8 = $number;)+
        }
    };
}
statuses!(constants);

macro_rules! positions {
    ($($(#[$about:meta])* $NAME:ident = $place:literal,)+) => {
        $($(#[$about])* #[allow(dead_code, reason = "the small entry uses some of them")] pub(crate) const $NAME: usize = $place;)+
    };
}

/// Where a text stands in an answer.
pub(super) mod at {
    use super::reply_texts;
    reply_texts!(positions);
}

/// Where the texts of a session stand in a call.
#[cfg(feature = "code")]
pub(super) mod given {
    use super::session_texts;
    session_texts!(positions);
}

#[cfg(feature = "code")]
macro_rules! letters {
    ($($NAME:ident = $letter:literal,)+) => {
        /// What a turn wants done.
        pub(super) mod effect {
            $(pub(crate) const $NAME: u8 = $letter;)+
        }
    };
}
#[cfg(feature = "code")]
effects!(letters);

/// A call that was refused, by the number that says so.
#[derive(Clone, Copy)]
pub(super) struct Failure(u8);

impl Failure {
    pub(super) fn number(self) -> u8 {
        self.0
    }

    /// This entry has no such method.
    #[allow(dead_code, reason = "the full entries have all of them")]
    pub(super) const UNKNOWN: Self = Self(0);
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(status::ERRORS.wrapping_add(error as u8))
    }
}

impl From<OutOfRoom> for Failure {
    fn from(OutOfRoom: OutOfRoom) -> Self {
        Self(status::MORE_ROOM)
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self(status::OPTIONS.wrapping_add(invalid as u8))
    }
}
