//! The record of a login under way: rules S1 to S7, and the path to go on with (P18).

// A test fails by panicking, and has std.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_alloc
)]

mod common;

use std::collections::BTreeMap;

use claviger::{AuthorizationRequest, Client, Error, Pending, RecordChange, Ring};
use common::{
    ENDPOINT, GOOD, LIFETIME, NOBODYS, NOW, REDIRECT_URI, Store, client, client_of, random, same,
    start,
};

fn good(state: &str) -> String {
    format!("{REDIRECT_URI}{GOOD}{state}")
}

/// A login with everything that a record can hold.
fn full(client: &Client) -> Pending {
    let mut request = AuthorizationRequest::new(client);
    request.set_app_state("{\"tab\":1,\"q\":\"ä&=%\"}");
    request.set_return_to("/issues?page=2#top").unwrap();
    request.start(&random(1), NOW).1
}

/// A record's members, decoded by somebody else's code.
fn members(record: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(record.as_bytes())
        .into_owned()
        .collect()
}

fn write(members: &BTreeMap<String, String>) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(members)
        .finish()
}

/// The record in a store of its own, as if the login had left it there.
fn store_with(pending: &Pending, record: &str) -> Store {
    Store([(pending.key(), record.into())].into())
}

#[test]
fn s1_a_record_holds_all_that_the_response_has_to_fit() {
    let pending = full(&client());
    let expected = [
        ("v", "1"),
        ("state", pending.state().as_str()),
        ("server", ENDPOINT),
        ("client_id", "spa"),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "token"),
        ("scope", "read write"),
        ("time", "1700000000"),
        ("return_to", "/issues?page=2#top"),
        ("app_state", "{\"tab\":1,\"q\":\"ä&=%\"}"),
    ];
    let expected = expected.map(|(name, value)| (String::from(name), String::from(value)));
    assert_eq!(members(&pending.to_record()), expected.into());
}

#[test]
fn s1_a_record_is_read_as_it_was_written() {
    let client = client();
    for pending in [full(&client), start(&client, 2).1] {
        let record = pending.to_record();
        let read = Pending::from_record(&record).unwrap();
        assert_eq!(read.to_record(), record);
        assert_eq!(read.key(), pending.key());
        assert_eq!(read.state().as_str(), pending.state().as_str());
    }
}

#[test]
fn s1_what_was_given_to_the_login_comes_back_with_its_grant() {
    let client = client();
    let pending = full(&client);
    let mut store = Store::default();
    store.keep(&client, &pending);
    let grant = store
        .handle(&client, &good(pending.state().as_str()), NOW)
        .grant();
    assert_eq!(
        grant.app_state.as_deref(),
        Some("{\"tab\":1,\"q\":\"ä&=%\"}")
    );
    assert_eq!(grant.return_to.as_deref(), Some("/issues?page=2#top"));
    assert_eq!(grant.token().unwrap().scope(), Some("read write"));

    let (mut store, state) = Store::with_login(&client);
    let grant = store.handle(&client, &good(&state), NOW).grant();
    assert_eq!((grant.app_state, grant.return_to), (None, None));
}

#[test]
fn s1_what_is_given_to_a_login_twice_is_there_once() {
    let client = client();
    let mut request = AuthorizationRequest::new(&client);
    for text in ["first", "second"] {
        request.set_app_state(text);
        request.set_return_to(&format!("/{text}")).unwrap();
    }
    let (_, pending) = request.start(&random(1), NOW);
    let mut store = Store::default();
    store.keep(&client, &pending);
    let handled = store.handle(&client, &good(pending.state().as_str()), NOW);
    let grant = handled.grant();
    assert_eq!(grant.app_state.as_deref(), Some("second"));
    assert_eq!(grant.return_to.as_deref(), Some("/second"));
}

