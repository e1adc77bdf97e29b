//! What becomes of a response and of the record that its state names: rules S2, S5, S6 and S7.

use crate::fixtures::{
    self, ENDPOINT, GOOD, LIFETIME, NOBODYS, NOW, REDIRECT_URI, Store, check_all, client,
    client_of, good, same, start,
};
use claviger::{Client, Error, Pending, RecordChange};

#[test]
fn rule_s2_a_record_is_used_up_by_the_first_response_that_fits_it() {
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
    check_all(rows, |(response, code)| {
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
fn rule_s2_a_replay_is_told_from_an_unknown_state_until_the_lifetime_ends() {
    let client = client();
    let (mut store, state) = Store::with_login(&client);
    assert_eq!(store.handle(&client, &good(&state), NOW).code(), "ok");
    let late = store.handle(&client, &good(&state), NOW + LIFETIME);
    assert_eq!((late.code(), late.change), ("state_replayed", None));
    let too_late = store.handle(&client, &good(&state), NOW + LIFETIME + 1);
    assert_eq!(too_late.code(), "unknown_state");
    assert_eq!(too_late.change, Some(RecordChange::Remove));
    assert_eq!(store, Store::default(), "nothing is left");
}

#[test]
fn rule_s2_a_login_that_is_finished_without_a_store_is_verified_all_the_same() {
    let (mine, other) = (client(), client_of(ENDPOINT, "other", REDIRECT_URI));
    let state = String::from(start(&mine, 1).1.state().as_str());
    let rows = [
        (&mine, state.as_str(), NOW, None),
        (&mine, NOBODYS, NOW, Some(Error::UnknownState)),
        (&mine, "attacker", NOW, Some(Error::UnknownState)),
        (&other, &state, NOW, Some(Error::StateWrongClient)),
        (&mine, &state, NOW + LIFETIME + 1, Some(Error::StateExpired)),
        (&mine, &state, NOW - LIFETIME - 1, Some(Error::ClockSetBack)),
    ];
    check_all(rows, |(client, state, now, expected)| {
        let reading = client.read(&fixtures::url(&good(state)));
        let response = reading.response.unwrap().unwrap();
        let outcome = start(&mine, 1).1.finish(client, response, *now);
        same(state, &outcome.err(), expected)
    });
}

#[test]
fn rule_s5_a_stray_response_leaves_a_login_that_waits_for_its_own() {
    let (mine, other) = (client(), client_of(ENDPOINT, "other", REDIRECT_URI));
    let mut pending = start(&mine, 1).1;
    let (state, before) = (String::from(pending.state().as_str()), pending.to_record());
    let mut finish = |client: &Client, url: &str, now| {
        let response = client.read(&fixtures::url(url)).response.unwrap().unwrap();
        let outcome = pending.finish(client, response, now).map(|_| ()).err();
        (outcome, pending.to_record() == before)
    };
    let stray = (Some(Error::UnknownState), true);
    assert_eq!(finish(&mine, &good(NOBODYS), NOW), stray);
    let denied = format!("{REDIRECT_URI}#error=access_denied&state={NOBODYS}");
    assert_eq!(finish(&mine, &denied, NOW), stray);
    let anothers = (Some(Error::StateWrongClient), true);
    assert_eq!(finish(&other, &good(&state), NOW), anothers);
    assert_eq!(finish(&mine, &good(&state), NOW), (None, false));
    // Once, and no more; a trace of it tells a replay until the lifetime ends.
    let replayed = (Some(Error::StateReplayed), false);
    assert_eq!(finish(&mine, &good(&state), NOW + LIFETIME), replayed);
    assert_eq!(finish(&mine, &good(NOBODYS), NOW).0, stray.0);
    let late = finish(&mine, &good(&state), NOW + LIFETIME + 1);
    assert_eq!(late.0, Some(Error::UnknownState));
}

#[test]
fn rule_s5_an_unknown_state_touches_nothing_that_is_stored() {
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
fn rule_s6_a_state_that_differs_in_one_character_is_another_one() {
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
fn rule_s6_nothing_but_43_characters_of_base64url_reaches_the_store() {
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
    check_all(rows, |state| {
        let address = fixtures::url(&good(state));
        let reading = client.read(&address);
        same(state, &reading.key(), &None)?;
        let is_response = matches!(&reading.response, Ok(Some(it)) if it.state().is_none());
        same(state, &is_response, &true)
    });
}

#[test]
fn rule_s7_several_logins_of_one_client_end_in_any_order() {
    let client = client();
    let mut store = Store::default();
    let states: Vec<String> = (0..5).map(|seed| store.login(&client, seed)).collect();
    for state in states.iter().rev() {
        assert_eq!(store.handle(&client, &good(state), NOW).code(), "ok");
    }
}

#[test]
fn rule_s7_a_response_to_another_clients_login_is_left_to_that_client() {
    let mine = client();
    let wrong = Some(Error::StateWrongClient);
    let others = [
        (client_of(ENDPOINT, "other", REDIRECT_URI), &wrong),
        (
            client_of("https://other.example/authorize", "spa", REDIRECT_URI),
            &wrong,
        ),
        (
            client_of(ENDPOINT, "spa", "https://app.example/cb.html"),
            &wrong,
        ),
        // A response elsewhere may be anybody's.
        (
            client_of(ENDPOINT, "spa", "https://app.example/cb?x=1"),
            &None,
        ),
    ];
    for (other, told) in others {
        let (mut store, state) = Store::with_login(&mine);
        for response in [GOOD, "#error=access_denied&state=", "#state="] {
            let before = store.clone();
            let handled = store.handle(&other, &format!("{REDIRECT_URI}{response}{state}"), NOW);
            assert!(!matches!(handled.outcome, Ok(Some(_))), "{response}");
            assert_eq!((handled.change, &store), (None, &before), "{response}");
        }
        let handled = store.handle(&other, &good(&state), NOW);
        assert_eq!(&handled.outcome.err(), told);
        assert_eq!(store.handle(&mine, &good(&state), NOW).code(), "ok");
    }
}
