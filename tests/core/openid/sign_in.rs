//! A sign-in from its request to its session: the nonce, what a response brings, what a renewal may change.

use claviger::{
    AuthorizationRequest, Cause, Client, Error, Granted, HttpResponse, Lock, Received,
    RelyingParty, RenewalParameters, ResponseMode, SessionEffect, SessionEvent, SessionPolicy,
    SignIn, TokenSet,
};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::attacks::base64url;
use crate::fixtures::{NOW, REDIRECT_URI, client, code_client, pairs, random, same, url};

const ISSUER: &str = "https://as.example";
const AT: &str = "SECRET-AT";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// The issuer's keys.
fn keys() -> String {
    let x = base64url(key().verifying_key().as_bytes());
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]}).to_string()
}

/// An ID token with these claims over the usual ones.
fn id_token(more: &Value) -> String {
    let mut claims =
        json!({"iss": ISSUER, "aud": "spa", "sub": "ada", "iat": NOW, "exp": NOW + 300});
    let members = claims.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    let header = base64url(br#"{"alg":"Ed25519"}"#);
    let input = format!("{header}.{}", base64url(claims.to_string().as_bytes()));
    let signature = key().sign(input.as_bytes()).to_bytes();
    format!("{input}.{}", base64url(&signature))
}

fn party() -> RelyingParty {
    let mut party = RelyingParty::new(ISSUER.into(), "spa".into()).unwrap();
    party.set_algorithm("Ed25519").unwrap();
    party.set_jwks(keys());
    party
}

fn asking(mut client: Client) -> Client {
    client.set_scope("openid".into()).unwrap();
    client.ask_for_id_tokens(party()).unwrap();
    client
}

fn by_code() -> Client {
    asking(code_client(ResponseMode::Query))
}

/// A login's nonce, and what its response brings.
fn brought(client: &Client, part: impl Fn(&str) -> String) -> (String, SignIn, String) {
    let (address, mut pending) = AuthorizationRequest::new(client).start(&random(1), NOW);
    let sent = pairs(address.split_once('?').unwrap().1);
    let nonce = sent.iter().find(|(name, _)| name == "nonce").unwrap();
    let state = String::from(pending.state().as_str());
    let answered = format!(
        "{REDIRECT_URI}{}&state={state}&iss={ISSUER}",
        part(&nonce.1)
    );
    let response = client.read(&url(&answered)).response.unwrap().unwrap();
    let grant = pending.finish(client, response, NOW).unwrap();
    let parameters = String::from(grant.parameters());
    match grant.granted {
        Granted::SignIn(sign_in) => (nonce.1.clone(), *sign_in, parameters),
        other => panic!("{other:?}"),
    }
}

fn of_code(client: &Client) -> (String, SignIn, String) {
    brought(client, |_| "?code=C".into())
}

/// The answer of a token endpoint, with an ID token that has these claims.
fn answer(claims: Option<&Value>) -> HttpResponse {
    let mut body = json!({"access_token": AT, "token_type": "Bearer", "refresh_token": "RT"});
    if let Some(claims) = claims {
        body["id_token"] = id_token(claims).into();
    }
    HttpResponse::new(200, "application/json", body.to_string().as_bytes())
}

fn verified(received: Received) -> Result<TokenSet, Error> {
    match received {
        Received::Unchanged(set) => Ok(set),
        Received::Unverified(unverified) => {
            let check = unverified.id_token().clone().check(&keys())?;
            let id_token = check.verified(&check.run())?;
            unverified.verified(&id_token)
        }
    }
}

fn finish(sign_in: SignIn, answer: &HttpResponse) -> Result<TokenSet, Error> {
    verified(sign_in.finish(Some(answer), NOW)?)
}

#[test]
fn rule_i4_a_nonce_is_of_bytes_of_its_own_and_kept_for_the_session() {
    let [state, verifier, nonce] = random(1);
    let client = by_code();
    let (sent, sign_in, parameters) = of_code(&client);
    assert_eq!(sent, base64url(&nonce));
    assert!(sent != base64url(&state) && sent != base64url(&verifier));
    assert_eq!(parameters, format!("nonce={sent}"));
    assert!(!format!("{sign_in:?}").contains(&sent));
    let (plain, _) =
        AuthorizationRequest::new(&code_client(ResponseMode::Query)).start(&random(1), NOW);
    assert!(!plain.contains("nonce"));
}

#[test]
fn rule_i25_a_code_brings_tokens_once_its_id_token_is_verified() {
    let client = by_code();
    for (claims, code) in [
        (Some(json!({})), "ok"),
        (None, "missing_id_token"),
        (Some(json!({"nonce": "other"})), "nonce_mismatch"),
        (Some(json!({"aud": "other"})), "id_token_audience_mismatch"),
        (
            Some(json!({"iss": "https://other.example"})),
            "id_token_issuer_mismatch",
        ),
        (Some(json!({"at_hash": "AAAA"})), "at_hash_mismatch"),
    ] {
        let (nonce, sign_in, _) = of_code(&client);
        let claims = claims.map(|mut claims| {
            let members = claims.as_object_mut().unwrap();
            members.entry("nonce").or_insert(nonce.into());
            claims
        });
        let finished = finish(sign_in, &answer(claims.as_ref()));
        same(
            code,
            &finished.as_ref().map_or_else(Error::code, |_| "ok"),
            &code,
        )
        .unwrap();
        if let Ok(set) = finished {
            assert_eq!(set.id_token(&party()).unwrap().subject(), "ada");
            assert_eq!(set.token.access_token(), AT);
            assert!(!format!("{set:?}").contains("eyJ"));
        }
    }
    let (_, sign_in, _) = of_code(&client);
    assert_eq!(
        sign_in.finish(None, NOW).unwrap_err(),
        Error::TokenEndpointUnreachable
    );
}

#[test]
fn rule_i16_the_token_endpoints_tls_stands_in_for_a_signature_only_where_the_program_says_so() {
    let mut trusting = party();
    trusting.trust_token_endpoint(true);
    let mut client = by_code();
    client.ask_for_id_tokens(trusting.clone()).unwrap();
    let (nonce, sign_in, _) = of_code(&client);
    assert!(!sign_in.needs_keys());
    let forged = id_token(&json!({"nonce": nonce}));
    let (input, _) = forged.rsplit_once('.').unwrap();
    let body =
        json!({"access_token": AT, "token_type": "Bearer", "id_token": format!("{input}.AAAA")});
    let answer = HttpResponse::new(200, "application/json", body.to_string().as_bytes());
    assert!(finish(sign_in, &answer).is_ok());
    // What came in a redirect, or from elsewhere, is none of the token endpoint's.
    let mut client = asking(self::client());
    client.ask_for_id_tokens(trusting).unwrap();
    let (_, sign_in, _) = brought(&client, |nonce| {
        let token = id_token(&json!({"nonce": nonce, "at_hash": at_hash()}));
        let (input, _) = token.rsplit_once('.').unwrap();
        format!(
            "#access_token={AT}&token_type=Bearer&id_token={input}.{}",
            "A".repeat(86)
        )
    });
    assert!(sign_in.needs_keys());
    let refused = verified(sign_in.finish(None, NOW).unwrap()).unwrap_err();
    assert_eq!(refused, Error::IdTokenSignatureInvalid);
}

fn at_hash() -> String {
    base64url(&Sha512::digest(AT)[..32])
}

#[test]
fn rule_i24_beside_a_token_in_a_redirect_its_hash_is_required() {
    let client = asking(client());
    for (hash, code) in [
        (Some(at_hash()), "ok"),
        (Some("AAAA".into()), "at_hash_mismatch"),
        (None, "at_hash_mismatch"),
    ] {
        let (_, sign_in, _) = brought(&client, |nonce| {
            let mut claims = json!({"nonce": nonce});
            if let Some(hash) = &hash {
                claims["at_hash"] = hash.clone().into();
            }
            let id_token = id_token(&claims);
            format!("#access_token={AT}&token_type=Bearer&id_token={id_token}")
        });
        assert!(sign_in.http().is_none());
        let finished = sign_in.finish(None, NOW).and_then(verified);
        same(
            code,
            &finished.map_or_else(|error| error.code(), |_| "ok"),
            &code,
        )
        .unwrap();
    }
}

#[test]
fn rule_i28_an_id_token_alone_is_a_session_without_a_token() {
    let mut client = client();
    client.set_scope("openid".into()).unwrap();
    client.ask_for_id_tokens_alone(party()).unwrap();
    let (_, sign_in, parameters) = brought(&client, |nonce| {
        format!("#id_token={}", id_token(&json!({"nonce": nonce})))
    });
    let set = verified(sign_in.finish(None, NOW).unwrap()).unwrap();
    assert_eq!(set.id_token(&party()).unwrap().subject(), "ada");
    let resources = claviger::Resources::new(vec![url("https://api.example/")]).unwrap();
    let refused = resources.authorize(&url("https://api.example/"), Some(&set.token), NOW);
    assert_eq!(refused.unwrap_err(), Error::LoginRequired);
    let turn = begun(&SessionPolicy::new(client), &set, parameters);
    assert_eq!(turn.1.unwrap().id_token(&party()).unwrap().subject(), "ada");
}

/// The record and the session of a login that brought these tokens.
fn begun(policy: &SessionPolicy, set: &TokenSet, parameters: String) -> (String, Option<TokenSet>) {
    let event = SessionEvent::Granted {
        set: set.clone(),
        state: "S".repeat(43),
        parameters,
        by: Cause::Redirect,
    };
    let turn = policy.on("", "", &event, NOW);
    let record = turn.effects.iter().find_map(|effect| match effect {
        SessionEffect::Keep(record) => Some(record.clone()),
        _ => None,
    });
    (record.unwrap(), turn.session)
}

#[test]
fn rule_i26_a_refresh_keeps_the_id_token_or_brings_one_of_the_same_user() {
    let client = by_code();
    let (nonce, sign_in, parameters) = of_code(&client);
    let set = finish(sign_in, &answer(Some(&json!({"nonce": nonce})))).unwrap();
    let policy = SessionPolicy::new(client);
    let (record, _) = begun(&policy, &set, parameters);
    for (claims, code, kept) in [
        (None, "ok", true),
        (Some(json!({"iat": NOW + 1})), "ok", false),
        (Some(json!({"nonce": nonce, "iat": NOW + 1})), "ok", false),
        (Some(json!({"nonce": "other"})), "nonce_mismatch", true),
        (Some(json!({"sub": "eve"})), "subject_mismatch", true),
    ] {
        let parameters = RenewalParameters::new();
        let asked = policy.on(
            &record,
            "",
            &SessionEvent::RenewRequested { parameters },
            NOW,
        );
        let lock = Lock::Held;
        let locked = policy.on(
            &record,
            &asked.tab,
            &SessionEvent::Locked { renewal: 1, lock },
            NOW,
        );
        let sign_in = locked.effects.iter().find_map(|effect| match effect {
            SessionEffect::SignIn(1, sign_in) => Some((**sign_in).clone()),
            _ => None,
        });
        let answer = finish(sign_in.unwrap(), &answer(claims.as_ref()));
        same(
            code,
            &answer.as_ref().map_or_else(Error::code, |_| "ok"),
            &code,
        )
        .unwrap();
        let refreshed = SessionEvent::Refreshed { renewal: 1, answer };
        let turn = policy.on(&record, &locked.tab, &refreshed, NOW + 1);
        let now = turn.session.unwrap();
        assert_eq!(
            now.id_token_text() == set.id_token_text(),
            kept,
            "{claims:?}"
        );
        assert_eq!(now.id_token(&party()).unwrap().subject(), "ada");
    }
}

#[test]
fn rule_i26_a_login_without_its_user_brings_nobody_else() {
    let client = by_code();
    let (nonce, sign_in, _) = of_code(&client);
    let set = finish(sign_in, &answer(Some(&json!({"nonce": nonce})))).unwrap();
    for (sub, code) in [("ada", "ok"), ("eve", "subject_mismatch")] {
        let (nonce, sign_in, _) = of_code(&client);
        let claims = json!({"nonce": nonce, "sub": sub});
        let finished = finish(sign_in.of_session(&set), &answer(Some(&claims)));
        same(
            sub,
            &finished.map_or_else(|error| error.code(), |_| "ok"),
            &code,
        )
        .unwrap();
    }
}

#[test]
fn rule_i5_max_age_and_required_contexts_are_sent_kept_and_demanded() {
    let client = by_code();
    let mut request = AuthorizationRequest::new(&client);
    request.add_parameter("max_age", "60").unwrap();
    request.set_required_acr(&["gold", "silver"]).unwrap();
    for (name, value) in [
        ("nonce", "mine"),
        ("max_age", "1.5"),
        ("prompt", "none login"),
    ] {
        assert!(request.add_parameter(name, value).is_err(), "{name}");
    }
    for contexts in [&[][..], &[""], &["a b"]] {
        assert!(request.set_required_acr(contexts).is_err());
    }
    let (address, pending) = request.start(&random(1), NOW);
    let sent = pairs(address.split_once('?').unwrap().1);
    let sent = |name: &str| {
        sent.iter()
            .find(|(known, _)| known == name)
            .map(|it| it.1.as_str())
    };
    assert_eq!(
        [sent("max_age"), sent("acr_values"), sent("required_acr")],
        [Some("60"), Some("gold silver"), None]
    );
    let kept = pairs(&pending.to_record());
    let kept = kept.iter().find(|(name, _)| name == "parameters").unwrap();
    assert!(kept.1.contains("required_acr=gold+silver") && kept.1.contains("max_age=60"));
}

#[test]
fn rule_i2_a_client_asks_for_id_tokens_with_openid_its_issuer_and_keys() {
    let with_scope = || {
        let mut client = code_client(ResponseMode::Query);
        client.set_scope("openid".into()).unwrap();
        client
    };
    let option = |outcome: Result<(), claviger::InvalidOption>| outcome.unwrap_err().option;
    assert_eq!(
        option(code_client(ResponseMode::Query).ask_for_id_tokens(party())),
        "scope"
    );
    let other = RelyingParty::new(ISSUER.into(), "other".into()).unwrap();
    assert_eq!(option(with_scope().ask_for_id_tokens(other)), "client_id");
    let keyless = RelyingParty::new(ISSUER.into(), "spa".into()).unwrap();
    assert_eq!(
        option(with_scope().ask_for_id_tokens(keyless.clone())),
        "server.jwks_uri"
    );
    let mut trusting = keyless;
    trusting.trust_token_endpoint(true);
    assert!(with_scope().ask_for_id_tokens(trusting).is_ok());
    assert_eq!(
        option(with_scope().ask_for_id_tokens_alone(party())),
        "response_type"
    );
    let mut client = with_scope();
    client.ask_for_id_tokens(party()).unwrap();
    assert_eq!(option(client.set_scope("read".into())), "scope");
    let mut other = RelyingParty::new("https://as.example/".into(), "spa".into()).unwrap();
    other.set_jwks(keys());
    assert_eq!(option(client.ask_for_id_tokens(other)), "server.issuer");
}
