//! Attacks that worked on published clients, each by its number.

use std::collections::BTreeSet;

use crate::fixtures::{
    ENDPOINT, GOOD, ISSUER, NOBODYS, NOW, REDIRECT_URI, Store, answer, check_all, client,
    client_of, client_with_issuer, code_client, pairs, random, record_of, resources, same,
    session_in, start, token, token_endpoint, url,
};
use claviger::{
    AuthorizationRequest, Client, Error, HttpResponse, Pending, Resources, ResponseMode,
    TokenRequest,
};

/// Handles an attacker's response, and sees to it that the victim's login survives and can be finished.
fn attack(client: &Client, response: &str, code: &str) -> Result<(), String> {
    let (mut store, state) = Store::with_login(client);
    let before = store.clone();
    let handled = store.handle(client, &format!("{REDIRECT_URI}{response}"), NOW);
    same(response, &handled.code(), &code)?;
    same(response, &handled.change, &None)?;
    same(response, &store, &before)?;
    same(response, &store.is_pending(client, &state), &true)
}

#[test]
fn attack_01_a_state_that_names_another_storage_key_reaches_nothing() {
    let client = client();
    let (mut store, _) = Store::with_login(&client);
    for key in ["user:https://as.example:spa", "claviger:settings", "state"] {
        store.0.insert(key.into(), "x".into());
    }
    let before = store.clone();
    let keys: Vec<String> = before.0.keys().cloned().collect();
    for key in keys
        .iter()
        .map(String::as_str)
        .chain(["__proto__", "length", "../x"])
    {
        for form in [key, key.trim_start_matches("claviger:")] {
            let state: String = form_urlencoded::byte_serialize(form.as_bytes()).collect();
            for response in [
                "#access_token=EVIL&token_type=Bearer&state=",
                "?code=junk&state=",
                "#error=x&state=",
            ] {
                let address = format!("{REDIRECT_URI}{response}{state}");
                assert_eq!(
                    store.handle(&client, &address, NOW).code(),
                    "unknown_state",
                    "{address}"
                );
            }
        }
    }
    assert_eq!(store, before);
}

#[test]
fn attack_02_a_state_of_an_encoded_percent_sign_is_decoded_once() {
    let client = client();
    for (state, code) in [
        ("%25", "unknown_state"),
        ("%2525", "unknown_state"),
        ("%", "malformed_response"),
        ("%E0%A4%A", "malformed_response"),
    ] {
        attack(&client, &format!("{GOOD}{state}"), code).unwrap();
    }
}

#[test]
fn attack_04_a_response_of_a_foreign_issuer_is_refused() {
    for response in [
        "#access_token=EVIL&token_type=Bearer&state={S}&iss=https%3A%2F%2Fevil.example",
        "#error=access_denied&state={S}&iss=https%3A%2F%2Fevil.example",
        "?error=access_denied&state={S}&iss=https%3A%2F%2Fevil.example",
    ] {
        assert_eq!(
            answer(&client(), response).code(),
            "issuer_mismatch",
            "{response}"
        );
    }
}

#[test]
fn attack_04_a_server_that_promises_its_name_has_to_give_it() {
    let client = client_with_issuer(Some(ISSUER), true);
    for response in [
        "#access_token=EVIL&token_type=Bearer&state={S}",
        "#error=access_denied&state={S}",
    ] {
        assert_eq!(
            answer(&client, response).code(),
            "issuer_missing",
            "{response}"
        );
    }
}

#[test]
fn attack_05_a_forged_code_does_not_remove_the_login_under_way() {
    for state in ["attacker", NOBODYS] {
        attack(
            &client(),
            &format!("?code=junk&state={state}"),
            "unknown_state",
        )
        .unwrap();
    }
    attack(&client(), "?code=junk", "missing_state").unwrap();
}

#[test]
fn attack_06_a_forged_error_is_refused_before_it_is_read() {
    for state in ["attacker", NOBODYS] {
        for place in ['#', '?'] {
            let response = format!("{place}error=access_denied&state={state}");
            attack(&client(), &response, "unknown_state").unwrap();
        }
    }
}

#[test]
fn attack_09_a_fragment_without_state_leaves_the_address() {
    for response in [
        "#access_token=EVIL&token_type=Bearer",
        "#access_token=EVIL",
        "##access_token=EVIL",
    ] {
        assert_eq!(
            answer(&client(), response).address,
            REDIRECT_URI,
            "{response}"
        );
    }
}

