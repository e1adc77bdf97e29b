//! The authorization request: rules A2 to A6.

use std::collections::BTreeSet;

use crate::fixtures::{
    self, ENDPOINT, NOW, REDIRECT_URI, check_all, client, client_of, random, refused, start, url,
};
use claviger::AuthorizationRequest;

/// The bytes from 0 to 31, and the state that they make.
const COUNTING_STATE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

fn counting() -> [[u8; 32]; 3] {
    let bytes = core::array::from_fn(|at| u8::try_from(at).unwrap());
    [bytes, [0; 32], [0; 32]]
}

/// The parameters of a URL, decoded by somebody else's code.
fn parameters(address: &str) -> Vec<(String, String)> {
    let (_, query) = address.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

#[test]
fn rule_a4_the_example_of_rfc_6749_section_4_2_1_byte_for_byte() {
    let client = client_of(
        "https://server.example.com/authorize",
        "s6BhdRkqt3",
        "https://client.example.com/cb",
    );
    let (address, _) = AuthorizationRequest::new(&client).start(&counting(), NOW);
    assert_eq!(
        address,
        "https://server.example.com/authorize?response_type=token&client_id=s6BhdRkqt3\
         &redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb\
         &state=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    );
    let example = "https://server.example.com/authorize?response_type=token&client_id=s6BhdRkqt3\
                   &state=xyz&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb";
    let meaning = |address: &str| -> BTreeSet<_> {
        let all = parameters(address).into_iter();
        all.filter(|(name, _)| name != "state").collect()
    };
    assert_eq!(meaning(&address), meaning(example));
}

#[test]
fn rule_a4_the_request_of_seeclickfix_byte_for_byte() {
    let client = client_of(
        "https://seeclickfix.com/oauth/authorize",
        "YOUR_CLIENT_ID",
        "https://app.example/issues/",
    );
    let (address, _) = AuthorizationRequest::new(&client).start(&counting(), NOW);
    assert_eq!(
        address,
        "https://seeclickfix.com/oauth/authorize?response_type=token&client_id=YOUR_CLIENT_ID\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fissues%2F\
         &state=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    );
}

#[test]
fn rule_a4_everything_that_a_request_can_hold_byte_for_byte() {
    let mut client = client_of(
        "https://as.example/authorize?tenant=7",
        "spa & co=1+1",
        "https://app.example/cb?next=%2F&x=1",
    );
    client.set_scope("read write:a&b".into()).unwrap();
    let mut request = AuthorizationRequest::new(&client);
    for (name, value) in [
        ("prompt", "login"),
        ("login_hint", "ada+1@example.com"),
        ("größe", "100 % & mehr #1"),
        ("empty", ""),
    ] {
        request.add_parameter(name, value).unwrap();
    }
    let (address, _) = request.start(&counting(), NOW);
    assert_eq!(
        address,
        "https://as.example/authorize?tenant=7&response_type=token&client_id=spa+%26+co%3D1%2B1\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fnext%3D%252F%26x%3D1\
         &scope=read+write%3Aa%26b&state=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\
         &prompt=login&login_hint=ada%2B1%40example.com\
         &gr%C3%B6%C3%9Fe=100+%25+%26+mehr+%231&empty="
    );
}

#[test]
fn rule_a2_the_redirect_uri_goes_out_to_the_letter_and_not_as_the_parser_writes_it() {
    let client = client_of(ENDPOINT, "spa", "HTTPS://App.example:443");
    let (address, _) = start(&client, 1);
    assert!(
        address.contains("&redirect_uri=HTTPS%3A%2F%2FApp.example%3A443&"),
        "{address}"
    );
}

#[test]
fn rule_a3_a_further_parameter_may_be_none_of_ours_and_stands_once() {
    let client = client();
    let ours = ["response_type", "client_id", "redirect_uri", "state"];
    check_all(ours.into_iter().chain(["", "prompt"]), |name| {
        let mut request = AuthorizationRequest::new(&client);
        request.add_parameter("prompt", "none").unwrap();
        refused(request.add_parameter(name, "x"), "parameters")
            .map_err(|it| format!("{name:?}: {it}"))
    });
}

#[test]
fn rule_a3_no_parameter_overrides_ours_once_it_is_decoded() {
    let client = client();
    let mut request = AuthorizationRequest::new(&client);
    for name in [
        "%73tate",
        "State",
        "state ",
        "a&state",
        "state=x&b",
        "scope[]",
        "nonce",
    ] {
        request.add_parameter(name, "EVIL&state=EVIL").unwrap();
    }
    let (address, pending) = request.start(&random(1), NOW);
    let parameters = parameters(&address);
    let ours: Vec<_> = parameters
        .iter()
        .take(5)
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let expected = [
        ("response_type", "token"),
        ("client_id", "spa"),
        ("redirect_uri", REDIRECT_URI),
        ("scope", "read write"),
        ("state", pending.state().as_str()),
    ];
    assert_eq!(ours, expected);
    for (name, _) in expected {
        assert_eq!(
            parameters.iter().filter(|(it, _)| it == name).count(),
            1,
            "{name}"
        );
    }
    assert_eq!(parameters.len(), 12);
}

#[test]
fn rule_a3_no_scope_is_no_parameter() {
    let (address, _) = start(&client_of(ENDPOINT, "spa", REDIRECT_URI), 1);
    let parameters = parameters(&address);
    assert!(
        !parameters.iter().any(|(name, _)| name == "scope"),
        "{address}"
    );
}

#[test]
fn rule_a5_the_state_is_32_bytes_as_43_characters_of_base64url() {
    let state_of = |random: [u8; 32]| {
        let (_, pending) =
            AuthorizationRequest::new(&client()).start(&[random, [0; 32], [0; 32]], NOW);
        String::from(pending.state().as_str())
    };
    assert_eq!(state_of(counting()[0]), COUNTING_STATE);
    assert_eq!(state_of([0; 32]), "A".repeat(43));
    assert_eq!(state_of([0xFF; 32]), format!("{}8", "_".repeat(42)));
    assert_eq!(
        state_of([0xFB; 32]),
        format!("{}s", "-_v7".repeat(10) + "-_")
    );
}

#[test]
fn rule_a5_each_of_the_256_bits_makes_another_state() {
    let client = client();
    let states: BTreeSet<String> = (0..256_usize)
        .map(|bit| {
            let random = core::array::from_fn(|at| if at == bit / 8 { 1 << (bit % 8) } else { 0 });
            let (_, pending) =
                AuthorizationRequest::new(&client).start(&[random, [0; 32], [0; 32]], NOW);
            pending.state().as_str().into()
        })
        .collect();
    assert_eq!(states.len(), 256);
}

#[test]
fn rule_a6_the_record_comes_with_the_url_and_is_found_by_its_state() {
    let client = client();
    let (address, pending) = start(&client, 1);
    let state = parameters(&address)
        .into_iter()
        .find(|(name, _)| name == "state");
    assert_eq!(state.unwrap().1, pending.state().as_str());
    let back = url(&format!(
        "{REDIRECT_URI}{}{}",
        fixtures::GOOD,
        pending.state().as_str()
    ));
    assert_eq!(client.read(&back).key(), Some(pending.key()));
    assert!(pending.key().starts_with("claviger:"));
}
