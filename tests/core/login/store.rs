//! Logins in a store that refuses and forgets: rules A6, S2, S5, S7 and P16.

use core::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::fixtures::{GOOD, LIFETIME, NOBODYS, NOW, REDIRECT_URI, client, client_of, random, url};
use claviger::{AuthorizationRequest, Client, Error, Handled, Pending, Storage};

/// A map that may refuse to be read, or to take the texts that `refuses` names.
#[derive(Default)]
struct Map {
    texts: RefCell<BTreeMap<String, String>>,
    is_silent: Cell<bool>,
    refuses: Option<fn(&str) -> bool>,
    keeps_all: bool,
}

impl Map {
    fn names(&self) -> Vec<String> {
        self.texts.borrow().keys().cloned().collect()
    }
}

impl Storage for Map {
    fn get(&self, name: &str) -> Result<String, Error> {
        if self.is_silent.get() {
            return Err(Error::StorageUnavailable);
        }
        Ok(self.texts.borrow().get(name).cloned().unwrap_or_default())
    }

    fn set(&self, name: &str, text: &str) -> bool {
        assert!(!text.is_empty(), "an empty text is none");
        if self.refuses.is_some_and(|refuses| refuses(name)) {
            return false;
        }
        self.texts.borrow_mut().insert(name.into(), text.into());
        true
    }

    fn remove(&self, name: &str) -> bool {
        if !self.keeps_all {
            self.texts.borrow_mut().remove(name);
        }
        !self.keeps_all
    }
}

/// Keeps a login that starts now.
fn login(client: &Client, map: &Map, seed: u8) -> Pending {
    let request = AuthorizationRequest::new(client);
    request.start_in(map, &random(seed), NOW).unwrap().1
}

fn respond(client: &Client, map: &Map, state: &str) -> Handled {
    client.handle(map, &url(&format!("{REDIRECT_URI}{GOOD}{state}")), NOW)
}

fn code(handled: &Handled) -> &'static str {
    match &handled.outcome {
        Ok(Some(_)) => "ok",
        Ok(None) => "null",
        Err(error) => error.code(),
    }
}

#[test]
fn rule_s2_a_login_is_answered_once_and_a_replay_is_told_apart() {
    let (client, map) = (client(), Map::default());
    let pending = login(&client, &map, 1);
    let state = pending.state().as_str();
    let first = respond(&client, &map, state);
    assert_eq!(first.scrubbed.as_deref(), Some(REDIRECT_URI));
    let grant = first.outcome.unwrap().unwrap();
    assert_eq!(grant.token().unwrap().access_token(), "AT");
    assert_eq!(code(&respond(&client, &map, state)), "state_replayed");
    let late = url(&format!("{REDIRECT_URI}{GOOD}{state}"));
    let late = client.handle(&map, &late, NOW + LIFETIME + 1);
    assert_eq!(code(&late), "unknown_state");
    assert_eq!(map.names(), Vec::<String>::new());
}

#[test]
fn rule_s2_a_trace_that_finds_no_room_gives_the_record_up() {
    let client = client();
    let mut map = Map::default();
    let pending = login(&client, &map, 1);
    map.refuses = Some(|_| true);
    assert_eq!(
        code(&respond(&client, &map, pending.state().as_str())),
        "ok"
    );
    assert_eq!(map.names(), Vec::<String>::new());
}

#[test]
fn rule_p16_a_record_that_can_not_be_used_up_gives_no_token() {
    let client = client();
    let mut map = Map::default();
    let pending = login(&client, &map, 1);
    map.refuses = Some(|_| true);
    map.keeps_all = true;
    let handled = respond(&client, &map, pending.state().as_str());
    assert_eq!(code(&handled), "storage_unavailable");
    assert_eq!(handled.scrubbed.as_deref(), Some(REDIRECT_URI));
}

#[test]
fn rule_a6_a_store_that_refuses_keeps_no_login_and_loses_none() {
    let client = client();
    let mut map = Map::default();
    // Also where one of them would have to make room.
    for seed in 0..32 {
        login(&client, &map, seed);
    }
    let before = map.texts.borrow().clone();
    map.refuses = Some(|_| true);
    let request = AuthorizationRequest::new(&client);
    let refused = request.start_in(&map, &random(40), NOW);
    assert_eq!(refused.err(), Some(Error::StorageUnavailable));
    assert_eq!(*map.texts.borrow(), before);
}

#[test]
fn a_silent_store_is_the_news_of_a_login_and_of_a_response_and_of_nothing_else() {
    let (client, map) = (client(), Map::default());
    let pending = login(&client, &map, 1);
    map.is_silent.set(true);
    let request = AuthorizationRequest::new(&client);
    let refused = request.start_in(&map, &random(2), NOW);
    assert_eq!(refused.err(), Some(Error::StorageUnavailable));
    let handled = respond(&client, &map, pending.state().as_str());
    assert_eq!(code(&handled), "storage_unavailable");
    assert_eq!(handled.scrubbed.as_deref(), Some(REDIRECT_URI));
    for (address, expected) in [
        ("#/route", "null"),
        ("?state=TX", "null"),
        (&format!("?state={NOBODYS}"), "null"),
        ("#access_token=AT", "missing_state"),
    ] {
        let handled = client.handle(&map, &url(&format!("{REDIRECT_URI}{address}")), NOW);
        assert_eq!(code(&handled), expected, "{address}");
    }
    map.is_silent.set(false);
    assert_eq!(
        code(&respond(&client, &map, pending.state().as_str())),
        "ok"
    );
}

#[test]
fn rule_s5_s7_a_forged_response_and_another_client_change_nothing() {
    let (one, map) = (client(), Map::default());
    let two = client_of("https://as.example/authorize", "other", REDIRECT_URI);
    let pending = login(&one, &map, 1);
    let others = login(&two, &map, 2);
    let before = map.texts.borrow().clone();
    assert_eq!(code(&respond(&one, &map, NOBODYS)), "unknown_state");
    let mixed_up = respond(&one, &map, others.state().as_str());
    assert_eq!(code(&mixed_up), "state_wrong_client");
    assert_eq!(*map.texts.borrow(), before);
    assert_eq!(code(&respond(&two, &map, others.state().as_str())), "ok");
    assert_eq!(code(&respond(&one, &map, pending.state().as_str())), "ok");
}
