//! What the turns of several tabs want done, to the effect and in its order, while they share a session or
//! have one each.

use super::tabs::{NOTHING, Tabs, refusal, set};
use claviger::{Cause, Error, Lock, SessionEvent, Status, Unframed};

// Rule M1: whatever was asked belongs to the session for which it was asked

#[test]
fn rule_m1_a_refresh_answer_that_comes_after_the_logout_changes_nothing() {
    for mut tabs in [Tabs::shared(2), Tabs::private(2)] {
        tabs = tabs.signed_in();
        tabs.ask(0, 1);
        tabs.logout(0, false);
        let record = tabs.record(0).clone();
        let late = tabs.refreshed(0, 1, "AT1", "RT1");
        assert_eq!(late.words, NOTHING);
        assert_eq!((late.token(), late.status()), ("", Status::SignedOut));
        assert_eq!(*tabs.record(0), record);
    }
}

#[test]
fn rule_m1_a_refresh_answer_that_comes_after_another_tabs_logout_changes_nothing() {
    let mut tabs = Tabs::shared(2).signed_in();
    tabs.ask(0, 1);
    tabs.logout(1, false);
    // No message of the other tab has arrived: its record says enough.
    let late = tabs.refreshed(0, 1, "AT1", "RT1");
    assert_eq!(late.words, ["drop", "logout tab"]);
    assert_eq!((late.token(), late.status()), ("", Status::SignedOut));
    assert_eq!(tabs.look(1).words, NOTHING);
}

#[test]
fn rule_m1_a_refresh_answer_that_comes_after_another_login_changes_nothing() {
    let mut tabs = Tabs::shared(2).signed_in();
    tabs.ask(0, 1);
    tabs.grant(1, "BT0", "SS0", "u2");
    let late = tabs.refreshed(0, 1, "AT1", "RT1");
    assert_eq!(late.words, ["drop", "logout tab", "login tab"]);
    assert_eq!(late.token(), "BT0");
    assert_eq!(tabs.look(1).token(), "BT0");
}

#[test]
fn rule_m1_an_answer_counts_for_the_renewal_that_asked_for_it_and_for_no_other() {
    let mut tabs = Tabs::private(1).signed_in();
    tabs.ask(0, 1);
    tabs.failed(0, 1, Error::TokenEndpointUnreachable);
    tabs.ask(0, 2);
    assert_eq!(tabs.refreshed(0, 1, "AT1", "RT1").words, NOTHING);
    assert_eq!(tabs.framed(0, 2, "BT0", "u2").words, NOTHING);
    assert_eq!(tabs.locked(0, 2, Lock::Held).words, NOTHING);
    assert_eq!(tabs.refreshed(0, 2, "AT2", "RT2").token(), "AT2");
    assert_eq!(tabs.refreshed(0, 2, "AT3", "RT3").token(), "AT2");
}

#[test]
fn rule_m1_a_frames_answer_that_comes_after_the_logout_changes_nothing() {
    let mut tabs = Tabs::shared(2).with_frames().with_token();
    tabs.ask(0, 1);
    let logout = tabs.logout(1, false);
    assert_eq!(
        logout.words,
        ["keep", "tell logout", "end exchanges", "logout caller"]
    );
    let late = tabs.framed(0, 1, "AT1", "silent");
    assert_eq!(
        late.words,
        ["drop", "close frame", "give lock", "logout tab"]
    );
    assert_eq!(late.token(), "");
}

#[test]
fn rule_m1_an_exchange_that_ends_after_the_logout_signs_nobody_in() {
    for mut tabs in [Tabs::shared(2), Tabs::private(2)] {
        let job = tabs.job(0, "u1");
        tabs.logout(0, false);
        let late = tabs.exchanged(0, &job, "AT1", "RT1");
        assert_eq!(late.words, NOTHING);
        assert_eq!((late.outcome(), late.token()), ("session_ended", ""));
    }
    let mut tabs = Tabs::shared(2);
    let job = tabs.job(0, "u1");
    tabs.logout(1, false);
    let late = tabs.exchanged(0, &job, "AT1", "RT1");
    assert_eq!((late.outcome(), late.token()), ("session_ended", ""));
}

