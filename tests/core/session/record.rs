//! A session as a store keeps it, for a client that chose one.

use std::collections::BTreeMap;

use crate::fixtures::{
    self, ENDPOINT, NOW, REDIRECT_URI, check_all, client, client_of, code_client, pairs, record_of,
    same, session_in, sessions, token_endpoint,
};
use claviger::{Client, HttpResponse, ResponseMode, TokenRequest, TokenSet};

/// What a token endpoint's answer with these members brings; the scope that was asked for is `read`.
fn session(more: &str) -> TokenSet {
    let body = format!("{{\"access_token\":\"AT+/=\",\"token_type\":\"Bearer\"{more}}}");
    let answer = HttpResponse::new(200, "application/json", body.as_bytes());
    let asked = [("scope", "read")];
    let request = TokenRequest::new(&token_endpoint(), "client_credentials", &asked).unwrap();
    request.finish(&answer, NOW).unwrap()
}

/// One with everything that a record can hold.
fn full() -> TokenSet {
    session(",\"expires_in\":3600,\"scope\":\"read write\",\"refresh_token\":\"RT ~&=\"")
}

fn write(members: &BTreeMap<String, String>) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(members)
        .finish()
}

#[test]
fn a_record_holds_the_session_and_whose_it_is() {
    let record = record_of(&client(), &full());
    let mut members: BTreeMap<_, _> = pairs(&record).into_iter().collect();
    let id = members.remove("id").unwrap();
    assert_eq!(id.len(), 22, "{id}");
    let expected = [
        ("v", "2"),
        ("server", ENDPOINT),
        ("client_id", "spa"),
        ("redirect_uri", REDIRECT_URI),
        ("asked_at", "1700000000"),
        ("access_token", "AT+/="),
        ("granted_at", "1700000000"),
        ("expires_at", "1700003600"),
        ("scope", "read write"),
        ("refresh_token", "RT ~&="),
    ];
    let expected = expected.map(|(name, value)| (String::from(name), String::from(value)));
    assert_eq!(members, expected.into());
}

#[test]
fn a_record_is_read_as_it_was_written() {
    let client = code_client(ResponseMode::Query);
    let rows = [
        full(),
        session(""),
        session(",\"expires_in\":3600"),
        session(",\"refresh_token\":\"RT\""),
        session(",\"expires_in\":99999999999999999999"),
    ];
    check_all(rows, |set| {
        let record = record_of(&client, set);
        let read = session_in(&client, &record, NOW).ok_or(format!("{set:?}"))?;
        same("the record", &record_of(&client, &read), &record)?;
        let (is, was) = (&read.token, &set.token);
        same("the token", &is.access_token(), &was.access_token())?;
        same("the end", &is.expires_at(), &was.expires_at())?;
        same("the scope", &is.scope(), &was.scope())?;
        same("the renewal", &read.refresh_token, &set.refresh_token)
    });
}

#[test]
fn a_session_is_its_clients_alone() {
    let mine = client();
    let record = record_of(&mine, &full());
    let others = [
        client_of("https://other.example/authorize", "spa", REDIRECT_URI),
        client_of("https://as.example/authorize?x=1", "spa", REDIRECT_URI),
        client_of(ENDPOINT, "spb", REDIRECT_URI),
        client_of(ENDPOINT, "SPA", REDIRECT_URI),
        client_of(ENDPOINT, "spa", "https://app.example/cb/"),
        client_of(ENDPOINT, "spa", "https://app.example/other"),
    ];
    check_all(others, |other: &Client| {
        let read = session_in(other, &record, NOW);
        same(&format!("{other:?}"), &read.is_none(), &true)
    });
    // What it asks for, and how, may change between two visits.
    for same_client in [
        client_of(ENDPOINT, "spa", REDIRECT_URI),
        code_client(ResponseMode::Query),
        code_client(ResponseMode::Fragment),
    ] {
        assert!(session_in(&same_client, &record, NOW).is_some());
    }
}

