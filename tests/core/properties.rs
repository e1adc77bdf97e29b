//! What holds for every input, and not just for those that somebody thought of.

// A test fails by panicking, and has std.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_alloc,
    clippy::indexing_slicing
)]

mod common;

use core::sync::atomic::{AtomicU32, Ordering};
use std::collections::BTreeMap;

use claviger::{
    Answer, AuthorizationRequest, Client, Error, Format, HttpResponse, Metadata, Pending,
    Resources, ResponseMode, Ring, TokenRequest, TokenSet, Url,
};
use common::{
    ENDPOINT, GOOD, NOW, REDIRECT_URI, Store, client, client_of, start, token, token_endpoint, url,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        // A failing input is printed whole, and nothing is written beside the tests.
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Pieces that a response is made of, and that attacks are made of.
const PIECES: [&str; 46] = [
    "access_token=",
    "access_token",
    "AT",
    "&",
    "&",
    "&",
    "=",
    "=",
    "token_type=Bearer",
    "token_type=",
    "expires_in=",
    "3600",
    "99999999999999999999999",
    "scope=",
    "read",
    "state=",
    "state",
    "{S}",
    "{S}",
    "iss=https%3A%2F%2Fas.example",
    "iss=",
    "error=",
    "error_description=",
    "error_uri=",
    "access_denied",
    "code=",
    "id_token=",
    "response=",
    "#",
    "?",
    "/",
    "!",
    ";",
    "%",
    "%zz",
    "%00",
    "%C3%A4",
    "%61ccess_token=",
    "%26",
    "%3D",
    "+",
    "_=_",
    "ä",
    "oauth_redirect=",
    "{",
    "tab=1",
];

fn pieces() -> impl Strategy<Value = String> {
    vec(select(PIECES.as_slice()), 0..14).prop_map(|pieces| pieces.concat())
}

/// What follows the redirect URI: likely and unlikely responses, and anything at all.
fn response() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        4 => pieces(),
        2 => pieces().prop_map(|more| format!("access_token=AT&token_type=Bearer&state={{S}}&{more}")),
        1 => "\\PC{0,40}",
    ];
    (
        select(["#", "?", "?tab=1#", "?state={S}#", "/#", "##", "#/", ""].as_slice()),
        fragment,
    )
        .prop_map(|(start, fragment)| format!("{start}{fragment}"))
}

/// The client in each of its modes.
fn any_client() -> impl Strategy<Value = Client> {
    let mode = select(
        &[
            None,
            Some(ResponseMode::Query),
            Some(ResponseMode::Fragment),
        ][..],
    );
    (any::<bool>(), any::<bool>(), any::<bool>(), mode).prop_map(
        |(router, bearer, promised, mode)| {
            let mut client = common::client_with_issuer(Some(common::ISSUER), promised);
            client.set_hash_router(router);
            client.assume_bearer(bearer);
            if let Some(mode) = mode {
                client.ask_for_codes(token_endpoint(), mode).unwrap();
            }
            client
        },
    )
}

/// A member's value: likely ones, and any.
fn member() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        4 => select(&["", "AT", "YWJj==", "a b", "Bearer", "bearer", "mac", "read write", "3600", "-1", "invalid_grant", "ä", "a\nb", "\0"][..]).prop_map(String::from),
        1 => "[ -~]{0,12}",
        1 => "\\PC{0,6}",
    ];
    prop_oneof![
        8 => text.prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => vec("[a-z]{0,4}", 0..3).prop_map(Value::from),
    ]
}

/// An object with members that have a meaning, and with others.
fn document(members: &'static [&'static str]) -> impl Strategy<Value = Value> {
    vec((select(members), member()), 0..8).prop_map(|members| {
        members
            .into_iter()
            .map(|(name, value)| (name.to_string(), value))
            .collect()
    })
}

const OF_A_TOKEN: [&str; 10] = [
    "access_token",
    "token_type",
    "expires_in",
    "scope",
    "refresh_token",
    "error",
    "error_description",
    "error_uri",
    "__proto__",
    "x",
];
const OF_METADATA: [&str; 9] = [
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "revocation_endpoint",
    "response_types_supported",
    "grant_types_supported",
    "code_challenge_methods_supported",
    "authorization_response_iss_parameter_supported",
    "x",
];

