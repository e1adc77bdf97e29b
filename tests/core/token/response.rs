//! The token endpoint's answer: rule T2, and P9 to P14 where they hold there, too.

use std::collections::BTreeSet;

use crate::fixtures::{NOW, SCOPE, check_all, same, token_endpoint};
use claviger::{Error, HttpResponse, TokenRequest, TokenSet};
use serde_json::Value;

const VECTORS: &str = include_str!("../../vectors/token_responses.json");
/// The largest whole number that JavaScript holds exactly.
const LAST: u64 = (1 << 53) - 1;
const GOOD: &[u8] = b"{\"access_token\":\"AT\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
const REFUSAL: &[u8] = b"{\"error\":\"invalid_grant\"}";

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn cases(vectors: &Value) -> &[Value] {
    vectors["cases"].as_array().unwrap()
}

#[test]
fn rule_t2_every_vector_gives_its_verdict() {
    let vectors = vectors();
    let cases = cases(&vectors);
    assert!(cases.len() >= 225, "only {} cases", cases.len());
    let ids: BTreeSet<_> = cases.iter().map(|case| case["id"].as_str()).collect();
    assert_eq!(ids.len(), cases.len());
    check_all(cases, |case| {
        run(case).map_err(|it| format!("{} {}: {it}", case["id"], case["note"]))
    });
}

fn run(case: &Value) -> Result<(), String> {
    let status = case["status"].as_u64().unwrap().try_into().unwrap();
    let content_type = case["content_type"].as_str().unwrap();
    let answer = HttpResponse::new(status, content_type, &bytes(&case["body"]));
    let outcome = request(&case["options"]).finish(&answer, NOW);
    let expect = &case["expect"];
    let code = outcome.as_ref().err().map_or("ok", Error::code);
    same("the code", &Some(code), &expect["code"].as_str())?;
    match outcome {
        Ok(set) => check_token(expect, &set),
        Err(error) => check_refusal(expect, &error),
    }
}

fn check_token(expect: &Value, set: &TokenSet) -> Result<(), String> {
    let token = &set.token;
    let is = Some(token.access_token().into());
    same("the token", &is, &text(&expect["access_token"]))?;
    let scope = token.scope().map(String::from);
    same("the scope", &scope, &text(&expect["scope"]))?;
    let refresh = &set.refresh_token;
    same("the renewal", refresh, &text(&expect["refresh_token"]))?;
    if let Some(least) = expect["expires_at_least"].as_u64() {
        let is_late = |end| (least..=LAST).contains(&end);
        return same(
            "a late end",
            &token.expires_at().is_some_and(is_late),
            &true,
        );
    }
    let end = expect["expires_in"].as_u64().map(|seconds| NOW + seconds);
    same("the end", &token.expires_at(), &end)
}

fn check_refusal(expect: &Value, error: &Error) -> Result<(), String> {
    let said = error.server();
    let words = [
        ("error", said.map(|it| it.error.clone())),
        (
            "error_description",
            said.and_then(|it| it.description.clone()),
        ),
        ("error_uri", said.and_then(|it| it.uri.clone())),
    ];
    words
        .iter()
        .try_for_each(|(name, word)| same(name, word, &text(&expect[*name])))
}

/// The request that the case answers.
fn request(options: &Value) -> TokenRequest {
    let mut endpoint = token_endpoint();
    endpoint.assume_bearer(options["assumeTokenType"] == "Bearer");
    let scope = options.get("scope").map_or(Some(SCOPE), Value::as_str);
    if let Some(old) = options["refresh_token"].as_str() {
        return TokenRequest::refresh(&endpoint, old, scope.unwrap_or_default());
    }
    let parameters: Vec<_> = scope.map(|scope| ("scope", scope)).into_iter().collect();
    TokenRequest::new(&endpoint, "client_credentials", &parameters).unwrap()
}

