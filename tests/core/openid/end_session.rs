//! The end of a session at the provider, and the redirect that comes back.

use super::vectors::id_token;
use crate::fixtures::{self, NOBODYS, NOW, Store, check_all, client, pairs, same, url};
use claviger::{EndSession, Error, InvalidOption, LogoutRedirect, PendingLogout, RedirectUri};

const ENDPOINT: &str = "https://as.example/logout";
const BACK: &str = "https://app.example/bye";

fn redirect_uri() -> RedirectUri {
    fixtures::redirect_uri(BACK).unwrap()
}

fn request() -> EndSession {
    let mut request = EndSession::new(url(ENDPOINT), "spa".into()).unwrap();
    request.set_redirect_uri(redirect_uri());
    request
}

fn start(request: EndSession, seed: u8) -> (String, PendingLogout, String) {
    let (address, pending) = request.start(&[seed; 32], NOW);
    let query = url(&address);
    let query = query.as_str().split_once('?').unwrap().1;
    let state = pairs(query).into_iter().find(|(name, _)| name == "state");
    (
        address,
        pending,
        state.map(|(_, state)| state).unwrap_or_default(),
    )
}

/// What comes back of a URL, with the record of a logout.
fn answer(address: &str, pending: &PendingLogout, now: u64) -> Option<(String, Option<String>)> {
    let read = LogoutRedirect::read(&redirect_uri(), &url(address))?;
    let record = (read.key() == pending.key()).then(|| pending.to_record());
    let answer = read.answer(record, "spa", now)?;
    Some((answer.scrubbed, answer.return_to))
}

#[test]
fn rule_i30_the_request_to_the_letter() {
    let mut whole = request();
    whole.set_hint(&id_token());
    whole.add_parameter("ui_locales", "da en").unwrap();
    let (address, _, state) = start(whole, 7);
    assert_eq!(state.len(), 43);
    assert_eq!(
        address,
        format!(
            "{ENDPOINT}?client_id=spa&id_token_hint={}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state={state}&ui_locales=da+en",
            id_token().as_str()
        )
    );
    // Without a way back there is no state, and an endpoint may have a query of its own.
    let bare = EndSession::new(url(&format!("{ENDPOINT}?p=1")), "spa".into()).unwrap();
    let (address, _) = bare.start(&[7; 32], NOW);
    assert_eq!(address, format!("{ENDPOINT}?p=1&client_id=spa"));
}

#[test]
fn rule_i30_the_parameters_of_the_request_are_set_here_alone() {
    let refused: [Result<(), InvalidOption>; 8] = [
        EndSession::new(url("http://as.example/logout"), "spa".into()).map(drop),
        EndSession::new(url("https://u@as.example/logout"), "spa".into()).map(drop),
        EndSession::new(url("https://as.example/logout#x"), "spa".into()).map(drop),
        EndSession::new(url("https://as.example/logout?st%61te=x"), "spa".into()).map(drop),
        request().add_parameter("state", "x"),
        request().add_parameter("id_token_hint", "x"),
        request().add_parameter("", "x"),
        {
            let mut request = request();
            request.add_parameter("logout_hint", "ada").unwrap();
            request.add_parameter("logout_hint", "bob")
        },
    ];
    check_all(refused.iter().enumerate(), |(at, result)| {
        let option = if *at < 4 {
            "server.end_session_endpoint"
        } else {
            "parameters"
        };
        same(
            &format!("row {at}"),
            &result.err().map(|it| it.option),
            &Some(option),
        )
    });
    for path in ["", "https://evil.example/", "//evil.example"] {
        assert_eq!(
            request().set_return_to(path.into()),
            Err(Error::InvalidReturnTo),
            "{path}"
        );
    }
}

#[test]
fn rule_i31_a_redirect_with_the_state_of_a_logout_comes_back_once_and_without_it() {
    let mut kept = request();
    kept.set_return_to("/bye?x=1".into()).unwrap();
    kept.set_app_state("tab 2".into());
    let (_, pending, state) = start(kept, 7);
    let at = |rest: &str| answer(&format!("{BACK}{rest}"), &pending, NOW);
    let came = |left: &str| Some((format!("{BACK}{left}"), Some("/bye?x=1".into())));
    assert_eq!(at(&format!("?state={state}")), came(""));
    assert_eq!(at(&format!("?a=1&state={state}&b=2#c")), came("?a=1&b=2#c"));
    assert_eq!(
        answer(&format!("{BACK}?state={state}"), &pending, NOW + 3600),
        came("")
    );
    let read =
        LogoutRedirect::read(&redirect_uri(), &url(&format!("{BACK}?state={state}"))).unwrap();
    assert_eq!(
        read.answer(Some(pending.to_record()), "spa", NOW)
            .unwrap()
            .app_state
            .as_deref(),
        Some("tab 2")
    );
    // Once the record is gone there is nothing to come back to.
    assert_eq!(read.answer(None, "spa", NOW), None);
}

