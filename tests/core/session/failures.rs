//! Failures and locks of the session's machine: one tab, with its record in hand.

use super::tabs::RENEW;
use crate::fixtures::{NOW, client, sessions, token_endpoint, url};
use claviger::{
    Cause, Change, Error, HttpResponse, Lock, SessionEffect, SessionEvent, SessionPolicy,
    SessionTurn, Status, TokenRequest, TokenSet, Unframed,
};

const STATE: &str = "one-login-and-nothing-else-----------------";
const OTHERS: &str = "another-login-of-somebody-else-------------";
const GENERATION: &str = "a-new-name-that-nobody-guesses";

/// A token that came at this time, with its life in seconds; `refresh` may be empty.
fn set(token: &str, life: u64, refresh: &str, now: u64) -> TokenSet {
    let body = format!(
        "{{\"access_token\":\"{token}\",\"token_type\":\"Bearer\",\"expires_in\":{life},\"refresh_token\":\"{refresh}\"}}"
    );
    let answer = HttpResponse::new(200, "application/json", body.as_bytes());
    let request = TokenRequest::refresh(&token_endpoint(), "", "");
    request.finish(&answer, now).unwrap()
}

fn refusal(code: &str) -> Error {
    let body = format!("{{\"error\":\"{code}\"}}");
    let answer = HttpResponse::new(400, "application/json", body.as_bytes());
    let request = TokenRequest::refresh(&token_endpoint(), "", "");
    request.finish(&answer, NOW).unwrap_err()
}

/// A tab, what it knows, and its record.
struct Tab {
    policy: SessionPolicy,
    text: String,
    record: String,
    now: u64,
}

impl Tab {
    fn new(change: impl FnOnce(&mut SessionPolicy)) -> Self {
        let mut policy = sessions(&client());
        policy
            .set_revocation_endpoint(url("https://as.example/revoke"))
            .unwrap();
        policy.set_auto_renew(true);
        change(&mut policy);
        Self {
            policy,
            text: String::new(),
            record: String::new(),
            now: NOW,
        }
    }

    fn signed_in(change: impl FnOnce(&mut SessionPolicy), life: u64, refresh: &str) -> Self {
        let mut tab = Self::new(change);
        tab.sign_in(STATE, &set("AT-1", life, refresh, NOW));
        tab
    }

    fn sign_in(&mut self, state: &str, set: &TokenSet) -> SessionTurn {
        self.on(&SessionEvent::Granted {
            set: set.clone(),
            state: state.into(),
            parameters: "login_hint=ada&resource=https%3A%2F%2Fapi.example%2F".into(),
            by: Cause::Redirect,
        })
    }

    fn on(&mut self, event: &SessionEvent) -> SessionTurn {
        let turn = self.policy.on(&self.record, &self.text, event, self.now);
        self.text.clone_from(&turn.tab);
        for effect in &turn.effects {
            match effect {
                SessionEffect::Keep(record) => self.record.clone_from(record),
                SessionEffect::Remove => self.record.clear(),
                _ => {}
            }
        }
        turn
    }

    /// Asks for a new token, and gets the lock.
    fn ask(&mut self) -> (u64, SessionTurn) {
        let renewal = taken(&self.on(&RENEW)).unwrap();
        let lock = Lock::Held;
        (renewal, self.on(&SessionEvent::Locked { renewal, lock }))
    }

    fn answer(&mut self, renewal: u64, answer: Result<TokenSet, Error>) -> SessionTurn {
        self.on(&SessionEvent::Refreshed { renewal, answer })
    }

    fn look_at(&mut self, now: u64) -> SessionTurn {
        self.now = now;
        self.on(&SessionEvent::Look)
    }

    fn log_out(&mut self, revokes: bool) -> SessionTurn {
        let generation = GENERATION.into();
        self.on(&SessionEvent::LogoutRequested {
            revokes,
            generation,
        })
    }
}

/// The number of the renewal for which a lock is wanted.
fn taken(turn: &SessionTurn) -> Option<u64> {
    turn.effects.iter().find_map(|effect| match effect {
        SessionEffect::TakeLock(number, _) => Some(*number),
        _ => None,
    })
}

