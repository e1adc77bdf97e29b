//! The one door between the npm package's facade and the module: text in, names and values out, so that each
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
#[cfg(feature = "bearer")]
use super::client::Failure;
use super::client::PackageClient;
#[cfg(feature = "code")]
use super::endpoint;
use super::reply::Reply;

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
#[cfg(feature = "code")]
const EXCHANGED: u8 = 8;
#[cfg(feature = "code")]
const RENEW: u8 = 9;
#[cfg(feature = "code")]
const RENEWED: u8 = 10;
#[cfg(feature = "code")]
const RESTORE: u8 = 11;
/// What needs no client.
#[cfg(feature = "code")]
const REQUEST: u8 = 12;
#[cfg(feature = "code")]
const ANSWER: u8 = 13;
#[cfg(feature = "code")]
const METADATA_URLS: u8 = 14;
#[cfg(feature = "code")]
const METADATA: u8 = 15;
#[cfg(feature = "code")]
const BEST_RESPONSE_TYPE: u8 = 16;
#[cfg(feature = "bearer")]
const CREDENTIAL_REFUSED: u8 = 17;
#[cfg(feature = "code")]
const RELAYED: u8 = 18;

/// Calls a method of a client; `CREATE` makes the next one, and every other number logs out.
#[wasm_bindgen]
pub fn call(method: u8, client: usize, text: &str) -> String {
    let mut reply = Reply::default();
    #[cfg(feature = "bearer")]
    if let Some(outcome) = call_without_client(method, text, &mut reply) {
        if let Err(failure) = outcome {
            failure.write(&mut reply);
        }
        return reply.text();
    }
    // Nobody else ever holds the lock: the page has one thread, and no call makes another.
    if let Ok(mut clients) = CLIENTS.try_lock() {
        let outcome = if method == CREATE {
            PackageClient::new(text).map(|client| clients.push(client))
        } else if let Some(client) = clients.get_mut(client) {
            match method {
                START => client.start(text, &mut reply),
                #[cfg(not(feature = "code"))]
                FINISH => client.finish(text, &mut reply),
                #[cfg(feature = "code")]
                FINISH => client.finish_own(text, &mut reply),
                #[cfg(feature = "code")]
                RELAYED => client.finish(text, &mut reply),
                AUTHORIZE => client.authorize(text, &mut reply),
                #[cfg(feature = "bearer")]
                REFUSED => client.refused(text, &mut reply),
                #[cfg(feature = "code")]
                EXCHANGED => client.exchanged(text, &mut reply),
                #[cfg(feature = "code")]
                RENEW => client.renew(text, &mut reply),
                #[cfg(feature = "code")]
                RENEWED => client.renewed(text, &mut reply),
                #[cfg(feature = "code")]
                RESTORE => {
                    client.restore(&mut reply);
                    Ok(())
                }
                #[cfg(feature = "code")]
                _ => client.logout(text, &mut reply),
                #[cfg(not(feature = "code"))]
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
    reply.text()
}

#[cfg(feature = "bearer")]
fn call_without_client(method: u8, text: &str, reply: &mut Reply) -> Option<Result<(), Failure>> {
    Some(match method {
        CREDENTIAL => bearer::authorize(text, reply),
        CREDENTIAL_REFUSED => bearer::credential_refused(text, reply),
        CHALLENGES => {
            bearer::challenges(text, reply);
            Ok(())
        }
        #[cfg(feature = "code")]
        REQUEST => endpoint::request(text, reply),
        #[cfg(feature = "code")]
        ANSWER => endpoint::answer(text, reply),
        #[cfg(feature = "code")]
        METADATA_URLS => endpoint::metadata_urls(text, reply),
        #[cfg(feature = "code")]
        METADATA => endpoint::metadata(text),
        #[cfg(feature = "code")]
        BEST_RESPONSE_TYPE => {
            endpoint::best_response_type(text, reply);
            Ok(())
        }
        _ => return None,
    })
}
