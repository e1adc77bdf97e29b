//! What a response says: rules P1 to P18 where the vectors don't reach.

use std::time::Instant;

use crate::fixtures::{
    ENDPOINT, GOOD, ISSUER, LIFETIME, NOBODYS, NOW, REDIRECT_URI, Store, answer, check_all, client,
    client_of, client_with_issuer, same, token,
};
use claviger::{Client, Error, ServerError};

/// Bytes and parameters that a response may have.
const MOST_BYTES: usize = 128 * 1024;
const MOST_PARAMETERS: usize = 256;

/// The code of a response that follows the redirect URI.
fn code(response: &str) -> &'static str {
    answer(&client(), response).code()
}

/// A good response with more to it.
pub(super) fn with(more: &str) -> String {
    format!("#access_token=AT&token_type=Bearer&state={{S}}{more}")
}

fn encoded(byte: u8) -> String {
    format!("%{byte:02X}")
}

/// Redirect URIs, where a response comes, and whether it is received there.
fn check_received(rows: &[(&str, &str, bool)]) {
    check_all(rows, |(redirect_uri, at, is_received)| {
        let client = client_of(ENDPOINT, "spa", redirect_uri);
        let (mut store, state) = Store::with_login(&client);
        let forged = store.handle(&client, &format!("{at}{GOOD}{NOBODYS}"), NOW);
        let handled = store.handle(&client, &format!("{at}{GOOD}{state}"), NOW);
        let expected = if *is_received {
            ("unknown_state", "ok")
        } else {
            ("null", "redirect_uri_mismatch")
        };
        same(
            &format!("{redirect_uri} at {at}"),
            &(forged.code(), handled.code()),
            &expected,
        )?;
        same(at, &handled.address.contains("access_token"), &false)
    });
}

#[test]
fn rule_p1_a_response_is_received_where_scheme_host_port_and_path_are_the_redirect_uris() {
    let rows = [
        ("https://app.example/cb", "https://app.example/cb", true),
        ("https://app.example/cb", "https://APP.example:443/cb", true),
        ("https://app.example/cb", "https://app.example/cb/", true),
        (
            "https://app.example/cb",
            "https://app.example/x/../cb",
            true,
        ),
        (
            "https://app.example/cb",
            "https://app.example/cb?tab=1",
            true,
        ),
        ("https://app.example/cb/", "https://app.example/cb", false),
        ("https://app.example/cb", "https://app.example/cb//", false),
        ("https://app.example/cb", "https://app.example/CB", false),
        ("https://app.example/cb", "https://app.example/c%62", false),
        ("https://app.example/cb", "https://app.example/cb/x", false),
        ("https://app.example/cb", "https://app.example/", false),
        (
            "https://app.example/cb",
            "https://app.example:8443/cb",
            false,
        ),
        ("https://app.example/cb", "http://app.example/cb", false),
        (
            "https://app.example/cb",
            "https://app.example.evil.example/cb",
            false,
        ),
        (
            "https://app.example/cb",
            "https://app.example@evil.example/cb",
            false,
        ),
        ("https://app.example/cb", "https://app.example./cb", false),
        (
            "https://app.example/cb",
            "https://ada@app.example/cb",
            false,
        ),
        ("https://app.example", "https://app.example/", true),
        ("http://localhost:4180/", "http://127.0.0.1:4180/", false),
        ("com.example.app:/cb", "com.example.app:/cb", true),
        ("com.example.app:/cb", "COM.example.app:/cb", true),
        ("com.example.app:/cb", "com.example.app:/other", false),
        ("com.example.app:/cb", "com.example.app2:/cb", false),
        ("com.example.app:/cb", "com.example.app://cb", false),
        ("com.example.app:/cb", "com.example.app:/x/../cb", true),
        ("com.example.app://cb", "com.example.app://cb", true),
        ("com.example.app://cb", "com.example.app://cb/", true),
        ("com.example.app://cb", "com.example.app:/cb", false),
        ("com.example.app:///cb", "com.example.app:///cb", true),
        ("capacitor://localhost/cb", "capacitor://localhost/cb", true),
        ("capacitor://localhost/cb", "capacitor://other/cb", false),
    ];
    check_received(&rows);
}

