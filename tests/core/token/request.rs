//! Requests for a token, and what they ask for: rules T3 and T4.

use std::collections::BTreeMap;

use super::endpoint::Authentication::{Basic, None as NoSecret, Post};
use super::endpoint::{endpoint, written};
use crate::fixtures::{
    self, NOW, TOKEN_ENDPOINT, check_all, code_client, pairs, refused, same, token_endpoint,
};
use claviger::{Format, Granted, HttpResponse, ResponseMode, TokenRequest, TokenToRevoke};

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
const JSON: Option<&str> = Some("application/json");
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A grant's own parameters.
type Parameters = &'static [(&'static str, &'static str)];

#[test]
fn rule_t4_each_grant_in_each_format_with_each_authentication_to_the_letter() {
    // What goes out beside the grant's own parameters, in a form and in JSON.
    let own = [
        (
            NoSecret,
            "&client_id=s6BhdRkqt3",
            ",\"client_id\":\"s6BhdRkqt3\"",
        ),
        (Basic, "", ""),
        (
            Post,
            "&client_id=s6BhdRkqt3&client_secret=gX1fBat3bV",
            ",\"client_id\":\"s6BhdRkqt3\",\"client_secret\":\"gX1fBat3bV\"",
        ),
    ];
    let grants: [(&str, Parameters, &str, &str); 5] = [
        (
            "authorization_code",
            &[
                ("code", "SplxlOBeZQQYbYS6WxSbIA"),
                ("redirect_uri", "https://client.example.com/cb"),
                (
                    "code_verifier",
                    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                ),
            ],
            "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA\
             &redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb\
             &code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            "{\"grant_type\":\"authorization_code\",\"code\":\"SplxlOBeZQQYbYS6WxSbIA\",\
             \"redirect_uri\":\"https://client.example.com/cb\",\
             \"code_verifier\":\"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\"",
        ),
        (
            "refresh_token",
            &[("refresh_token", "tGzv3JOkF0XG5Qx2TlKWIA")],
            "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA",
            "{\"grant_type\":\"refresh_token\",\"refresh_token\":\"tGzv3JOkF0XG5Qx2TlKWIA\"",
        ),
        (
            "client_credentials",
            &[("scope", "read write")],
            "grant_type=client_credentials&scope=read+write",
            "{\"grant_type\":\"client_credentials\",\"scope\":\"read write\"",
        ),
        (
            "client_credentials",
            &[],
            "grant_type=client_credentials",
            "{\"grant_type\":\"client_credentials\"",
        ),
        (
            JWT_BEARER,
            &[("assertion", "e30.e30.x_-")],
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=e30.e30.x_-",
            "{\"grant_type\":\"urn:ietf:params:oauth:grant-type:jwt-bearer\",\"assertion\":\"e30.e30.x_-\"",
        ),
    ];
    check_all(grants, |(grant, parameters, form, json)| {
        for (authentication, own_in_form, own_in_json) in own {
            let authorization = match authentication {
                Basic => "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW",
                NoSecret | Post => "no secret",
            };
            let rows = [
                (
                    Format::Form,
                    format!(
                        "{TOKEN_ENDPOINT}\napplication/x-www-form-urlencoded\n{authorization}\n{form}{own_in_form}"
                    ),
                ),
                (
                    Format::Json,
                    format!(
                        "{TOKEN_ENDPOINT}\napplication/json\n{authorization}\n{json}{own_in_json}}}"
                    ),
                ),
                (
                    Format::Query,
                    format!("{TOKEN_ENDPOINT}?{form}{own_in_form}\nno type\n{authorization}\n"),
                ),
            ];
            for (format, expected) in rows {
                let endpoint = endpoint(authentication, format);
                let request = TokenRequest::new(&endpoint, grant, parameters).unwrap();
                same(grant, &written(request.http()), &expected)?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_renewal_sends_its_refresh_token_and_no_scope() {
    let endpoint = endpoint(NoSecret, Format::Form);
    let request = TokenRequest::refresh(&endpoint, "RT+/=", "read write");
    let body = "grant_type=refresh_token&refresh_token=RT%2B%2F%3D&client_id=s6BhdRkqt3";
    assert_eq!(request.http().body(), body);
    assert_eq!(request.http().content_type(), FORM);
    assert_eq!(request.http().authorization(), None);
}

#[test]
fn exchanges_and_renewals_say_what_the_endpoint_is_told_to_and_revocations_do_not() {
    let mut endpoint = token_endpoint();
    for (name, value) in [("resource", "a b"), ("resource", "c"), ("audience", "d")] {
        endpoint.add_parameter(name, value).unwrap();
    }
    let further = "&resource=a+b&resource=c&audience=d&client_id=spa";
    let refresh = TokenRequest::refresh(&endpoint, "RT", "read write");
    let expected = format!("grant_type=refresh_token&refresh_token=RT{further}");
    assert_eq!(refresh.http().body(), expected);

    let mut client = fixtures::client();
    client
        .ask_for_codes(endpoint.clone(), ResponseMode::Query)
        .unwrap();
    let (_, mut pending) = fixtures::start(&client, 1);
    let address = format!(
        "{}?code=C&state={}&iss=https%3A%2F%2Fas.example",
        fixtures::REDIRECT_URI,
        pending.state().as_str()
    );
    let response = client.read(&fixtures::url(&address)).response.unwrap();
    let Granted::Code(request) = pending
        .finish(&client, response.unwrap(), NOW)
        .unwrap()
        .granted
    else {
        panic!("no code");
    };
    assert!(request.http().body().ends_with(further));

    let url = fixtures::url("https://as.example/revoke");
    let request = endpoint.revocation(&url, TokenToRevoke::Refresh("RT"));
    let body = "token=RT&token_type_hint=refresh_token&client_id=spa";
    assert_eq!(request.unwrap().body(), body);
    let mut bare = token_endpoint();
    for (name, value) in [
        ("refresh_token", "x"),
        ("scope", "x"),
        ("", "x"),
        ("audience", ""),
    ] {
        refused(bare.add_parameter(name, value), "tokenParameters").unwrap();
    }
    bare.add_parameter("other", "x").unwrap();
    refused(bare.add_parameter("other", "x"), "tokenParameters").unwrap();
}

#[test]
fn what_a_form_a_query_and_json_say_is_what_was_given() {
    let values = [
        "a b+c%20d&e=f;g",
        "\"quoted\" \\ back/slash",
        "line\r\nbreak\ttab\u{8}\u{c}\0\u{1f}\u{7f}",
        "größe ＠ 🔑 \u{2028}\u{feff}",
        "</script>'",
        "https://as.example/?a=b#c",
    ];
    check_all(values, |value| {
        let expected = ("assertion", *value);
        for format in [Format::Form, Format::Json, Format::Query] {
            let endpoint = endpoint(NoSecret, format);
            let request = TokenRequest::new(&endpoint, JWT_BEARER, &[expected]).unwrap();
            let http = request.http();
            let said = match format {
                Format::Form => pairs(&http.body()),
                Format::Query => pairs(http.url().split_once('?').unwrap().1),
                Format::Json => {
                    let members: BTreeMap<String, String> =
                        serde_json::from_str(&http.body()).map_err(|it| it.to_string())?;
                    members.into_iter().collect()
                }
            };
            let said: BTreeMap<_, _> = said.into_iter().collect();
            same(value, &said["assertion"].as_str(), value)?;
            same(value, &said["grant_type"].as_str(), &JWT_BEARER)?;
            same(value, &said.len(), &3)?;
        }
        Ok(())
    });
}

#[test]
fn rfc_8259_7_what_json_escapes_and_what_not() {
    let endpoint = endpoint(Basic, Format::Json);
    let value = "\"\\/\n\u{0}\u{1f}\u{7f}ä";
    let request = TokenRequest::new(&endpoint, "password", &[("a\"b", value)]).unwrap();
    assert_eq!(
        request.http().body(),
        "{\"grant_type\":\"password\",\"a\\\"b\":\"\\\"\\\\/\\u000a\\u0000\\u001f\u{7f}ä\"}"
    );
    assert_eq!(request.http().content_type(), JSON);
}

#[test]
fn which_grant_types_are_refused() {
    let make = |grant: &str| TokenRequest::new(&token_endpoint(), grant, &[]);
    let accepted = [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "password",
        JWT_BEARER,
        "urn:ietf:params:oauth:grant-type:saml2-bearer",
        "https://as.example/grants/impersonation",
    ];
    check_all(accepted, |grant| same(grant, &make(grant).is_ok(), &true));
    let not = [
        "",
        "implicit",
        "token",
        "code",
        "Client_Credentials",
        "client_credentials ",
        "client_credentials refresh_token",
        "urn ietf:x",
        "urn:größe",
        "urn:x\n",
        "//as.example/grant",
        ":",
        "urn:",
        ":x",
    ];
    check_all(not, |grant| {
        refused(make(grant), "grant_type").map_err(|it| format!("{grant:?}: {it}"))
    });
}

#[test]
fn which_parameters_are_refused() {
    let rows: [Parameters; 8] = [
        &[("grant_type", "password")],
        &[("client_id", "other")],
        &[("client_secret", "x")],
        &[("", "x")],
        &[("assertion", "")],
        &[("assertion", "x"), ("assertion", "x")],
        &[("assertion", "x"), ("scope", "a"), ("assertion", "y")],
        &[("scope", "")],
    ];
    for authentication in [NoSecret, Basic, Post] {
        let endpoint = endpoint(authentication, Format::Form);
        check_all(rows, |parameters| {
            let made = TokenRequest::new(&endpoint, JWT_BEARER, parameters);
            refused(made, "parameters").map_err(|it| format!("{parameters:?}: {it}"))
        });
        let more = [
            ("Grant_Type", "x"),
            ("client_assertion", "y"),
            ("scope", "z"),
        ];
        assert!(TokenRequest::new(&endpoint, JWT_BEARER, &more).is_ok());
    }
}

#[test]
fn which_scopes_are_refused() {
    check_all(
        [" read", "read  write", "read\n", "größe", "\""],
        |scope| {
            let made = TokenRequest::new(&token_endpoint(), JWT_BEARER, &[("scope", scope)]);
            refused(made, "scope").map_err(|it| format!("{scope:?}: {it}"))
        },
    );
}

#[test]
fn rule_t3_what_was_asked_for_stays_where_the_answer_is_silent() {
    let body = b"{\"access_token\":\"AT\",\"token_type\":\"Bearer\"}";
    let answer = HttpResponse::new(200, "application/json", body);
    let rows: [(&str, Parameters, Option<&str>, Option<&str>); 4] = [
        (
            "refresh_token",
            &[("refresh_token", "OLD"), ("scope", "read")],
            Some("read"),
            Some("OLD"),
        ),
        (
            "refresh_token",
            &[("refresh_token", "OLD")],
            None,
            Some("OLD"),
        ),
        (
            "client_credentials",
            &[("scope", "read")],
            Some("read"),
            None,
        ),
        (JWT_BEARER, &[("assertion", "x")], None, None),
    ];
    check_all(rows, |(grant, parameters, scope, refresh_token)| {
        let request = TokenRequest::new(&token_endpoint(), grant, parameters).unwrap();
        let set = request.finish(&answer, NOW).unwrap();
        same(grant, &set.token.scope(), scope)?;
        same(grant, &set.refresh_token.as_deref(), refresh_token)
    });
}

#[test]
fn a_client_that_authenticates_shows_its_secret_with_its_code_too() {
    let mut endpoint = token_endpoint();
    endpoint.authenticate_by_basic("secret".into()).unwrap();
    let mut client = code_client(claviger::ResponseMode::Query);
    client
        .ask_for_codes(endpoint, claviger::ResponseMode::Query)
        .unwrap();
    let request = fixtures::answer(&client, "?code=C&state={S}").exchange();
    // spa:secret
    let authorization = request.http().authorization();
    assert_eq!(authorization, Some("Basic c3BhOnNlY3JldA=="));
    assert!(!request.http().body().contains("client_id"));
}
