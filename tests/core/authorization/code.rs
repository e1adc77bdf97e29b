//! The authorization code with PKCE: rule T1, and A1 to P18 where a code is asked for.

use std::collections::{BTreeMap, BTreeSet};

use crate::fixtures::{
    self, ENDPOINT, GOOD, LIFETIME, NOW, REDIRECT_URI, Store, answer, check_all, client, client_of,
    client_with_issuer, code_client, pairs, random, same, server, start, token_endpoint, url,
};
use claviger::{
    AuthorizationRequest, Client, HttpResponse, Pending, RecordChange, ResponseMode, TokenEndpoint,
};

const MODES: [ResponseMode; 2] = [ResponseMode::Query, ResponseMode::Fragment];

/// The octets of RFC 7636, appendix B, the verifier that they make, and its challenge.
const OCTETS: [u8; 32] = [
    116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77,
    105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
];
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The bytes from 0 to 31 for the state, and the appendix's for the verifier.
fn of_appendix_b() -> [[u8; 32]; 3] {
    let counting = core::array::from_fn(|at| u8::try_from(at).unwrap());
    [counting, OCTETS, [0; 32]]
}

/// What the URL of the request says.
fn query(address: &str) -> BTreeMap<String, String> {
    pairs(address.split_once('?').unwrap().1)
        .into_iter()
        .collect()
}

/// Where a response of this mode stands.
fn delimiter(mode: ResponseMode) -> &'static str {
    match mode {
        ResponseMode::Query => "?",
        ResponseMode::Fragment => "#",
    }
}

fn verifier(pending: &Pending) -> String {
    let record: BTreeMap<_, _> = pairs(&pending.to_record()).into_iter().collect();
    record["code_verifier"].clone()
}

