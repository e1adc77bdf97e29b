//! The token endpoint and the revocation endpoint, and who the client is to them: rule T4.

use crate::fixtures::{TOKEN_ENDPOINT, check_all, refused, same, token_endpoint, url};
use claviger::{Format, TokenEndpoint, TokenRequest, TokenToRevoke};

#[derive(Clone, Copy, Debug)]
pub(super) enum Authentication {
    None,
    Basic,
    Post,
}
use Authentication::{Basic, None as NoSecret, Post};

/// The client of RFC 6749, section 2.3.1.
pub(super) fn endpoint(authentication: Authentication, format: Format) -> TokenEndpoint {
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
pub(super) fn written(request: &claviger::HttpRequest) -> String {
    [
        request.url(),
        request.content_type().unwrap_or("no type"),
        request.authorization().unwrap_or("no secret"),
        &request.body(),
    ]
    .join("\n")
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
    check_all(rows, |(client_id, secret, base64)| {
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
fn an_endpoint_keeps_the_query_that_it_has() {
    let rows = [
        (Format::Form, "https://as.example/token?tenant=7&x=%2F"),
        (Format::Json, "https://as.example/token?tenant=7&x=%2F"),
        (
            Format::Query,
            "https://as.example/token?tenant=7&x=%2F&grant_type=client_credentials&client_id=spa",
        ),
    ];
    check_all(rows, |(format, expected)| {
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
    check_all(accepted, |row| {
        let made = TokenEndpoint::new(url(row), "spa".into());
        same(row, &made.is_ok(), &true)?;
        same(row, &revoke(row).is_ok(), &true)
    });
    check_all(not, |row| {
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
    check_all(["", "ä", "a\nb", "secret\u{7f}"], |text| {
        let text = String::from(*text);
        refused(make(&text), "client_id")?;
        let by_basic = token_endpoint().authenticate_by_basic(text.clone());
        refused(by_basic, "client_secret")?;
        refused(token_endpoint().authenticate_by_post(text), "client_secret")
    });
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
        check_all(rows, |(authentication, token, expected)| {
            let endpoint = endpoint(*authentication, format);
            let request = endpoint.revocation(&at, *token).unwrap();
            let expected = format!(
                "https://as.example/revoke?tenant=7\napplication/x-www-form-urlencoded\n{expected}"
            );
            same("the request", &written(&request), &expected)
        });
    }
}