/// What a body can be: a document, a document that was cut, pieces of one, or any bytes.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let text = (document(&OF_A_TOKEN), any::<prop::sample::Index>()).prop_map(|(document, at)| {
        let text = document.to_string().into_bytes();
        let end = at.index(text.len() + 1);
        text.into_iter().take(end).collect()
    });
    let pieces = select(
        &[
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            ":",
            ",",
            "null",
            "1e9",
            "-",
            "\"access_token\"",
            "\"AT\"",
            "\\u0041",
            "\\ud800",
            " ",
            "\u{feff}",
        ][..],
    );
    prop_oneof![
        2 => document(&OF_A_TOKEN).prop_map(|it| it.to_string().into_bytes()),
        1 => document(&OF_METADATA).prop_map(|it| it.to_string().into_bytes()),
        2 => text,
        2 => vec(pieces, 0..20).prop_map(|it| it.concat().into_bytes()),
        1 => vec(any::<u8>(), 0..40),
    ]
}

/// The members of RFC 6749, section 5.1, that are texts, and the error; `None` where one has a type
/// that it may not have.
fn texts(document: &Value) -> Option<[String; 5]> {
    let names = [
        "access_token",
        "token_type",
        "scope",
        "refresh_token",
        "error",
    ];
    let texts: Option<Vec<String>> = names
        .iter()
        .map(|name| match &document[*name] {
            Value::Null => Some(String::new()),
            Value::String(text) => Some(text.clone()),
            _ => None,
        })
        .collect();
    let expiry = &document["expires_in"];
    let has_expiry = expiry.is_null() || expiry.is_number() || expiry.is_string();
    texts.filter(|_| has_expiry)?.try_into().ok()
}

fn is_token(text: &str) -> bool {
    let unpadded = text.trim_end_matches('=');
    let is_one = |it: char| it.is_ascii_alphanumeric() || "-._~+/".contains(it);
    !unpadded.is_empty() && unpadded.chars().all(is_one)
}

fn is_scope(text: &str) -> bool {
    let is_one = |it: char| ('!'..='~').contains(&it) && it != '"' && it != '\\';
    text.is_empty()
        || text
            .split(' ')
            .all(|token| !token.is_empty() && token.chars().all(is_one))
}