#[test]
fn s1_what_can_not_be_read_counts_as_absent_and_is_removed() {
    let client = client();
    let pending = full(&client);
    let record = pending.to_record();
    let mut rows: Vec<(String, String)> = [
        "",
        "junk",
        "null",
        "{}",
        "v",
        "v=1",
        "v=1&used=",
        "v=1&used=x",
        "\u{feff}v=1",
    ]
    .map(|text| (format!("{text:?}"), text.into()))
    .into();
    for name in [
        "v",
        "state",
        "server",
        "client_id",
        "redirect_uri",
        "response_type",
        "time",
    ] {
        let without = |value: Option<&str>| {
            let mut members = members(&record);
            members.remove(name);
            if let Some(value) = value {
                members.insert(name.into(), value.into());
            }
            write(&members)
        };
        rows.push((format!("without {name}"), without(None)));
        rows.push((format!("an empty {name}"), without(Some(""))));
        rows.push((format!("{name} twice"), format!("{record}&{name}=x")));
    }
    for (name, value) in [
        ("v", "0"),
        ("v", "2"),
        ("v", "01"),
        ("v", "1 "),
        ("state", "short"),
        ("time", "-1"),
        ("time", "1e9"),
        ("time", "soon"),
        ("response_type", "code"),
        ("response_type", "token id_token"),
    ] {
        let mut members = members(&record);
        members.insert(name.into(), value.into());
        rows.push((format!("{name}={value}"), write(&members)));
    }
    rows.push(("broken encoding".into(), format!("{record}&x=%zz")));
    rows.push(("no UTF-8".into(), format!("{record}&x=%FF")));
    common::check_all(rows, |(what, text)| {
        let mut store = store_with(&pending, text);
        let handled = store.handle(&client, &good(pending.state().as_str()), NOW);
        same(what, &handled.code(), &"unknown_state")?;
        same(what, &handled.change, &Some(RecordChange::Remove))?;
        same(what, &handled.address.as_str(), &REDIRECT_URI)?;
        same(what, &Pending::from_record(text).is_none(), &true)
    });
}

#[test]
fn s2_a_record_is_used_up_by_the_first_response_that_fits_it() {
    let client = client();
    let rows = [
        ("#access_token=AT&token_type=Bearer&state={S}", "ok"),
        ("#error=access_denied&state={S}", "authorization_error"),
        ("?error=access_denied&state={S}", "authorization_error"),
        (
            "#access_token=AT&token_type=mac&state={S}",
            "unsupported_token_type",
        ),
        (
            "#access_token=a%20b&token_type=Bearer&state={S}",
            "malformed_response",
        ),
        (
            "#access_token=AT&token_type=Bearer&state={S}&iss=https%3A%2F%2Fevil.example",
            "issuer_mismatch",
        ),
        (
            "?access_token=AT&token_type=Bearer&state={S}",
            "wrong_location",
        ),
        ("#code=C&state={S}", "unexpected_response_type"),
        ("#state={S}", "missing_access_token"),
    ];
    common::check_all(rows, |(response, code)| {
        let (mut store, state) = Store::with_login(&client);
        let address = format!("{REDIRECT_URI}{}", response.replace("{S}", &state));
        let first = store.handle(&client, &address, NOW);
        same(response, &first.code(), code)?;
        let Some(RecordChange::Replace(trace)) = &first.change else {
            return Err(format!("{response}: {:?}", first.change));
        };
        same(
            "the trace is a record",
            &Pending::from_record(trace).is_none(),
            &true,
        )?;
        same("the trace names the state", &trace.contains(&state), &false)?;
        let again = store.handle(&client, &good(&state), NOW);
        same(response, &again.code(), &"state_replayed")?;
        same(response, &again.change, &None)?;
        same(response, &again.address.as_str(), &REDIRECT_URI)
    });
}

#[test]
fn s2_a_replay_is_told_from_an_unknown_state_until_the_lifetime_ends() {
    let client = client();
    let (mut store, state) = Store::with_login(&client);
    assert_eq!(store.handle(&client, &good(&state), NOW).code(), "ok");
    let late = store.handle(&client, &good(&state), NOW + LIFETIME);
    assert_eq!((late.code(), late.change), ("state_replayed", None));
    let too_late = store.handle(&client, &good(&state), NOW + LIFETIME + 1);
    assert_eq!(too_late.code(), "unknown_state");
    assert_eq!(too_late.change, Some(RecordChange::Remove));
    // Only the ring is left, and it holds no whole state.
    assert_eq!(store.0.len(), 1);
    assert!(!store.0.values().any(|text| text.contains(&state)));
}