#[test]
fn rule_p1_the_query_of_the_redirect_uri_counts_and_what_static_hosts_make_of_its_path_does_not() {
    check_received(&[
        (
            "https://app.example/cb?as=1",
            "https://app.example/cb?as=1",
            true,
        ),
        (
            "https://app.example/cb?as=1",
            "https://app.example/cb?x=2&%61s=%31",
            true,
        ),
        (
            "https://app.example/cb?as=1",
            "https://app.example/cb?as=2",
            false,
        ),
        (
            "https://app.example/cb?as=1",
            "https://app.example/cb",
            false,
        ),
        (
            "https://app.example/cb?as=1",
            "https://app.example/cb?as=1&as=2",
            false,
        ),
        (
            "https://app.example/cb?as=1&as=2",
            "https://app.example/cb?as=2&as=2",
            false,
        ),
        (
            "https://app.example/cb?as",
            "https://app.example/cb?as=",
            true,
        ),
        (
            "https://app.example/",
            "https://app.example/index.html",
            true,
        ),
        (
            "https://app.example/index.html",
            "https://app.example/",
            true,
        ),
        (
            "https://app.example/cb.html",
            "https://app.example/cb",
            true,
        ),
        (
            "https://app.example/cb",
            "https://app.example/cb.html",
            false,
        ),
        (
            "https://app.example/cb",
            "https://app.example/cb/index.html",
            false,
        ),
        (
            "https://app.example/cb",
            "https://app.example/cbindex.html",
            false,
        ),
        (
            "https://app.example/cb.html",
            "https://app.example/cb/",
            false,
        ),
    ]);
}

#[test]
fn rule_p2_pairs_are_split_before_they_are_decoded_and_decoded_once() {
    let rows = [
        ("a%26state%3DEVIL", "a&state=EVIL", "ok"),
        ("a%3D", "a=", "ok"),
        ("a=", "a=", "ok"),
        ("a%252Fb", "a%2Fb", "ok"),
        ("a%2Fb", "a/b", "ok"),
        ("a/b", "a/b", "ok"),
        ("a%2Bb", "a+b", "ok"),
        ("a+b", "a b", "malformed_response"),
        ("a;b", "a;b", "ok"),
        ("a?b", "a?b", "ok"),
        ("%61%62", "ab", "ok"),
    ];
    check_all(rows, |(raw, decoded, expected)| {
        let response = format!("#access_token={raw}&token_type=Bearer&state={{S}}");
        let handled = answer(&client(), &response);
        same(raw, &handled.code(), expected)?;
        match handled.outcome {
            Ok(Some(grant)) => same(raw, &grant.token().unwrap().access_token(), decoded),
            _ => Ok(()),
        }
    });
}

#[test]
fn rule_p3_broken_encoding_of_what_decides_is_refused_and_nothing_is_used_up() {
    let broken = [
        "%",
        "%4",
        "%zz",
        "%4g",
        "%C0%AF",
        "%ED%A0%80",
        "%F4%90%80%80",
        "%FF",
        "%C3",
        "%80",
    ];
    let client = client();
    check_all(broken, |text| {
        for response in [
            format!("#access_token={text}&token_type=Bearer&state={{S}}"),
            format!("#access_token=AT&token_type={text}&state={{S}}"),
            with(&format!("&expires_in={text}")),
            with(&format!("&iss={text}")),
            with(&format!("&id_token={text}")),
            format!("#access_token=AT&token_type=Bearer&state={text}"),
            format!("?error={text}&state={{S}}"),
            format!("?code={text}&state={{S}}"),
        ] {
            let handled = answer(&client, &response);
            same(&response, &handled.code(), &"malformed_response")?;
            same(&response, &handled.change, &None)?;
        }
        for advice in [
            format!("&x={text}"),
            format!("&{text}=x"),
            format!("&{text}"),
            format!("&scope={text}"),
            format!("&session_state={text}"),
            format!("&refresh_token={text}"),
            format!("&error_description={text}"),
            format!("&error_uri={text}"),
        ] {
            same(&advice, &answer(&client, &with(&advice)).code(), &"ok")?;
            let refused = answer(&client, &format!("#error=x&state={{S}}{advice}"));
            same(&advice, &refused.code(), &"authorization_error")?;
        }
        Ok(())
    });
}