fn parsed(text: &str) -> Option<Url> {
    Url::parse(text).ok()
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn p3_no_url_panics(client in any_client(), text in "\\PC{0,60}", response in response(), now: u64) {
        let (_, pending) = start(&client, 1);
        let record = pending.to_record();
        for address in [text.clone(), format!("{REDIRECT_URI}{response}"), format!("{REDIRECT_URI}{text}")] {
            let serialized = Url::from_serialization(address.clone());
            for address in parsed(&address).into_iter().chain([serialized]) {
                for record in [None, Some(record.as_str()), Some(text.as_str())] {
                    let _ = client.answer(client.read(&address), record, now);
                }
                let _ = Resources::own_origin(&address).authorize(&address, None, now);
                let _ = format!("{address:?}");
            }
        }
    }

    #[test]
    fn s1_no_record_panics(text in "\\PC{0,80}", name in select(&["v", "used", "time", "state", "return_to", "x"][..]), value in "\\PC{0,20}", now: u64) {
        let client = client();
        let (_, pending) = start(&client, 1);
        let record = pending.to_record();
        let address = url(&format!("{REDIRECT_URI}{GOOD}{}", pending.state().as_str()));
        for text in [
            text.clone(),
            format!("v=1&used={value}"),
            format!("{record}&{name}={value}"),
            record.replace(&format!("{name}="), &format!("{name}={value}")),
            record.chars().take(text.len()).collect(),
        ] {
            let _ = Pending::from_record(&text);
            let _ = Ring::read(Some(&text)).turn(&pending);
            let _ = client.answer(client.read(&address), Some(&text), now);
        }
    }

    #[test]
    fn a4_what_is_encoded_decodes_to_the_same(
        client_id in "[ -~]{1,30}",
        scope in "[!#-\\[\\]-~]{1,10}( [!#-\\[\\]-~]{1,10}){0,3}",
        query in "[a-zA-Z0-9%&=+~/]{0,20}",
        name in "\\PC{1,10}",
        value in "\\PC{0,30}",
        random: [[u8; 32]; 2],
    ) {
        let redirect_uri = format!("https://app.example/cb?{query}");
        let mut client = client_of(ENDPOINT, &client_id, &redirect_uri);
        client.set_scope(scope.clone()).unwrap();
        let mut request = AuthorizationRequest::new(&client);
        // Chance may name one of ours.
        prop_assume!(request.add_parameter(&name, &value).is_ok());
        let (address, pending) = request.start(&random, NOW);
        let query = address.strip_prefix("https://as.example/authorize?").unwrap();
        let decoded: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let expected = [
            ("response_type", "token"),
            ("client_id", &client_id),
            ("redirect_uri", &redirect_uri),
            ("scope", &scope),
            ("state", pending.state().as_str()),
            (&name, &value),
        ];
        let expected = expected.map(|(name, value)| (String::from(name), String::from(value)));
        prop_assert_eq!(decoded, expected.to_vec());
        let parser_writes = parsed(&address).unwrap();
        prop_assert_eq!(parser_writes.as_str(), address.as_str());
    }

    #[test]
    fn a5_the_state_is_the_random_bytes_and_nothing_else(random: [[u8; 32]; 2]) {
        let client = client();
        let (_, pending) = AuthorizationRequest::new(&client).start(&random, NOW);
        let state = pending.state().as_str();
        prop_assert_eq!(state.len(), 43);
        prop_assert_eq!(bits(state), random[0].iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect::<Vec<u8>>());
    }

    #[test]
    fn s1_a_record_brings_back_what_it_was_given(app_state in "\\PC{1,40}", path in "[a-z0-9?#&=%;+]{0,20}", random: [[u8; 32]; 2]) {
        let client = client();
        let mut request = AuthorizationRequest::new(&client);
        let path = format!("/{path}");
        request.set_app_state(&app_state);
        request.set_return_to(&path).unwrap();
        let (_, pending) = request.start(&random, NOW);
        let record = pending.to_record();
        let read = Pending::from_record(&record).unwrap();
        prop_assert_eq!(read.to_record(), record);
        let mut store = Store::default();
        store.keep(&client, &read);
        let address = format!("{REDIRECT_URI}{GOOD}{}", pending.state().as_str());
        let grant = store.handle(&client, &address, NOW).grant();
        prop_assert_eq!(grant.app_state, Some(app_state));
        prop_assert_eq!(grant.return_to, Some(path));
    }

    #[test]
    fn s5_a_state_other_than_the_pending_one_gives_no_token_and_changes_nothing(
        client in any_client(),
        response in response(),
        state in prop_oneof!["[A-Za-z0-9_-]{43}", "[A-Za-z0-9_-]{0,60}", "\\PC{0,43}"],
        seed in 2..=255_u8,
    ) {
        let (_, pending) = start(&client, 1);
        let other = start(&client, seed).1;
        prop_assume!(state != pending.state().as_str());
        for state in [&state, other.state().as_str()] {
            let response = response.replace("{S}", state);
            // Neither a state of chance nor the pieces around it may make the pending one.
            prop_assume!(!response.contains(pending.state().as_str()));
            for at in [REDIRECT_URI, "https://app.example/other"] {
                let address = url(&format!("{at}{response}"));
                // As if the store found the pending record under any name.
                let record = pending.to_record();
                let Answer { change, outcome, .. } = client.answer(client.read(&address), Some(&record), NOW);
                prop_assert_eq!(change, None);
                let is_believed = matches!(outcome, Ok(Some(_)) | Err(Error::AuthorizationError(_)));
                prop_assert!(!is_believed, "{:?}", outcome);
            }
        }
    }

    #[test]
    fn p17_no_token_stays_in_the_address_of_the_redirect_uri(client in any_client(), response in response(), is_known: bool) {
        let (known, state) = Store::with_login(&client);
        let mut store = if is_known { known } else { Store::default() };
        let address = format!("{REDIRECT_URI}{}", response.replace("{S}", &state));
        if parsed(&address).is_none_or(|it| path_of(&it).trim_end_matches('/') != "/cb") {
            return Ok(());
        }
        let handled = store.handle(&client, &address, NOW);
        let (rest, fragment) = handled.address.split_once('#').unwrap_or((&handled.address, ""));
        prop_assert!(!names_token(fragment), "{}", handled.address);
        let (_, query) = rest.split_once('?').unwrap_or((rest, ""));
        let names_token_in_query = form_urlencoded::parse(query.as_bytes())
            .any(|(name, value)| name == "access_token" && !value.is_empty());
        prop_assert!(!names_token_in_query, "{}", handled.address);
    }

    #[test]
    fn p17_a_url_that_is_no_response_stays_as_it_is(
        client in any_client(),
        at in select(&["https://app.example/cb", "https://app.example/", "https://other.example/cb"][..]),
        query in "[a-z]{0,5}(=[a-zA-Z0-9%+;/]{0,6})?(&[A-Z_]{1,8}=[a-z]{0,3}){0,3}",
        fragment in "[a-z/!?-]{0,8}(=[a-zA-Z0-9%+;/]{0,6})?(&my_[a-z]{1,6}=[a-z]{0,3}){0,3}",
    ) {
        let address = url(&format!("{at}?{query}#{fragment}"));
        let is_ours = |name: &str| ["access_token", "id_token", "code", "error"].contains(&name);
        prop_assume!(!query.split(['&', '=']).chain(fragment.split(['&', '=', '?'])).any(is_ours));
        let (mut store, _) = Store::with_login(&client);
        let before = store.clone();
        let handled = store.handle(&client, address.as_str(), NOW);
        prop_assert_eq!(handled.code(), "null");
        prop_assert_eq!(handled.address.as_str(), address.as_str());
        prop_assert_eq!(store, before);
    }

    #[test]
    fn p17_a_foreign_url_with_a_response_on_it_stays_as_it_is(client in any_client(), response in response()) {
        // No login of this browser has such a state.
        let response = response.replace("{S}", common::NOBODYS);
        let address = url(&format!("https://app.example/other{response}"));
        let handled = Store::default().handle(&client, address.as_str(), NOW);
        prop_assert_eq!(handled.code(), "null");
        prop_assert_eq!(handled.address.as_str(), address.as_str());
    }

    #[test]
    fn t2_no_answer_and_no_record_panics(
        status: u16,
        content_type in prop_oneof![Just(String::from("application/json")), "\\PC{0,20}"],
        body in body(),
        record in "(v=1&)?([a-z_]{0,12}=[ -~]{0,8}&){0,6}",
        now: u64,
    ) {
        for status in [200, status] {
            let answer = HttpResponse::new(status, &content_type, &body);
            let request = TokenRequest::refresh(&token_endpoint(), "OLD", "read");
            let _ = format!("{:?}", request.finish(&answer, now));
            if let Ok(metadata) = Metadata::read(common::ISSUER, &answer) {
                let _ = metadata.best_response_type();
            }
        }
        let _ = TokenSet::from_record(&client(), &record, now);
        let _ = TokenSet::from_record(&client(), &String::from_utf8_lossy(&body), now);
    }

    #[test]
    fn t2_a_token_comes_from_an_answer_that_fits_and_from_no_other(
        status in prop_oneof![4 => Just(200), 1 => 100..600_u16],
        more in document(&OF_A_TOKEN),
        is_likely: bool,
        assumed: bool,
    ) {
        let mut document = json!({});
        if is_likely {
            document = json!({ "access_token": "AT", "token_type": "Bearer", "expires_in": 3600 });
        }
        for (name, value) in more.as_object().unwrap() {
            document[name.as_str()] = value.clone();
        }
        let mut endpoint = token_endpoint();
        endpoint.assume_bearer(assumed);
        let body = document.to_string();
        let answer = HttpResponse::new(status, "application/json", body.as_bytes());
        let outcome = TokenRequest::refresh(&endpoint, "OLD", "read").finish(&answer, NOW);
        let fitting = texts(&document).filter(|[token, token_type, scope, refresh_token, error]| {
            let is_bearer = token_type.eq_ignore_ascii_case("bearer") || (token_type.is_empty() && assumed);
            (200..300).contains(&status)
                && error.is_empty()
                && is_token(token)
                && is_bearer
                && is_scope(scope)
                && refresh_token.chars().all(|it| (' '..='~').contains(&it))
        });
        match (outcome, fitting) {
            (Ok(set), Some([token, _, scope, refresh_token, ..])) => {
                let or = |text: String, instead: &str| if text.is_empty() { instead.into() } else { text };
                prop_assert_eq!(set.token.access_token(), token);
                prop_assert_eq!(set.token.scope().map(String::from), Some(or(scope, "read")));
                prop_assert_eq!(set.refresh_token, Some(or(refresh_token, "OLD")));
                prop_assert!(set.token.expires_at().is_none_or(|end| (NOW..1 << 53).contains(&end)));
            }
            (Err(_), None) => {}
            (outcome, _) => prop_assert!(false, "{} {}: {:?}", status, document, outcome),
        }
    }

    #[test]
    fn t4_what_goes_out_is_what_was_given(name in "\\PC{1,10}", value in "\\PC{1,20}|[\\x00-\\x7f]{1,10}", secret in "[ -~]{1,20}") {
        for format in [Format::Form, Format::Json, Format::Query] {
            let mut endpoint = token_endpoint();
            endpoint.set_format(format);
            endpoint.authenticate_by_post(secret.clone()).unwrap();
            let given = [(name.as_str(), value.as_str())];
            let Ok(request) = TokenRequest::new(&endpoint, "urn:example:grant", &given) else {
                // Chance may name one of ours.
                return Ok(());
            };
            let body = request.http().body();
            let said: BTreeMap<String, String> = match format {
                Format::Form => common::pairs(&body).into_iter().collect(),
                Format::Query => common::pairs(request.http().url().split_once('?').unwrap().1).into_iter().collect(),
                Format::Json => serde_json::from_str(&body).unwrap(),
            };
            let expected = [("grant_type", "urn:example:grant"), (&name, &value), ("client_id", "spa"), ("client_secret", &secret)];
            let expected = expected.map(|(name, value)| (String::from(name), String::from(value)));
            prop_assert_eq!(said, expected.into());
        }
    }

    #[test]
    fn a_kept_session_is_the_session(token in "[A-Za-z0-9._~+/-]{1,20}={0,2}", scope in "[!#-\\[\\]-~]{0,8}", refresh_token in "[ -~]{0,20}", expires_in: Option<u32>) {
        let mut document = json!({ "access_token": token, "token_type": "Bearer", "scope": scope, "refresh_token": refresh_token });
        document["expires_in"] = json!(expires_in);
        let answer = HttpResponse::new(200, "application/json", document.to_string().as_bytes());
        let request = TokenRequest::new(&token_endpoint(), "client_credentials", &[]).unwrap();
        let set = request.finish(&answer, NOW).unwrap();
        let client = client();
        let is_usable = expires_in.is_none_or(|seconds| seconds > 30);
        match TokenSet::from_record(&client, &set.to_record(&client), NOW) {
            Some(read) => {
                prop_assert_eq!(read.token.access_token(), token);
                prop_assert_eq!(read.token.scope(), set.token.scope());
                prop_assert_eq!(read.token.expires_at(), expires_in.map(|seconds| NOW + u64::from(seconds)));
                prop_assert_eq!(read.refresh_token.unwrap_or_default(), refresh_token);
            }
            None => prop_assert!(!is_usable && refresh_token.is_empty()),
        }
    }

    #[test]
    fn p18_a_path_to_go_on_with_never_leaves_the_origin(path in return_path()) {
        let client = client();
        let mut request = AuthorizationRequest::new(&client);
        if request.set_return_to(&path).is_ok() {
            let origin = ::url::Url::parse("https://app.example/deep/page?q#f").unwrap();
            let target = origin.join(&path).unwrap();
            prop_assert_eq!(target.origin(), origin.origin());
            // And it does not once a router has taken the path for a URL again.
            let again = origin.join(target.path()).unwrap();
            prop_assert_eq!(again.origin(), origin.origin());
        }
    }
}