// Rule M2: a logout ends everything of its session, in every tab

#[test]
fn rule_m2_a_logout_ends_all_that_is_under_way_and_tells_the_other_tabs() {
    let mut shared = Tabs::shared(2).signed_in();
    shared.ask(0, 1);
    // The request keeps its lock until its answer is there: its token is in use.
    let logout = shared.logout(0, false);
    let expected = [
        "keep",
        "tell logout",
        "end exchanges",
        "drop",
        "logout caller",
    ];
    assert_eq!(logout.words, expected);
    assert_eq!(shared.look(1).words, ["logout tab"]);

    let mut private = Tabs::private(2).with_frames().with_token();
    private.grant(1, "BT0", "", "u2");
    private.ask(0, 1);
    private.ask(1, 1);
    let expected = [
        "remove",
        "tell logout",
        "end exchanges",
        "drop",
        "close frame",
        "give lock",
        "logout caller",
    ];
    assert_eq!(private.logout(0, false).words, expected);
    let heard = private.on(1, &SessionEvent::LogoutHeard);
    let expected = [
        "remove",
        "end exchanges",
        "drop",
        "close frame",
        "give lock",
        "logout tab",
    ];
    assert_eq!(heard.words, expected);
    assert_eq!(heard.token(), "");
}

#[test]
fn rule_m2_a_renewal_that_waits_for_its_turn_ends_with_the_session() {
    for revokes in [false, true] {
        let mut tabs = Tabs::shared(2).signed_in();
        tabs.renew(0);
        tabs.logout(1, revokes);
        let locked = tabs.locked(0, 1, Lock::Held);
        assert_eq!(locked.words, ["drop", "give lock", "logout tab"]);
        // Nothing was sent: the lock, come late, sends nothing either.
        assert_eq!(tabs.locked(0, 1, Lock::Held).words, NOTHING);
    }
}

#[test]
fn rule_m2_what_a_renewal_in_flight_brings_is_revoked_where_the_logout_said_so() {
    // In the tab that signed out, and in another one that had asked.
    for (asks, leaves) in [(0, 0), (0, 1), (1, 0)] {
        let mut tabs = Tabs::shared(2).signed_in();
        tabs.ask(asks, 1);
        let logout = tabs.logout(leaves, true);
        assert!(
            logout.words.contains(&"revoke RT0 AT0".into()),
            "{:?}",
            logout.words
        );
        let late = tabs.refreshed(asks, 1, "AT1", "RT1");
        assert!(
            late.words.contains(&"revoke RT1 AT1".into()),
            "{:?}",
            late.words
        );
        assert_eq!(late.token(), "");
    }
    // Two of them, the second asked for while the first still runs: a stopped
    // request's answer can come after the next one was sent.
    let mut tabs = Tabs::shared(1).signed_in();
    tabs.ask(0, 1);
    tabs.logout(0, true);
    tabs.grant(0, "BT0", "SS0", "u2");
    tabs.ask(0, 2);
    tabs.logout(0, true);
    for number in [1, 2] {
        let late = tabs.refreshed(0, number, "AT1", "RT1");
        assert_eq!(late.words, ["revoke RT1 AT1"], "renewal {number}");
    }
    let mut tabs = Tabs::shared(1).signed_in();
    tabs.ask(0, 1);
    tabs.logout(0, false);
    assert_eq!(tabs.refreshed(0, 1, "AT1", "RT1").words, NOTHING);
}

