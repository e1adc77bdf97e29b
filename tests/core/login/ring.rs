//! The last logins of a client, the oldest of which makes room: rules S4 and S7.

use crate::fixtures::{
    ENDPOINT, NOW, REDIRECT_URI, Store, check_all, client, client_of, good, same, start,
};
use claviger::{AuthorizationRequest, Ring};

#[test]
fn rule_s4_a_client_has_32_records_and_the_oldest_goes_first() {
    let client = client();
    let mut store = Store::default();
    let states: Vec<String> = (0..40).map(|seed| store.login(&client, seed)).collect();
    let alive: Vec<bool> = states
        .iter()
        .map(|state| store.is_pending(&client, state))
        .collect();
    let expected: Vec<bool> = (0..40).map(|at| at >= 8).collect();
    assert_eq!(alive, expected);
    assert_eq!(store.0.len(), 33);
    let late = store.handle(&client, &good(states.first().unwrap()), NOW);
    assert_eq!((late.code(), late.change), ("unknown_state", None));
}

#[test]
fn rule_s4_the_ring_is_as_long_after_5000_logins_as_after_one() {
    let client = client();
    let mut store = Store::default();
    store.login(&client, 0);
    let length = |store: &Store| store.0.get(&Ring::key(&client)).map(String::len);
    let first = length(&store);
    assert!(first.is_some());
    for number in 0..5000_u16 {
        let mut bytes = [0; 32];
        bytes
            .split_at_mut(2)
            .0
            .copy_from_slice(&number.to_be_bytes());
        let (_, pending) = AuthorizationRequest::new(&client).start(&[bytes, [0; 32]], NOW);
        store.keep(&client, &pending);
        assert_eq!(length(&store), first);
    }
    assert_eq!(store.0.len(), 33);
}

#[test]
fn rule_s4_what_falls_out_of_a_ring_is_always_a_record_by_its_name() {
    let client = client();
    let (_, pending) = start(&client, 1);
    let junk = [
        None,
        Some(String::new()),
        Some("junk".into()),
        Some("x".repeat(703)),
        Some("x".repeat(705)),
        Some("\u{e4}".repeat(352)),
        Some("user:https://as.example".repeat(100)),
    ];
    let (empty, blank) = Ring::read(None).turn(&pending);
    check_all(junk, |text| {
        let (ring, oldest) = Ring::read(text.as_deref()).turn(&pending);
        same("the ring", &ring, &empty)?;
        same("the record that falls out", &oldest, &blank)?;
        same("its name", &oldest.starts_with("claviger:"), &true)
    });
}

#[test]
fn rule_s4_other_keys_of_the_page_are_never_touched() {
    let client = client();
    let mut store = Store::default();
    let others = [
        ("user:https://as.example:spa", "x"),
        ("state", "x"),
        ("", "x"),
        ("claviger", "x"),
        ("claviger-settings", "x"),
    ];
    for (key, value) in others {
        store.0.insert(key.into(), value.into());
    }
    for seed in 0..40 {
        let state = store.login(&client, seed);
        store.handle(&client, &good(&state), NOW);
    }
    for (key, value) in others {
        assert_eq!(store.0.get(key).map(String::as_str), Some(value), "{key:?}");
    }
}

#[test]
fn rule_s7_two_clients_have_a_ring_each() {
    let clients = [
        client(),
        client_of(ENDPOINT, "other", REDIRECT_URI),
        client_of("https://other.example/authorize", "spa", REDIRECT_URI),
    ];
    let mut store = Store::default();
    let [first, others @ ..] = &clients;
    let state = store.login(first, 200);
    for other in others {
        for seed in 0..40 {
            store.login(other, seed);
        }
    }
    assert!(store.is_pending(first, &state));
}