#[test]
fn rule_p4_each_parameter_that_we_know_may_occur_once() {
    let known = [
        "access_token",
        "token_type",
        "expires_in",
        "scope",
        "state",
        "iss",
        "error",
        "error_description",
        "error_uri",
        "code",
        "id_token",
        "refresh_token",
    ];
    check_all(known, |name| {
        let (first, rest) = name.split_at(1);
        let escaped = format!("{}{rest}", encoded(first.bytes().next().unwrap()));
        for (one, other) in [("x", "x"), ("x", "y"), ("x", ""), ("", "")] {
            // The rest of the response has none of these twice.
            let response = format!("#id_token=J&{name}={one}&{escaped}={other}");
            same(&response, &code(&response), &"duplicate_parameter")?;
        }
        let upper = name.to_uppercase();
        same(
            &upper,
            &code(&with(&format!("&{upper}=x&{upper}=y"))),
            &"ok",
        )
    });
}

#[test]
fn rule_p5_an_empty_value_is_an_absent_one() {
    let rows = [
        (
            "#access_token=&token_type=Bearer&state={S}",
            "missing_access_token",
        ),
        ("#access_token=AT&token_type=Bearer&state=", "missing_state"),
        (
            "#access_token=AT&token_type=&state={S}",
            "missing_token_type",
        ),
        (
            "#access_token=AT&token_type=Bearer&state={S}&error=&code=&iss=&scope=",
            "ok",
        ),
        ("?error=#access_token=AT&token_type=Bearer&state={S}", "ok"),
        ("#access_token=", "null"),
    ];
    check_all(rows, |(response, expected)| {
        same(response, &code(response), expected)
    });
}

#[test]
fn rule_p6_query_and_fragment_are_one_response_in_state_and_issuer_alone() {
    let rows = [
        (
            "?access_token=AT&token_type=Bearer&state={S}",
            "wrong_location",
        ),
        ("?error=access_denied&state={S}", "authorization_error"),
        ("#error=access_denied&state={S}", "authorization_error"),
        (
            "?token_type=Bearer#access_token=AT&state={S}",
            "missing_token_type",
        ),
        ("?error=access_denied#state={S}", "missing_state"),
        ("?state={S}#access_token=AT&token_type=Bearer", "ok"),
        (
            "?state={S}#access_token=AT&token_type=Bearer&state={S}",
            "ok",
        ),
        (
            "?state=x#access_token=AT&token_type=Bearer&state={S}",
            "duplicate_parameter",
        ),
        (
            "?state={S}&state={S}#access_token=AT&token_type=Bearer",
            "duplicate_parameter",
        ),
        ("?state={S}#error=access_denied", "authorization_error"),
        (
            "?token_type=Bearer&scope=x#access_token=AT&state={S}",
            "missing_token_type",
        ),
        (
            "?error=access_denied&state={S}#access_token=AT&token_type=Bearer&state={S}",
            "ambiguous_response",
        ),
    ];
    check_all(rows, |(response, expected)| {
        same(response, &code(response), expected)
    });
}

#[test]
fn rule_p7_of_two_faults_the_earlier_in_the_order_is_told() {
    let big = format!("&x={}", "a".repeat(MOST_BYTES));
    let faults: [(&str, &str); 9] = [
        ("response_too_large", &big),
        ("malformed_response", "&id_token=%zz"),
        ("duplicate_parameter", "&expires_in=1&expires_in=1"),
        ("missing_state", ""),
        ("unknown_state", ""),
        ("state_expired", ""),
        ("issuer_mismatch", "&iss=https%3A%2F%2Fevil.example"),
        ("authorization_error", "&error=access_denied"),
        ("unsupported_token_type", "&token_type=mac"),
    ];
    let client = client();
    for (at, (earlier, one)) in faults.iter().enumerate() {
        for (later, other) in faults.iter().skip(at + 1) {
            let has = |fault: &str| *earlier == fault || *later == fault;
            if has("missing_state") && has("unknown_state") {
                continue;
            }
            let (mut store, state) = Store::with_login(&client);
            let before = store.clone();
            let state = match () {
                () if has("missing_state") => String::new(),
                () if has("unknown_state") => format!("&state={NOBODYS}"),
                () => format!("&state={state}"),
            };
            let address = format!("{REDIRECT_URI}#access_token=AT{state}{one}{other}");
            let now = if has("state_expired") {
                NOW + LIFETIME + 1
            } else {
                NOW
            };
            let handled = store.handle(&client, &address, now);
            assert_eq!(handled.code(), *earlier, "{earlier} and {later}");
            let is_before_the_state = at < 5;
            assert_eq!(
                store == before,
                is_before_the_state,
                "{earlier} and {later}"
            );
        }
    }
}