#[test]
fn rule_m2_what_an_exchange_in_flight_brings_is_revoked_where_the_logout_said_so() {
    for mut tabs in [Tabs::shared(1), Tabs::private(1)] {
        let before = tabs.job(0, "u1");
        tabs.logout(0, true);
        let between = tabs.job(0, "u1");
        let late = tabs.exchanged(0, &before, "AT1", "RT1");
        assert_eq!(late.words, ["revoke RT1 AT1"]);
        tabs.logout(0, false);
        // The last logout of this one did not say so.
        assert_eq!(tabs.exchanged(0, &between, "AT2", "RT2").words, NOTHING);
        // And the one before the first still did.
        let late = tabs.exchanged(0, &before, "AT3", "RT3");
        assert_eq!(late.words, ["revoke RT3 AT3"]);
    }
}

#[test]
fn rule_m2_a_login_that_begins_after_the_logout_signs_in() {
    for mut tabs in [Tabs::shared(2).signed_in(), Tabs::private(2).signed_in()] {
        tabs.logout(0, true);
        let job = tabs.job(0, "u2");
        let login = tabs.exchanged(0, &job, "BT0", "SS0");
        assert_eq!(login.words, ["keep", "login popup"]);
        assert_eq!(login.token(), "BT0");
    }
}

#[test]
fn rule_m2_a_tab_that_writes_over_a_logout_signs_nobody_in() {
    for (revokes, words) in [
        (false, vec!["keep"]),
        (true, vec!["keep", "revoke RT0 AT0"]),
    ] {
        let mut tabs = Tabs::shared(2).signed_in();
        let before = tabs.record(0).clone();
        tabs.logout(0, revokes);
        // Another tab had not read that yet.
        tabs.record(0).clone_from(&before);
        let seen = tabs.look(0);
        assert_eq!(seen.token(), "");
        assert_eq!(seen.words, words);
        assert_eq!(tabs.look(1).words, ["logout tab"]);
        assert_eq!(tabs.look(0).words, NOTHING);
    }
}

#[test]
fn rule_m2_a_login_after_a_logout_counts_though_the_store_was_cleared_in_between() {
    let mut tabs = Tabs::shared(3).signed_in();
    tabs.logout(0, false);
    tabs.look(1);
    tabs.record(0).clear();
    tabs.now += 1;
    // In a tab that knows of no logout.
    let mut opened = Tabs::shared(1);
    opened.now = tabs.now;
    opened.grant(0, "BT0", "SS0", "u2");
    tabs.record(0).clone_from(opened.record(0));
    for tab in [0, 1] {
        assert_eq!(tabs.look(tab).words, ["login tab"]);
    }
}

#[test]
fn rule_m2_a_frame_counts_from_when_it_was_opened() {
    let mut tabs = Tabs::shared(2).with_frames().with_token();
    tabs.ask(0, 1);
    let before = tabs.record(0).clone();
    tabs.now += 1;
    tabs.logout(1, false);
    // Its answer comes before the tab has read that.
    tabs.record(0).clone_from(&before);
    tabs.now += 1;
    assert_eq!(tabs.framed(0, 1, "AT1", "silent").token(), "AT1");
    assert_eq!(tabs.look(1).words, ["keep"]);
    assert_eq!(tabs.look(0).words, ["logout tab"]);
}

#[test]
fn rule_m2_what_another_login_has_replaced_is_not_revoked_for_an_older_logout() {
    let mut tabs = Tabs::shared(2).signed_in();
    tabs.logout(0, true);
    tabs.grant(0, "AT0", "RT0", "u1");
    tabs.ask(0, 1);
    tabs.grant(1, "BT0", "SS0", "u2");
    let late = tabs.refreshed(0, 1, "AT1", "RT1");
    assert_eq!(late.words, ["drop", "logout tab", "login tab"]);
}

#[test]
fn rule_m2_another_tabs_logout_is_told_of_a_session_that_had_expired_too() {
    let mut tabs = Tabs::shared(2).with_token();
    tabs.now += 3600;
    for tab in [0, 1] {
        assert_eq!(tabs.look(tab).words, ["expire time"]);
    }
    tabs.logout(0, false);
    assert_eq!(tabs.look(1).words, ["logout tab"]);
}

// Rule M3: exchanges share nothing