#[test]
fn rule_a4_the_request_for_a_code_byte_for_byte() {
    let (address, _) =
        AuthorizationRequest::new(&code_client(ResponseMode::Query)).start(&of_appendix_b(), NOW);
    assert_eq!(
        address,
        "https://as.example/authorize?response_type=code&client_id=spa\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=read+write\
         &state=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    );
}

#[test]
fn rule_a4_the_request_for_a_code_in_the_fragment_byte_for_byte() {
    let mut client = client_of(
        "https://as.example/authorize?tenant=7",
        "spa & co=1+1",
        "https://app.example/cb?next=%2F&x=1",
    );
    let endpoint = TokenEndpoint::new(url("https://as.example/token"), "spa & co=1+1".into());
    client
        .ask_for_codes(endpoint.unwrap(), ResponseMode::Fragment)
        .unwrap();
    let mut request = AuthorizationRequest::new(&client);
    request.add_parameter("prompt", "login").unwrap();
    request.add_parameter("größe", "100 % & mehr #1").unwrap();
    let (address, _) = request.start(&of_appendix_b(), NOW);
    assert_eq!(
        address,
        "https://as.example/authorize?tenant=7&response_type=code&client_id=spa+%26+co%3D1%2B1\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fnext%3D%252F%26x%3D1\
         &state=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256\
         &response_mode=fragment&prompt=login&gr%C3%B6%C3%9Fe=100+%25+%26+mehr+%231"
    );
}

#[test]
fn rule_t1_the_vector_of_rfc_7636_appendix_b_from_the_request_to_the_exchange() {
    for mode in MODES {
        let client = code_client(mode);
        let (address, pending) = AuthorizationRequest::new(&client).start(&of_appendix_b(), NOW);
        assert_eq!(query(&address)["code_challenge"], CHALLENGE);
        assert_eq!(query(&address)["code_challenge_method"], "S256");
        let mut store = Store::default();
        store.keep(&pending);
        let state = pending.state().as_str();
        let response = format!(
            "{REDIRECT_URI}{}code=SplxlOB&state={state}",
            delimiter(mode)
        );
        let request = store.handle(&client, &response, NOW).exchange();
        assert_eq!(
            request.http().body(),
            format!(
                "grant_type=authorization_code&code=SplxlOB\
                 &redirect_uri=https%3A%2F%2Fapp.example%2Fcb\
                 &code_verifier={VERIFIER}&client_id=spa"
            )
        );
        assert_eq!(request.http().url(), "https://as.example/token");
    }
}

#[test]
fn rule_t1_the_verifier_is_all_of_its_32_random_bytes_and_none_of_the_states() {
    let client = code_client(ResponseMode::Query);
    let state = of_appendix_b()[0];
    let mut challenges = BTreeSet::new();
    let verifiers: BTreeSet<String> = (0..256_usize)
        .map(|bit| {
            let bytes = core::array::from_fn(|at| if at == bit / 8 { 1 << (bit % 8) } else { 0 });
            let (address, pending) =
                AuthorizationRequest::new(&client).start(&[state, bytes, [0; 32]], NOW);
            challenges.insert(query(&address)["code_challenge"].clone());
            let verifier = verifier(&pending);
            assert_eq!(verifier.len(), 43);
            verifier
        })
        .collect();
    assert_eq!((verifiers.len(), challenges.len()), (256, 256));
    let of_another_state = [random(1)[0], OCTETS, [0; 32]];
    let (_, pending) = AuthorizationRequest::new(&client).start(&of_another_state, NOW);
    assert_eq!(verifier(&pending), VERIFIER);
}

#[test]
fn rule_t1_the_verifier_stays_in_the_record() {
    for mode in MODES {
        let client = code_client(mode);
        let (address, pending) = AuthorizationRequest::new(&client).start(&of_appendix_b(), NOW);
        assert!(!address.contains(VERIFIER), "{address}");
        assert!(!format!("{pending:?}{client:?}").contains(VERIFIER));
        assert!(pending.to_record().contains(VERIFIER));
        assert!(!pending.to_record().contains(CHALLENGE));
        assert!(!pending.key().contains(VERIFIER));
    }
}

#[test]
fn rule_a1_an_endpoint_may_not_say_itself_how_a_code_is_asked_for() {
    let rows = [
        ("response_mode=form_post", false),
        ("tenant=7&code_challenge=x", false),
        ("code_challenge_method=plain", false),
        ("response%5Fmode=query", false),
        ("response_mode", false),
        ("tenant=response_mode&Response_Mode=x", true),
        ("", true),
    ];
    check_all(rows, |(query, is_allowed)| {
        let mut client = client_of(&format!("{ENDPOINT}?{query}"), "spa", REDIRECT_URI);
        let result = client.ask_for_codes(token_endpoint(), ResponseMode::Query);
        let option = result.err().map(|error| error.option);
        let expected = (!is_allowed).then_some("server.authorization_endpoint");
        same(query, &option, &expected)
    });
    // For a token they are the server's own affair.
    assert!(server("https://as.example/authorize?response_mode=fragment").is_ok());
}

#[test]
fn rule_a3_a_further_parameter_is_none_of_those_that_ask_for_a_code() {
    let names = ["response_mode", "code_challenge", "code_challenge_method"];
    let code_client = code_client(ResponseMode::Query);
    let token_client = client();
    for name in names {
        let refused = AuthorizationRequest::new(&code_client).add_parameter(name, "x");
        assert_eq!(refused.unwrap_err().option, "parameters", "{name}");
        let accepted = AuthorizationRequest::new(&token_client).add_parameter(name, "x");
        assert!(accepted.is_ok(), "{name}");
    }
    for name in ["response_type", "state", ""] {
        let refused = AuthorizationRequest::new(&code_client).add_parameter(name, "x");
        assert_eq!(refused.unwrap_err().option, "parameters", "{name}");
    }
}

#[test]
fn a_code_is_exchanged_for_the_client_that_asked_for_it() {
    let endpoint = TokenEndpoint::new(url("https://as.example/token"), "other".into()).unwrap();
    let refused = client().ask_for_codes(endpoint, ResponseMode::Query);
    assert_eq!(refused.unwrap_err().option, "client_id");
    assert!(client().token_endpoint().is_none());
    let client = code_client(ResponseMode::Query);
    assert!(client.token_endpoint().is_some());
}

/// A login for a code with everything that its record can hold.
fn full(mode: ResponseMode) -> Pending {
    let client = code_client(mode);
    let mut request = AuthorizationRequest::new(&client);
    request.set_app_state("{\"tab\":1}");
    request.set_return_to("/issues?page=2").unwrap();
    request.start(&of_appendix_b(), NOW).1
}

#[test]
fn rule_s1_the_record_of_a_login_for_a_code() {
    for mode in MODES {
        let pending = full(mode);
        let mut expected: BTreeMap<_, _> = [
            ("v", "1"),
            ("state", pending.state().as_str()),
            ("server", ENDPOINT),
            ("client_id", "spa"),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "read write"),
            ("time", "1700000000"),
            ("return_to", "/issues?page=2"),
            ("app_state", "{\"tab\":1}"),
            ("code_verifier", VERIFIER),
        ]
        .into();
        if mode == ResponseMode::Fragment {
            expected.insert("response_mode", "fragment");
        }
        let record = pending.to_record();
        let members = pairs(&record);
        let members: BTreeMap<_, _> = members
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(members, expected);
        let read = Pending::from_record(&record).unwrap();
        assert_eq!(read.to_record(), record);
        assert_eq!(read.state().as_str(), pending.state().as_str());
    }
}

