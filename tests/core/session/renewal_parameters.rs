//! What a renewal asks for by its caller's word: in the request with the refresh token, and in a frame.

use super::tabs::{NOTHING, Tabs, set};
use crate::fixtures::{pairs, token_endpoint};
use claviger::{Lock, RenewalParameters, SessionEffect, SessionEvent, Unframed};

fn parameters(given: &[(&str, &str)]) -> RenewalParameters {
    let mut parameters = RenewalParameters::new();
    for (name, value) in given {
        parameters.add(name, value).unwrap();
    }
    parameters
}

fn renewal(given: &[(&str, &str)]) -> SessionEvent {
    let parameters = parameters(given);
    SessionEvent::RenewRequested { parameters }
}

/// What a frame brings whose login asked for this.
fn framed(renewal: u64, form: &str, now: u64) -> SessionEvent {
    let state = format!("{renewal:-<43}");
    let outcome = Ok((set("AT", "", Some(3600), now), state, form.into()));
    SessionEvent::Framed { renewal, outcome }
}

/// What the refresh request of the tab's next renewal says beside the token.
fn sent(tabs: &mut Tabs, renewal: u64, event: &SessionEvent) -> Vec<(String, String)> {
    assert_eq!(tabs.on(0, event).words, [format!("lock {renewal}")]);
    let done = tabs.locked(0, renewal, Lock::Held);
    let body = done.turn.effects.iter().find_map(|effect| match effect {
        SessionEffect::Send(_, request) => Some(request.http().body()),
        _ => None,
    });
    let ours = ["grant_type", "refresh_token", "client_id"];
    let mut sent = pairs(&body.unwrap());
    sent.retain(|(name, _)| !ours.contains(&name.as_str()));
    sent
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(n, v)| ((*n).into(), (*v).into()))
        .collect()
}

#[test]
fn rule_m12_a_refresh_says_what_its_caller_does_in_the_place_of_the_endpoints_own() {
    let mut endpoint = token_endpoint();
    for (name, value) in [
        ("audience", "a"),
        ("resource", "https://a.example"),
        ("x", "1"),
    ] {
        endpoint.add_parameter(name, value).unwrap();
    }
    let mut tabs = Tabs::private(1);
    tabs.policy.set_token_endpoint(endpoint);
    let mut tabs = tabs.signed_in();
    let both = [
        ("resource", "https://b.example/ä"),
        ("resource", "c"),
        ("y", "&="),
    ];
    let asked = sent(&mut tabs, 1, &renewal(&both));
    let [one, other, y] = both;
    assert_eq!(
        asked,
        owned(&[one, other, y, ("audience", "a"), ("x", "1")])
    );
    tabs.refreshed(0, 1, "AT1", "RT1");
    // They were that renewal's alone.
    let own = [
        ("audience", "a"),
        ("resource", "https://a.example"),
        ("x", "1"),
    ];
    assert_eq!(sent(&mut tabs, 2, &renewal(&[])), owned(&own));
}

#[test]
fn rule_m12_a_frame_asks_for_what_its_caller_does_in_the_place_of_the_logins() {
    let mut tabs = Tabs::private(1).with_frames().with_token();
    assert_eq!(
        tabs.on(0, &renewal(&[("login_hint", "bob"), ("acr_values", "2")]))
            .words,
        ["lock 1"]
    );
    let done = tabs.locked(0, 1, Lock::Held);
    assert_eq!(done.words, ["frame 1 login_hint=bob&acr_values=2"]);
    // A frame that fails leaves nothing of it.
    tabs.unframed(0, 1, Unframed::Unanswered);
    assert_eq!(tabs.on(0, &renewal(&[("max_age", "60")])).words, ["lock 2"]);
    let done = tabs.locked(0, 2, Lock::Held);
    assert_eq!(done.words, ["frame 2 max_age=60&login_hint=ada"]);
}

#[test]
fn rule_m12_what_one_frame_asked_for_is_not_repeated_and_what_its_login_needs_is() {
    let mut tabs = Tabs::private(1).with_frames().with_token();
    let asked = [("login_hint", "bob"), ("acr_values", "2")];
    tabs.on(0, &renewal(&asked));
    tabs.locked(0, 1, Lock::Held);
    let form = "nonce=N&login%5Fhint=bob&acr_values=2&prompt=none";
    let event = framed(1, form, tabs.now);
    assert_eq!(tabs.on(0, &event).token(), "AT");
    assert_eq!(
        tabs.ask(0, 2).words,
        ["frame 2 nonce=N&prompt=none&login_hint=ada"]
    );
    // A frame that was asked for nothing is what its login says.
    let event = framed(2, "nonce=M&login_hint=ada", tabs.now);
    tabs.on(0, &event);
    assert_eq!(tabs.ask(0, 3).words, ["frame 3 nonce=M&login_hint=ada"]);
}

#[test]
fn rule_m12_a_frame_that_signs_somebody_in_is_a_login_and_is_repeated() {
    let mut tabs = Tabs::private(1).with_frames();
    tabs.on(0, &renewal(&[("login_hint", "bob")]));
    assert_eq!(
        tabs.locked(0, 1, Lock::Held).words,
        ["frame 1 login_hint=bob"]
    );
    let event = framed(1, "login_hint=bob", tabs.now);
    tabs.on(0, &event);
    assert_eq!(tabs.ask(0, 2).words, ["frame 2 login_hint=bob"]);
}

#[test]
fn rule_m12_a_renewal_under_way_stays_as_it_was_begun() {
    let mut tabs = Tabs::private(1).with_frames().with_token();
    tabs.on(0, &renewal(&[("acr_values", "2")]));
    assert_eq!(tabs.on(0, &renewal(&[("acr_values", "3")])).words, NOTHING);
    let done = tabs.locked(0, 1, Lock::Held);
    assert_eq!(done.words, ["frame 1 acr_values=2&login_hint=ada"]);
    assert_eq!(tabs.on(0, &renewal(&[("acr_values", "3")])).words, NOTHING);
}

#[test]
fn rule_m12_what_a_renewal_sets_itself_is_refused_before_anything_is_sent() {
    let ours = [
        "grant_type",
        "refresh_token",
        "client_id",
        "client_secret",
        "code",
        "code_verifier",
        "redirect_uri",
        "scope",
        "response_type",
        "response_mode",
        "state",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "nonce",
        "required_acr",
        "",
    ];
    let wrong = [
        ("max_age", "soon"),
        ("max_age", ""),
        ("x", ""),
        ("login_hint", "b"),
    ];
    let mut given = parameters(&[("login_hint", "a"), ("resource", "r")]);
    for (name, value) in ours.map(|name| (name, "x")).into_iter().chain(wrong) {
        assert!(given.add(name, value).is_err(), "{name}={value}");
    }
    for (name, value) in [
        ("resource", "s"),
        ("max_age", "0"),
        ("Scope", "x"),
        ("scope ", "x"),
    ] {
        given.add(name, value).unwrap();
    }
    // What was refused has left no trace.
    let mut tabs = Tabs::private(1).signed_in();
    let event = SessionEvent::RenewRequested { parameters: given };
    let asked = [
        ("login_hint", "a"),
        ("resource", "r"),
        ("resource", "s"),
        ("max_age", "0"),
        ("Scope", "x"),
        ("scope ", "x"),
    ];
    assert_eq!(sent(&mut tabs, 1, &event), owned(&asked));
}