#[test]
fn rule_m3_two_exchanges_at_once_each_come_to_their_own_end() {
    for [first, second] in [["u1", "u2"], ["u2", "u1"]] {
        let mut tabs = Tabs::shared(2);
        let jobs = [tabs.job(0, "u1"), tabs.job(1, "u2")];
        let job = |name| &jobs[usize::from(name == "u2")];
        let done = tabs.exchanged(0, job(first), "AT0", "RT0");
        assert_eq!((done.outcome(), done.token()), ("ok", "AT0"));
        let done = tabs.exchanged(0, job(second), "BT0", "SS0");
        assert_eq!((done.outcome(), done.token()), ("ok", "BT0"));
        assert_eq!(done.words, ["keep", "logout popup", "login popup"]);
    }
}

#[test]
fn rule_m3_an_exchange_that_fails_says_so_to_its_own_caller_alone() {
    let mut tabs = Tabs::private(1);
    let [first, second] = [tabs.job(0, "u1"), tabs.job(0, "u2")];
    let failed = tabs.answered(0, &first, Err(refusal("invalid_grant")));
    assert_eq!((failed.outcome(), failed.token()), ("token_error", ""));
    assert_eq!(failed.words, NOTHING);
    let done = tabs.exchanged(0, &second, "BT0", "SS0");
    assert_eq!(done.words, ["keep", "login popup"]);
    // Somebody who is signed in stays so when another login fails.
    let failed = tabs.answered(0, &first, Err(refusal("invalid_grant")));
    assert_eq!((failed.outcome(), failed.token()), ("token_error", "BT0"));
}

// Rule M4: a change of user is never told as a renewal

#[test]
fn rule_m4_a_login_takes_the_place_of_a_session_as_a_logout_and_a_login() {
    let mut tabs = Tabs::shared(2).signed_in();
    let other = tabs.grant(0, "BT0", "SS0", "u2");
    assert_eq!(other.words, ["keep", "logout redirect", "login redirect"]);
    assert_eq!(tabs.look(1).words, ["logout tab", "login tab"]);
    assert_eq!(tabs.look(1).words, NOTHING);
}

#[test]
fn rule_m4_the_same_grant_refreshed_is_a_renewal_in_every_tab() {
    let mut tabs = Tabs::shared(2).signed_in();
    tabs.ask(0, 1);
    let renewed = tabs.refreshed(0, 1, "AT1", "RT1");
    assert_eq!(
        renewed.words,
        ["keep", "settle", "give lock", "renew refresh"]
    );
    assert_eq!(tabs.look(1).words, ["renew tab"]);
    assert_eq!(tabs.look(1).words, NOTHING);
}

#[test]
fn rule_m4_what_a_frame_brings_may_be_somebody_else() {
    let mut tabs = Tabs::shared(2).with_frames().with_token();
    tabs.ask(0, 1);
    let framed = tabs.framed(0, 1, "AT1", "silent");
    let expected = [
        "keep",
        "settle",
        "close frame",
        "give lock",
        "logout frame",
        "login frame",
    ];
    assert_eq!(framed.words, expected);
    assert_eq!(tabs.look(1).words, ["logout tab", "login tab"]);
}

#[test]
fn rule_m4_a_frame_of_one_user_is_dropped_when_another_one_signs_in() {
    for signs_in in [0, 1] {
        let mut tabs = Tabs::shared(2).with_frames().with_token();
        tabs.ask(0, 1);
        let login = tabs.grant(signs_in, "BT0", "", "u2");
        if signs_in == 0 {
            let expected = [
                "keep",
                "drop",
                "close frame",
                "give lock",
                "logout redirect",
                "login redirect",
            ];
            assert_eq!(login.words, expected);
        }
        let late = tabs.framed(0, 1, "AT1", "silent");
        assert_eq!(late.token(), "BT0");
        assert_eq!(tabs.look(1).token(), "BT0");
    }
}