fn return_path() -> impl Strategy<Value = String> {
    let piece = select(
        &[
            "/",
            "/",
            "\\",
            "..",
            ".",
            "%2e",
            "%2F",
            "%5c",
            "\t",
            "\n",
            " ",
            "@",
            ":",
            "?",
            "#",
            "a",
            "evil.example",
            "https:",
            "javascript:",
            "\u{ff0f}",
        ][..],
    );
    (select(&["/", "/a", "", "/%5c", "/."][..]), vec(piece, 0..8))
        .prop_map(|(start, pieces)| format!("{start}{}", pieces.concat()))
}

/// The bits that base64url's characters stand for, but for the last two, which are padding.
fn bits(text: &str) -> Vec<u8> {
    let value = |character: u8| match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        other => panic!("{other}"),
    };
    let mut bits: Vec<u8> = text
        .bytes()
        .flat_map(|character| (0..6).rev().map(move |bit| value(character) >> bit & 1))
        .collect();
    assert_eq!(bits.split_off(256), [0, 0]);
    bits
}

fn path_of(address: &Url) -> String {
    ::url::Url::parse(address.as_str()).unwrap().path().into()
}

/// Whether a token stands in it, in any way that a person would see.
fn names_token(fragment: &str) -> bool {
    fragment.split('&').any(|pair| {
        let behind = pair.split_once("access_token=");
        behind.is_some_and(|(_, value)| !value.is_empty())
    })
}

