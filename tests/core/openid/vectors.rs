//! The vectors of ID tokens, with signatures verified here. The package runs the same file by WebCrypto.

use std::collections::BTreeSet;

use crate::fixtures::{ENDPOINT, ISSUER, check_all, same};
use claviger::{Error, ExpectedIdToken, HttpResponse, IdToken, Metadata, Nonce, RelyingParty};
use serde_json::{Value, json};

const VECTORS: &str = include_str!("../../vectors/id_tokens.json");

/// When the cases are judged.
pub(super) const NOW: u64 = 1_790_000_000;

/// A provider's metadata that lists these algorithms.
fn metadata(algorithms: &Value) -> Metadata {
    let document = json!({
        "issuer": ISSUER,
        "authorization_endpoint": ENDPOINT,
        "id_token_signing_alg_values_supported": algorithms,
    });
    let answer = HttpResponse::new(200, "application/json", document.to_string().as_bytes());
    Metadata::read(ISSUER, &answer).unwrap()
}

/// The case of this id: what it has to fit, its token, and its keys.
pub(super) fn good(id: &str) -> (RelyingParty, ExpectedIdToken, String, Value) {
    let mut cases = cases().into_iter();
    let (case, keys) = cases.find(|(case, _)| case.text("id") == id).unwrap();
    let keys = serde_json::from_str(&keys).unwrap();
    (
        case.party(),
        case.expected(),
        case.text("id_token").into(),
        keys,
    )
}

/// What a case comes to.
pub(super) fn code_of(id: &str) -> &'static str {
    let mut cases = cases().into_iter();
    let (case, keys) = cases.find(|(case, _)| case.text("id") == id).unwrap();
    case.verify(&keys)
        .map_or_else(|error| error.code(), |_| "ok")
}

/// The ID token of the first case.
pub(super) fn id_token() -> IdToken {
    let (party, expected, text, keys) = good("I001");
    let unverified = party.read(&text, &expected, NOW).unwrap();
    let check = unverified.check(&keys.to_string()).unwrap();
    check.verified(&check.run()).unwrap()
}

/// A case with what it leaves to the defaults.
struct Case(Value);

impl Case {
    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }

    fn party(&self) -> RelyingParty {
        let mut party =
            RelyingParty::new(self.text("issuer").into(), self.text("client_id").into()).unwrap();
        party
            .set_clock_tolerance(self.0["clock_tolerance"].as_u64().unwrap())
            .unwrap();
        if let Some(algorithm) = self.0["id_token_signed_response_alg"].as_str() {
            party.set_algorithm(algorithm).unwrap();
        }
        party.set_supported(&metadata(&self.0["id_token_signing_alg_values_supported"]));
        for audience in self.0["trusted_audiences"].as_array().into_iter().flatten() {
            party.trust_audience(audience.as_str().unwrap()).unwrap();
        }
        party
    }

    fn expected(&self) -> ExpectedIdToken {
        let nonce = Nonce::from_text(self.text("nonce"));
        let mut expected = match self.0["previous"]["sub"].as_str() {
            Some(subject) => ExpectedIdToken::of_renewal(nonce, subject),
            None => ExpectedIdToken::of_login(nonce),
        };
        if let Some(seconds) = self.0["max_age"].as_u64() {
            expected = expected.with_max_age(seconds);
        }
        if let Some(values) = self.0["required_acr"].as_array() {
            let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            expected = expected.with_required_acr(&values.join(" "));
        }
        let access_token = self.text("access_token");
        expected = if self.text("response_type").contains(" token") {
            expected.beside_access_token_in_redirect(access_token)
        } else {
            expected.beside_access_token(access_token)
        };
        expected
            .beside_code(self.text("authorization_code"))
            .beside_state(self.text("state"))
    }

    fn verify(&self, key_set: &str) -> Result<IdToken, Error> {
        let now = self.0["now"].as_u64().unwrap();
        let unverified = self
            .party()
            .read(self.text("id_token"), &self.expected(), now)?;
        let check = unverified.check(key_set)?;
        check.verified(&check.run())
    }
}

/// The cases, each with its key set as text.
fn cases() -> Vec<(Case, String)> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    cases
        .iter()
        .map(|case| {
            let mut whole = vectors["defaults"].clone();
            for (name, value) in case.as_object().unwrap() {
                whole[name] = value.clone();
            }
            let keys = match &whole["jwks"] {
                Value::String(name) => vectors["jwks"][name].to_string(),
                set => set.to_string(),
            };
            (Case(whole), keys)
        })
        .collect()
}

/// Runs the cases of some groups, so many of them.
fn check_groups(groups: &str, count: usize) {
    let mut cases = cases();
    cases.retain(|(case, _)| groups.split(' ').any(|it| it == case.text("group")));
    assert_eq!(cases.len(), count);
    check_all(cases, |(case, key_set)| {
        let verified = case.verify(key_set);
        let code = verified.as_ref().map_or_else(Error::code, |_| "ok");
        let told = format!("{} ({})", case.text("id"), case.text("note"));
        same(&told, &code, &case.text("code"))?;
        if let Ok(id_token) = verified {
            same(&told, &id_token.as_str(), &case.text("id_token"))?;
            same(&told, &id_token.issuer(), &case.text("issuer"))?;
            let claims = id_token.claims();
            same(&told, &claims.text("sub"), &Some(id_token.subject()))?;
            let read: Value = serde_json::from_str(id_token.json()).unwrap();
            same(&told, &read["sub"].as_str(), &Some(id_token.subject()))?;
        }
        Ok(())
    });
}

#[test]
fn rule_i10_every_algorithm_and_every_good_token_is_accepted() {
    check_groups("accept", 28);
}

#[test]
fn rule_i7_i8_a_token_has_one_form_and_its_json_one_meaning() {
    check_groups("form", 32);
}

#[test]
fn rule_i9_i10_the_header_decides_nothing_that_was_not_agreed_on() {
    check_groups("header", 20);
}

#[test]
fn rule_i11_i12_one_sound_key_is_the_tokens_and_none_is_tried_out() {
    check_groups("key", 20);
}

#[test]
fn rule_i15_the_signature_is_over_the_parts_as_they_came() {
    check_groups("signature", 14);
}

#[test]
fn rule_i17_i18_i19_issuer_audience_and_subject_are_compared_to_the_letter() {
    check_groups("issuer audience subject", 23);
}

#[test]
fn rule_i20_i22_times_are_numbers_within_the_tolerance() {
    check_groups("time", 19);
}

#[test]
fn rule_i21_i26_the_nonce_is_the_logins_and_a_renewal_is_the_same_users() {
    check_groups("nonce renewal", 12);
}

#[test]
fn rule_i23_i24_hashes_and_contexts_are_those_that_were_asked_for() {
    check_groups("at_hash c_hash acr", 21);
}

/// The tests above run so many.
#[test]
fn every_vector_is_run_and_has_an_id_of_its_own() {
    let cases = cases();
    let ids: BTreeSet<&str> = cases.iter().map(|(case, _)| case.text("id")).collect();
    assert_eq!(ids.len(), 189);
    assert_eq!(cases.len(), 189);
}