#[test]
fn attack_10_39_of_two_tokens_neither_is_taken_and_neither_stays() {
    let response = "#access_token=A&access_token=B&token_type=Bearer&state={S}";
    let handled = answer(&client(), response);
    assert_eq!(handled.code(), "duplicate_parameter");
    assert_eq!(handled.address, REDIRECT_URI);
}

#[test]
fn attack_15_a_malformed_escape_leaves_no_token_behind() {
    for response in [
        "#access_token=%E0%A4%A&token_type=Bearer&state={S}",
        "#access_token=GOOD&token_type=Bearer&state={S}&iss=%",
    ] {
        let handled = answer(&client(), response);
        assert_eq!(handled.code(), "malformed_response");
        assert!(
            !handled.address.contains("access_token"),
            "{}",
            handled.address
        );
        assert!(!format!("{:?}", handled.outcome).contains("GOOD"));
    }
}

#[test]
fn attack_16_28_a_response_without_state_is_refused() {
    let client = client();
    for response in [
        "#access_token=EVIL&token_type=Bearer",
        "#access_token=EVIL&token_type=Bearer&state",
        "#access_token=EVIL&token_type=Bearer&state=",
        "#access_token=EVIL&token_type=Bearer&State=x",
        "#error=access_denied",
        "?error=access_denied",
        "?access_token=EVIL&token_type=Bearer",
    ] {
        attack(&client, response, "missing_state").unwrap();
    }
}

#[test]
fn attack_17_a_value_is_not_cut_at_its_second_equals_sign_and_no_message_tells_the_state() {
    let token = token("access_token=YWJj==");
    assert_eq!(token.access_token(), "YWJj==");
    let (mut store, state) = Store::with_login(&client());
    let refused = store.handle(&client(), &format!("{REDIRECT_URI}{GOOD}{NOBODYS}"), NOW);
    let error = refused.outcome.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(!text.contains(&state) && !text.contains(NOBODYS), "{text}");
}

#[test]
fn attack_17_a_code_is_not_cut_either_and_no_message_tells_its_verifier() {
    for (mode, delimiter) in [(ResponseMode::Query, "?"), (ResponseMode::Fragment, "#")] {
        let client = code_client(mode);
        let request = answer(&client, &format!("{delimiter}code=YWJj==&state={{S}}")).exchange();
        assert!(request.http().body().contains("&code=YWJj%3D%3D&"));
        let (_, pending) = start(&client, 1);
        let record = pending.to_record();
        let verifier = pairs(&record).into_iter();
        let verifier = verifier.filter(|(name, _)| name == "code_verifier");
        let secrets: Vec<_> = verifier.map(|(_, value)| value).collect();
        assert_eq!(secrets.len(), 1);
        for response in [
            "code=PLANTED",
            "code=%7FPLANTED&state={S}",
            "response=PLANTED&state={S}",
        ] {
            let handled = answer(&client, &format!("{delimiter}{response}"));
            let error = handled.outcome.as_ref().unwrap_err();
            let text = format!("{error} {handled:?}");
            assert!(
                !text.contains("PLANTED") && secrets.iter().all(|it| !text.contains(it)),
                "{text}"
            );
        }
    }
}

#[test]
fn attack_18_a_parameter_inside_a_value_is_none() {
    let client = client();
    for response in [
        "#access_token=GOOD&token_type=Bearer&state={S}%26access_token%3DEVIL",
        "#access_token=GOOD&token_type=Bearer&state={S}%3Faccess_token%3DEVIL",
        "#access_token=GOOD&token_type=Bearer&state={S}?access_token=EVIL",
        "#access_token=GOOD&token_type=Bearer&state={S}#access_token=EVIL",
    ] {
        let handled = answer(&client, response);
        assert_eq!(
            (handled.code(), handled.change),
            ("unknown_state", None),
            "{response}"
        );
        assert_eq!(handled.address, REDIRECT_URI);
    }
}

#[test]
fn attack_19_the_same_fragment_works_once() {
    let client = client();
    let (mut store, state) = Store::with_login(&client);
    let address = format!("{REDIRECT_URI}{GOOD}{state}");
    let codes = [(); 3].map(|()| store.handle(&client, &address, NOW).code());
    assert_eq!(codes, ["ok", "state_replayed", "state_replayed"]);
}

