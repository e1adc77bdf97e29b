//! What was tried against clients of OpenID providers, and is refused here.

use super::vectors::{NOW, code_of, good};
use crate::fixtures::{check_all, same};
use claviger::{Error, ExpectedIdToken, Nonce, RelyingParty};

/// RFC 4648, section 5.
pub(super) fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three
            .iter()
            .fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for at in 0..=three.len() {
            let value = (bits >> (18 - 6 * at)) & 63;
            text.push(char::from(ALPHABET[value as usize]));
        }
    }
    text
}

/// The codes of some vectors.
fn check_codes(code: &str, ids: &[&str]) {
    check_all(ids, |id| same(id, &code_of(id), &code));
}

#[test]
fn attack_11_a_response_without_the_id_token_that_was_asked_for_is_refused() {
    let (party, expected, ..) = good("I001");
    assert_eq!(
        party.read("", &expected, NOW).unwrap_err(),
        Error::MissingIdToken
    );
}

#[test]
fn attack_46_neither_none_nor_a_shared_secret_is_an_algorithm_whoever_lists_them() {
    check_codes(
        "id_token_alg_refused",
        &["I060", "I061", "I062", "I063", "I064", "I065", "I066"],
    );
}

#[test]
fn attack_47_a_key_or_an_address_in_the_tokens_own_header_is_not_looked_at() {
    check_codes("ok", &["I027"]);
    check_codes("id_token_signature_invalid", &["I099"]);
    check_codes("id_token_key_not_found", &["I100"]);
}

#[test]
fn attack_48_a_kid_is_a_name_and_a_key_of_another_use_or_kind_is_none() {
    let (party, expected, text, keys) = good("I001");
    let (_, rest) = text.split_once('.').unwrap();
    for kid in [
        "../../r1",
        "' OR 1=1 --",
        "r1\0",
        "R1",
        "",
        "__proto__",
        "*",
    ] {
        let header = serde_json::json!({ "alg": "RS256", "kid": kid }).to_string();
        let forged = format!("{}.{rest}", base64url(header.as_bytes()));
        let unverified = party.read(&forged, &expected, NOW).unwrap();
        let error = unverified.check(&keys.to_string()).unwrap_err();
        assert_eq!(error, Error::IdTokenKeyNotFound, "{kid:?}");
    }
    check_codes(
        "id_token_key_not_found",
        &["I090", "I091", "I092", "I093", "I095", "I096"],
    );
}

/// One provider serves several issuers with one key set, or one client is known to several of them.
#[test]
fn attack_49_50_a_token_of_another_issuer_or_for_another_client_is_not_believed_for_its_signature()
{
    let (_, expected, text, _) = good("I001");
    let read = |issuer: &str, client_id: &str| {
        let party = RelyingParty::new(issuer.into(), client_id.into()).unwrap();
        party
            .read(&text, &expected, NOW)
            .map_or_else(|error| error.code(), |_| "ok")
    };
    assert_eq!(read("https://op.example", "city-issues"), "ok");
    assert_eq!(
        read("https://op.example/other", "city-issues"),
        "id_token_issuer_mismatch"
    );
    assert_eq!(
        read("https://op.example", "another-client"),
        "id_token_audience_mismatch"
    );
}

#[test]
fn attack_51_a_token_of_another_login_of_the_same_user_is_refused() {
    let (party, expected, text, _) = good("I001");
    assert!(party.read(&text, &expected, NOW).is_ok());
    // Two logins at once: each has a nonce of its own.
    for seed in [1, 2] {
        let expected = ExpectedIdToken::of_login(Nonce::new(&[seed; 32]));
        assert_eq!(
            party.read(&text, &expected, NOW).unwrap_err(),
            Error::NonceMismatch
        );
    }
    check_codes(
        "nonce_mismatch",
        &["I157", "I158", "I159", "I160", "I161", "I187"],
    );
}

#[test]
fn attack_52_an_access_token_that_was_put_into_another_ones_place_is_refused() {
    check_codes("ok", &["I164"]);
    check_codes(
        "at_hash_mismatch",
        &["I168", "I169", "I170", "I171", "I172", "I173", "I176"],
    );
}

#[test]
fn attack_56_a_claim_that_is_named_like_a_member_of_every_object_is_a_claim() {
    let (party, expected, text, keys) = good("I026");
    let check = party
        .read(&text, &expected, NOW)
        .unwrap()
        .check(&keys.to_string())
        .unwrap();
    let id_token = check.verified(&check.run()).unwrap();
    assert_eq!(id_token.subject(), "248289761001");
    assert!(id_token.claims().names().any(|name| name == "__proto__"));
}

#[test]
fn attack_57_a_token_with_a_character_changed_anywhere_is_refused() {
    let (party, expected, text, keys) = good("I007");
    let keys = keys.to_string();
    for at in 0..text.len() {
        let mut forged = text.clone().into_bytes();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap();
        let verified = party.read(&forged, &expected, NOW);
        let verified = verified.and_then(|it| it.check(&keys));
        let verified = verified.and_then(|check| check.verified(&check.run()));
        assert!(verified.is_err(), "{at}: {forged}");
    }
}
