//! The 32 places for logins in a store, and which login makes room: rules A5, S4 and S7.

use core::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use crate::fixtures::{
    ENDPOINT, GOOD, LIFETIME, NOW, REDIRECT_URI, client, client_of, random, url,
};
use claviger::{AuthorizationRequest, Client, Error, Pending, Storage};

/// A store as one tab sees it, which counts what it is asked.
#[derive(Clone, Default)]
struct Places {
    texts: RefCell<BTreeMap<String, String>>,
    reads: Cell<usize>,
    changes: Cell<usize>,
}

impl Storage for Places {
    fn get(&self, name: &str) -> Result<String, Error> {
        self.reads.set(self.reads.get() + 1);
        Ok(self.texts.borrow().get(name).cloned().unwrap_or_default())
    }

    fn set(&self, name: &str, text: &str) -> bool {
        self.changes.set(self.changes.get() + 1);
        self.texts.borrow_mut().insert(name.into(), text.into());
        true
    }

    fn remove(&self, name: &str) -> bool {
        self.changes.set(self.changes.get() + 1);
        self.texts.borrow_mut().remove(name);
        true
    }
}

impl Places {
    /// Starts a login with bytes that are others for each number.
    fn start(&self, client: &Client, number: u32, now: u64) -> Pending {
        let mut random = random(3);
        let scattered = number.wrapping_mul(2_654_435_761);
        random[0][..4].copy_from_slice(&scattered.to_be_bytes());
        let request = AuthorizationRequest::new(client);
        request.start_in(self, &random, now).unwrap().1
    }

    fn finish(&self, client: &Client, pending: &Pending, now: u64) -> &'static str {
        let address = format!("{REDIRECT_URI}{GOOD}{}", pending.state().as_str());
        match client.handle(self, &url(&address), now).outcome {
            Ok(Some(_)) => "ok",
            Ok(None) => "null",
            Err(error) => error.code(),
        }
    }

    /// Whether the login can still be finished.
    fn is_pending(&self, client: &Client, pending: &Pending, now: u64) -> bool {
        self.clone().finish(client, pending, now) == "ok"
    }

    fn len(&self) -> usize {
        self.texts.borrow().len()
    }
}

#[test]
fn rule_a5_the_first_character_of_a_state_names_its_place_and_the_rest_is_random() {
    let (client, places) = (client(), Places::default());
    let request = || AuthorizationRequest::new(&client);
    let bytes = random(7);
    let (address, pending) = request().start_in(&places, &bytes, NOW).unwrap();
    let (_, plain) = request().start(&bytes, NOW);
    let (settled, random) = (pending.state().as_str(), plain.state().as_str());
    assert_eq!(settled.split_at(1).1, random.split_at(1).1);
    assert!(address.contains(settled));
    let name = format!("claviger:{}", settled.split_at(1).0);
    let expected = BTreeMap::from([(name, pending.to_record())]);
    assert_eq!(*places.texts.borrow(), expected);
}

#[test]
fn rule_s4_a_client_has_32_records_and_the_oldest_goes_first() {
    let (client, places) = (client(), Places::default());
    let start = |number: u32| places.start(&client, number, NOW + u64::from(number));
    let logins: Vec<Pending> = (0..40).map(start).collect();
    let is_pending = |login| places.is_pending(&client, login, NOW + 40);
    let alive: Vec<bool> = logins.iter().map(is_pending).collect();
    assert_eq!(alive, (0..40).map(|at| at >= 8).collect::<Vec<bool>>());
    assert_eq!(places.len(), 32);
    let first = logins.first().unwrap();
    assert_eq!(places.finish(&client, first, NOW + 40), "unknown_state");
}

#[test]
fn rule_s4_a_login_that_was_finished_makes_room_first_and_one_that_has_expired_before_it() {
    let (client, places) = (client(), Places::default());
    let old = places.start(&client, 0, NOW - LIFETIME);
    let mut logins: Vec<Pending> = (1..32)
        .map(|number| places.start(&client, number, NOW))
        .collect();
    let finished = logins.pop().unwrap();
    assert_eq!(places.finish(&client, &finished, NOW), "ok");
    logins.push(places.start(&client, 100, NOW + 1));
    assert_eq!(places.finish(&client, &finished, NOW + 1), "state_replayed");
    assert_eq!(places.finish(&client, &old, NOW + 1), "unknown_state");
    logins.push(places.start(&client, 101, NOW + 1));
    assert_eq!(places.finish(&client, &finished, NOW + 1), "unknown_state");
    for login in &logins {
        assert!(places.is_pending(&client, login, NOW + 1));
    }
}