#[test]
fn rule_s1_a_record_without_what_the_exchange_needs_counts_as_absent() {
    let pending = full(ResponseMode::Query);
    let record = pending.to_record();
    let verifier = format!("code_verifier={VERIFIER}");
    let rows = [
        record.replace(&verifier, ""),
        record.replace(&verifier, "code_verifier="),
        format!("{record}&{verifier}"),
        format!("{record}&response_mode=query&response_mode=fragment"),
        record.replace("response_type=code", "response_type=code+token"),
        record.replace("response_type=code", "response_type=Code"),
        record.replace("response_type=code", ""),
        record.replace("v=1", "v=2"),
    ];
    let client = code_client(ResponseMode::Query);
    let state = pending.state();
    let address = format!("{REDIRECT_URI}?code=C&state={}", state.as_str());
    assert!(Pending::from_record(&record).is_some());
    check_all(rows, |text| {
        same("it changes", &(text != &record), &true)?;
        let mut store = Store([(pending.key(), text.clone())].into());
        let handled = store.handle(&client, &address, NOW);
        same(text, &handled.code(), &"unknown_state")?;
        same(text, &handled.change, &Some(RecordChange::Remove))?;
        same(text, &Pending::from_record(text).is_none(), &true)
    });
}

#[test]
fn rule_p1_every_response_to_a_request_for_a_code_gives_its_verdict() {
    // {S} is the state, {W} the delimiter before the part that was asked for, {O} the other one.
    let rows = [
        ("{W}code=C&state={S}", "ok"),
        ("{W}state={S}&code=C", "ok"),
        ("{W}c%6Fde=C&st%61te={S}", "ok"),
        (
            "{W}code=C&state={S}&iss=https%3A%2F%2Fas.example&session_state=x",
            "ok",
        ),
        (
            "{W}code=C&state={S}&scope=read&expires_in=1&token_type=mac",
            "ok",
        ),
        ("{W}code=C&state={S}&id_token=J&refresh_token=R", "ok"),
        ("{W}code=C&state={S}&access_token=", "ok"),
        ("{W}state={S}", "missing_code"),
        ("{W}state={S}&code=", "missing_code"),
        ("{W}state={S}&id_token=J", "missing_code"),
        ("{O}state={S}", "missing_code"),
        ("{O}code=C&state={S}", "wrong_location"),
        ("{O}code=%C3%A4&state={S}", "wrong_location"),
        (
            "#access_token=AT&token_type=Bearer&state={S}",
            "unexpected_response_type",
        ),
        (
            "#code=C&access_token=AT&token_type=Bearer&state={S}",
            "unexpected_response_type",
        ),
        (
            "?access_token=AT&token_type=Bearer&state={S}",
            "wrong_location",
        ),
        ("?code=C&access_token=AT&state={S}", "wrong_location"),
        ("{W}response=e30.e30.&state={S}", "unexpected_response_type"),
        (
            "{W}code=C&response=e30.e30.&state={S}",
            "unexpected_response_type",
        ),
        ("{W}code=%C3%A4&state={S}", "malformed_response"),
        ("{W}code=a%0D%0Ab&state={S}", "malformed_response"),
        ("{W}code=a%00b&state={S}", "malformed_response"),
        ("{W}code=%7F&state={S}", "malformed_response"),
        ("{W}error=access_denied&state={S}", "authorization_error"),
        ("{O}error=access_denied&state={S}", "authorization_error"),
        ("{W}error=x&code=C&state={S}", "authorization_error"),
        ("{W}error=%C3%A4&state={S}", "malformed_response"),
        (
            "{W}error=a%22b&error_description=x&state={S}",
            "malformed_response",
        ),
        (
            "{W}code=C&state={S}&iss=https%3A%2F%2Fevil.example",
            "issuer_mismatch",
        ),
        (
            "{W}code=C&state={S}&iss=https%3A%2F%2Fas.example%2F",
            "issuer_mismatch",
        ),
        (
            "{W}error=x&state={S}&iss=https%3A%2F%2Fevil.example",
            "issuer_mismatch",
        ),
        (
            "{O}code=C&state={S}&iss=https%3A%2F%2Fevil.example",
            "issuer_mismatch",
        ),
    ];
    for mode in MODES {
        let client = code_client(mode);
        check_all(rows, |(row, code)| {
            let response = placed(row, mode);
            let handled = answer(&client, &response);
            same(&response, &handled.code(), code)?;
            let is_used = matches!(handled.change, Some(RecordChange::Replace(_)));
            same(&response, &is_used, &true)?;
            same(&response, &handled.address.as_str(), &REDIRECT_URI)
        });
    }
}