#[test]
fn rule_m4_a_token_of_the_same_text_that_lives_on_is_a_renewal() {
    let mut tabs = Tabs::shared(2).signed_in();
    tabs.ask(0, 1);
    tabs.now += 1;
    let renewed = tabs.refreshed(0, 1, "AT0", "RT1");
    assert_eq!(renewed.words.last().unwrap(), "renew refresh");
    assert_eq!(tabs.look(1).words, ["renew tab"]);
}

// Rule M5: what is told is true now

#[test]
fn rule_m5_an_event_gives_the_session_as_it_is_and_not_as_its_answer_was() {
    let mut tabs = Tabs::shared(2).signed_in();
    tabs.ask(0, 1);
    tabs.grant(1, "BT0", "SS0", "u2");
    assert_eq!(tabs.refreshed(0, 1, "AT1", "RT1").token(), "BT0");
    let job = tabs.job(0, "u1");
    tabs.logout(1, false);
    tabs.grant(1, "CT0", "TT0", "u3");
    let late = tabs.exchanged(0, &job, "AT2", "RT2");
    assert_eq!((late.outcome(), late.token()), ("session_ended", "CT0"));
}

// Rule M6: what fails for a while is tried again

#[test]
fn rule_m6_only_a_refused_grant_ends_the_session() {
    let rows = [
        (refusal("invalid_grant"), false),
        (refusal("invalid_client"), true),
        (refusal("temporarily_unavailable"), true),
        (Error::InvalidTokenResponse, true),
        (Error::TokenEndpointUnreachable, true),
    ];
    for (error, stays) in rows {
        let mut tabs = Tabs::shared(2).signed_in();
        tabs.ask(0, 1);
        let code = error.code();
        let failed = tabs.failed(0, 1, error);
        assert_eq!(failed.outcome(), code);
        let (kept, told) = if stays {
            ("keep", "renewal-failed refresh")
        } else {
            ("remove", "revoke server")
        };
        assert_eq!(failed.words, [kept, "settle", "give lock", told]);
        let other = tabs.look(1);
        assert_eq!(other.token(), if stays { "AT0" } else { "" });
    }
}

#[test]
fn rule_m6_a_page_that_wakes_tries_at_once() {
    let mut tabs = Tabs::private(1).renewing().signed_in();
    tabs.now += 2880;
    for renewal in 1..9 {
        tabs.on(0, &SessionEvent::Woke);
        tabs.locked(0, renewal, Lock::Held);
        tabs.failed(0, renewal, Error::TokenEndpointUnreachable);
        tabs.now += 10;
    }
    assert_eq!(tabs.look(0).words, NOTHING);
    assert_eq!(tabs.on(0, &SessionEvent::Woke).words, ["lock 9"]);
    // A page that wakes again and again sends no more for it.
    tabs.locked(0, 9, Lock::Held);
    tabs.failed(0, 9, Error::TokenEndpointUnreachable);
    tabs.now += 1;
    assert_eq!(tabs.on(0, &SessionEvent::Woke).words, NOTHING);
}

#[test]
fn rule_m6_a_success_forgets_the_failures_before_it() {
    let mut tabs = Tabs::private(1).renewing().signed_in();
    for renewal in 1..6 {
        tabs.ask(0, renewal);
        tabs.failed(0, renewal, Error::TokenEndpointUnreachable);
    }
    tabs.ask(0, 6);
    let renewed = tabs.refreshed(0, 6, "AT1", "RT1");
    assert_eq!(renewed.deadline(), Some(2880));
}

#[test]
fn rule_m6_a_frame_that_says_nothing_about_its_user_may_be_opened_again() {
    let rows = [
        Unframed::Refused("temporarily_unavailable".into()),
        Unframed::Refused("server_error".into()),
        Unframed::Unanswered,
        Unframed::Impossible,
        Unframed::NoToken(Error::TokenEndpointUnreachable),
    ];
    for why in rows {
        let mut tabs = Tabs::private(1).with_frames().with_token();
        tabs.ask(0, 1);
        let failed = tabs.unframed(0, 1, why.clone());
        assert_eq!(failed.token(), "AT0", "{why:?}");
        assert_eq!(tabs.renew(0).words, ["lock 2"], "{why:?}");
    }
}