#[test]
fn rule_p8_the_issuer_is_compared_to_the_letter_on_errors_too() {
    let good = format!("&iss={}", ISSUER.replace(':', "%3A"));
    let rows: [(Option<&str>, bool, &str, &str); 11] = [
        (Some(ISSUER), false, "", "ok"),
        (Some(ISSUER), false, &good, "ok"),
        (
            Some(ISSUER),
            false,
            "&iss=https%3A%2F%2Fas.example%2F",
            "issuer_mismatch",
        ),
        (
            Some(ISSUER),
            false,
            "&iss=HTTPS%3A%2F%2Fas.example",
            "issuer_mismatch",
        ),
        (
            Some(ISSUER),
            false,
            "&iss=https%3A%2F%2Fas.example%3A443",
            "issuer_mismatch",
        ),
        (Some(ISSUER), false, "&iss=https%3A%2F%2Fas.exampl%65", "ok"),
        (
            Some(ISSUER),
            false,
            "&iss=https%3A%2F%2Fas.exampl%2565",
            "issuer_mismatch",
        ),
        (Some(ISSUER), true, &good, "ok"),
        (Some(ISSUER), true, "", "issuer_missing"),
        (Some(ISSUER), true, "&iss=", "issuer_missing"),
        (None, false, "&iss=https%3A%2F%2Fanybody.example", "ok"),
    ];
    check_all(rows, |(issuer, promised, iss, expected)| {
        let client = client_with_issuer(*issuer, *promised);
        same(iss, &answer(&client, &with(iss)).code(), expected)?;
        let beside = iss.replacen('&', "?", 1) + &with("");
        same(&beside, &answer(&client, &beside).code(), expected)?;
        let refusal = answer(&client, &format!("#error=access_denied&state={{S}}{iss}"));
        let expected = if *expected == "ok" {
            "authorization_error"
        } else {
            expected
        };
        same(iss, &refusal.code(), &expected)
    });
}

#[test]
fn rule_p9_only_bearer_is_understood_in_any_case_of_letters() {
    let rows = [
        ("&token_type=Bearer", "ok", "ok"),
        ("&token_type=bearer", "ok", "ok"),
        ("&token_type=bEARER", "ok", "ok"),
        ("", "missing_token_type", "ok"),
        ("&token_type=", "missing_token_type", "ok"),
        ("&Token_Type=Bearer", "missing_token_type", "ok"),
        (
            "&token_type=mac",
            "unsupported_token_type",
            "unsupported_token_type",
        ),
        (
            "&token_type=DPoP",
            "unsupported_token_type",
            "unsupported_token_type",
        ),
        (
            "&token_type=Bearer%20",
            "unsupported_token_type",
            "unsupported_token_type",
        ),
        (
            "&token_type=%EF%BC%A2earer",
            "unsupported_token_type",
            "unsupported_token_type",
        ),
        (
            "&token_type=Bearer%00",
            "unsupported_token_type",
            "unsupported_token_type",
        ),
    ];
    let strict = client();
    let mut lenient = client();
    lenient.assume_bearer(true);
    check_all(rows, |(token_type, code, assumed)| {
        let response = format!("#access_token=AT&state={{S}}{token_type}");
        same(token_type, &answer(&strict, &response).code(), code)?;
        same(token_type, &answer(&lenient, &response).code(), assumed)
    });
}

