//! An ID token, signed by whoever was asked to. A line each: the header, the claims. A text in braces is
//! what it would be in a good token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use claviger::{CheckOutcome, Error, ExpectedIdToken, Nonce, RelyingParty};
use serde_json::Value;

use crate::fixtures::{ISSUER, NOW};
use crate::oracle::{assert_silent, json};

/// The nonce of the login.
pub const NONCE: &str = "n-0S6_WzA2MjKZr8vKq3TtYxB5mLpWcEdHf7GuJiQoY";
const CLIENT_ID: &str = "spa";
const TOLERANCE: u64 = 60;
/// One key for each algorithm that the party takes.
const KEYS: &str = include_str!("keys.json");

pub fn judge(text: &str) {
    let (header, claims) = text.split_once('\n').unwrap_or((text, ""));
    let claims = claims.replace("{NONCE}", NONCE).replace("{ISSUER}", ISSUER);
    let signature = BASE64.encode([7; 256]);
    let token = format!(
        "{}.{}.{signature}",
        BASE64.encode(header),
        BASE64.encode(&claims)
    );
    let Ok((subject, printed)) = verify(&token, true) else {
        return;
    };
    assert_silent(&printed, &[NONCE, &subject, &token]);
    assert!(
        verify(&token, false).is_err(),
        "a token that nobody has signed was believed"
    );

    let (Some(header), Some(claims)) = (json(header), json(&claims)) else {
        return;
    };
    assert_eq!(header["alg"], "RS256");
    assert!(
        header.get("crit").is_none() && header.get("b64").is_none(),
        "{header}"
    );
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["sub"], *subject);
    assert!((1..=255).contains(&subject.len()), "{subject}");
    assert_eq!(claims["nonce"], NONCE);
    match &claims["aud"] {
        Value::String(audience) => assert_eq!(audience, CLIENT_ID),
        Value::Array(audiences) => {
            assert!(audiences.iter().any(|one| one == CLIENT_ID), "{claims}");
            assert!(
                audiences.len() == 1
                    || audiences.iter().all(|one| one == CLIENT_ID)
                    || claims["azp"] == CLIENT_ID
            );
        }
        other => panic!("{other} is no audience"),
    }
    assert!(
        claims["azp"].is_null() || claims["azp"] == CLIENT_ID,
        "{claims}"
    );
    let time = |name: &str| claims[name].as_f64();
    let (tolerance, now) = (TOLERANCE as f64, NOW as f64);
    assert!(
        time("exp").expect("an end") > now - tolerance - 1.0,
        "{claims} has expired"
    );
    assert!(
        time("iat").expect("a time of issue") <= now + tolerance,
        "{claims} is to come"
    );
    assert!(
        time("nbf").is_none_or(|begin| begin <= now + tolerance),
        "{claims} is to come"
    );
}

/// The subject, and what is printed of all that was made on the way.
fn verify(token: &str, is_signed: bool) -> Result<(String, String), Error> {
    let mut party = RelyingParty::new(ISSUER.into(), CLIENT_ID.into()).expect("a party");
    party.set_clock_tolerance(TOLERANCE).expect("a tolerance");
    let expected = ExpectedIdToken::of_login(Nonce::from_text(NONCE));
    let unverified = party.read(token, &expected, NOW)?;
    let printed = format!("{party:?} {expected:?} {unverified:?}");
    let check = unverified.check(KEYS)?;
    let printed = format!("{printed} {check:?}");
    let verified = check.verified(&CheckOutcome {
        is_signed,
        ..CheckOutcome::default()
    })?;
    Ok((
        verified.subject().to_owned(),
        format!("{printed} {verified:?}"),
    ))
}