fn told(turn: &SessionTurn) -> Vec<(Change, Cause)> {
    let told = turn.effects.iter().filter_map(|effect| match effect {
        SessionEffect::Notify(change, cause) => Some((*change, *cause)),
        _ => None,
    });
    told.collect()
}

fn has(turn: &SessionTurn, wanted: fn(&SessionEffect) -> bool) -> bool {
    turn.effects.iter().any(wanted)
}

fn token(turn: &SessionTurn) -> Option<&str> {
    let set = turn.session.as_ref()?;
    Some(set.token.access_token())
}

/// The tokens that a turn has revoked.
fn revoked(turn: &SessionTurn) -> Vec<String> {
    let requests = turn.effects.iter().filter_map(|effect| match effect {
        SessionEffect::Revoke(requests) => Some(requests),
        _ => None,
    });
    let bodies = requests.flatten().map(|request| {
        let body = request.body();
        let mut pairs = body.split('&');
        let token = pairs.find_map(|pair| pair.strip_prefix("token="));
        String::from(token.unwrap())
    });
    bodies.collect()
}

#[test]
fn rule_m2_another_tabs_logout_revokes_what_this_one_still_gets() {
    let shared = |policy: &mut SessionPolicy| policy.set_shared(true);
    let mut one = Tab::signed_in(shared, 3600, "RT-1");
    let mut other = Tab::new(shared);
    other.record.clone_from(&one.record);
    other.on(&SessionEvent::Look);
    let (renewal, _) = other.ask();
    one.record.clone_from(&other.record);
    one.log_out(true);
    other.record = one.record;
    let late = other.answer(renewal, Ok(set("AT-2", 3600, "RT-2", NOW)));
    assert_eq!(revoked(&late), ["RT-2", "AT-2"]);
    assert_eq!(told(&late), [(Change::Logout, Cause::Tab)]);
    assert_eq!(token(&late), None);
}

#[test]
fn rule_m6_what_may_pass_is_tried_again_with_growing_pauses() {
    let mut tab = Tab::signed_in(|_| {}, 10_000, "RT-1");
    let mut now = NOW + 8_000;
    for pause in [2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        let renewal = taken(&tab.look_at(now)).unwrap_or_else(|| panic!("{pause}"));
        let lock = Lock::Held;
        tab.on(&SessionEvent::Locked { renewal, lock });
        let turn = tab.answer(renewal, Err(Error::TokenEndpointUnreachable));
        assert!(told(&turn).contains(&(Change::RenewalFailed, Cause::Refresh)));
        assert_eq!(turn.deadline.unwrap().min(now + pause), now + pause);
        now += pause;
        assert_eq!(taken(&tab.look_at(now - 1)), None, "{pause}");
    }
    // When the page wakes it does not wait for the next pause to end.
    let renewal = taken(&tab.look_at(now)).unwrap();
    let lock = Lock::Held;
    tab.on(&SessionEvent::Locked { renewal, lock });
    tab.answer(renewal, Err(Error::InvalidTokenResponse));
    tab.now += 2;
    assert!(taken(&tab.on(&SessionEvent::Woke)).is_some());
}

#[test]
fn rule_m6_a_refusal_is_not_tried_again_and_ends_nothing_but_a_grant() {
    let mut tab = Tab::signed_in(|_| {}, 10_000, "RT-1");
    let (renewal, _) = tab.ask();
    let turn = tab.answer(renewal, Err(refusal("invalid_client")));
    assert_eq!(token(&turn), Some("AT-1"));
    assert_eq!(taken(&tab.look_at(NOW + 9_000)), None);
    assert_eq!(taken(&tab.on(&SessionEvent::Woke)), None);
    let (renewal, _) = tab.ask();
    let turn = tab.answer(renewal, Err(refusal("invalid_grant")));
    assert_eq!(told(&turn), [(Change::Revoke, Cause::Server)]);
    assert_eq!((token(&turn), turn.status), (None, Status::SignedOut));
}