fn placed(row: &str, mode: ResponseMode) -> String {
    let other = match mode {
        ResponseMode::Query => ResponseMode::Fragment,
        ResponseMode::Fragment => ResponseMode::Query,
    };
    row.replace("{W}", delimiter(mode))
        .replace("{O}", delimiter(other))
}

#[test]
fn rule_p1_what_is_refused_before_its_state_is_known_uses_nothing_up() {
    let rows = [
        ("{W}code=C", "missing_state"),
        ("{W}code=C&state=", "missing_state"),
        ("{W}code=C&state=attacker", "unknown_state"),
        ("{W}code=C&state={S}x", "unknown_state"),
        ("{W}code=C&state={N}", "unknown_state"),
        ("{W}error=access_denied&state={N}", "unknown_state"),
        (
            "{W}code=C&state={N}&iss=https%3A%2F%2Fevil.example",
            "unknown_state",
        ),
        ("{O}code=C&state={N}", "unknown_state"),
        ("{W}code=C&code=C&state={S}", "duplicate_parameter"),
        ("{W}code=C&c%6Fde=D&state={S}", "duplicate_parameter"),
        ("{W}code=C&state={S}&state={S}", "duplicate_parameter"),
        ("{W}code=%zz&state={S}", "malformed_response"),
        ("{W}code=%ff&state={S}", "malformed_response"),
        ("?code=C&state={S}#code=C&state={S}", "ambiguous_response"),
        (
            "?code=C&state={S}#access_token=AT&token_type=Bearer&state={S}",
            "ambiguous_response",
        ),
        ("?error=x&state={S}#code=C&state={S}", "ambiguous_response"),
    ];
    for mode in MODES {
        let client = code_client(mode);
        check_all(rows, |(row, code)| {
            let (mut store, state) = Store::with_login(&client);
            let before = store.clone();
            let response = placed(row, mode)
                .replace("{S}", &state)
                .replace("{N}", fixtures::NOBODYS);
            let handled = store.handle(&client, &format!("{REDIRECT_URI}{response}"), NOW);
            same(&response, &handled.code(), code)?;
            same(&response, &store, &before)?;
            same(&response, &handled.address.as_str(), &REDIRECT_URI)
        });
    }
}

