//! The session as a signal of Leptos, which re-exports all that is used here.

use claviger::Token;
use claviger::browser::BrowserClient;
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::{ReadSignal, signal_local};

pub fn token_of(client: &BrowserClient) -> ReadSignal<Option<Token>, LocalStorage> {
    let (token, set_token) = signal_local(client.token());
    let own = client.clone();
    StoredValue::new_local(client.subscribe(move |_| set_token.set(own.token())));
    token
}