#[test]
fn rule_m6_the_user_must_act_only_where_the_server_says_so() {
    let frames = |policy: &mut SessionPolicy| policy.set_frames(true);
    for (outcome, may_ask) in [
        (Unframed::Unanswered, true),
        (Unframed::Refused("temporarily_unavailable".into()), true),
        (Unframed::Refused("login_required".into()), false),
    ] {
        let mut tab = Tab::signed_in(frames, 3600, "");
        let (renewal, _) = tab.ask();
        let turn = tab.on(&SessionEvent::Framed {
            renewal,
            outcome: Err(outcome),
        });
        assert_eq!(turn.outcome.unwrap_err().code(), "interaction_required");
        let again = tab.on(&RENEW);
        assert_eq!(
            (taken(&again).is_some(), again.outcome.is_ok()),
            (may_ask, may_ask)
        );
        if !may_ask {
            tab.sign_in(OTHERS, &set("AT-2", 3600, "", NOW));
            assert!(taken(&tab.on(&RENEW)).is_some());
        }
    }
}

#[test]
fn rule_m7_a_refused_token_is_renewed_once() {
    let refused = |token: &str, is_fresh| SessionEvent::TokenRefused {
        access_token: token.into(),
        is_fresh,
    };
    let mut tab = Tab::signed_in(|_| {}, 3600, "RT-1");
    // An older token's refusal says nothing about this one.
    assert!(tab.on(&refused("AT-0", false)).effects.is_empty());
    let renewal = taken(&tab.on(&refused("AT-1", false))).unwrap();
    // Once for all calls that were refused.
    assert!(tab.on(&refused("AT-1", false)).effects.is_empty());
    let lock = Lock::Held;
    tab.on(&SessionEvent::Locked { renewal, lock });
    tab.answer(renewal, Ok(set("AT-2", 3600, "RT-2", NOW)));
    assert!(tab.on(&refused("AT-1", false)).effects.is_empty());
    let turn = tab.on(&refused("AT-2", true));
    assert_eq!(told(&turn), [(Change::Revoke, Cause::Resource)]);
    let mut tab = Tab::signed_in(|_| {}, 3600, "");
    let turn = tab.on(&refused("AT-1", false));
    assert_eq!(told(&turn), [(Change::Revoke, Cause::Resource)]);
}

#[test]
fn rule_m8_what_can_not_be_read_is_left_where_it_is() {
    let mut tab = Tab::new(|_| {});
    for record in ["junk", "v=2&server=https%3A%2F%2Fother.example%2F", "v=1"] {
        tab.record = record.into();
        let turn = tab.on(&SessionEvent::Look);
        assert!(turn.effects.is_empty(), "{record}");
        assert_eq!(turn.status, Status::SignedOut);
    }
}

#[test]
fn rule_m9_a_lease_of_somebody_under_another_lock_is_waited_for() {
    let shared = |policy: &mut SessionPolicy| policy.set_shared(true);
    let mut hung = Tab::signed_in(shared, 3600, "RT-1");
    hung.ask();
    let mut other = Tab::new(shared);
    other.record.clone_from(&hung.record);
    other.on(&SessionEvent::Look);
    let renewal = taken(&other.on(&RENEW)).unwrap();
    let lock = Lock::TimedOut;
    let turn = other.on(&SessionEvent::Locked { renewal, lock });
    assert!(!has(&turn, |it| matches!(it, SessionEffect::Send(..))));
    assert_eq!(turn.deadline, Some(NOW + 12));
    let turn = other.look_at(NOW + 12);
    assert!(has(
        &turn,
        |it| matches!(it, SessionEffect::TakeLock(_, lock) if *lock == NOW + 12)
    ));
    let lock = Lock::Held;
    let turn = other.on(&SessionEvent::Locked { renewal, lock });
    assert!(has(&turn, |it| matches!(it, SessionEffect::Send(..))));
    // The one that hung comes back: it has the new token, and tells nothing of its failure.
    let turn = other.answer(renewal, Ok(set("AT-2", 3600, "RT-2", NOW + 12)));
    assert_eq!(token(&turn), Some("AT-2"));
    hung.record = other.record;
    hung.now = NOW + 20;
    let turn = hung.answer(1, Err(Error::TokenEndpointUnreachable));
    assert_eq!(told(&turn), [(Change::Renew, Cause::Tab)]);
    assert_eq!(token(&turn), Some("AT-2"));
    assert_eq!(turn.outcome, Ok(()));
}

