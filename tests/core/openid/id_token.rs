//! What the vectors of ID tokens leave open: key sets, the job that is named, who may ask for keys again.

use super::attacks::base64url;
use super::vectors::{NOW, good, id_token};
use crate::fixtures::{check_all, same};
use claviger::{
    CheckOutcome, Error, ExpectedIdToken, IdTokenCheck, Nonce, RelyingParty, are_keys_fresh,
};
use serde_json::{Value, json};

/// The check of a case with another key set.
fn check(id: &str, keys: &str) -> Result<IdTokenCheck, Error> {
    let (party, expected, text, _) = good(id);
    party.read(&text, &expected, NOW)?.check(keys)
}

/// The code of a case whose own key was changed; no other key is in the set.
fn code_with(id: &str, kid: &str, change: impl FnOnce(&mut Value)) -> &'static str {
    let (.., keys) = good(id);
    let keys = keys["keys"].as_array().unwrap();
    let mut key = keys.iter().find(|key| key["kid"] == kid).unwrap().clone();
    change(&mut key);
    let keys = json!({ "keys": [key] }).to_string();
    let verified = check(id, &keys).and_then(|check| check.verified(&check.run()));
    verified.map_or_else(|error| error.code(), |_| "ok")
}

const NOT_FOUND: &str = "id_token_key_not_found";