#[test]
fn rule_s4_a_login_takes_as_many_operations_after_5000_abandoned_ones_and_32_are_kept() {
    let (client, places) = (client(), Places::default());
    places.texts.borrow_mut().insert("own".into(), "x".into());
    let measure = |number| {
        let taken = || (places.reads.take(), places.changes.take());
        taken();
        let pending = places.start(&client, number, NOW);
        let started = taken();
        assert_eq!(places.finish(&client, &pending, NOW), "ok");
        (started, taken())
    };
    assert_eq!(measure(1), ((1, 1), (1, 1)));
    for number in 2..5000 {
        places.start(&client, number, NOW);
    }
    assert_eq!(measure(5001), ((32, 1), (1, 1)));
    assert_eq!(places.len(), 32 + 1);
}

#[test]
fn rule_s4_tabs_that_read_late_keep_no_more_than_32() {
    let client = client();
    for round in 0..50 {
        let tabs = [(); 3].map(|()| Places::default());
        let mut names = BTreeSet::new();
        // No tab sees what another one wrote.
        for number in 0..20 {
            for (tab, at) in tabs.iter().zip(0..) {
                tab.start(&client, round * 1000 + number * 3 + at, NOW);
            }
        }
        for tab in &tabs {
            names.extend(tab.texts.borrow().keys().cloned());
        }
        assert!(names.len() <= 32, "{}", names.len());
    }
}

#[test]
fn rule_s4_other_keys_of_the_page_are_never_touched() {
    let (client, places) = (client(), Places::default());
    let others = [
        ("user:https://as.example:spa", "x"),
        ("state", "x"),
        ("", "x"),
        ("claviger", "x"),
        ("claviger-settings", "x"),
        ("claviger:own", "x"),
        ("claviger:g", "x"),
    ];
    for (name, text) in others {
        places.texts.borrow_mut().insert(name.into(), text.into());
    }
    for number in 0..40 {
        let pending = places.start(&client, number, NOW);
        assert_eq!(places.finish(&client, &pending, NOW), "ok");
    }
    for (name, text) in others {
        assert_eq!(places.get(name).as_deref(), Ok(text), "{name:?}");
    }
}

#[test]
fn rule_s4_what_can_not_be_read_makes_room_first() {
    let (client, places) = (client(), Places::default());
    let logins: Vec<Pending> = (0..32)
        .map(|number| places.start(&client, number, NOW))
        .collect();
    for junk in [" ", "v=1", "v=2&state=x", "used=x", "%", "v=1&v=1"] {
        let names: Vec<String> = places.texts.borrow().keys().cloned().collect();
        let name = names.get(junk.len()).unwrap();
        let own = |login: &&Pending| name.ends_with(login.state().as_str().split_at(1).0);
        let lost = logins.iter().find(own).unwrap();
        places.texts.borrow_mut().insert(name.clone(), junk.into());
        let next = places.start(&client, 100, NOW);
        assert!(places.is_pending(&client, &next, NOW), "{junk:?}");
        for login in logins.iter().filter(|login| !own(login)) {
            assert!(places.is_pending(&client, login, NOW), "{junk:?}");
        }
        places
            .texts
            .borrow_mut()
            .insert(name.clone(), lost.to_record());
    }
}

#[test]
fn rule_s7_of_two_clients_each_makes_room_for_its_own_logins() {
    let clients = [
        client(),
        client_of(ENDPOINT, "other", REDIRECT_URI),
        client_of("https://other.example/authorize", "spa", REDIRECT_URI),
    ];
    let places = Places::default();
    let [first, others @ ..] = &clients;
    let pending = places.start(first, 5000, NOW + 1);
    for (other, offset) in others.iter().zip([0, 1000]) {
        for number in 0..40 {
            places.start(other, offset + number, NOW);
        }
    }
    assert!(places.is_pending(first, &pending, NOW));
}
