//! The record of a login under way: rules S1 and S3, and the path to go on with (P18).

use std::collections::BTreeMap;

use crate::fixtures::{
    ENDPOINT, LIFETIME, NOW, REDIRECT_URI, Store, check_all, client, good, random, same, start,
};
use claviger::{AuthorizationRequest, Client, Error, Pending, RecordChange};

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
fn rule_s1_a_record_holds_all_that_the_response_has_to_fit() {
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
fn rule_s1_a_record_is_read_as_it_was_written() {
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
fn rule_s1_what_was_given_to_the_login_comes_back_with_its_grant() {
    let client = client();
    let pending = full(&client);
    let mut store = Store::default();
    store.keep(&pending);
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
fn rule_s1_what_is_given_to_a_login_twice_is_there_once() {
    let client = client();
    let mut request = AuthorizationRequest::new(&client);
    for text in ["first", "second"] {
        request.set_app_state(text);
        request.set_return_to(&format!("/{text}")).unwrap();
    }
    let (_, pending) = request.start(&random(1), NOW);
    let mut store = Store::default();
    store.keep(&pending);
    let handled = store.handle(&client, &good(pending.state().as_str()), NOW);
    let grant = handled.grant();
    assert_eq!(grant.app_state.as_deref(), Some("second"));
    assert_eq!(grant.return_to.as_deref(), Some("/second"));
}

#[test]
fn rule_s1_what_can_not_be_read_counts_as_absent_and_is_removed() {
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
    rows.push(("broken encoding".into(), format!("{record}&relay=%zz")));
    rows.push(("no UTF-8".into(), format!("{record}&relay=%FF")));
    check_all(rows, |(what, text)| {
        let mut store = store_with(&pending, text);
        let handled = store.handle(&client, &good(pending.state().as_str()), NOW);
        same(what, &handled.code(), &"unknown_state")?;
        same(what, &handled.change, &Some(RecordChange::Remove))?;
        same(what, &handled.address.as_str(), &REDIRECT_URI)?;
        same(what, &Pending::from_record(text).is_none(), &true)
    });
}

#[test]
fn rule_s3_a_login_dies_after_its_lifetime_also_when_the_clock_was_set_back() {
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
    check_all(rows, |(lifetime, now, is_in_time)| {
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
fn rule_p18_a_path_to_go_on_with_stays_on_this_origin() {
    let client = client();
    check_all(
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
fn rule_p18_a_path_that_could_lead_elsewhere_is_refused_on_write_and_on_read() {
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
    check_all(rows, |path| {
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