#[test]
fn rule_m8_a_session_is_found_by_all_that_it_depends_on() {
    let key = |client: &Client| sessions(client).key();
    let mine = key(&client());
    let digest = mine.strip_prefix("claviger:session:").unwrap();
    assert_eq!(digest.len(), 43, "{mine}");
    assert_eq!(mine, key(&code_client(ResponseMode::Query)));
    let of_resources = |resources: &[&str]| {
        let mut endpoint = token_endpoint();
        for resource in resources {
            endpoint.add_parameter("resource", resource).unwrap();
        }
        let mut policy = sessions(&client());
        policy.set_token_endpoint(endpoint);
        policy.key()
    };
    let one = of_resources(&["https://api.example"]);
    let both = of_resources(&["https://api.example", "https://b.example"]);
    assert_eq!(mine, of_resources(&[]));
    assert!(mine != one && mine != both && one != both);
    let mut less = client();
    less.set_scope("read".into()).unwrap();
    for other in [
        less,
        client_of(ENDPOINT, "spa", REDIRECT_URI),
        client_of(ENDPOINT, "spb", REDIRECT_URI),
        client_of("https://other.example/authorize", "spa", REDIRECT_URI),
        client_of(ENDPOINT, "spa", "https://app.example/cb/"),
    ] {
        assert_ne!(mine, key(&other), "{other:?}");
    }
}

#[test]
fn what_can_not_be_read_counts_as_absent() {
    let client = client();
    let record = record_of(&client, &full());
    let all: BTreeMap<_, _> = pairs(&record).into_iter().collect();
    let with = |name: &str, value: Option<&str>| {
        let mut members = all.clone();
        match value {
            Some(value) => members.insert(name.into(), value.into()),
            None => members.remove(name),
        };
        write(&members)
    };
    let mut rows: Vec<String> = ["", "junk", "null", "{}", "v=2", "v", "\u{feff}v=2"]
        .map(String::from)
        .into();
    for name in [
        "v",
        "server",
        "client_id",
        "redirect_uri",
        "access_token",
        "id",
        "granted_at",
    ] {
        rows.push(with(name, None));
        rows.push(with(name, Some("")));
        if name != "id" {
            rows.push(with(name, Some("a b")));
        }
        rows.push(format!("{record}&{name}=x"));
    }
    for (name, value) in [
        ("v", "0"),
        ("v", "1"),
        ("v", "02"),
        ("id", "a\nb"),
        ("generation", "a\nb"),
        ("granted_at", "-1"),
        ("access_token", "a\r\nb"),
        ("access_token", "ä"),
        ("expires_at", "soon"),
        ("expires_at", "-1"),
        ("expires_at", "1e12"),
        ("expires_at", "1700003600.5"),
    ] {
        rows.push(with(name, Some(value)));
    }
    rows.push(format!("{record}&parameters=%zz"));
    rows.push(format!("{record}&parameters=%FF"));
    // The record of a login under way is none of a session.
    rows.push(fixtures::start(&client, 1).1.to_record());
    assert!(session_in(&client, &record, NOW).is_some());
    assert!(session_in(&client, &write(&all), NOW).is_some());
    assert!(session_in(&client, &format!("{record}&x=1"), NOW).is_some());
    check_all(rows, |text| {
        let read = session_in(&client, text, NOW);
        same(text, &read.is_none(), &true)
    });
}

#[test]
fn a_session_that_ended_is_of_use_only_to_be_renewed() {
    let client = client();
    let rows = [
        ("", 0, true),
        ("", 1 << 40, true),
        (",\"expires_in\":3600", 0, true),
        (",\"expires_in\":3600", 3569, true),
        (",\"expires_in\":3600", 3570, false),
        (",\"expires_in\":3600", 3600, false),
        (",\"expires_in\":0", 0, false),
        (",\"expires_in\":0,\"refresh_token\":\"RT\"", 0, true),
        (
            ",\"expires_in\":3600,\"refresh_token\":\"RT\"",
            1 << 40,
            true,
        ),
    ];
    check_all(rows, |(more, age, is_of_use)| {
        let record = record_of(&client, &session(more));
        let read = session_in(&client, &record, NOW + age);
        same(&format!("{more} {age}"), &read.is_some(), is_of_use)
    });
}