#[test]
fn rule_i12_a_key_is_sound_or_it_is_none() {
    type Row = (&'static str, &'static str, fn(&mut Value), &'static str);
    let rows: [Row; 17] = [
        ("I001", "r1", |_| {}, "ok"),
        ("I001", "r1", |key| key["d"] = "AQAB".into(), NOT_FOUND),
        ("I001", "r1", |key| key["x5c"] = json!(["AAAA"]), "ok"),
        ("I001", "r1", |key| key["use"] = Value::Null, "ok"),
        ("I001", "r1", |key| key["use"] = json!(["sig"]), NOT_FOUND),
        (
            "I001",
            "r1",
            |key| key["key_ops"] = json!("verify"),
            NOT_FOUND,
        ),
        (
            "I001",
            "r1",
            |key| key["key_ops"] = json!(["sign", "verify"]),
            "ok",
        ),
        // Exponents 1, 2 and one of 65 bits.
        ("I001", "r1", |key| key["e"] = "AQ".into(), NOT_FOUND),
        ("I001", "r1", |key| key["e"] = "Ag".into(), NOT_FOUND),
        (
            "I001",
            "r1",
            |key| key["e"] = "AQAAAAAAAAAB".into(),
            NOT_FOUND,
        ),
        ("I001", "r1", |key| key["e"] = "AQAB=".into(), NOT_FOUND),
        ("I001", "r1", |key| key["n"] = Value::Null, NOT_FOUND),
        // An even modulus.
        (
            "I001",
            "r1",
            |key| change_end(&mut key["n"], "g"),
            NOT_FOUND,
        ),
        // Three zero bytes in front of a number change nothing of it, and all of a coordinate.
        ("I001", "r1", |key| lengthen(&mut key["n"]), "ok"),
        ("I007", "e1", |key| lengthen(&mut key["x"]), NOT_FOUND),
        ("I007", "e1", |key| key["y"] = key["n"].take(), NOT_FOUND),
        ("I010", "d1", |key| lengthen(&mut key["x"]), NOT_FOUND),
    ];
    check_all(rows.iter().enumerate(), |(at, (id, kid, change, code))| {
        same(&format!("row {at}"), &code_with(id, kid, change), code)
    });
}

fn change_end(text: &mut Value, end: &str) {
    let mut changed = String::from(text.as_str().unwrap());
    changed.pop();
    *text = format!("{changed}{end}").into();
}

fn lengthen(text: &mut Value) {
    *text = format!("AAAA{}", text.as_str().unwrap()).into();
}

#[test]
fn rule_i13_a_key_set_is_the_json_of_rfc_7517_and_no_larger_than_it_has_to_be() {
    let (.., keys) = good("I001");
    let key = keys["keys"][0].to_string();
    let of = |count: usize| format!("{{\"keys\":[{}{key}]}}", "{},".repeat(count - 1));
    let padded = |bytes: usize| {
        let set = format!("{{\"keys\":[{key}],\"x\":\"\"}}");
        set.replace("\"\"", &format!("\"{}\"", "x".repeat(bytes - set.len())))
    };
    let rows = [
        (of(64), "ok"),
        (of(65), "invalid_jwks"),
        (padded(256 * 1024), "ok"),
        (padded(256 * 1024 + 1), "invalid_jwks"),
        (format!("{{\"keys\":[7,null,[],\"x\",{{}},{key}]}}"), "ok"),
        (format!("{{\"keys\":{key}}}"), "invalid_jwks"),
        (format!("[{key}]"), "invalid_jwks"),
        (format!("{{\"keys\":[],\"keys\":[{key}]}}"), "invalid_jwks"),
        ("{}".into(), "invalid_jwks"),
        ("<html>".into(), "invalid_jwks"),
        (String::new(), "invalid_jwks"),
        ("{\"keys\":[]}".into(), NOT_FOUND),
    ];
    check_all(rows.iter().enumerate(), |(at, (keys, code))| {
        let checked = check("I001", keys).map_or_else(|error| error.code(), |_| "ok");
        same(&format!("row {at}"), &checked, code)
    });
}

#[test]
fn rule_i12_the_job_has_nothing_of_a_key_but_what_makes_it_that_key() {
    let (.., keys) = good("I001");
    let members = |id: &str| -> Vec<String> {
        let check = check(id, &keys.to_string()).unwrap();
        let jwk: Value = serde_json::from_str(check.jwk()).unwrap();
        jwk.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(members("I001"), ["e", "kty", "n"]);
    assert_eq!(members("I007"), ["crv", "kty", "x", "y"]);
    assert_eq!(members("I010"), ["crv", "kty", "x"]);
}

#[test]
fn rule_i15_the_job_is_over_the_text_as_it_came() {
    let (_, _, text, keys) = good("I001");
    let check = check("I001", &keys.to_string()).unwrap();
    let (input, _) = text.rsplit_once('.').unwrap();
    assert_eq!(check.input(), input.as_bytes());
    assert_eq!(check.algorithm().name(), "RS256");
    assert_eq!(check.signature().len(), 256);
    assert_eq!(check.texts_to_hash(), ["", "", ""]);
}

/// Engines take a number with zeros in front of it for the number.
#[test]
fn rule_i15_a_signature_of_another_length_is_none_before_anybody_verifies_it() {
    let rows = [
        ("I001", 256),
        ("I003", 384),
        ("I004", 256),
        ("I007", 64),
        ("I008", 96),
        ("I009", 132),
        ("I010", 64),
        ("I011", 64),
    ];
    check_all(rows, |(id, bytes)| {
        let (party, expected, text, keys) = good(id);
        let (input, _) = text.rsplit_once('.').unwrap();
        let code = |bytes: usize| {
            let signature = base64url(&vec![0; bytes]);
            let text = format!("{input}.{signature}");
            let checked = party
                .read(&text, &expected, NOW)
                .and_then(|unverified| unverified.check(&keys.to_string()));
            checked.map_or_else(|error| error.code(), |_| "ok")
        };
        let invalid = "id_token_signature_invalid";
        same(id, &code(*bytes), &"ok")?;
        same(id, &code(bytes - 1), &invalid)?;
        same(id, &code(bytes + 1), &invalid)?;
        same(id, &code(0), &invalid)
    });
}

#[test]
fn rule_i24_i25_nothing_but_a_good_outcome_makes_an_id_token() {
    // With an at_hash, which must be there.
    let (.., keys) = good("I164");
    let check = check("I164", &keys.to_string()).unwrap();
    let [access_token, code, state] = check.texts_to_hash();
    assert!(!access_token.is_empty() && code.is_empty() && state.is_empty());
    let code = |outcome: &CheckOutcome| {
        check
            .verified(outcome)
            .map_or_else(|it| it.code(), |_| "ok")
    };
    let good = check.run();
    assert_eq!(code(&good), "ok");
    assert_eq!(code(&CheckOutcome::default()), "id_token_signature_invalid");
    let without = CheckOutcome {
        is_signed: false,
        ..good.clone()
    };
    assert_eq!(code(&without), "id_token_signature_invalid");
    let mut digests = good.digests.clone();
    digests[0].clear();
    let unhashed = CheckOutcome {
        digests,
        ..good.clone()
    };
    assert_eq!(code(&unhashed), "at_hash_mismatch");
    // The left half alone is no hash of this algorithm.
    let mut digests = good.digests.clone();
    digests[0].truncate(16);
    assert_eq!(code(&CheckOutcome { digests, ..good }), "at_hash_mismatch");
}

#[test]
fn rule_i14_keys_are_asked_for_again_once_a_minute_and_only_where_they_may_have_changed() {
    let (party, expected, text, keys) = good("I001");
    let unverified = || party.read(&text, &expected, NOW).unwrap();
    let not_found = unverified().check("{\"keys\":[]}").unwrap_err();
    assert_eq!(not_found, Error::IdTokenKeyNotFound);
    assert!(unverified().may_refetch(&not_found, None, NOW));
    assert!(!unverified().may_refetch(&not_found, Some(NOW), NOW));
    assert!(!unverified().may_refetch(&not_found, Some(NOW - 59), NOW));
    assert!(unverified().may_refetch(&not_found, Some(NOW - 60), NOW));
    // Of 1,000 forged tokens in 1,000 seconds.
    let mut last = None;
    let requests = (NOW..NOW + 1000).filter(|now| {
        let may = unverified().may_refetch(&not_found, last, *now);
        last = if may { Some(*now) } else { last };
        may
    });
    assert_eq!(requests.count(), 17);
    let check = unverified().check(&keys.to_string()).unwrap();
    let forged = check.verified(&CheckOutcome::default()).unwrap_err();
    // Its header names the key, so that it is no other one's.
    assert!(!check.may_refetch(&forged, None, NOW));
    for error in [
        Error::InvalidJwks,
        Error::NonceMismatch,
        Error::AtHashMismatch,
    ] {
        assert!(!check.may_refetch(&error, None, NOW), "{error}");
    }
    // I083 names no key.
    let (party, expected, text, keys) = good("I083");
    let check = party
        .read(&text, &expected, NOW)
        .unwrap()
        .check(&keys.to_string())
        .unwrap();
    assert!(check.may_refetch(&forged, None, NOW));
}

#[test]
fn rule_i13_keys_are_kept_for_ten_minutes() {
    assert!(are_keys_fresh(NOW, NOW));
    assert!(are_keys_fresh(NOW, NOW + 599));
    assert!(!are_keys_fresh(NOW, NOW + 600));
    // A clock that was set back says nothing of their age.
    assert!(!are_keys_fresh(NOW, NOW - 1));
}

#[test]
fn rule_i4_a_nonce_is_32_random_bytes_as_43_characters() {
    assert_eq!(Nonce::new(&[0; 32]).as_str(), "A".repeat(43));
    let nonce = Nonce::new(&[255; 32]);
    assert_eq!(nonce.as_str(), format!("{}8", "_".repeat(42)));
    assert_eq!(Nonce::from_text(nonce.as_str()).as_str(), nonce.as_str());
}

#[test]
fn rule_i21_without_a_nonce_of_the_logins_no_token_is_its_own() {
    let (party, _, text, _) = good("I001");
    let expected = ExpectedIdToken::of_login(Nonce::from_text(""));
    let error = party.read(&text, &expected, NOW).unwrap_err();
    assert_eq!(error, Error::NonceMismatch);
}

#[test]
fn rule_i10_i18_i20_what_is_configured_is_checked() {
    let mut party = RelyingParty::new("https://op.example".into(), "spa".into()).unwrap();
    let errors = [
        RelyingParty::new(String::new(), "spa".into()).map(drop),
        party.set_algorithm("HS256"),
        party.set_algorithm("none"),
        party.set_algorithm(""),
        party.set_clock_tolerance(601),
        party.trust_audience(""),
        party.trust_audience("a\nb"),
    ];
    let options = errors.map(|result| result.unwrap_err().option);
    assert_eq!(
        options,
        [
            "server.issuer",
            "id_token_signed_response_alg",
            "id_token_signed_response_alg",
            "id_token_signed_response_alg",
            "clockTolerance",
            "trustedAudiences",
            "trustedAudiences",
        ]
    );
    assert_eq!(party.set_clock_tolerance(600), Ok(()));
}

#[test]
fn claims_are_data_by_their_names_and_types() {
    let (party, expected, text, keys) = good("I012");
    let check = party
        .read(&text, &expected, NOW)
        .unwrap()
        .check(&keys.to_string())
        .unwrap();
    let id_token = check.verified(&check.run()).unwrap();
    let claims = id_token.claims();
    assert_eq!(claims.text("name"), Some("Zoë 🦊"));
    assert_eq!(claims.list("amr").unwrap(), ["pwd", "otp"]);
    assert_eq!(claims.number("iat"), Some("1789999990"));
    assert!(!claims.is_true("email_verified"));
    assert_eq!(claims.text("address"), None);
    assert_eq!(claims.list("name"), None);
    assert_eq!(id_token.auth_time(), None);
    assert!(claims.names().any(|name| name == "address"));
}

#[test]
fn attack_27_neither_claims_nor_nonces_are_printed() {
    let (party, expected, text, keys) = good("I001");
    let unverified = party.read(&text, &expected, NOW).unwrap();
    let check = unverified.clone().check(&keys.to_string()).unwrap();
    let printed = format!(
        "{expected:?} {unverified:?} {check:?} {:#?} {:?}",
        id_token(),
        id_token().claims()
    );
    let (_, rest) = text.split_once('.').unwrap();
    for secret in [
        "248289761001",
        "n-0S6_WzA2MjKZr8vKq3TtYxB5mLpWcEdHf7GuJiQoY",
        rest,
    ] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