#[test]
fn rule_p10_a_token_has_visible_ascii_characters_and_no_other() {
    for byte in 0..=0xFF_u8 {
        let is_allowed = matches!(byte, 0x21..=0x7E);
        let token = |text: &str| {
            code(&format!(
                "#access_token={text}&token_type=Bearer&state={{S}}"
            ))
        };
        let expected = if is_allowed {
            "ok"
        } else {
            "malformed_response"
        };
        assert_eq!(
            token(&format!("a{}b", encoded(byte))),
            expected,
            "{byte:#x}"
        );
        assert_eq!(token(&format!("a{}", encoded(byte))), expected, "{byte:#x}");
    }
    check_all(
        [
            ("%3D", true),
            ("00D5e000001N20Q!AQ8AQJ.sLmz0_2x~Kq", true),
            ("Atza%7CIwEBIJ8xk-Q", true),
            ("1|abc", true),
            ("ATCTT3xFfGN0=1A2B3C4D", true),
            ("abcd*(x))", true),
            ("a+b", false),
            ("%C3%A4", false),
            ("%C2%A0", false),
            ("test-08/12/2024-01/01/2025-x", true),
        ],
        |(text, is_allowed)| {
            let response = format!("#access_token={text}&token_type=Bearer&state={{S}}");
            same(text, &(code(&response) == "ok"), is_allowed)
        },
    );
}

#[test]
fn rule_p11_expires_in_is_a_decimal_number_or_no_answer() {
    let most = (1 << 53) - 1;
    let rows = [
        ("", None),
        ("&expires_in=", None),
        ("&expires_in=0", Some(NOW)),
        ("&expires_in=1", Some(NOW + 1)),
        ("&expires_in=3600", Some(NOW + 3600)),
        ("&expires_in=007200", Some(NOW + 7200)),
        ("&expires_in=2592000", Some(NOW + 2_592_000)),
        ("&expires_in=9007199254740991", Some(most)),
        ("&expires_in=18446744073709551615", Some(most)),
        ("&expires_in=18446744073709551616", Some(most)),
        (
            "&expires_in=99999999999999999999999999999999999999999999",
            Some(most),
        ),
        ("&expires_in=-1", Some(NOW)),
        ("&expires_in=-99999999999999999999999", Some(NOW)),
        ("&expires_in=-0", Some(NOW)),
        ("&expires_in=-10.5", Some(NOW)),
        ("&expires_in=3599.87", Some(NOW + 3599)),
        ("&expires_in=0.99", Some(NOW)),
        (
            "&expires_in=3600.00000000000000000000000000000000001",
            Some(NOW + 3600),
        ),
    ];
    check_all(rows, |(text, end)| {
        same(
            text,
            &token(&format!("access_token=AT{text}")).expires_at(),
            end,
        )
    });
    let no_numbers = [
        "%2B3600",
        "+3600",
        "3600+",
        "3600.",
        ".5",
        "-",
        "-.5",
        "--1",
        "1.2.3",
        "1.-2",
        "1e9",
        "0x10",
        "3,600",
        "1_000",
        "abc",
        "NaN",
        "Infinity",
        "null",
        "false",
        "2030-01-01",
        "%EF%BC%93",
        "%D9%A3",
        "%00",
    ];
    check_all(no_numbers, |text| {
        let response = with(&format!("&expires_in={text}"));
        same(text, &code(&response), &"malformed_response")
    });
}

#[test]
fn rule_p11_a_clock_at_its_end_does_not_overflow() {
    let client = client();
    let mut patient = client.clone();
    patient.set_state_lifetime(u64::MAX).unwrap();
    let (mut store, state) = Store::with_login(&client);
    let address = format!("{REDIRECT_URI}{GOOD}{state}");
    let token = store.handle(&patient, &address, u64::MAX).token();
    assert_eq!(token.expires_at(), Some((1 << 53) - 1));
    assert_eq!(token.usable_for(u64::MAX), Some(0));
}

#[test]
fn rule_p12_the_scope_is_what_was_granted_or_else_what_was_asked_for() {
    let rows = [
        ("", Some("read write")),
        ("&scope=", Some("read write")),
        ("&scope=read", Some("read")),
        ("&scope=read+write%20admin", Some("read write admin")),
        ("&scope=write+read", Some("write read")),
        ("&scope=+read++write+", Some("read write")),
        ("&scope=read%0D%0Awrite", Some("read write")),
        ("&scope=%22read%22", Some("read")),
        ("&scope=a%5Cb", Some("a b")),
        ("&scope=repo,gist", Some("repo,gist")),
        ("&scope=gr%C3%B6%C3%9Fe+read", Some("read")),
        ("&scope=%FF+read+%zz", Some("read %zz")),
        ("&scope=%C3%A4", Some("read write")),
        ("&scope=+%00%22", Some("read write")),
    ];
    check_all(rows, |(text, scope)| {
        same(
            text,
            &token(&format!("access_token=AT{text}")).scope(),
            scope,
        )
    });
    let plain = client_of(ENDPOINT, "spa", REDIRECT_URI);
    assert_eq!(answer(&plain, &with("")).token().scope(), None);
}

