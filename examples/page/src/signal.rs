//! The session as a signal of Leptos, which re-exports all that is used here.

use claviger::Token;
use claviger::browser::BrowserClient;
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::{ReadSignal, signal_local};

pub fn token_of(client: &BrowserClient) -> ReadSignal<Option<Token>, LocalStorage> {
    let (token, set_token) = signal_local(client.token());
    let follow = move |token: Option<&Token>| set_token.set(token.cloned());
    StoredValue::new_local(client.subscribe(follow));
    token
}
