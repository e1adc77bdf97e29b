//! Answers of the token endpoint, requests to it, and what is kept of them, with any content.

use std::collections::BTreeMap;

use super::cases;
use crate::fixtures::{self, NOW, client, pairs, record_of, session_in, token_endpoint};
use claviger::{Format, HttpResponse, Metadata, TokenRequest};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

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

/// The members of RFC 6749, section 5.1, that decide; `None` where one has a type that it may not have.
fn deciding(document: &Value) -> Option<[String; 3]> {
    let names = ["access_token", "token_type", "error"];
    let texts: Option<Vec<String>> = names
        .iter()
        .map(|name| match &document[*name] {
            Value::Null => Some(String::new()),
            Value::Bool(false) if *name == "error" => Some(String::new()),
            Value::String(text) => Some(text.clone()),
            _ => None,
        })
        .collect();
    texts?.try_into().ok()
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| ('!'..='~').contains(&it))
}

/// Whether an `expires_in` is none, or a number in a form that this test knows.
fn is_expiry(value: &Value) -> bool {
    let is_number = |text: &str| text.is_empty() || text.parse::<i64>().is_ok();
    value.as_str().is_none_or(is_number)
}

/// The tokens of a scope, with single spaces between them.
fn scope_of(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(texts) => {
            let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
            texts.join(" ")
        }
        _ => String::new(),
    };
    let is_outside =
        |it: char| it.is_ascii() && !('!'..='~').contains(&it) || it == '"' || it == '\\';
    let tokens = text.split(is_outside);
    let tokens: Vec<&str> = tokens
        .filter(|it| !it.is_empty() && it.is_ascii())
        .collect();
    tokens.join(" ")
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn rule_t2_no_answer_and_no_record_panics(
        status: u16,
        content_type in prop_oneof![Just(String::from("application/json")), "\\PC{0,20}"],
        body in body(),
        record in "(v=2&)?([a-z_]{0,12}=[ -~]{0,8}&){0,6}",
        now: u64,
    ) {
        for status in [200, status] {
            let answer = HttpResponse::new(status, &content_type, &body);
            let request = TokenRequest::refresh(&token_endpoint(), "OLD", "read");
            let _ = format!("{:?}", request.finish(&answer, now));
            if let Ok(metadata) = Metadata::read(fixtures::ISSUER, &answer) {
                let _ = metadata.best_response_type();
            }
        }
        let _ = session_in(&client(), &record, now);
        let _ = session_in(&client(), &String::from_utf8_lossy(&body), now);
    }

    #[test]
    fn rule_t2_a_token_comes_from_an_answer_that_fits_and_from_no_other(
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
        let fitting = deciding(&document).filter(|[token, token_type, error]| {
            let is_bearer = token_type.eq_ignore_ascii_case("bearer") || (token_type.is_empty() && assumed);
            (200..300).contains(&status)
                && error.is_empty()
                && is_token(token)
                && is_bearer
                && is_expiry(&document["expires_in"])
        });
        match (outcome, fitting) {
            (Ok(set), Some([token, ..])) => {
                let or = |text: String, instead: &str| if text.is_empty() { instead.into() } else { text };
                let scope = scope_of(&document["scope"]);
                let refresh_token = document["refresh_token"].as_str().unwrap_or_default();
                let is_readable = refresh_token.chars().all(|it| (' '..='~').contains(&it));
                let refresh_token = String::from(if is_readable { refresh_token } else { "" });
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
    fn rule_t4_what_goes_out_is_what_was_given(name in "\\PC{1,10}", value in "\\PC{1,20}|[\\x00-\\x7f]{1,10}", secret in "[ -~]{1,20}") {
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
                Format::Form => pairs(&body).into_iter().collect(),
                Format::Query => pairs(request.http().url().split_once('?').unwrap().1).into_iter().collect(),
                Format::Json => serde_json::from_str(&body).unwrap(),
            };
            let expected = [("grant_type", "urn:example:grant"), (&name, &value), ("client_id", "spa"), ("client_secret", &secret)];
            let expected = expected.map(|(name, value)| (String::from(name), String::from(value)));
            prop_assert_eq!(said, expected.into());
        }
    }

    #[test]
    fn a_kept_session_is_the_session(token in "[!-~]{1,20}", scope in "[!#-\\[\\]-~]{0,8}", refresh_token in "[ -~]{0,20}", expires_in: Option<u32>) {
        let mut document = json!({ "access_token": token, "token_type": "Bearer", "scope": scope, "refresh_token": refresh_token });
        document["expires_in"] = json!(expires_in);
        document["team"] = json!({ "name": refresh_token, "ids": [expires_in] });
        let answer = HttpResponse::new(200, "application/json", document.to_string().as_bytes());
        let request = TokenRequest::new(&token_endpoint(), "client_credentials", &[]).unwrap();
        let set = request.finish(&answer, NOW).unwrap();
        let client = client();
        let is_usable = expires_in.is_none_or(|seconds| seconds > 0);
        match session_in(&client, &record_of(&client, &set), NOW) {
            Some(read) => {
                prop_assert_eq!(read.token.access_token(), token);
                prop_assert_eq!(read.token.scope(), set.token.scope());
                let further: Value = serde_json::from_str(read.token.further().unwrap()).unwrap();
                prop_assert_eq!(further, json!({ "team": document["team"] }));
                prop_assert_eq!(read.token.expires_at(), expires_in.map(|seconds| NOW + u64::from(seconds)));
                prop_assert_eq!(read.refresh_token.unwrap_or_default(), refresh_token);
            }
            None => prop_assert!(!is_usable && refresh_token.is_empty()),
        }
    }
}
