//! A server's metadata: RFC 8414, OpenID Connect Discovery 1.0, and the choice that it leaves.

use crate::fixtures::{ENDPOINT, ISSUER, check_all, same, url};
use claviger::{AuthorizationServer, Error, HttpResponse, Metadata, Url};
use serde_json::{Value, json};

const JSON: &str = "application/json";

/// The least that a document has.
fn least() -> Value {
    json!({ "issuer": ISSUER, "authorization_endpoint": ENDPOINT })
}

/// The least, with further members and in the place of earlier ones.
fn with(more: &Value) -> Value {
    let mut document = least();
    for (name, value) in more.as_object().unwrap() {
        document
            .as_object_mut()
            .unwrap()
            .insert(name.clone(), value.clone());
    }
    document
}

fn read(issuer: &str, document: &Value) -> Result<Metadata, Error> {
    let body = document.to_string();
    Metadata::read(issuer, &HttpResponse::new(200, JSON, body.as_bytes()))
}

fn code(result: &Result<Metadata, Error>) -> &'static str {
    result.as_ref().err().map_or("ok", Error::code)
}

#[test]
fn rfc_8414_2_every_vector_gives_its_verdict_and_the_sentence_that_says_how_issuers_differ() {
    let vectors: Value = serde_json::from_str(include_str!("../../vectors/metadata.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() >= 21, "only {} cases", cases.len());
    check_all(cases, |case| {
        let text = |member: &str| case[member].as_str().unwrap_or_default();
        let document = case["document"].to_string().replace("{I}", ISSUER);
        let answer = HttpResponse::new(200, JSON, document.as_bytes());
        let result = Metadata::read(ISSUER, &answer);
        same(text("id"), &code(&result), &text("code"))?;
        let sentence = result.err().map_or("", |error| error.message());
        same(
            &format!("{} {sentence}", text("id")),
            &sentence.contains(text("says")),
            &true,
        )
    });
}

#[test]
fn rfc_8414_3_1_where_the_metadata_of_an_issuer_stands() {
    let rows = [
        ("https://as.example", "https://as.example", ""),
        ("https://as.example/", "https://as.example", ""),
        ("https://as.example/tenant", "https://as.example", "/tenant"),
        (
            "https://as.example/tenant/",
            "https://as.example",
            "/tenant",
        ),
        (
            "https://as.example:8443/a/b%20c",
            "https://as.example:8443",
            "/a/b%20c",
        ),
        ("HTTPS://AS.example:443/X", "https://as.example", "/X"),
        ("http://localhost:3000", "http://localhost:3000", ""),
        ("http://127.0.0.1:3000/o", "http://127.0.0.1:3000", "/o"),
        ("http://[::1]:3000/o", "http://[::1]:3000", "/o"),
    ];
    check_all(rows, |(issuer, origin, path)| {
        let urls = Metadata::urls(&url(issuer)).map_err(|it| it.message())?;
        let expected = [
            format!("{origin}/.well-known/oauth-authorization-server{path}"),
            format!("{origin}{path}/.well-known/openid-configuration"),
        ];
        same(issuer, &urls, &expected)
    });
}

#[test]
fn rfc_8414_2_which_issuers_are_refused() {
    let rows = [
        "http://as.example",
        "http://localhost.evil.example",
        "https://as.example?x=1",
        "https://as.example/?",
        "https://as.example#x",
        "https://as.example/#",
        "https://ada@as.example",
        "https://ada:secret@as.example",
        "ftp://as.example",
        "javascript:alert(1)",
        "data:application/json,{}",
        "urn:example:as",
    ];
    check_all(rows, |issuer| {
        let option = Metadata::urls(&url(issuer)).err().map(|it| it.option);
        same(issuer, &option, &Some("issuer"))
    });
}

#[test]
fn rfc_8414_3_3_the_issuer_is_compared_to_the_letter() {
    let rows = [
        ("https://as.example", "https://as.example", "ok"),
        ("https://as.example/t", "https://as.example/t", "ok"),
        (
            "https://as.example",
            "https://as.example/",
            "issuer_mismatch",
        ),
        (
            "https://as.example/",
            "https://as.example",
            "issuer_mismatch",
        ),
        (
            "https://as.example",
            "https://AS.example",
            "issuer_mismatch",
        ),
        (
            "https://as.example",
            "HTTPS://as.example",
            "issuer_mismatch",
        ),
        (
            "https://as.example",
            "https://as.example:443",
            "issuer_mismatch",
        ),
        ("https://as.example", "http://as.example", "issuer_mismatch"),
        (
            "https://as.example/t",
            "https://as.example/T",
            "issuer_mismatch",
        ),
        (
            "https://as.example/%74",
            "https://as.example/t",
            "issuer_mismatch",
        ),
        (
            "https://as.example",
            " https://as.example",
            "issuer_mismatch",
        ),
        (
            "https://as.example",
            "https://evil.example",
            "issuer_mismatch",
        ),
    ];
    check_all(rows, |(asked, named, expected)| {
        let result = read(asked, &with(&json!({ "issuer": named })));
        same(named, &code(&result), expected)?;
        let message = result.err().map(|error| error.message());
        // Not the sentence about a response.
        let is_about_metadata = message.is_none_or(|it| it.starts_with("The metadata"));
        same(named, &is_about_metadata, &true)
    });
}

#[test]
fn what_a_document_says() {
    let document = with(&json!({
        "token_endpoint": "https://as.example/token",
        "revocation_endpoint": "https://as.example/revoke",
        "authorization_response_iss_parameter_supported": true,
        "unknown": { "a": [1, null] },
    }));
    let metadata = read(ISSUER, &document).unwrap();
    assert_eq!(metadata.issuer(), ISSUER);
    assert_eq!(metadata.authorization_endpoint(), Some(ENDPOINT));
    let server = AuthorizationServer::try_from(&metadata).unwrap();
    let mut described = AuthorizationServer::new(Url::parse(ENDPOINT).unwrap()).unwrap();
    described.set_issuer(ISSUER.into(), true);
    assert_eq!(server, described);
    assert_eq!(metadata.token_endpoint(), Some("https://as.example/token"));
    let revocation = metadata.revocation_endpoint();
    assert_eq!(revocation, Some("https://as.example/revoke"));
    assert!(metadata.promises_issuer());
    let metadata = read(ISSUER, &least()).unwrap();
    assert_eq!(metadata.token_endpoint(), None);
    assert_eq!(metadata.revocation_endpoint(), None);
    assert!(!metadata.promises_issuer());
    let none = json!({
        "issuer": ISSUER,
        "token_endpoint": "https://as.example/token",
        "grant_types_supported": ["client_credentials"],
    });
    let metadata = read(ISSUER, &none).unwrap();
    assert_eq!(metadata.authorization_endpoint(), None);
    assert_eq!(
        AuthorizationServer::try_from(&metadata).unwrap_err().option,
        "server.authorization_endpoint"
    );
}

#[test]
fn what_is_absent_empty_or_of_another_type() {
    let rows = [
        (json!({ "issuer": null }), "invalid_metadata"),
        (json!({ "issuer": "" }), "invalid_metadata"),
        (json!({ "issuer": 1 }), "invalid_metadata"),
        (json!({ "issuer": [ISSUER] }), "invalid_metadata"),
        (
            json!({ "authorization_endpoint": null }),
            "invalid_metadata",
        ),
        (json!({ "authorization_endpoint": "" }), "invalid_metadata"),
        (
            json!({ "authorization_endpoint": true }),
            "invalid_metadata",
        ),
        (json!({ "authorization_endpoint": {} }), "invalid_metadata"),
        (json!({ "token_endpoint": 1 }), "invalid_metadata"),
        (json!({ "token_endpoint": [] }), "invalid_metadata"),
        (json!({ "revocation_endpoint": true }), "invalid_metadata"),
        (json!({ "revocation_endpoint": false }), "ok"),
        (
            json!({ "token_endpoint": null, "revocation_endpoint": null }),
            "ok",
        ),
        (json!({ "token_endpoint": "" }), "invalid_metadata"),
        (
            json!({ "issuer": "https://evil.example", "authorization_endpoint": "" }),
            "issuer_mismatch",
        ),
        (
            json!({ "issuer": "https://evil.example", "token_endpoint": 1 }),
            "issuer_mismatch",
        ),
        (
            json!({ "toString": "x", "__proto__": { "issuer": "x" } }),
            "ok",
        ),
    ];
    check_all(rows, |(more, expected)| {
        let result = read(ISSUER, &with(more));
        same(&more.to_string(), &code(&result), expected)?;
        let is_there = result.is_ok_and(|it| it.token_endpoint().is_some());
        same(&more.to_string(), &is_there, &false)
    });
    for value in [
        json!(false),
        json!("true"),
        json!(1),
        json!(null),
        json!([true]),
    ] {
        let more = json!({ "authorization_response_iss_parameter_supported": value });
        let metadata = read(ISSUER, &with(&more)).unwrap();
        assert!(!metadata.promises_issuer(), "{more}");
    }
}

#[test]
fn which_answers_are_a_document() {
    let good = least().to_string();
    let rows = [
        (200, "application/json", good.as_str(), "ok"),
        (200, "Application/JSON; charset=utf-8", &good, "ok"),
        (200, "application/oauth-authz-server+json", &good, "ok"),
        (404, "application/json", &good, "invalid_metadata"),
        (302, "application/json", &good, "invalid_metadata"),
        (500, "application/json", &good, "invalid_metadata"),
        (200, "text/html", &good, "invalid_metadata"),
        (200, "text/plain", &good, "invalid_metadata"),
        (200, "", &good, "invalid_metadata"),
        (200, "application/json", "", "invalid_metadata"),
        (200, "application/json", "[]", "invalid_metadata"),
        (200, "application/json", "null", "invalid_metadata"),
        (200, "application/json", "{}", "invalid_metadata"),
        (
            200,
            "application/json",
            "<!DOCTYPE html>",
            "invalid_metadata",
        ),
    ];
    check_all(rows, |(status, content_type, body, expected)| {
        let answer = HttpResponse::new(*status, content_type, body.as_bytes());
        let result = Metadata::read(ISSUER, &answer);
        same(
            &format!("{status} {content_type} {body}"),
            &code(&result),
            expected,
        )
    });
    for (length, expected) in [(1 << 20, "ok"), ((1 << 20) + 1, "invalid_metadata")] {
        let body = good.clone() + &" ".repeat(length - good.len());
        let answer = HttpResponse::new(200, JSON, body.as_bytes());
        assert_eq!(code(&Metadata::read(ISSUER, &answer)), expected);
    }
}

const WITH_PKCE: &str = "The metadata has the authorization code with PKCE (S256), which keeps the token out of every URL; only a token_endpoint without CORS would leave a page no choice but token.";
const WITHOUT_A_WORD: &str = "Nothing in the metadata speaks against the authorization code, which keeps the token out of every URL; it does not promise PKCE, so make sure that the server checks the code_challenge.";
const NEITHER: &str = "The metadata offers a page neither: there is no token, and for code a token_endpoint, authorization_code or S256 is missing; ask the server's operator.";
const NO_ENDPOINT: &str = "The metadata names no token_endpoint, where a code would be exchanged.";
const NO_CODE: &str = "The metadata's response_types_supported does not have code.";
const NO_GRANT: &str = "The metadata's grant_types_supported does not have authorization_code.";
const NO_S256: &str = "The metadata's code_challenge_methods_supported does not have S256, without which a code can be stolen.";

fn choice(more: &Value, response_type: &str, reason: &str) -> Result<(), String> {
    let metadata = read(ISSUER, &with(more)).map_err(|it| it.code().to_string())?;
    let choice = metadata.best_response_type();
    same(&more.to_string(), &choice.response_type, &response_type)?;
    same(&more.to_string(), &choice.reason, &reason)
}

#[test]
fn what_real_servers_let_a_page_choose() {
    let rows = [
        // Doorkeeper with doorkeeper-openid_connect, which names no public client.
        (
            json!({
                "token_endpoint": "https://as.example/oauth/token",
                "revocation_endpoint": "https://as.example/oauth/revoke",
                "response_types_supported": ["code", "token", "id_token", "id_token token"],
                "response_modes_supported": ["query", "fragment", "form_post"],
                "grant_types_supported": ["authorization_code", "client_credentials", "implicit_oidc", "refresh_token"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "code_challenge_methods_supported": ["plain", "S256"],
            }),
            "code",
            WITH_PKCE,
        ),
        // The same before it knew PKCE.
        (
            json!({
                "token_endpoint": "https://as.example/oauth/token",
                "response_types_supported": ["code", "token", "id_token", "id_token token"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            }),
            "code",
            WITHOUT_A_WORD,
        ),
        // django-oauth-toolkit.
        (
            json!({
                "token_endpoint": "https://as.example/o/token/",
                "response_types_supported": ["code", "token", "id_token", "id_token token", "code token", "code id_token", "code id_token token"],
                "code_challenge_methods_supported": ["plain", "S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            }),
            "code",
            WITH_PKCE,
        ),
        // oidc-provider, which has no token.
        (
            json!({
                "token_endpoint": "https://as.example/token",
                "response_types_supported": ["code id_token", "code", "id_token", "id_token token", "none"],
                "grant_types_supported": ["implicit", "authorization_code", "refresh_token"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": true,
            }),
            "code",
            WITH_PKCE,
        ),
        // A server of the implicit flow alone.
        (
            json!({ "response_types_supported": ["token"] }),
            "token",
            NO_ENDPOINT,
        ),
    ];
    check_all(rows, |(more, response_type, reason)| {
        choice(more, response_type, reason)
    });
}

#[test]
fn each_rule_decides_by_itself_and_the_first_gives_the_reason() {
    let at = "https://as.example/token";
    let rows = [
        (json!({ "token_endpoint": at }), "code", WITHOUT_A_WORD),
        (json!({}), "token", NO_ENDPOINT),
        (json!({ "token_endpoint": null }), "token", NO_ENDPOINT),
        (json!({ "token_endpoint": false }), "token", NO_ENDPOINT),
        (
            json!({ "token_endpoint": at, "response_types_supported": ["token"] }),
            "token",
            NO_CODE,
        ),
        (
            json!({ "token_endpoint": at, "response_types_supported": ["token", "code token", "Code"] }),
            "token",
            NO_CODE,
        ),
        (
            json!({ "token_endpoint": at, "grant_types_supported": ["implicit"] }),
            "token",
            NO_GRANT,
        ),
        (
            json!({ "token_endpoint": at, "grant_types_supported": [] }),
            "token",
            NO_GRANT,
        ),
        (
            json!({ "token_endpoint": at, "code_challenge_methods_supported": ["plain"] }),
            "token",
            NO_S256,
        ),
        (
            json!({ "token_endpoint": at, "code_challenge_methods_supported": [] }),
            "token",
            NO_S256,
        ),
        (
            json!({ "token_endpoint": at, "code_challenge_methods_supported": ["S256"] }),
            "code",
            WITH_PKCE,
        ),
        // Of another type: it says nothing.
        (
            json!({ "token_endpoint": at, "code_challenge_methods_supported": "S256", "response_types_supported": "token", "grant_types_supported": {} }),
            "code",
            WITHOUT_A_WORD,
        ),
        (
            json!({ "token_endpoint": at, "response_types_supported": ["token"], "grant_types_supported": [], "code_challenge_methods_supported": [] }),
            "token",
            NO_CODE,
        ),
        (
            json!({ "token_endpoint": at, "response_types_supported": ["code"], "grant_types_supported": ["implicit"] }),
            "code",
            NEITHER,
        ),
        (
            json!({ "token_endpoint": at, "response_types_supported": ["code"], "code_challenge_methods_supported": ["plain"] }),
            "code",
            NEITHER,
        ),
        (
            json!({ "response_types_supported": ["code", "id_token"] }),
            "code",
            NEITHER,
        ),
        // Neither public clients nor the way of the response are told by every server that has them.
        (
            json!({ "token_endpoint": at, "token_endpoint_auth_methods_supported": ["client_secret_basic"], "response_modes_supported": ["fragment"] }),
            "code",
            WITHOUT_A_WORD,
        ),
    ];
    check_all(rows, |(more, response_type, reason)| {
        choice(more, response_type, reason)
    });
}

#[test]
fn nothing_but_the_issuer_is_printed() {
    let more = json!({ "token_endpoint": "https://as.example/token", "x": "planted" });
    let printed = format!("{:?}", read(ISSUER, &with(&more)).unwrap());
    assert_eq!(printed, "Metadata { issuer: \"https://as.example\", .. }");
}
