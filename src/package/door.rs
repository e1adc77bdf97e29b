//! The one door between the facade and the module. Its methods and what they answer stand in
//! [`super::numbers`].

#![allow(
    unreachable_pub,
    reason = "wasm-bindgen exports nothing but public functions"
)]

use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(feature = "code")]
use super::full::serve;
#[cfg(all(feature = "implicit", not(feature = "code")))]
use super::implicit::serve;
use super::memory::with_room;
#[cfg(not(feature = "implicit"))]
use super::openid::serve;
use super::status::{Method, status};
use super::wire::{Call, REPLY_BYTES, Reply};
use crate::syntax::arena::Arena;

/// Answers a call: of so many texts, which take `used` bytes with their table, behind the answer's table;
/// `now` is in seconds since 1970, of which 32 bits last until 2106. 0 where another call is running.
#[wasm_bindgen]
pub fn call(method: u8, texts: usize, used: usize, now: u32) -> u8 {
    with_room(|bytes| answer(bytes, method, texts, used, now).unwrap_or_default())
        .unwrap_or_default()
}

/// `None` where the bytes are no call.
fn answer(bytes: &mut [u8], method: u8, texts: usize, used: usize, now: u32) -> Option<u8> {
    let (reply, bytes) = bytes.split_at_mut_checked(REPLY_BYTES)?;
    let (call, room) = bytes.split_at_mut_checked(used)?;
    let mut reply = Reply::new(reply);
    let call = Call::new(call, texts, now);
    let mut arena = Arena::new(room);
    let answered = serve(Method::of(method)?, &call, &mut reply, &mut arena);
    if arena.complete().is_err() {
        return Some(status::MORE_ROOM);
    }
    Some(match answered {
        Ok(status) => status,
        Err(failure) => failure.number(),
    })
}