#[test]
fn rule_p2_the_code_reaches_the_exchange_as_it_was_decoded_once() {
    let rows = [
        ("SplxlOBeZQQYbYS6WxSbIA", "SplxlOBeZQQYbYS6WxSbIA"),
        ("YWJj==", "YWJj=="),
        ("a%3Db%26c", "a=b&c"),
        ("a%2Bb", "a+b"),
        ("a+b", "a b"),
        ("a%2541", "a%41"),
        ("4/0AX4XfWh;x", "4/0AX4XfWh;x"),
        ("%20~", " ~"),
    ];
    for mode in MODES {
        let client = code_client(mode);
        check_all(rows, |(raw, code)| {
            let response = format!("{}code={raw}&state={{S}}", delimiter(mode));
            let request = answer(&client, &response).exchange();
            let body = pairs(&request.http().body());
            let sent = body.iter().find(|(name, _)| name == "code");
            same(raw, &sent.map(|(_, value)| value.as_str()), &Some(*code))
        });
    }
}

#[test]
fn rule_p7_of_two_faults_of_a_code_the_earlier_in_the_order_is_told() {
    let promising = |mode| {
        let mut client = client_with_issuer(Some(fixtures::ISSUER), true);
        client.ask_for_codes(token_endpoint(), mode).unwrap();
        client
    };
    let rows = [
        (REDIRECT_URI, "{W}state={S}", LIFETIME + 1, "state_expired"),
        (
            REDIRECT_URI,
            "{W}error=x&state={S}",
            LIFETIME + 1,
            "state_expired",
        ),
        (
            "https://app.example/other",
            "{W}code=C&state={S}",
            LIFETIME + 1,
            "state_expired",
        ),
        (
            "https://app.example/other",
            "{O}error=x&state={S}&iss=https%3A%2F%2Fevil.example",
            0,
            "redirect_uri_mismatch",
        ),
        (
            REDIRECT_URI,
            "?access_token=AT&state={S}&iss=https%3A%2F%2Fevil.example",
            0,
            "wrong_location",
        ),
        (REDIRECT_URI, "{O}code=C&state={S}", 0, "issuer_missing"),
        (REDIRECT_URI, "{W}error=x&state={S}", 0, "issuer_missing"),
        (
            REDIRECT_URI,
            "{O}error=x&code=%7F&state={S}&iss=https%3A%2F%2Fas.example",
            0,
            "authorization_error",
        ),
        (
            REDIRECT_URI,
            "{O}response=x&code=%7F&state={S}&iss=https%3A%2F%2Fas.example",
            0,
            "unexpected_response_type",
        ),
        (
            REDIRECT_URI,
            "{O}code=%7F&state={S}&iss=https%3A%2F%2Fas.example",
            0,
            "wrong_location",
        ),
    ];
    for mode in MODES {
        let client = promising(mode);
        check_all(rows, |(at, row, age, code)| {
            let (mut store, state) = Store::with_login(&client);
            let response = placed(row, mode).replace("{S}", &state);
            let handled = store.handle(&client, &format!("{at}{response}"), NOW + age);
            same(&response, &handled.code(), code)
        });
    }
}