#[test]
fn attack_22_an_origin_that_begins_alike_is_another_one() {
    let allowed = resources(&["https://login.example.co"]).unwrap();
    let at = token("access_token=AT");
    for request in [
        "https://login.example.com/",
        "https://login.example.co.evil.example/",
        "https://login.example.co:444/",
    ] {
        let refused = allowed.authorize(&url(request), Some(&at), NOW);
        assert_eq!(refused, Err(Error::ResourceNotAllowed), "{request}");
    }
    let client = client_of(ENDPOINT, "spa", "https://login.example.co/cb");
    for address in [
        "https://login.example.com/cb",
        "https://login.example.co.evil.example/cb",
    ] {
        let (mut store, state) = Store::with_login(&client);
        let handled = store.handle(&client, &format!("{address}{GOOD}{state}"), NOW);
        assert_eq!(handled.code(), "redirect_uri_mismatch", "{address}");
    }
}

#[test]
fn attack_23_cleaning_the_url_does_not_cut_parameters_that_are_named_alike() {
    let kept = "?promocode=X&mycode=1&code2=2&mystate=3&errors=4&token_types=5";
    for response in [
        format!("{kept}#access_token=AT&token_type=Bearer&state={{S}}"),
        format!("{kept}&state={{S}}#access_token=AT&token_type=Bearer"),
        format!("{kept}&code=%zz&state=attacker"),
    ] {
        let handled = answer(&client(), &response);
        assert_eq!(
            handled.address,
            format!("{REDIRECT_URI}{kept}"),
            "{response}"
        );
    }
}

#[test]
fn attack_25_names_of_an_objects_members_are_names_like_others() {
    let more = "&hasOwnProperty=1&__proto__=2&constructor=3&toString=4&__proto__=5";
    let handled = answer(
        &client(),
        &format!("#access_token=AT&token_type=Bearer&state={{S}}{more}"),
    );
    assert_eq!(handled.code(), "ok");
}

#[test]
fn attack_25_a_state_of_one_server_is_not_taken_for_another() {
    let (a, b) = (
        client(),
        client_of("https://b.example/authorize", "spa", REDIRECT_URI),
    );
    let (mut store, state) = Store::with_login(&a);
    let before = store.clone();
    let handled = store.handle(&b, &format!("{REDIRECT_URI}{GOOD}{state}"), NOW);
    assert_eq!(handled.code(), "state_wrong_client");
    assert_eq!(store, before);
}

#[test]
fn attack_26_no_expiry_means_for_ever_and_a_missing_type_is_refused() {
    for expiry in ["NaN", "Infinity", "never", "2030-01-01"] {
        let response =
            format!("#access_token=AT&token_type=Bearer&state={{S}}&expires_in={expiry}");
        assert_eq!(answer(&client(), &response).code(), "malformed_response");
    }
    let past = token("access_token=AT&expires_in=-1");
    assert_eq!(past.usable_for(NOW), Some(0));
    assert_eq!(token("access_token=AT&expires_in=").expires_at(), None);
    assert_eq!(
        answer(&client(), "#access_token=AT&state={S}").code(),
        "missing_token_type"
    );
    let allowed = Resources::own_origin(&url("https://app.example/"));
    let header = allowed.authorize(
        &url("https://app.example/api"),
        Some(&token("access_token=AT")),
        NOW,
    );
    assert_eq!(header.as_deref(), Ok("Bearer AT"));
}

#[test]
fn attack_27_no_message_holds_the_callbacks_url() {
    for response in [
        "#access_token=PLANTED&token_type=Bearer&state=PLANTED",
        "#access_token=PLANTED%zz&state={S}",
        "#access_token=PLANTED&token_type=PLANTED&state={S}",
        "?access_token=PLANTED&state={S}",
        "#error=%22PLANTED&state={S}",
    ] {
        let error = answer(&client(), response).outcome.unwrap_err();
        let text = format!("{error} {error:?} {}", error.code());
        assert!(
            !text.contains("PLANTED") && !text.contains("app.example"),
            "{text}"
        );
    }
}

#[test]
fn attack_31_nothing_in_a_response_says_where_to_go() {
    for response in [
        "#oauth_redirect=javascript%3Aalert(1)",
        "#oauth_redirect=%2F%2Fevil.example",
        "#state={\"page_uri\":\"//evil.example\"}",
        "#state=%7B%22page_uri%22%3A%22%2F%2Fevil.example%22%7D",
    ] {
        let handled = answer(&client(), response);
        assert_eq!(
            (handled.code(), handled.change),
            ("null", None),
            "{response}"
        );
        assert_eq!(handled.address, REDIRECT_URI, "{response}");
    }
    let more = "&oauth_redirect=javascript%3Aalert(1)&page_uri=%2F%2Fevil.example&returnTo=%2F%2Fevil.example";
    let grant = answer(
        &client(),
        &format!("#access_token=AT&token_type=Bearer&state={{S}}{more}"),
    )
    .grant();
    assert_eq!(grant.return_to, None);
}

