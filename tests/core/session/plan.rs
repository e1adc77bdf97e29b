//! When a token is renewed, and until when it is of use: rule M10.

use super::tabs::{NOTHING, START, Tabs, set};
use crate::fixtures::{check_all, same};
use claviger::{Cause, Error, Lock, SessionEvent, Status};

/// One tab that renews by itself, with a token that lives so long.
fn living(life: Option<u64>) -> Tabs {
    let mut tabs = Tabs::private(1).renewing();
    let event = SessionEvent::Granted {
        set: set("AT0", "RT0", life, START),
        state: "u1".into(),
        parameters: String::new(),
        by: Cause::Redirect,
    };
    tabs.on(0, &event);
    tabs
}

#[test]
fn rule_m10_a_token_is_renewed_after_four_fifths_of_its_life() {
    let rows = [
        (3600, 2880),
        (300, 240),
        (31, 24),
        // Between two requests ten seconds pass, but nothing was asked for yet.
        (5, 4),
        (86_400, 69_120),
    ];
    check_all(rows, |(life, due)| {
        let mut tabs = living(Some(*life));
        tabs.now = START + due - 1;
        let early = tabs.look(0);
        same("before", &early.words, &vec![])?;
        same("the deadline", &early.deadline(), &Some(*due))?;
        tabs.now += 1;
        same("then", &tabs.look(0).words, &vec![String::from("lock 1")])
    });
}

#[test]
fn rule_m10_a_token_is_of_use_until_a_margin_that_is_at_most_a_tenth_of_its_life() {
    let rows = [
        (3600, 3570),
        (300, 270),
        (100, 90),
        (31, 28),
        (5, 5),
        (1, 1),
    ];
    check_all(rows, |(life, end)| {
        let mut tabs = Tabs::private(1);
        let event = SessionEvent::Granted {
            set: set("AT0", "", Some(*life), START),
            state: "u1".into(),
            parameters: String::new(),
            by: Cause::Redirect,
        };
        let login = tabs.on(0, &event);
        same("the end", &login.turn.usable_until, &Some(START + end))?;
        same("the deadline", &login.deadline(), &Some(*end))?;
        tabs.now = START + end - 1;
        same("before", &tabs.look(0).status(), &Status::SignedIn)?;
        tabs.now += 1;
        let over = tabs.look(0);
        same("then", &over.status(), &Status::SignedOut)?;
        same("told", &over.words.contains(&"expire time".into()), &true)
    });
}

#[test]
fn rule_m10_short_lives_make_no_storm_of_requests() {
    check_all([2, 5, 9, 12], |life| {
        let mut tabs = living(Some(*life));
        let mut requests = Vec::new();
        let mut renewal = 0;
        while tabs.now < START + 60 {
            let done = tabs.look(0);
            if done.words.iter().any(|word| word.starts_with("lock")) {
                renewal += 1;
                requests.push(tabs.now - START);
                tabs.locked(0, renewal, Lock::Held);
                let set = set(&format!("AT{renewal}"), "RT", Some(*life), tabs.now);
                let answer = Ok(set);
                tabs.on(0, &SessionEvent::Refreshed { renewal, answer });
            }
            tabs.now += 1;
        }
        let is_apart = requests.windows(2).all(|pair| pair[1] - pair[0] >= 10);
        let is_renewed = requests.len() >= 5;
        same(&format!("{requests:?}"), &(is_apart && is_renewed), &true)
    });
}

#[test]
fn rule_m10_a_token_that_had_expired_when_it_came_is_not_renewed_by_itself() {
    let mut tabs = Tabs::private(1).renewing();
    let event = SessionEvent::Granted {
        set: set("AT0", "RT0", Some(0), START),
        state: "u1".into(),
        parameters: String::new(),
        by: Cause::Redirect,
    };
    let login = tabs.on(0, &event);
    assert_eq!(login.words, ["keep", "login redirect", "expire time"]);
    assert_eq!(
        (login.status(), login.deadline()),
        (Status::Renewable, None)
    );
    tabs.now += 86_400;
    assert_eq!(tabs.look(0).words, NOTHING);
    // Whoever asks gets another one.
    tabs.ask(0, 1);
    assert_eq!(
        tabs.refreshed(0, 1, "AT1", "RT1").status(),
        Status::SignedIn
    );
}

#[test]
fn rule_m10_a_token_without_an_end_is_used_until_a_resource_refuses_it() {
    let mut tabs = living(None);
    tabs.now = u64::MAX;
    let done = tabs.look(0);
    assert_eq!((done.status(), done.deadline()), (Status::SignedIn, None));
    assert_eq!(done.words, NOTHING);
    assert_eq!(tabs.refuse(0, "AT0", false).words, ["lock 1"]);
}

#[test]
fn rule_m10_a_clock_that_was_set_back_is_a_reason_to_renew() {
    let mut tabs = living(Some(3600));
    // Two readings of one clock may differ a little.
    tabs.now = START - 60;
    assert_eq!(tabs.look(0).words, NOTHING);
    tabs.now = START - 3600;
    let back = tabs.look(0);
    assert_eq!(
        (back.words, back.turn.status),
        (vec!["lock 1".into()], Status::SignedIn)
    );
    tabs.locked(0, 1, Lock::Held);
    // A new token counts from the clock as it is now.
    let renewed = tabs.refreshed(0, 1, "AT1", "RT1");
    assert_eq!(renewed.turn.deadline, Some(START - 3600 + 2880));
}

#[test]
fn rule_m10_a_clock_that_was_set_back_makes_no_pause_longer() {
    let mut tabs = living(Some(3600));
    tabs.now = START + 2880;
    for renewal in 1..9 {
        tabs.on(0, &SessionEvent::Woke);
        tabs.locked(0, renewal, Lock::Held);
        tabs.failed(0, renewal, Error::TokenEndpointUnreachable);
        tabs.now += 10;
    }
    assert_eq!(tabs.look(0).words, NOTHING);
    tabs.now = START - 3600;
    assert_eq!(tabs.look(0).words, ["lock 9"]);
}

#[test]
fn rule_m10_a_clock_that_was_set_back_makes_no_lease_longer() {
    let mut tabs = Tabs::shared(2).signed_in();
    tabs.ask(0, 1);
    tabs.renew(1);
    assert_eq!(tabs.locked(1, 1, Lock::Unavailable).words, ["give lock"]);
    tabs.now = START - 3600;
    let over = tabs.look(1);
    assert_eq!(over.words, [format!("lock 1 {}", START + 12)]);
    assert_eq!(
        tabs.locked(1, 1, Lock::Unavailable).words,
        ["keep", "send 1 RT0"]
    );
}

#[test]
fn rule_m10_without_being_told_so_nothing_is_renewed_by_itself() {
    let mut tabs = Tabs::private(1).signed_in();
    assert_eq!(tabs.look(0).deadline(), Some(3570));
    tabs.now += 3570;
    let over = tabs.look(0);
    assert_eq!(over.words, ["expire time"]);
    assert_eq!((over.status(), over.deadline()), (Status::Renewable, None));
}