#[test]
fn what_else_a_server_says_is_kept_as_it_came() {
    let rows = [
        ("", None),
        ("&iss=&scope=x&session_state=y&id_token=z", None),
        ("&user_id=7&&name=a+b%2F", Some("&user_id=7&name=a+b%2F")),
        ("&x=%FF&x", Some("&x=%FF&x")),
        ("&%73cope=x&Scope=y", Some("&Scope=y")),
    ];
    check_all(rows, |(more, further)| {
        let token = token(&format!("access_token=AT{more}"));
        same(more, &token.further(), further)
    });
}

#[test]
fn rule_p13_what_was_not_asked_for_is_refused_or_dropped() {
    let rows = [
        ("&code=C", "unexpected_response_type"),
        ("&response=eyJ.e.e", "unexpected_response_type"),
        ("&code=", "ok"),
        ("&id_token=JWT", "ok"),
        ("&refresh_token=RT", "ok"),
        ("&session_state=x.y", "ok"),
    ];
    check_all(rows, |(more, expected)| {
        let handled = answer(&client(), &with(more));
        same(more, &handled.code(), expected)?;
        same(more, &handled.address.as_str(), &REDIRECT_URI)?;
        let text = format!("{:?}", handled.outcome);
        same(more, &(text.contains("JWT") || text.contains("RT")), &false)
    });
}

fn refusal(parameters: &str) -> Result<ServerError, &'static str> {
    match answer(&client(), &format!("#{parameters}&state={{S}}")).outcome {
        Err(Error::AuthorizationError(server)) => Ok(*server),
        Err(error) => Err(error.code()),
        Ok(_) => Err("no error"),
    }
}

#[test]
fn rule_p14_the_error_alone_decides_and_has_the_characters_of_section_4_2_2_1() {
    for byte in 0..=0xFF_u8 {
        let is_text = matches!(byte, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E);
        let text = format!("a{}b", encoded(byte));
        let error = format!("error={text}");
        assert_eq!(refusal(&error).is_ok(), is_text, "{error}");
        let described = refusal(&format!("error=x&error_description={text}")).unwrap();
        let shown = match byte {
            0..=0x1F | 0x7F => "a b".into(),
            0x80.. => "ab".into(),
            byte => format!("a{}b", char::from(byte)),
        };
        assert_eq!(described.description, Some(shown), "{text}");
        let uri = format!("error=x&error_uri=https%3A%2F%2Fas.example%2F{text}");
        let uri = refusal(&uri).unwrap().uri;
        assert_eq!(uri.is_some(), is_text && byte != b' ', "{text}");
    }
}

#[test]
fn rule_p14_what_a_server_says_of_its_refusal_is_cleaned_and_never_hides_it() {
    let rows = [
        (
            "AADSTS65004%3a+User+declined.%0d%0aTrace+ID%3a+1",
            Some("AADSTS65004: User declined.  Trace ID: 1"),
        ),
        ("Ung%C3%BCltig", Some("Ungültig")),
        ("Ung%FCltig", Some("Ungltig")),
        ("%EF%BF%BDx", Some("x")),
        ("the+%22code%22", Some("the \"code\"")),
        ("a%C2%85b%E2%80%A8c", Some("a b c")),
        ("%FF", None),
        ("100%", Some("100%")),
    ];
    check_all(rows, |(text, shown)| {
        let said = refusal(&format!("error=access_denied&error_description={text}"));
        let said = said.map_err(String::from)?;
        same(text, &said.description.as_deref(), shown)
    });
}

#[test]
fn rule_p14_the_description_is_cut_at_1024_characters() {
    for (length, kept) in [
        (1, 1),
        (1023, 1023),
        (1024, 1024),
        (1025, 1024),
        (100_000, 1024),
    ] {
        let server = refusal(&format!("error=x&error_description={}", "a".repeat(length)));
        assert_eq!(server.unwrap().description, Some("a".repeat(kept)));
    }
}