#[test]
fn s2_a_login_that_is_finished_without_a_store_is_verified_all_the_same() {
    let (mine, other) = (client(), client_of(ENDPOINT, "other", REDIRECT_URI));
    let state = String::from(start(&mine, 1).1.state().as_str());
    let rows = [
        (&mine, state.as_str(), NOW, None),
        (&mine, NOBODYS, NOW, Some(Error::UnknownState)),
        (&mine, "attacker", NOW, Some(Error::UnknownState)),
        (&other, &state, NOW, Some(Error::StateWrongClient)),
        (&mine, &state, NOW + LIFETIME + 1, Some(Error::StateExpired)),
    ];
    common::check_all(rows, |(client, state, now, expected)| {
        let reading = client.read(&common::url(&good(state)));
        let response = reading.response.unwrap().unwrap();
        // By value: a login can't be finished twice.
        let outcome = start(&mine, 1).1.finish(client, response, *now);
        same(state, &outcome.err(), expected)
    });
}

#[test]
fn s3_a_login_dies_after_its_lifetime_also_when_the_clock_was_set_back() {
    let rows = [
        (LIFETIME, NOW, true),
        (LIFETIME, NOW + LIFETIME, true),
        (LIFETIME, NOW + LIFETIME + 1, false),
        (LIFETIME, NOW - LIFETIME, true),
        (LIFETIME, NOW - LIFETIME - 1, false),
        (LIFETIME, 0, false),
        (LIFETIME, u64::MAX, false),
        (60, NOW + 60, true),
        (60, NOW + 61, false),
        (1, NOW + 2, false),
        (u64::MAX, u64::MAX, true),
    ];
    common::check_all(rows, |(lifetime, now, is_in_time)| {
        let mut client = client();
        client.set_state_lifetime(*lifetime).unwrap();
        let (mut store, state) = Store::with_login(&client);
        let handled = store.handle(&client, &good(&state), *now);
        let expected = if *is_in_time { "ok" } else { "state_expired" };
        same(
            &format!("{lifetime} s, at {now}"),
            &handled.code(),
            &expected,
        )?;
        let is_used = matches!(handled.change, Some(RecordChange::Replace(_)));
        same("the record is used", &is_used, &true)
    });
}

