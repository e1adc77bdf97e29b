//! Requests to the token endpoint and to the revocation endpoint: rules T1, T3 and T4.

// A test fails by panicking, and has std.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_alloc,
    clippy::indexing_slicing
)]

mod common;

use std::collections::BTreeMap;

use claviger::{Format, HttpResponse, InvalidOption, TokenEndpoint, TokenRequest, TokenToRevoke};
use common::{NOW, TOKEN_ENDPOINT, code_client, pairs, same, token_endpoint, url};

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
const JSON: Option<&str> = Some("application/json");
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A grant's own parameters.
type Parameters = &'static [(&'static str, &'static str)];

#[derive(Clone, Copy, Debug)]
enum Authentication {
    None,
    Basic,
    Post,
}
use Authentication::{Basic, None as NoSecret, Post};

/// The client of RFC 6749, section 2.3.1.
fn endpoint(authentication: Authentication, format: Format) -> TokenEndpoint {
    let mut endpoint = TokenEndpoint::new(url(TOKEN_ENDPOINT), "s6BhdRkqt3".into()).unwrap();
    let secret = String::from("gX1fBat3bV");
    match authentication {
        Authentication::None => Ok(()),
        Authentication::Basic => endpoint.authenticate_by_basic(secret),
        Authentication::Post => endpoint.authenticate_by_post(secret),
    }
    .unwrap();
    endpoint.set_format(format);
    endpoint
}

/// Everything that goes out, as one text.
fn written(request: &claviger::HttpRequest) -> String {
    [
        request.url(),
        request.content_type().unwrap_or("no type"),
        request.authorization().unwrap_or("no secret"),
        &request.body(),
    ]
    .join("\n")
}

fn refused<T>(result: Result<T, InvalidOption>, option: &str) -> Result<(), String> {
    let named = result.err().map(|error| error.option);
    same("the option", &named, &Some(option))
}

