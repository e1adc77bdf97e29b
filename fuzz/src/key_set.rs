//! A provider's keys. The first line is the header of the token, the rest the set.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use claviger::{ExpectedIdToken, HttpResponse, Metadata, Nonce, RelyingParty};
use serde_json::{Value, json};

use crate::fixtures::{ISSUER, NOW};
use crate::id_token::NONCE;
use crate::oracle::json;

/// What makes a key the key it is, and nothing of its private half (RFC 7518, section 6).
const PUBLIC: [&str; 6] = ["kty", "crv", "n", "e", "x", "y"];

pub fn judge(text: &str) {
    let (header, set) = text.split_once('\n').unwrap_or((text, ""));
    let claims = json!({
        "iss": ISSUER, "sub": "248289761001", "aud": "spa", "nonce": NONCE, "iat": NOW, "exp": NOW + 600,
    });
    let token = format!(
        "{}.{}.{}",
        BASE64.encode(header),
        BASE64.encode(claims.to_string()),
        BASE64.encode([7; 64])
    );
    let mut party = RelyingParty::new(ISSUER.into(), "spa".into()).expect("a party");
    party.set_supported(&metadata());
    let expected = ExpectedIdToken::of_login(Nonce::from_text(NONCE));
    let Ok(unverified) = party.read(&token, &expected, NOW) else {
        return;
    };
    let Ok(check) = unverified.check(set) else {
        return;
    };
    let (Some(header), Some(set)) = (json(header), json(set)) else {
        return;
    };
    let used: Value = serde_json::from_str(check.jwk()).expect("the key is JSON");
    let members = used.as_object().expect("an object");
    assert!(
        members.keys().all(|name| PUBLIC.contains(&name.as_str())),
        "{used}"
    );
    let is_it = |key: &&Value| members.iter().all(|(name, value)| key[name] == *value);
    let candidates: Vec<&Value> = set["keys"]
        .as_array()
        .expect("keys")
        .iter()
        .filter(is_it)
        .collect();
    assert!(!candidates.is_empty(), "{used} is none of the set's");
    let is_usable = |key: &&Value| {
        key["d"].is_null()
            && (key["use"].is_null() || key["use"] == "sig")
            && (key["alg"].is_null() || key["alg"] == header["alg"])
            && (header["kid"].is_null() || key["kid"] == header["kid"])
    };
    assert!(
        candidates.iter().any(is_usable),
        "{used} is not for {header}"
    );
    let kind = match header["alg"].as_str().expect("an algorithm") {
        "ES256" | "ES384" | "ES512" => "EC",
        "Ed25519" | "EdDSA" => "OKP",
        _ => "RSA",
    };
    assert_eq!(used["kty"], kind);
}

fn metadata() -> Metadata {
    let document = json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://as.example/authorize",
        "id_token_signing_alg_values_supported": ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
            "ES384", "ES512", "Ed25519", "EdDSA"],
    });
    let answer = HttpResponse::new(200, "application/json", document.to_string().as_bytes());
    Metadata::read(ISSUER, &answer).expect("metadata")
}