#[test]
fn rule_s2_a_code_comes_once() {
    for mode in MODES {
        let client = code_client(mode);
        let (mut store, state) = Store::with_login(&client);
        let address = format!("{REDIRECT_URI}{}code=C&state={state}", delimiter(mode));
        assert_eq!(store.handle(&client, &address, NOW).code(), "ok");
        let trace: String = store.0.values().cloned().collect();
        assert!(!trace.contains("verifier"), "{trace}");
        let again = store.handle(&client, &address, NOW);
        assert_eq!((again.code(), again.change), ("state_replayed", None));
    }
}

#[test]
fn rule_p1_what_the_login_asked_for_decides_and_not_what_the_client_would_ask_for_today() {
    let token = client();
    let [by_query, by_fragment] = MODES.map(code_client);
    let good = GOOD.to_owned() + "{S}";
    let rows = [
        // Started by, finished by.
        (&token, &by_query, good.as_str(), "ok"),
        (&token, &by_fragment, good.as_str(), "ok"),
        (
            &token,
            &by_query,
            "?code=C&state={S}",
            "unexpected_response_type",
        ),
        (
            &token,
            &by_fragment,
            "#code=C&state={S}",
            "unexpected_response_type",
        ),
        (&by_query, &by_fragment, "?code=C&state={S}", "ok"),
        (
            &by_query,
            &by_fragment,
            "#code=C&state={S}",
            "wrong_location",
        ),
        (&by_fragment, &by_query, "#code=C&state={S}", "ok"),
        (
            &by_fragment,
            &by_query,
            "?code=C&state={S}",
            "wrong_location",
        ),
        (
            &by_query,
            &token,
            "?code=C&state={S}",
            "unexpected_response_type",
        ),
        (
            &by_fragment,
            &token,
            "#code=C&state={S}",
            "unexpected_response_type",
        ),
        (&by_query, &token, good.as_str(), "unexpected_response_type"),
        (
            &by_query,
            &token,
            "?error=x&state={S}",
            "authorization_error",
        ),
    ];
    check_all(rows, |(starter, finisher, response, code)| {
        let (mut store, state) = Store::with_login(starter);
        let response = response.replace("{S}", &state);
        let handled = store.handle(finisher, &format!("{REDIRECT_URI}{response}"), NOW);
        same(&response, &handled.code(), code)
    });
    // To the implicit flow and back: the login is as it was.
    let (mut store, state) = Store::with_login(&by_query);
    let other = store.login(&token, 2);
    let address = format!("{REDIRECT_URI}{GOOD}{other}");
    assert_eq!(store.handle(&token, &address, NOW).code(), "ok");
    let address = format!("{REDIRECT_URI}?code=C&state={state}");
    assert_eq!(store.handle(&by_query, &address, NOW).code(), "ok");
}

#[test]
fn rule_s1_what_was_given_to_the_login_comes_back_with_its_code() {
    let client = code_client(ResponseMode::Query);
    let mut pending = full(ResponseMode::Query);
    let response = format!("{REDIRECT_URI}?code=C&state={}", pending.state().as_str());
    let reading = client.read(&url(&response));
    let grant = pending
        .finish(&client, reading.response.unwrap().unwrap(), NOW)
        .unwrap();
    assert!(grant.token().is_none());
    assert_eq!(grant.app_state.as_deref(), Some("{\"tab\":1}"));
    assert_eq!(grant.return_to.as_deref(), Some("/issues?page=2"));
}

#[test]
fn rule_p12_without_a_scope_in_the_answer_it_is_the_logins() {
    let mut client = code_client(ResponseMode::Query);
    let (mut store, state) = Store::with_login(&client);
    client.set_scope("other".into()).unwrap();
    let address = format!("{REDIRECT_URI}?code=C&state={state}&scope=admin");
    let request = store.handle(&client, &address, NOW).exchange();
    let body = b"{\"access_token\":\"AT\",\"token_type\":\"Bearer\"}";
    let answer = HttpResponse::new(200, "application/json", body);
    let set = request.finish(&answer, NOW).unwrap();
    assert_eq!(set.token.scope(), Some("read write"));
    assert_eq!(set.token.access_token(), "AT");
    assert_eq!(set.refresh_token, None);
}

