//! Logins in a store that counts, refuses and forgets: rules A6, S2, S4, S5, S7 and P16.

use core::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::fixtures::{
    GOOD, LIFETIME, NOBODYS, NOW, REDIRECT_URI, client, client_of, random, start, url,
};
use claviger::{AuthorizationRequest, Client, Error, Handled, Pending, Storage};

/// A map that may refuse to be read, or to take the texts that `refuses` names.
#[derive(Default)]
struct Map {
    texts: RefCell<BTreeMap<String, String>>,
    operations: Cell<usize>,
    is_silent: Cell<bool>,
    refuses: Option<fn(&str) -> bool>,
    keeps_all: bool,
}

impl Map {
    fn names(&self) -> Vec<String> {
        self.texts.borrow().keys().cloned().collect()
    }

    fn operations(&self) -> usize {
        self.operations.take()
    }

    fn count(&self) {
        self.operations.set(self.operations.get() + 1);
    }
}

impl Storage for Map {
    fn get(&self, name: &str) -> Result<String, Error> {
        self.count();
        if self.is_silent.get() {
            return Err(Error::StorageUnavailable);
        }
        Ok(self.texts.borrow().get(name).cloned().unwrap_or_default())
    }

    fn set(&self, name: &str, text: &str) -> bool {
        assert!(!text.is_empty(), "an empty text is none");
        self.count();
        if self.refuses.is_some_and(|refuses| refuses(name)) {
            return false;
        }
        self.texts.borrow_mut().insert(name.into(), text.into());
        true
    }

    fn remove(&self, name: &str) -> bool {
        self.count();
        if !self.keeps_all {
            self.texts.borrow_mut().remove(name);
        }
        !self.keeps_all
    }
}

/// Keeps a login that starts now.
fn login(client: &Client, map: &Map, seed: u8) -> Pending {
    let (_, pending) = start(client, seed);
    client.keep(map, &pending).unwrap();
    pending
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
    assert_eq!(map.get(&pending.key()), Ok(String::new()));
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
    assert_eq!(map.get(&pending.key()), Ok(String::new()));
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
    for refuses in [
        (|_: &str| true) as fn(&str) -> bool,
        |name| name.starts_with("claviger:ring:"),
        |name| !name.starts_with("claviger:ring:"),
    ] {
        let mut map = Map::default();
        login(&client, &map, 1);
        let before = map.texts.borrow().clone();
        map.refuses = Some(refuses);
        let (_, pending) = start(&client, 2);
        let refused = client.keep(&map, &pending);
        assert_eq!(refused, Err(Error::StorageUnavailable));
        assert_eq!(*map.texts.borrow(), before);
    }
}

#[test]
fn a_silent_store_is_the_news_of_a_login_and_of_a_response_and_of_nothing_else() {
    let (client, map) = (client(), Map::default());
    let pending = login(&client, &map, 1);
    map.is_silent.set(true);
    let refused = client.keep(&map, &start(&client, 2).1);
    assert_eq!(refused, Err(Error::StorageUnavailable));
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
fn rule_s4_a_login_takes_as_many_operations_after_5000_abandoned_ones_and_32_are_kept() {
    let (client, map) = (client(), Map::default());
    map.texts.borrow_mut().insert("own".into(), "value".into());
    let measure = |seed| {
        map.operations();
        let pending = login(&client, &map, seed);
        let started = map.operations();
        let handled = respond(&client, &map, pending.state().as_str());
        assert_eq!(code(&handled), "ok");
        (started, map.operations())
    };
    let first = measure(1);
    for number in 0..5000_u32 {
        let mut random = random(3);
        random[0][..4].copy_from_slice(&number.to_le_bytes());
        let (_, pending) = AuthorizationRequest::new(&client).start(&random, NOW);
        client.keep(&map, &pending).unwrap();
    }
    assert_eq!(measure(2), first);
    assert_eq!(first, (4, 2));
    let names = map.names();
    assert_eq!(names.len(), 32 + 1 + 1);
    assert!(names.contains(&"own".into()));
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