#[test]
fn attack_33_a_member_of_an_answer_is_data_whatever_its_name() {
    let body = br#"{
        "access_token": "AT", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "RT",
        "usable_until": 1, "is_usable": true, "finish": "x", "toString": "x", "then": "x",
        "__proto__": { "access_token": "EVIL" }, "constructor": { "prototype": { "scope": "EVIL" } },
        "token": { "access_token": "EVIL" }, "expires_at": 99999999999, "v": "2"
    }"#;
    let client = code_client(ResponseMode::Query);
    let request = TokenRequest::refresh(&token_endpoint(), "OLD", "read");
    let answer = HttpResponse::new(200, "application/json", body);
    let set = request.finish(&answer, NOW).unwrap();
    assert_eq!(set.token.access_token(), "AT");
    assert_eq!(set.token.expires_at(), Some(NOW + 3600));
    assert_eq!(set.token.usable_for(NOW), Some(3570));
    assert_eq!(set.token.scope(), Some("read"));
    assert_eq!(set.refresh_token.as_deref(), Some("RT"));
    let record = record_of(&client, &set);
    let kept = session_in(&client, &record, NOW).unwrap();
    assert_eq!(kept.token.access_token(), "AT");
    assert_eq!(kept.token.scope(), Some("read"));
    assert_eq!(kept.token.expires_at(), Some(NOW + 3600));
    assert_eq!(kept.refresh_token.as_deref(), Some("RT"));
}

#[test]
fn attack_36_there_is_no_way_to_a_code_without_s256() {
    let rows = [[0; 32], [0xFF; 32], random(7)[1]];
    for (mode, verifier) in [ResponseMode::Query, ResponseMode::Fragment]
        .into_iter()
        .flat_map(|mode| rows.map(|row| (mode, row)))
    {
        let client = code_client(mode);
        let mut request = AuthorizationRequest::new(&client);
        for name in ["code_challenge_method", "code_challenge"] {
            assert!(request.add_parameter(name, "plain").is_err());
        }
        let (address, pending) = request.start(&[random(1)[0], verifier, [0; 32]], NOW);
        let asked: Vec<_> = pairs(address.split_once('?').unwrap().1);
        let said = |name: &str| {
            let mut all = asked.iter().filter(|(it, _)| it == name);
            let (_, value) = all.next().unwrap();
            assert!(all.next().is_none(), "{name} twice");
            value.clone()
        };
        assert_eq!(said("code_challenge_method"), "S256");
        let challenge = said("code_challenge");
        assert_eq!(challenge.len(), 43);
        let record = pending.to_record();
        // It is no copy of the verifier, and without one there is no login.
        assert!(!record.contains(&challenge));
        let without = record.replace("code_verifier=", "x=");
        assert!(Pending::from_record(&record).is_some());
        assert!(Pending::from_record(&without).is_none());
    }
}

#[test]
fn attack_38_the_allowlist_is_no_prefix_and_no_pattern() {
    let rows = [
        (
            "https://api.example.com",
            "https://api.example.com.evil.com/",
        ),
        (
            "https://api.example.com",
            "https://api.example.com@evil.com/",
        ),
        (
            "https://api.example.com",
            "https://api.example.com:443@evil.com/",
        ),
        (
            "https://api.example.com",
            "https://evil.com/https://api.example.com/",
        ),
        (
            "https://api.example.com",
            "https://evil.com/?https://api.example.com/",
        ),
        (
            "https://api.example.com",
            "https://evil.com/#https://api.example.com/",
        ),
        ("https://api.example.com", "https://apiXexample.com/"),
        (
            "https://api.example.com/v1",
            "https://api.example.com/v1/../admin",
        ),
        (
            "https://api.example.com/v1",
            "https://api.example.com/v1/%2e%2e/admin",
        ),
        (
            "https://api.example.com/v1",
            "https://api.example.com/v1/..%2fadmin",
        ),
        ("https://api.example.com/v1", "https://api.example.com/v1x"),
    ];
    let at = token("access_token=AT");
    check_all(rows, |(allow, request)| {
        let refused = resources(&[allow])
            .unwrap()
            .authorize(&url(request), Some(&at), NOW);
        same(request, &refused, &Err(Error::ResourceNotAllowed))
    });
}

#[test]
fn attack_39_the_state_holds_all_of_its_256_random_bits() {
    let client = client();
    let states: BTreeSet<String> = (0..=255)
        .map(|seed| start(&client, seed).1.state().as_str().into())
        .collect();
    assert_eq!(states.len(), 256);
    assert!(states.iter().all(|state| state.len() == 43));
}
