//! What a client is registered with: its redirect URI, its identifier and its scope (rules A2 and A3).

use crate::fixtures::{self, ENDPOINT, REDIRECT_URI, accepted, check_all, client, refused, server};
use claviger::Client;

#[test]
fn rule_a2_which_redirect_uris_are_accepted() {
    let rows = [
        "https://app.example/cb",
        "https://app.example",
        "https://app.example:8443/cb?tenant=7",
        "http://localhost/cb",
        "http://localhost:4180/",
        "http://127.0.0.1:49152/cb",
        "http://[::1]/cb",
        "com.example.app:/cb",
        "com.example.app:cb",
        "com.example.app://auth/cb",
        "capacitor://localhost/cb",
        "app+debug-1.x:/cb",
    ];
    check_all(rows, |row| {
        accepted(fixtures::redirect_uri(row)).map_err(|it| format!("{row}: {it}"))
    });
}

#[test]
fn rule_a2_which_redirect_uris_are_refused() {
    let rows = [
        "http://app.example/cb",
        "http://localhost.evil.example/cb",
        "https://app.example/cb#",
        "https://app.example/cb#x",
        "com.example.app:/cb#x",
        "https://ada@app.example/cb",
        "https://ada:secret@app.example/cb",
        "javascript:alert(1)",
        "JavaScript://app.example/%0Aalert(1)",
        "data:text/html,x",
        "blob:https://app.example/uuid",
        "about:blank",
        "file:///cb",
        "/cb",
        "app.example/cb",
    ];
    check_all(rows, |row| {
        refused(fixtures::redirect_uri(row), "redirect_uri").map_err(|it| format!("{row}: {it}"))
    });
}

#[test]
fn rule_a3_the_scope_obeys_the_grammar_of_section_3_3() {
    let set = |scope: &str| client().set_scope(scope.into());
    check_all(
        [
            "read",
            "read write",
            "user_email api:write",
            "!#$%&'()*+,-./",
            "[]^_`{|}~",
        ],
        |scope| accepted(set(scope)).map_err(|it| format!("{scope:?}: {it}")),
    );
    check_all(
        [
            "",
            " ",
            " read",
            "read ",
            "read  write",
            "\"read\"",
            "a\\b",
            "a\tb",
            "a\nb",
            "größe",
            "\u{7F}",
        ],
        |scope| refused(set(scope), "scope").map_err(|it| format!("{scope:?}: {it}")),
    );
    for byte in 0..=0x7F_u8 {
        let is_allowed = matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
        assert_eq!(
            set(&char::from(byte).to_string()).is_ok(),
            is_allowed,
            "{byte:#x}"
        );
    }
}

#[test]
fn rule_a3_the_client_id_is_printable_ascii() {
    let make = |client_id: &str| {
        let redirect = fixtures::redirect_uri(REDIRECT_URI).unwrap();
        Client::new(server(ENDPOINT).unwrap(), client_id.into(), redirect)
    };
    check_all(["spa", "a b", "~!\"\\", " "], |it| accepted(make(it)));
    check_all(["", "sp\u{e4}", "a\nb", "a\0", "\u{7f}"], |it| {
        refused(make(it), "client_id").map_err(|error| format!("{it:?}: {error}"))
    });
}