#[test]
fn rule_m9_a_tab_that_has_the_lock_knows_that_whoever_had_it_is_gone() {
    let shared = |policy: &mut SessionPolicy| policy.set_shared(true);
    let mut closed = Tab::signed_in(shared, 3600, "RT-1");
    closed.ask();
    let mut other = Tab::new(shared);
    other.record = closed.record;
    other.on(&SessionEvent::Look);
    let (_, turn) = other.ask();
    assert!(has(&turn, |it| matches!(it, SessionEffect::Send(..))));
}

#[test]
fn rule_m13_what_a_page_can_show() {
    let mut tab = Tab::new(|_| {});
    assert_eq!(tab.on(&SessionEvent::Look).status, Status::SignedOut);
    let turn = tab.sign_in(STATE, &set("AT-1", 3600, "RT-1", NOW));
    assert_eq!(turn.status, Status::SignedIn);
    let turn = tab.look_at(NOW + 3600);
    assert_eq!(turn.status, Status::Renewing);
    let renewal = taken(&turn).unwrap();
    let lock = Lock::Held;
    tab.on(&SessionEvent::Locked { renewal, lock });
    let turn = tab.answer(renewal, Err(Error::TokenEndpointUnreachable));
    assert_eq!(turn.status, Status::Renewable);
    // What can't be renewed has ended; who asks hears that it has expired.
    let mut tab = Tab::signed_in(|_| {}, 3600, "");
    let turn = tab.look_at(NOW + 3600);
    assert_eq!(told(&turn), [(Change::Expire, Cause::Time)]);
    assert_eq!(turn.status, Status::SignedOut);
}

#[test]
fn rule_m1_an_answer_that_belongs_to_nothing_signs_nobody_in() {
    let mut tab = Tab::new(|_| {});
    let turn = tab.on(&SessionEvent::Exchanged {
        job: String::new(),
        answer: Ok(set("AT-1", 3600, "", NOW)),
        by: Cause::Redirect,
    });
    assert_eq!(turn.outcome, Err(Error::SessionEnded));
    assert!(turn.session.is_none() && turn.effects.is_empty());
}

/// What a token endpoint says with this status.
fn said_with(status: u16) -> Error {
    let body = b"{\"error\":\"overloaded\",\"error_description\":\"Later\"}";
    let answer = HttpResponse::new(status, "application/json", body);
    let request = TokenRequest::refresh(&token_endpoint(), "", "");
    request.finish(&answer, NOW).unwrap_err()
}

#[test]
fn rule_m6_a_servers_fault_is_tried_again_whatever_code_it_says() {
    for (status, is_tried_again) in [(400, false), (429, true), (500, true), (503, true)] {
        let mut tab = Tab::signed_in(|_| {}, 3600, "RT");
        tab.now = NOW + 3000;
        let renewal = taken(&tab.on(&SessionEvent::Look)).unwrap();
        let lock = Lock::Held;
        tab.on(&SessionEvent::Locked { renewal, lock });
        let error = said_with(status);
        assert_eq!(error.server().and_then(|said| said.status), Some(status));
        let turn = tab.answer(renewal, Err(error.clone()));
        // All of it, and not the code alone.
        assert_eq!(turn.outcome, Err(error), "{status}");
        let again = turn.deadline.is_some_and(|at| at < NOW + 3100);
        assert_eq!(again, is_tried_again, "{status}");
    }
}

#[test]
fn what_else_a_server_says_stays_where_a_renewal_says_nothing() {
    let saying = |more: &str| {
        let body = format!(
            "{{\"access_token\":\"AT\",\"token_type\":\"Bearer\",\"refresh_token\":\"RT\"{more}}}"
        );
        let answer = HttpResponse::new(200, "application/json", body.as_bytes());
        let request = TokenRequest::refresh(&token_endpoint(), "RT", "");
        request.finish(&answer, NOW).unwrap()
    };
    let mut tab = Tab::new(|_| {});
    tab.sign_in(STATE, &saying(",\"team\":{\"id\":1}"));
    for (more, further) in [
        ("", "{\"team\":{\"id\":1}}"),
        (",\"team\":2,\"id_token\":\"x\"", "{\"team\":2}"),
        (",\"scope\":\"a\"", "{\"team\":2}"),
    ] {
        let (renewal, _) = tab.ask();
        let turn = tab.answer(renewal, Ok(saying(more)));
        let session = turn.session.unwrap();
        assert_eq!(session.token.further(), Some(further));
    }
}