const HOSTS: [&str; 20] = [
    "api.example.com",
    "API.example.com",
    "api.example.com:443",
    "api.example.com:8443",
    "api.example.com.evil.example",
    "api.example.com@evil.example",
    "ada@api.example.com",
    "evil.example",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "app.localhost:3000",
    "api.example.com.",
    "api%2eexample.com",
    "api。example.com",
    "bücher.example",
    "xn--bcher-kva.example",
    "0x7f.1",
    "[0:0:0:0:0:0:0:1]",
    "api.example.com\\@evil.example",
];
const STEPS: [&str; 24] = [
    "/", "/", "/", "/", "v1", "v1", "v1", "v10", "V1", "..", ".", "%2e%2e", "%2E", "%2f", "%5C",
    "\\", "\t", "me", "?", "#", ";", "@", ":", "%",
];

fn steps() -> impl Strategy<Value = String> {
    vec(select(STEPS.as_slice()), 0..7).prop_map(|steps| steps.concat())
}

/// What the rules say, by the parser's own parts: F2, F3.
fn may_see_the_token(allowed: &::url::Url, requested: &::url::Url) -> bool {
    let is_loopback = match requested.host() {
        Some(::url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(::url::Host::Ipv4(address)) => address.is_loopback(),
        Some(::url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_secure = requested.scheme() == "https" || (requested.scheme() == "http" && is_loopback);
    let is_same_origin = allowed.origin() == requested.origin()
        && requested.username().is_empty()
        && requested.password().is_none();
    let base = allowed.path().trim_end_matches('/');
    let is_below = if allowed.path().ends_with('/') {
        requested.path().starts_with(allowed.path())
    } else {
        requested.path() == base || requested.path().starts_with(&format!("{base}/"))
    };
    let decoded = requested
        .path()
        .to_lowercase()
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "/");
    let climbs = decoded.split('/').any(|step| step == "..");
    is_secure && is_same_origin && is_below && !climbs
}

#[test]
fn f2_the_token_is_attached_if_and_only_if_a_naive_check_agrees() {
    let at = token("access_token=AT");
    let attached = AtomicU32::new(0);
    let refused = AtomicU32::new(0);
    let allowed = (
        select(&["https", "http"][..]),
        select(HOSTS.as_slice()),
        select(&["", "/", "/v1", "/v1/", "/v1/me"][..]),
    );
    let requested = (
        select(
            &[
                "https",
                "http",
                "HTTPS",
                " https",
                "ht\ttps",
                "wss",
                "ftp",
                "blob:https",
                "filesystem:https",
                "view-source:https",
                "data",
            ][..],
        ),
        select(HOSTS.as_slice()),
        steps(),
    );
    proptest!(cases(200_000), |((scheme, host, path) in allowed, (other_scheme, other_host, steps) in requested, is_alike in 0..4)| {
        let allow = format!("{scheme}://{host}{path}");
        // Mostly the same origin, and so a question of the path.
        let request = if is_alike > 0 {
            format!("{allow}{steps}")
        } else {
            format!("{other_scheme}://{other_host}/{steps}")
        };
        let (Some(allow), Some(request)) = (parsed(&allow), parsed(&request)) else {
            return Ok(());
        };
        let Ok(resources) = Resources::new(vec![allow.clone()]) else {
            return Ok(());
        };
        let verdict = resources.authorize(&request, Some(&at), NOW);
        let reparsed = |url: &Url| ::url::Url::parse(url.as_str()).unwrap();
        let expected = may_see_the_token(&reparsed(&allow), &reparsed(&request));
        prop_assert_eq!(verdict.is_ok(), expected, "{:?} for {}", verdict, request.as_str());
        let count = if expected { &attached } else { &refused };
        count.fetch_add(1, Ordering::Relaxed);
    });
    let counts = [attached, refused].map(AtomicU32::into_inner);
    assert!(
        counts.iter().all(|count| *count > 10_000) && counts.iter().sum::<u32>() >= 100_000,
        "{counts:?}: the inputs are one-sided or too few"
    );
}
