//! The one door between the npm package's facade and the module: text in, a form out, so that each
//! call crosses the border once in each direction. An answer with a `message` is a failure.

#![allow(
    unreachable_pub,
    reason = "wasm-bindgen exports nothing but public functions"
)]

use alloc::string::String;
use alloc::vec::Vec;
use std::sync::Mutex;

use wasm_bindgen::prelude::*;

#[cfg(feature = "bearer")]
use super::bearer;
use super::client::PackageClient;
use crate::params::Params;

/// The page's clients, counted from 0, for as long as the page lives.
static CLIENTS: Mutex<Vec<PackageClient>> = Mutex::new(Vec::new());

/// What `call` does; `pkg/client.js` has the same numbers.
const CREATE: u8 = 0;
const START: u8 = 1;
const FINISH: u8 = 2;
const AUTHORIZE: u8 = 3;
#[cfg(feature = "bearer")]
const REFUSED: u8 = 5;
/// What needs no client.
#[cfg(feature = "bearer")]
const CREDENTIAL: u8 = 6;
#[cfg(feature = "bearer")]
const CHALLENGES: u8 = 7;

/// Calls a method of a client; `CREATE` makes the next one, and every other number logs out.
#[wasm_bindgen]
pub fn call(method: u8, client: usize, text: &str) -> String {
    let mut reply = Params::default();
    #[cfg(feature = "bearer")]
    match method {
        CREDENTIAL => {
            if let Err(failure) = bearer::authorize(text, &mut reply) {
                failure.write(&mut reply);
            }
            return reply.write();
        }
        CHALLENGES => {
            bearer::challenges(text, &mut reply);
            return reply.write();
        }
        _ => {}
    }
    // Nobody else ever holds the lock: the page has one thread, and no call makes another.
    if let Ok(mut clients) = CLIENTS.try_lock() {
        let outcome = if method == CREATE {
            PackageClient::new(text).map(|client| clients.push(client))
        } else if let Some(client) = clients.get_mut(client) {
            match method {
                START => client.start(text, &mut reply),
                FINISH => client.finish(text, &mut reply),
                AUTHORIZE => client.authorize(text, &mut reply),
                #[cfg(feature = "bearer")]
                REFUSED => client.refused(text, &mut reply),
                _ => {
                    client.logout();
                    Ok(())
                }
            }
        } else {
            Ok(())
        };
        if let Err(failure) = outcome {
            failure.write(&mut reply);
        }
    }
    reply.write()
}