#[test]
fn t4_each_grant_in_each_format_with_each_authentication_to_the_letter() {
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
    common::check_all(grants, |(grant, parameters, form, json)| {
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
fn rfc_6749_2_3_1_basic_has_the_identifier_and_the_secret_form_encoded() {
    // In base64: the identifier and the secret as a form has them, with a colon between.
    let rows = [
        ("s6BhdRkqt3", "gX1fBat3bV", "czZCaGRSa3F0MzpnWDFmQmF0M2JW"),
        // spa%3A1:p%40ss+w%3Ard
        ("spa:1", "p@ss w:rd", "c3BhJTNBMTpwJTQwc3MrdyUzQXJk"),
        // a+b%2Bc:%25%26%3D%2F%7E
        ("a b+c", "%&=/~", "YStiJTJCYzolMjUlMjYlM0QlMkYlN0U="),
        // x:*-._
        ("x", "*-._", "eDoqLS5f"),
        // x:+
        ("x", " ", "eDor"),
    ];
    common::check_all(rows, |(client_id, secret, base64)| {
        let mut endpoint = TokenEndpoint::new(url(TOKEN_ENDPOINT), (*client_id).into()).unwrap();
        endpoint.authenticate_by_basic((*secret).into()).unwrap();
        let request = TokenRequest::new(&endpoint, "client_credentials", &[]).unwrap();
        let expected = format!("Basic {base64}");
        let is = request.http().authorization();
        same(secret, &is, &Some(expected.as_str()))?;
        // Section 2.3: not more than one way in each request.
        let body = request.http().body();
        same(secret, &body.as_str(), &"grant_type=client_credentials")
    });
}

#[test]
fn the_last_word_about_authentication_counts() {
    let mut endpoint = token_endpoint();
    endpoint.authenticate_by_basic("first".into()).unwrap();
    endpoint.authenticate_by_post("second".into()).unwrap();
    let request = TokenRequest::new(&endpoint, "client_credentials", &[]).unwrap();
    assert_eq!(request.http().authorization(), None);
    let body = "grant_type=client_credentials&client_id=spa&client_secret=second";
    assert_eq!(request.http().body(), body);
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
    common::check_all(values, |value| {
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
fn an_endpoint_keeps_the_query_that_it_has() {
    let rows = [
        (Format::Form, "https://as.example/token?tenant=7&x=%2F"),
        (Format::Json, "https://as.example/token?tenant=7&x=%2F"),
        (
            Format::Query,
            "https://as.example/token?tenant=7&x=%2F&grant_type=client_credentials&client_id=spa",
        ),
    ];
    common::check_all(rows, |(format, expected)| {
        let at = url("https://as.example/token?tenant=7&x=%2F");
        let mut endpoint = TokenEndpoint::new(at, "spa".into()).unwrap();
        endpoint.set_format(*format);
        let request = TokenRequest::new(&endpoint, "client_credentials", &[]).unwrap();
        same("the URL", &request.http().url(), expected)
    });
}

#[test]
fn which_endpoints_are_accepted_and_refused() {
    let accepted = [
        "https://as.example/token",
        "https://as.example:8443",
        "https://as.example/token?tenant=7",
        "http://localhost:3000/token",
        "http://127.0.0.1/token",
        "http://[::1]:4181/token",
    ];
    let not = [
        "http://as.example/token",
        "http://localhost.evil.example/token",
        "http://127.0.0.1.evil.example/token",
        "http://localhost@evil.example/token",
        "https://as.example/token#",
        "https://as.example/token#x",
        "https://ada@as.example/token",
        "https://ada:secret@as.example/token",
        "ftp://as.example/token",
        "javascript:alert(1)",
        "data:application/json,{}",
        "file:///token",
    ];
    let revoke = |row: &str| token_endpoint().revocation(&url(row), TokenToRevoke::Access("AT"));
    common::check_all(accepted, |row| {
        let made = TokenEndpoint::new(url(row), "spa".into());
        same(row, &made.is_ok(), &true)?;
        same(row, &revoke(row).is_ok(), &true)
    });
    common::check_all(not, |row| {
        let made = TokenEndpoint::new(url(row), "spa".into());
        refused(made, "server.token_endpoint").map_err(|it| format!("{row}: {it}"))?;
        refused(revoke(row), "server.revocation_endpoint").map_err(|it| format!("{row}: {it}"))
    });
}

#[test]
fn which_identifiers_and_secrets_are_refused() {
    let make = |client_id: &str| TokenEndpoint::new(url(TOKEN_ENDPOINT), client_id.into());
    for byte in 0..=0x7F_u8 {
        let text = String::from(char::from(byte));
        let is_visible = matches!(byte, 0x20..=0x7E);
        assert_eq!(make(&text).is_ok(), is_visible, "{byte:#x}");
        for is_made in [
            token_endpoint().authenticate_by_basic(text.clone()),
            token_endpoint().authenticate_by_post(text),
        ] {
            assert_eq!(is_made.is_ok(), is_visible, "{byte:#x}");
        }
    }
    common::check_all(["", "ä", "a\nb", "secret\u{7f}"], |text| {
        let text = String::from(*text);
        refused(make(&text), "client_id")?;
        let by_basic = token_endpoint().authenticate_by_basic(text.clone());
        refused(by_basic, "client_secret")?;
        refused(token_endpoint().authenticate_by_post(text), "client_secret")
    });
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
    common::check_all(accepted, |grant| same(grant, &make(grant).is_ok(), &true));
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
    common::check_all(not, |grant| {
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
        common::check_all(rows, |parameters| {
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
    common::check_all(
        [" read", "read  write", "read\n", "größe", "\""],
        |scope| {
            let made = TokenRequest::new(&token_endpoint(), JWT_BEARER, &[("scope", scope)]);
            refused(made, "scope").map_err(|it| format!("{scope:?}: {it}"))
        },
    );
}

#[test]
fn t3_what_was_asked_for_stays_where_the_answer_is_silent() {
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
    common::check_all(rows, |(grant, parameters, scope, refresh_token)| {
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
    let request = common::answer(&client, "?code=C&state={S}").exchange();
    // spa:secret
    let authorization = request.http().authorization();
    assert_eq!(authorization, Some("Basic c3BhOnNlY3JldA=="));
    assert!(!request.http().body().contains("client_id"));
}

#[test]
fn rfc_7009_2_1_the_revocation_of_each_token_to_the_letter() {
    let at = url("https://as.example/revoke?tenant=7");
    let rows = [
        (
            NoSecret,
            TokenToRevoke::Refresh("45ghiukldjahdnhzdauz"),
            "no secret\ntoken=45ghiukldjahdnhzdauz&token_type_hint=refresh_token&client_id=s6BhdRkqt3",
        ),
        (
            NoSecret,
            TokenToRevoke::Access("a+/="),
            "no secret\ntoken=a%2B%2F%3D&token_type_hint=access_token&client_id=s6BhdRkqt3",
        ),
        (
            Basic,
            TokenToRevoke::Refresh("45ghiukldjahdnhzdauz"),
            "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW\ntoken=45ghiukldjahdnhzdauz&token_type_hint=refresh_token",
        ),
        (
            Post,
            TokenToRevoke::Access("AT"),
            "no secret\ntoken=AT&token_type_hint=access_token&client_id=s6BhdRkqt3&client_secret=gX1fBat3bV",
        ),
    ];
    // The RFC has a form for it, whatever the token endpoint takes.
    for format in [Format::Form, Format::Json, Format::Query] {
        common::check_all(rows, |(authentication, token, expected)| {
            let endpoint = endpoint(*authentication, format);
            let request = endpoint.revocation(&at, *token).unwrap();
            let expected = format!(
                "https://as.example/revoke?tenant=7\napplication/x-www-form-urlencoded\n{expected}"
            );
            same("the request", &written(&request), &expected)
        });
    }
}