#[test]
fn rule_m6_a_logout_forgets_that_the_server_wanted_its_user() {
    let mut tabs = Tabs::private(1).with_frames();
    tabs.ask(0, 1);
    tabs.unframed(0, 1, Unframed::Refused("login_required".into()));
    assert_eq!(tabs.renew(0).words, ["settle"]);
    tabs.logout(0, false);
    assert_eq!(tabs.renew(0).words, ["lock 2"]);
}

// Rule M7: a token that a resource refuses is renewed once

#[test]
fn rule_m7_a_refused_token_without_a_refresh_token_ends_its_session() {
    let mut tabs = Tabs::shared(2).with_frames().with_token();
    let refused = tabs.refuse(0, "AT0", false);
    assert_eq!(refused.words, ["remove", "revoke resource"]);
    assert_eq!(tabs.refuse(0, "AT0", false).words, NOTHING);
    assert_eq!(tabs.look(1).words, ["logout tab"]);
}

#[test]
fn rule_m7_the_late_refusal_of_an_old_token_says_nothing_about_the_new_one() {
    let mut tabs = Tabs::private(1).signed_in();
    tabs.ask(0, 1);
    // While the renewal is under way, and when it is over.
    assert_eq!(tabs.refuse(0, "AT0", false).words, NOTHING);
    tabs.refreshed(0, 1, "AT1", "RT1");
    for is_fresh in [false, true] {
        let late = tabs.refuse(0, "AT0", is_fresh);
        assert_eq!((late.words, late.turn.status), (vec![], Status::SignedIn));
    }
    tabs.now += 3600;
    tabs.look(0);
    // One that has expired is refused for that.
    let expired = tabs.refuse(0, "AT1", true);
    assert_eq!(
        (expired.words, expired.turn.status),
        (vec![], Status::Renewable)
    );
}

// Rule M9: a refresh token is in use once at a time

#[test]
fn rule_m9_whoever_asks_while_a_renewal_is_under_way_gets_its_outcome() {
    let mut tabs = Tabs::private(1).signed_in();
    tabs.renew(0);
    assert_eq!(tabs.renew(0).words, NOTHING);
    tabs.locked(0, 1, Lock::Held);
    assert_eq!(tabs.renew(0).words, NOTHING);
    assert_eq!(tabs.refuse(0, "AT0", false).words, NOTHING);
    assert_eq!(tabs.on(0, &SessionEvent::Woke).words, NOTHING);
}

#[test]
fn rule_m9_a_tab_that_waited_takes_what_another_one_got() {
    let mut tabs = Tabs::shared(2).signed_in();
    tabs.ask(0, 1);
    tabs.renew(1);
    tabs.refreshed(0, 1, "AT1", "RT1");
    let locked = tabs.locked(1, 1, Lock::Held);
    assert_eq!(locked.words, ["settle", "give lock", "renew tab"]);
    assert_eq!((locked.outcome(), locked.token()), ("ok", "AT1"));
}

#[test]
fn rule_m9_a_tab_that_waits_takes_what_it_sees_before_its_turn() {
    let mut tabs = Tabs::shared(2).signed_in();
    tabs.ask(0, 1);
    tabs.renew(1);
    tabs.refreshed(0, 1, "AT1", "RT1");
    assert_eq!(tabs.look(1).words, ["settle", "give lock", "renew tab"]);
}

#[test]
fn rule_m9_without_locks_the_record_says_that_a_request_is_under_way() {
    let mut tabs = Tabs::shared(2).signed_in();
    tabs.renew(0);
    assert_eq!(
        tabs.locked(0, 1, Lock::Unavailable).words,
        ["keep", "send 1 RT0"]
    );
    tabs.renew(1);
    let waits = tabs.locked(1, 1, Lock::Unavailable);
    assert_eq!(
        (waits.deadline(), waits.words),
        (Some(12), vec!["give lock".into()])
    );
    // An answer that brought nothing gives the turn to the next one at once.
    tabs.failed(0, 1, Error::TokenEndpointUnreachable);
    assert_eq!(tabs.look(1).words, ["lock 1"]);
    let next = tabs.locked(1, 1, Lock::Unavailable);
    assert_eq!(next.words, ["keep", "send 1 RT0"]);
}

