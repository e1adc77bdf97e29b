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

/// Answers a call: of so many texts, which take `used` bytes with their table, behind the answer's table.
/// 0 where another call is running.
#[wasm_bindgen]
pub fn call(method: u8, texts: usize, used: usize) -> u8 {
    with_room(|bytes| answer(bytes, method, texts, used).unwrap_or_default()).unwrap_or_default()
}

/// `None` where the bytes are no call.
fn answer(bytes: &mut [u8], method: u8, texts: usize, used: usize) -> Option<u8> {
    let (reply, bytes) = bytes.split_at_mut_checked(REPLY_BYTES)?;
    let (call, room) = bytes.split_at_mut_checked(used)?;
    let mut reply = Reply::new(reply);
    let call = Call::new(call, texts);
    let mut arena = Arena::new(room);
    let answered = serve(Method::of(method)?, &call, &mut reply, &mut arena);
    if arena.complete().is_err() {
        return Some(status::MORE_ROOM);
    }
    Some(match answered {
        Ok(status) | Err(Failure(status)) => status,
    })
}