/// What comes of an answer to a plain request.
fn code(status: u16, content_type: &str, body: &[u8]) -> &'static str {
    let answer = HttpResponse::new(status, content_type, body);
    match request(&Value::Null).finish(&answer, NOW) {
        Ok(_) => "ok",
        Err(error) => error.code(),
    }
}

/// A text, or a text repeated; `None` for null and for what isn't there.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        part => Some(String::from_utf8(bytes(part)).unwrap()),
    }
}

/// A part, or a list of them.
fn bytes(parts: &Value) -> Vec<u8> {
    match parts {
        Value::Array(parts) => parts.iter().flat_map(bytes).collect(),
        Value::String(text) => text.clone().into_bytes(),
        part => part["hex"].as_str().map_or_else(|| repeated(part), unhex),
    }
}

fn repeated(part: &Value) -> Vec<u8> {
    let times = part["times"].as_u64().unwrap().try_into().unwrap();
    part["repeat"].as_str().unwrap().repeat(times).into_bytes()
}

fn unhex(digits: &str) -> Vec<u8> {
    let value = |digit: &u8| char::from(*digit).to_digit(16).unwrap();
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::try_from(value(&pair[0]) * 16 + value(&pair[1])).unwrap())
        .collect()
}

#[test]
fn rule_t2_a_token_comes_with_a_success_and_with_no_redirect() {
    for status in 0..=1000 {
        let expected = match status {
            200..=299 => "ok",
            _ => "invalid_token_response",
        };
        assert_eq!(code(status, "application/json", GOOD), expected, "{status}");
        let refused = code(status, "application/json", REFUSAL);
        assert_eq!(refused, "token_error", "{status}");
    }
}

#[test]
fn rule_p10_every_other_character_makes_the_answer_invalid() {
    for byte in 0..=0x7F_u8 {
        let is_allowed = matches!(byte, 0x21..=0x7E);
        let token = format!("a{}b", char::from(byte));
        let body = serde_json::json!({ "access_token": token, "token_type": "Bearer" }).to_string();
        let expected = if is_allowed {
            "ok"
        } else {
            "invalid_token_response"
        };
        let is = code(200, "application/json", body.as_bytes());
        assert_eq!(is, expected, "{byte:#x}");
    }
}

#[test]
fn rule_p11_no_expiry_of_an_answer_overflows() {
    let body = GOOD.to_vec();
    let answer = HttpResponse::new(200, "application/json", &body);
    let set = request(&Value::Null).finish(&answer, u64::MAX).unwrap();
    assert_eq!(set.token.expires_at(), Some(LAST));
}

#[test]
fn a_document_that_is_nested_without_end_takes_no_stack() {
    let open = "[".repeat(500_000);
    let bodies = [
        open.clone(),
        format!("{{\"a\":{open}"),
        "{\"a\":".repeat(100_000),
        format!("{{\"a\":{open}{}}}", "]".repeat(500_000)),
    ];
    for body in bodies {
        let is = code(200, "application/json", body.as_bytes());
        assert_eq!(is, "invalid_token_response");
    }
}

#[test]
fn two_tokens_are_equal_where_all_of_them_is() {
    let token = |members: &str, now| {
        let body = format!("{{\"token_type\":\"Bearer\",{members}}}");
        let answer = HttpResponse::new(200, "application/json", body.as_bytes());
        request(&Value::Null).finish(&answer, now).unwrap().token
    };
    let one = "\"access_token\":\"AT\",\"expires_in\":60,\"scope\":\"read\",\"team\":\"a\"";
    assert!(token(one, NOW) == token(one, NOW));
    for (part, other) in [
        ("AT", "AX"),
        ("60", "61"),
        ("read", "all"),
        ("\"a\"", "\"b\""),
    ] {
        let another = one.replacen(part, other, 1);
        assert!(token(one, NOW) != token(&another, NOW), "{part}");
    }
    assert!(token(one, NOW) != token(one, NOW + 1));
}