#[test]
fn rule_m9_a_tab_that_says_nothing_any_more_is_waited_for_until_its_lease_is_over() {
    for lock in [Lock::TimedOut, Lock::Unavailable] {
        let mut tabs = Tabs::shared(2).signed_in();
        tabs.ask(0, 1);
        tabs.now += 11;
        tabs.renew(1);
        assert_eq!(tabs.locked(1, 1, lock).words, ["give lock"]);
        assert_eq!(tabs.look(1).words, NOTHING);
        tabs.now += 1;
        let over = tabs.look(1);
        // With a lock that the tab which hangs does not have.
        assert_eq!(over.words, [format!("lock 1 {}", tabs.now)]);
        assert_eq!(tabs.locked(1, 1, Lock::Held).words, ["keep", "send 1 RT0"]);
    }
}

#[test]
fn rule_m9_a_duplicated_tab_asks_nothing_while_its_twin_has_the_lock() {
    let mut tabs = Tabs::private(2).signed_in();
    let copy = tabs.record(0).clone();
    tabs.record(1).clone_from(&copy);
    assert_eq!(tabs.look(1).words, ["login tab"]);
    tabs.ask(0, 1);
    tabs.renew(1);
    let busy = tabs.locked(1, 1, Lock::TimedOut);
    assert_eq!(busy.words, ["settle", "give lock", "renewal-failed tab"]);
    assert_eq!((busy.outcome(), busy.token()), ("session_busy", "AT0"));
}

#[test]
fn rule_m9_a_duplicated_tab_gives_up_the_refresh_token_that_its_twin_has_used() {
    let mut tabs = Tabs::private(2).signed_in();
    let copy = tabs.record(0).clone();
    tabs.record(1).clone_from(&copy);
    tabs.look(1);
    tabs.ask(0, 1);
    let renewed = tabs.refreshed(0, 1, "AT1", "RT1");
    assert!(
        renewed.words.contains(&"tell renewed".into()),
        "{:?}",
        renewed.words
    );
    let id = renewed.turn.effects.iter().find_map(|effect| match effect {
        claviger::SessionEffect::TellRenewed(id) => Some(id.clone()),
        _ => None,
    });
    let id = id.unwrap();
    assert_eq!(
        tabs.on(1, &SessionEvent::RenewedElsewhere { id: id.clone() })
            .words,
        ["keep"]
    );
    let renew = tabs.renew(1);
    assert_eq!((renew.outcome(), renew.token()), ("login_required", "AT0"));
    // Of another session it says nothing.
    tabs.grant(1, "BT0", "SS0", "u2");
    assert_eq!(
        tabs.on(1, &SessionEvent::RenewedElsewhere { id }).words,
        NOTHING
    );
    assert_eq!(tabs.renew(1).words, ["lock 1"]);
}

#[test]
fn rule_m9_a_duplicated_tab_hears_of_a_request_whose_session_another_one_has_replaced() {
    let mut tabs = Tabs::private(2).signed_in();
    tabs.ask(0, 1);
    let login = tabs.grant(0, "BT0", "SS0", "u2");
    let expected = [
        "keep",
        "tell renewed",
        "drop",
        "logout redirect",
        "login redirect",
    ];
    assert_eq!(login.words, expected);
}

// Rule M12: a renewal repeats what the login asked for

#[test]
fn rule_m12_a_renewal_repeats_what_the_login_asked_for() {
    let mut tabs = Tabs::private(1).with_frames().with_token();
    assert_eq!(tabs.ask(0, 1).words, ["frame 1 login_hint=ada"]);
    tabs.framed(0, 1, "AT1", "silent");
    assert_eq!(tabs.ask(0, 2).words, ["frame 2 login_hint=ada"]);
    // What the exchange of a code began with is repeated, too.
    let job = tabs.job(0, "u2");
    tabs.exchanged(0, &job, "BT0", "");
    assert_eq!(tabs.ask(0, 3).words, ["frame 3 acr_values=2"]);
}

