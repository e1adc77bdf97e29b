//! The one door between the facade and the module. Its methods and what they answer stand in
//! [`super::numbers`].

#![allow(
    unreachable_pub,
    reason = "wasm-bindgen exports nothing but public functions"
)]

use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(feature = "code")]
use super::full::serve;
#[cfg(not(feature = "code"))]
use super::implicit::serve;
use super::memory::with_room;
use super::numbers::{methods, statuses};
use super::wire::{Call, REPLY_BYTES, Reply};
use crate::error::{Error, Invalid};
use crate::syntax::arena::{Arena, OutOfRoom};

macro_rules! numbered {
    ($($(#[$about:meta])+ $NAME:ident,)+) => {
        /// What a call asks for.
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[allow(non_camel_case_types, dead_code, reason = "the names that the facade has; the small entry uses some of them")]
        #[repr(u8)]
        pub(super) enum Method { $($(#[$about])+ $NAME,)+ }

        impl Method {
            fn of(number: u8) -> Option<Self> {
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
            $($(#[$about])* #[allow(dead_code, reason = "the small entry uses some of them")] pub(in super::super) const $NAME: u8 = $number;)+
        }
    };
}
statuses!(constants);

/// A call that was refused, by the number that says so.
#[derive(Clone, Copy)]
pub(super) struct Failure(u8);

impl Failure {
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

/// Answers a call: `used` are the bytes of its table and its texts behind the answer's table, `now` is
/// in seconds since 1970. 0 where another call is running.
#[wasm_bindgen]
pub fn call(method: u8, used: usize, now: f64) -> u8 {
    // Never negative, and far below 2^53: the cast loses nothing.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let now = now as u64;
    with_room(|bytes| answer(bytes, method, used, now).unwrap_or_default()).unwrap_or_default()
}

/// `None` where the bytes are no call.
fn answer(bytes: &mut [u8], method: u8, used: usize, now: u64) -> Option<u8> {
    let (reply, bytes) = bytes.split_at_mut_checked(REPLY_BYTES)?;
    let (call, room) = bytes.split_at_mut_checked(used)?;
    let mut reply = Reply::new(reply);
    let call = Call::new(call, now);
    let mut arena = Arena::new(room);
    let answered = serve(Method::of(method)?, &call, &mut reply, &mut arena);
    if arena.complete().is_err() {
        return Some(status::MORE_ROOM);
    }
    Some(match answered {
        Ok(status) | Err(Failure(status)) => status,
    })
}