#[test]
fn s4_a_client_has_32_records_and_the_oldest_goes_first() {
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
fn s4_the_ring_is_as_long_after_5000_logins_as_after_one() {
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
fn s4_what_falls_out_of_a_ring_is_always_a_record_by_its_name() {
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
    common::check_all(junk, |text| {
        let (ring, oldest) = Ring::read(text.as_deref()).turn(&pending);
        same("the ring", &ring, &empty)?;
        same("the record that falls out", &oldest, &blank)?;
        same("its name", &oldest.starts_with("claviger:"), &true)
    });
}

#[test]
fn s4_other_keys_of_the_page_are_never_touched() {
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
fn s5_an_unknown_state_touches_nothing_that_is_stored() {
    let client = client();
    let (mut store, state) = Store::with_login(&client);
    let before = store.clone();
    for unknown in [
        "attacker",
        NOBODYS,
        "",
        "%00",
        "__proto__",
        &state.to_lowercase(),
    ] {
        for response in [
            "#access_token=EVIL&token_type=Bearer&state=",
            "#error=access_denied&state=",
            "?error=access_denied&state=",
            "?code=junk&state=",
            "#state=",
            "?state=",
        ] {
            let handled = store.handle(&client, &format!("{REDIRECT_URI}{response}{unknown}"), NOW);
            assert!(
                !matches!(handled.outcome, Ok(Some(_))),
                "{response}{unknown}"
            );
            assert_eq!(handled.change, None, "{response}{unknown}");
        }
    }
    assert_eq!(store, before);
    assert!(store.is_pending(&client, &state));
}

#[test]
fn s6_a_state_that_differs_in_one_character_is_another_one() {
    let client = client();
    let (mut store, state) = Store::with_login(&client);
    let before = store.clone();
    for at in 0..state.len() {
        let other: String = state
            .char_indices()
            .map(|(place, it)| match (place == at, it) {
                (false, it) => it,
                (true, 'A') => 'B',
                (true, _) => 'A',
            })
            .collect();
        let handled = store.handle(&client, &good(&other), NOW);
        assert_eq!(
            (handled.code(), handled.change),
            ("unknown_state", None),
            "at {at}"
        );
    }
    assert_eq!(store, before);
}

#[test]
fn s6_nothing_but_43_characters_of_base64url_reaches_the_store() {
    let client = client();
    let (_, state) = Store::with_login(&client);
    let rows = [
        "__proto__".into(),
        "constructor".into(),
        "ring:spa".into(),
        "A".repeat(42),
        "A".repeat(44),
        "A".repeat(22),
        "%2B".to_string() + &"A".repeat(42),
        "%2F".to_string() + &"A".repeat(42),
        "%3D".to_string() + &"A".repeat(42),
        "%3A".to_string() + &"A".repeat(42),
        "+".to_string() + &"A".repeat(42),
        "%00".to_string() + &"A".repeat(42),
        "%C3%A4".to_string() + &"A".repeat(41),
        "%EF%BC%A1".to_string() + &"A".repeat(42),
        format!("{state}%20"),
        format!("%20{state}"),
    ];
    common::check_all(rows, |state| {
        let address = common::url(&good(state));
        let reading = client.read(&address);
        same(state, &reading.key(), &None)?;
        let is_response = matches!(&reading.response, Ok(Some(it)) if it.state().is_none());
        same(state, &is_response, &true)
    });
}

#[test]
fn s7_several_logins_of_one_client_end_in_any_order() {
    let client = client();
    let mut store = Store::default();
    let states: Vec<String> = (0..5).map(|seed| store.login(&client, seed)).collect();
    for state in states.iter().rev() {
        assert_eq!(store.handle(&client, &good(state), NOW).code(), "ok");
    }
}

#[test]
fn s7_a_response_to_another_clients_login_is_left_to_that_client() {
    let mine = client();
    let others = [
        client_of(ENDPOINT, "other", REDIRECT_URI),
        client_of("https://other.example/authorize", "spa", REDIRECT_URI),
        client_of(ENDPOINT, "spa", "https://app.example/cb?x=1"),
    ];
    for other in others {
        let (mut store, state) = Store::with_login(&mine);
        for response in [GOOD, "#error=access_denied&state=", "#state="] {
            let before = store.clone();
            let handled = store.handle(&other, &format!("{REDIRECT_URI}{response}{state}"), NOW);
            assert!(!matches!(handled.outcome, Ok(Some(_))), "{response}");
            assert_eq!((handled.change, &store), (None, &before), "{response}");
        }
        let handled = store.handle(&other, &good(&state), NOW);
        assert_eq!(handled.outcome.err(), Some(Error::StateWrongClient));
        assert_eq!(store.handle(&mine, &good(&state), NOW).code(), "ok");
    }
}

#[test]
fn s7_two_clients_have_a_ring_each() {
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

#[test]
fn p18_a_path_to_go_on_with_stays_on_this_origin() {
    let client = client();
    common::check_all(
        [
            "/",
            "/issues",
            "/issues?next=//evil.example#//x",
            "/a?b\\c",
            "/%5c..",
            "/%2F%2Fevil.example",
            "/#",
            "/ä",
            "/@evil.example",
            "/:80",
        ],
        |path| {
            let mut request = AuthorizationRequest::new(&client);
            request
                .set_return_to(path)
                .map_err(|it| format!("{path:?}: {it:?}"))
        },
    );
}

#[test]
fn p18_a_path_that_could_lead_elsewhere_is_refused_on_write_and_on_read() {
    let client = client();
    let rows = [
        "",
        "issues",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a//b",
        "/.//evil.example",
        "/a/..//evil.example",
        "/a\\b",
        "/\t/evil.example",
        "/\n/evil.example",
        "/a\0b",
        "/a\u{7f}b",
        "/a?b=\r\nc",
        "\t//evil.example",
        " /issues",
        "https:evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "?a",
        "#a",
    ];
    common::check_all(rows, |path| {
        let mut request = AuthorizationRequest::new(&client);
        let written = request.set_return_to(path);
        same(path, &written, &Err(Error::InvalidReturnTo))?;
        if path.is_empty() {
            // An empty member is an absent one.
            return Ok(());
        }
        let pending = full(&client);
        let mut members = members(&pending.to_record());
        members.insert("return_to".into(), (*path).into());
        let mut store = store_with(&pending, &write(&members));
        let handled = store.handle(&client, &good(pending.state().as_str()), NOW);
        same(path, &handled.code(), &"invalid_return_to")?;
        let is_used = matches!(handled.change, Some(RecordChange::Replace(_)));
        same(path, &is_used, &true)
    });
}