// Rule M13: the page can ask

#[test]
fn rule_m13_a_page_that_opens_offline_knows_that_its_session_is_not_lost() {
    let mut tabs = Tabs::shared(2).renewing();
    tabs.grant(0, "AT0", "RT0", "u1");
    tabs.now += 86_400;
    let opened = tabs.look(1);
    assert_eq!(opened.status(), Status::Renewing);
    assert_eq!(opened.words, ["lock 1", "login tab", "expire time"]);
    tabs.locked(1, 1, Lock::Held);
    let failed = tabs.failed(1, 1, Error::TokenEndpointUnreachable);
    assert_eq!(failed.status(), Status::Renewable);
    tabs.now += 10;
    assert_eq!(tabs.on(1, &SessionEvent::Woke).words, ["lock 2"]);
}

#[test]
fn rule_m13_a_session_that_nothing_can_renew_is_gone_with_its_token() {
    let mut tabs = Tabs::shared(2).with_token();
    tabs.now += 3569;
    assert_eq!(tabs.look(0).words, NOTHING);
    tabs.now += 1;
    let over = tabs.look(0);
    assert_eq!((over.status(), over.deadline()), (Status::SignedOut, None));
    assert!(
        over.words.contains(&"expire time".into()),
        "{:?}",
        over.words
    );
    assert_eq!(tabs.look(0).words, NOTHING);
    assert_eq!(tabs.look(1).words, ["expire time"]);
    // A page that opens now hears of nothing, and clears up.
    let mut opened = Tabs::shared(1);
    opened.now = tabs.now;
    opened.record(0).clone_from(tabs.record(0));
    assert_eq!(
        opened.look(0).words,
        if tabs.record(0).is_empty() {
            vec![]
        } else {
            vec!["remove"]
        }
    );
}

// Rule M17: the record is the truth

#[test]
fn rule_m17_a_store_that_was_cleared_has_nobody_signed_in() {
    let mut tabs = Tabs::shared(2).renewing().signed_in();
    tabs.ask(0, 1);
    tabs.record(0).clear();
    assert_eq!(tabs.look(1).words, ["logout tab"]);
    let late = tabs.refreshed(0, 1, "AT1", "RT1");
    assert_eq!(late.words, ["drop", "logout tab"]);
    assert_eq!((late.token(), late.status()), ("", Status::SignedOut));
    assert_eq!(*tabs.record(0), "");
}

#[test]
fn rule_m17_a_session_is_told_once_to_each_tab() {
    let mut tabs = Tabs::shared(3);
    let job = tabs.job(0, "u1");
    assert_eq!(
        tabs.exchanged(0, &job, "AT0", "RT0").words,
        ["keep", "login popup"]
    );
    for tab in [1, 2] {
        assert_eq!(tabs.look(tab).words, ["login tab"]);
        assert_eq!(tabs.look(tab).words, NOTHING);
        assert_eq!(tabs.on(tab, &SessionEvent::Woke).words, NOTHING);
    }
}

#[test]
fn a_program_that_has_a_token_starts_with_it() {
    let mut tabs = Tabs::private(1);
    let granted = |access: &str| SessionEvent::Granted {
        set: set(access, "RT", None, super::tabs::START),
        state: String::new(),
        parameters: String::new(),
        by: Cause::Caller,
    };
    assert_eq!(tabs.on(0, &granted("AT")).words, ["keep", "login caller"]);
    // Its token names the session.
    assert_eq!(tabs.on(0, &granted("AT")).words, ["keep"]);
    let other = tabs.on(0, &granted("BT"));
    assert_eq!(other.words, ["keep", "logout caller", "login caller"]);
    assert_eq!(other.deadline(), None);
}
