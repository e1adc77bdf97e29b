//! What the npm package's facade calls: forms in and forms out, so that each call crosses the border
//! once in each direction. An answer with a `message` is a failure.

#![allow(
    unreachable_pub,
    reason = "wasm-bindgen exports nothing but public functions"
)]

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::mem::ManuallyDrop;

use wasm_bindgen::prelude::*;

use super::client::{Failure, PackageClient};
use crate::params::Params;

std::thread_local! {
    /// The page's clients, for as long as it lives.
    static CLIENTS: RefCell<ManuallyDrop<Vec<PackageClient>>> =
        const { RefCell::new(ManuallyDrop::new(Vec::new())) };
}

/// Makes a client; they are counted from 0.
#[wasm_bindgen]
pub fn create(options: &str) -> String {
    answer(PackageClient::new(options).map(|client| {
        CLIENTS.with_borrow_mut(|clients| clients.push(client));
        Params::default()
    }))
}

#[wasm_bindgen]
pub fn start(client: usize, parameters: &str, kept: &str) -> String {
    with(client, |client| {
        answer(client.authorization_url(parameters, kept))
    })
}

#[wasm_bindgen]
pub fn finish(client: usize, url: &str) -> String {
    with(client, |client| client.handle_redirect(url).write())
}

#[wasm_bindgen]
pub fn authorize(client: usize, url: &str) -> String {
    with(client, |client| answer(client.authorize(url)))
}

#[wasm_bindgen(js_name = usableFor)]
pub fn usable_for(client: usize) -> f64 {
    with(client, |client| client.usable_for())
}

#[wasm_bindgen]
pub fn logout(client: usize) {
    with(client, PackageClient::logout)
}

fn with<T: Default>(client: usize, call: impl FnOnce(&mut PackageClient) -> T) -> T {
    CLIENTS.with_borrow_mut(|clients| clients.get_mut(client).map(call).unwrap_or_default())
}

fn answer(outcome: Result<Params, Failure>) -> String {
    match outcome {
        Ok(reply) => reply,
        Err(failure) => {
            let mut reply = Params::default();
            failure.write(&mut reply);
            reply
        }
    }
    .write()
}
