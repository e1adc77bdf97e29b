//! `claviger::browser` where there is no page: it compiles, nobody is signed in, and each call says so.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use claviger::browser::{BrowserClient, Failure, Store, TokenStore, discover};
use claviger::{Error, Resources, ResponseMode, SessionPolicy, Status, TokenRequest};
use wasm_bindgen::JsValue;

use crate::fixtures::{GOOD, REDIRECT_URI, code_client, same, token_endpoint, url};

/// What a future comes to that waits for nothing.
fn outcome<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

fn code<T>(outcome: Result<T, Failure>) -> &'static str {
    outcome.map_or_else(|failure| failure.code(), |_| "ok")
}

#[test]
fn without_a_page_every_call_fails_with_a_typed_error_and_nobody_is_signed_in() {
    let client = code_client(ResponseMode::Query);
    for tokens in [TokenStore::Memory, TokenStore::Session, TokenStore::Local] {
        let mut sessions = SessionPolicy::new(client.clone());
        sessions.set_auto_renew(true);
        let client =
            BrowserClient::with_session(sessions, Resources::default(), Store::Local, tokens);
        let refresh = || TokenRequest::refresh(&token_endpoint(), "RT", "");
        let response = url(&format!("{REDIRECT_URI}{GOOD}AAAA"));
        let calls = [
            (
                "authorization_url",
                code(client.authorization_url(client.request())),
            ),
            ("login", code(client.login(client.request()))),
            (
                "login_popup",
                code(outcome(client.login_popup(client.request()))),
            ),
            ("handle_redirect", code(outcome(client.handle_redirect()))),
            ("handle_url", code(outcome(client.handle_url(&response)))),
            ("renew", code(outcome(client.renew()))),
            (
                "request_token",
                code(outcome(client.request_token(refresh()))),
            ),
            ("logout", code(client.logout())),
            (
                "logout_and_revoke",
                code(outcome(client.logout_and_revoke())),
            ),
            ("discover", code(outcome(discover("https://as.example")))),
        ];
        for (name, code) in calls {
            same(name, &code, &"no_page").unwrap();
        }
        outcome(client.ready());
        drop(client.subscribe(|_| panic!("nothing is told")));
        assert!(client.token().is_none() && client.session().is_none());
        assert_eq!(client.state(), Status::SignedOut);
        let denied = client.authorize(&url("https://api.example/"));
        assert_eq!(denied.unwrap_err().code(), "resource_not_allowed");
        let denied = client.attach(&url("https://api.example/"), None);
        assert_eq!(denied.unwrap_err().code(), "resource_not_allowed");
    }
}

#[test]
fn a_failure_becomes_a_value_of_javascript_without_a_page_too() {
    let failures = [
        Failure::NoPage,
        Failure::OAuth(Error::StateReplayed),
        Failure::Platform(JsValue::NULL),
    ];
    for failure in failures {
        // What would make an exception panics on a host.
        drop(JsValue::from(failure));
    }
}

#[test]
fn a_clone_is_the_same_client_and_another_one_is_another() {
    let make = || {
        let client = code_client(ResponseMode::Query);
        BrowserClient::new(client, Resources::default(), Store::Session)
    };
    let client = make();
    assert!(client == client.clone() && client != make());
    assert!(!format!("{client:?}").is_empty());
}

/// What stands in the program of each framework in Rust, which signs in in a browser.
#[test]
fn the_contexts_that_the_documentation_shows_are_those_of_the_programs() {
    let documented = include_str!("../../src/browser/mod.rs");
    let programs = [
        ("Yew", include_str!("../rust-frameworks/yew/src/lib.rs")),
        (
            "Leptos",
            include_str!("../rust-frameworks/leptos/src/lib.rs"),
        ),
        (
            "Dioxus",
            include_str!("../rust-frameworks/dioxus/src/lib.rs"),
        ),
    ];
    for (framework, program) in programs {
        let section = documented.split_once(&format!("//! ## {framework}\n"));
        let example = section.and_then(|(_, rest)| rest.split("//! ```").nth(1));
        // The programs have the client in a value of their own.
        let example = example.unwrap().replace("BrowserClient", "Session");
        let example = example.replace("client", "session");
        let lines = example.lines().skip(1).map(|line| line.replace("//!", ""));
        let shown: Vec<String> = lines
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty() && !line.starts_with("//"))
            .collect();
        assert!(shown.len() > 1, "{framework}");
        for line in shown {
            let is_there = program.lines().any(|it| it.trim() == line);
            assert!(is_there, "{framework}: {line}");
        }
    }
}