#[test]
fn rule_p14_an_error_uri_is_http_or_it_is_dropped() {
    let rows = [
        ("https%3A%2F%2Fas.example%2Fe", Some("https://as.example/e")),
        ("http%3A%2F%2Fas.example%2Fe", Some("http://as.example/e")),
        ("HTTPS%3A%2F%2Fas.example%2Fe", Some("HTTPS://as.example/e")),
        ("javascript%3Aalert(1)", None),
        ("JavaScript%3Aalert(1)", None),
        ("data%3Atext%2Fhtml%2Cx", None),
        ("%2F%2Fevil.example", None),
        ("/e", None),
        ("https", None),
        ("httpsx%3A%2F%2Fas.example", None),
        ("xhttps%3A%2F%2Fas.example", None),
        ("", None),
    ];
    check_all(rows, |(uri, expected)| {
        let server = refusal(&format!("error=x&error_uri={uri}")).map_err(String::from)?;
        same(uri, &server.uri.as_deref(), expected)
    });
}

/// A response of so many bytes, its `#` or `?` not counted.
fn of_bytes(start: &str, length: usize, state: &str) -> String {
    let start = start.replace("{S}", state);
    let missing = length - (start.len() - 1) - "&x=".len();
    format!("{start}&x={}", "a".repeat(missing))
}

#[test]
fn rule_p15_a_response_has_at_most_128_kib() {
    let client = client();
    for (start, within) in [
        ("#access_token=AT&token_type=Bearer&state={S}", "ok"),
        ("?error=access_denied&state={S}", "authorization_error"),
    ] {
        for (length, expected) in [
            (MOST_BYTES - 1, within),
            (MOST_BYTES, within),
            (MOST_BYTES + 1, "response_too_large"),
            (16 * MOST_BYTES, "response_too_large"),
        ] {
            let (mut store, state) = Store::with_login(&client);
            let before = store.clone();
            let response = of_bytes(start, length, &state);
            let handled = store.handle(&client, &format!("{REDIRECT_URI}{response}"), NOW);
            assert_eq!(handled.code(), expected, "{start} of {length}");
            assert_eq!(store == before, expected == "response_too_large");
            assert!(!handled.address.contains("access_token"));
        }
    }
}

#[test]
fn rule_p15_a_response_has_at_most_256_parameters() {
    for (parameters, expected) in [
        (MOST_PARAMETERS - 1, "ok"),
        (MOST_PARAMETERS, "ok"),
        (MOST_PARAMETERS + 1, "response_too_large"),
        (10_000, "response_too_large"),
    ] {
        let more = "&x=1".repeat(parameters - 3);
        let handled = answer(&client(), &with(&more));
        assert_eq!(handled.code(), expected, "{parameters}");
        assert_eq!(handled.change.is_none(), expected == "response_too_large");
    }
}

#[test]
fn rule_p15_a_response_of_128_kib_takes_linear_time() {
    let start = Instant::now();
    for piece in [
        "&", "&=", "=", "&x", "%", "%25", "+", "#", "?", "/", "&x=1", "a", "&#", "%C3",
    ] {
        for place in ["#", "?", "#/a?"] {
            let room = (MOST_BYTES - 100) / piece.len();
            let good = with("").replace('#', place);
            answer(&client(), &format!("{good}{}", piece.repeat(room)));
        }
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn rule_p16_a_response_that_fails_brings_no_token() {
    let faults = [
        "&token_type=Bearer&expires_in=soon",
        "&token_type=Bearer&iss=https%3A%2F%2Fevil.example",
        "&token_type=Bearer&code=C",
        "&token_type=Bearer&error=x",
        "&token_type=mac",
        "",
    ];
    check_all(faults, |fault| {
        let handled = answer(
            &client(),
            &format!("#access_token=PLANTED&state={{S}}{fault}"),
        );
        same(fault, &handled.outcome.is_err(), &true)?;
        same(fault, &format!("{handled:?}").contains("PLANTED"), &false)
    });
}

#[test]
fn rule_p18_where_to_go_on_comes_from_the_record_alone() {
    let client: Client = client();
    let more =
        "&return_to=%2F%2Fevil.example&returnTo=%2F%2Fevil.example&redirect_uri=x&app_state=x";
    let grant = answer(&client, &with(more)).grant();
    assert_eq!((grant.return_to, grant.app_state), (None, None));
}
