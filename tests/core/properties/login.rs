//! Logins, their records and their responses, with any content.

use super::{cases, parsed};
use crate::fixtures::{
    self, ENDPOINT, GOOD, NOW, REDIRECT_URI, Store, client, client_of, start, token_endpoint, url,
};
use claviger::{
    Answer, AuthorizationRequest, Client, Error, Pending, Resources, ResponseMode, Url,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

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
            let mut client = fixtures::client_with_issuer(Some(fixtures::ISSUER), promised);
            client.set_hash_router(router);
            client.assume_bearer(bearer);
            if let Some(mode) = mode {
                client.ask_for_codes(token_endpoint(), mode).unwrap();
            }
            client
        },
    )
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn rule_p3_no_url_panics(client in any_client(), text in "\\PC{0,60}", response in response(), now: u64) {
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
    fn rule_s1_no_record_panics(text in "\\PC{0,80}", name in select(&["v", "used", "time", "state", "return_to", "x"][..]), value in "\\PC{0,20}", now: u64) {
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
            let _ = client.answer(client.read(&address), Some(&text), now);
        }
    }

    #[test]
    fn rule_a4_what_is_encoded_decodes_to_the_same(
        client_id in "[ -~]{1,30}",
        scope in "[!#-\\[\\]-~]{1,10}( [!#-\\[\\]-~]{1,10}){0,3}",
        query in "[a-zA-Z0-9%&=+~/]{0,20}",
        name in "\\PC{1,10}",
        value in "\\PC{0,30}",
        random: [[u8; 32]; 3],
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
    fn rule_a5_the_state_is_the_random_bytes_and_nothing_else(random: [[u8; 32]; 3]) {
        let client = client();
        let (_, pending) = AuthorizationRequest::new(&client).start(&random, NOW);
        let state = pending.state().as_str();
        prop_assert_eq!(state.len(), 43);
        prop_assert_eq!(bits(state), random[0].iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect::<Vec<u8>>());
    }

    #[test]
    fn rule_s1_a_record_brings_back_what_it_was_given(app_state in "\\PC{1,40}", path in "[a-z0-9?#&=%;+]{0,20}", random: [[u8; 32]; 3]) {
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
        store.keep(&read);
        let address = format!("{REDIRECT_URI}{GOOD}{}", pending.state().as_str());
        let grant = store.handle(&client, &address, NOW).grant();
        prop_assert_eq!(grant.app_state, Some(app_state));
        prop_assert_eq!(grant.return_to, Some(path));
    }

    #[test]
    fn rule_s5_a_state_other_than_the_pending_one_gives_no_token_and_changes_nothing(
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
    fn rule_p17_no_token_stays_in_the_address_of_the_redirect_uri(client in any_client(), response in response(), is_known: bool) {
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
    fn rule_p17_a_url_that_is_no_response_stays_as_it_is(
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
    fn rule_p17_a_foreign_url_with_a_response_on_it_stays_as_it_is(client in any_client(), response in response()) {
        // No login of this browser has such a state.
        let response = response.replace("{S}", fixtures::NOBODYS);
        let address = url(&format!("https://app.example/other{response}"));
        let handled = Store::default().handle(&client, address.as_str(), NOW);
        prop_assert_eq!(handled.code(), "null");
        prop_assert_eq!(handled.address.as_str(), address.as_str());
    }

    #[test]
    fn rule_p18_a_path_to_go_on_with_never_leaves_the_origin(path in return_path()) {
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