#[test]
fn what_else_the_redirect_says_comes_with_the_exchange() {
    let client = code_client(ResponseMode::Query);
    for (more, further) in [("", None), ("&realmId=42&x=a+b", Some("&realmId=42&x=a+b"))] {
        let (mut store, state) = Store::with_login(&client);
        let address = format!("{REDIRECT_URI}?code=C&state={state}{more}");
        let request = store.handle(&client, &address, NOW).exchange();
        assert_eq!(request.further(), further);
    }
}

#[test]
fn the_exchange_names_the_redirect_uri_to_the_letter() {
    let mut client = client_of(ENDPOINT, "spa", "HTTPS://App.example:443/cb?x=%2F");
    client
        .ask_for_codes(token_endpoint(), ResponseMode::Query)
        .unwrap();
    let (address, pending) = start(&client, 1);
    let mut store = Store::default();
    store.keep(&pending);
    let state = pending.state().as_str();
    let response = format!("{REDIRECT_URI}?x=%2F&code=C&state={state}");
    let body = store
        .handle(&client, &response, NOW)
        .exchange()
        .http()
        .body();
    let body: BTreeMap<_, _> = pairs(&body).into_iter().collect();
    assert_eq!(body["redirect_uri"], "HTTPS://App.example:443/cb?x=%2F");
    assert_eq!(body["redirect_uri"], query(&address)["redirect_uri"]);
}

#[test]
fn rule_p17_the_code_leaves_the_address_with_all_that_came_with_it() {
    let rows = [
        (ResponseMode::Query, "?code=C&state={S}#_=_", "ok", ""),
        (
            ResponseMode::Query,
            "?tab=1&code=C&state={S}&q=a%20b#top",
            "ok",
            "#top",
        ),
        (ResponseMode::Query, "?state={S}&Code=C", "missing_code", ""),
        (
            ResponseMode::Query,
            "?code=C&state={S}&authuser=0&hd=example.com&prompt=none",
            "ok",
            "",
        ),
        (ResponseMode::Query, "?code=C&state={S}#_", "ok", ""),
        (
            ResponseMode::Query,
            "?code=C&state={S}#/inbox?code=7",
            "ok",
            "#/inbox?code=7",
        ),
        (
            ResponseMode::Query,
            "?code=C&state={S}#state=anotherValue&iss=y",
            "ok",
            "#state=anotherValue&iss=y",
        ),
        (
            ResponseMode::Fragment,
            "?tab=1#code=C&state={S}&foo",
            "ok",
            "?tab=1",
        ),
        (
            ResponseMode::Fragment,
            "?tab=1&state={S}&iss=https%3A%2F%2Fas.example#code=C",
            "ok",
            "?tab=1",
        ),
        (
            ResponseMode::Query,
            "?zip=1#/search?state=CA&code=94107",
            "null",
            "?zip=1#/search?state=CA&code=94107",
        ),
    ];
    check_all(rows, |(mode, response, code, left)| {
        let handled = answer(&code_client(*mode), response);
        same(response, &handled.code(), code)?;
        let left = format!("{REDIRECT_URI}{left}");
        same(response, &handled.address, &left)
    });
}

#[test]
fn rule_p1_behind_a_hash_route_a_code_stands_in_the_fragment() {
    for (mode, code) in [
        (ResponseMode::Fragment, "ok"),
        (ResponseMode::Query, "wrong_location"),
    ] {
        let mut client: Client = code_client(mode);
        client.set_hash_router(true);
        let handled = answer(&client, "#/cb?code=C&state={S}");
        assert_eq!(handled.code(), code);
        assert_eq!(handled.address, "https://app.example/cb#/cb");
    }
}