#[test]
fn rule_i31_every_other_url_is_none_of_a_logouts() {
    let (_, pending, state) = start(request(), 7);
    let (_, other, _) = start(request(), 8);
    let mut own = request();
    own.set_redirect_uri(fixtures::redirect_uri("https://app.example/other").unwrap());
    let (_, elsewhere, _) = start(own, 7);
    let good = format!("{BACK}?state={state}");
    let rows: [(&str, &str, &str, u64); 9] = [
        ("no state", BACK, pending.to_record(), NOW),
        (
            "another path",
            &format!("https://app.example/x?state={state}"),
            pending.to_record(),
            NOW,
        ),
        (
            "two states",
            &format!("{BACK}?state={state}&state={state}"),
            pending.to_record(),
            NOW,
        ),
        (
            "in the fragment",
            &format!("{BACK}#state={state}"),
            pending.to_record(),
            NOW,
        ),
        (
            "nobody's state",
            &format!("{BACK}?state={NOBODYS}"),
            pending.to_record(),
            NOW,
        ),
        ("another logout", &good, other.to_record(), NOW),
        ("another redirect URI", &good, elsewhere.to_record(), NOW),
        ("too late", &good, pending.to_record(), NOW + 3601),
        ("no record", &good, "", NOW),
    ];
    check_all(rows, |(told, address, record, now)| {
        let read = LogoutRedirect::read(&redirect_uri(), &url(address));
        let answer = read.and_then(|read| read.answer(Some(record), "spa", *now));
        same(told, &answer, &None)
    });
    let read = LogoutRedirect::read(&redirect_uri(), &url(&good)).unwrap();
    assert_eq!(read.answer(Some(pending.to_record()), "another", NOW), None);
    assert!(read.answer(Some(pending.to_record()), "spa", NOW).is_some());
}

#[test]
fn rule_i31_a_path_that_could_lead_elsewhere_is_refused_on_read_too() {
    let (_, pending, state) = start(request(), 7);
    let record = format!("{}&return_to=%2F%2Fevil.example", pending.to_record());
    let read =
        LogoutRedirect::read(&redirect_uri(), &url(&format!("{BACK}?state={state}"))).unwrap();
    assert_eq!(read.answer(Some(&record), "spa", NOW), None);
}

#[test]
fn attack_54_a_redirect_of_a_logout_that_nobody_started_does_nothing() {
    let read =
        LogoutRedirect::read(&redirect_uri(), &url(&format!("{BACK}?state={NOBODYS}"))).unwrap();
    assert_eq!(read.answer(None, "spa", NOW), None);
    assert_eq!(
        LogoutRedirect::read(&redirect_uri(), &url(&format!("{BACK}?state=x"))).map(drop),
        None
    );
}

#[test]
fn attack_55_the_states_of_a_login_and_of_a_logout_never_fit_each_other() {
    // Both begin with the same random bytes.
    let client = client();
    let (mut store, state) = Store::with_login(&client);
    let random = fixtures::random(1)[0];
    let (_, pending) = request().start(&random, NOW);
    let (login_key, _) = store
        .0
        .iter()
        .find(|(_, record)| record.contains(&state))
        .unwrap();
    let login_key = login_key.clone();
    assert_ne!(pending.key(), login_key);
    // A login's record answers no logout, and a logout's no login, whatever its name.
    let read =
        LogoutRedirect::read(&redirect_uri(), &url(&format!("{BACK}?state={state}"))).unwrap();
    assert_eq!(
        read.answer(store.0.get(&login_key).map(String::as_str), "spa", NOW),
        None
    );
    assert!(read.answer(Some(pending.to_record()), "spa", NOW).is_some());
    store.0.insert(login_key, pending.to_record().into());
    assert_eq!(
        store.handle(&client, &fixtures::good(&state), NOW).code(),
        "unknown_state"
    );
}
