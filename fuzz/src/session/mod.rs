//! The session's machine among tabs, a network and a server: long walks where the model of the tests takes
//! all short ones. The first line is the setting; each further character chooses what happens next.

#![allow(dead_code, reason = "the model of the tests has more of it in use")]

#[path = "../../../tests/core/session/promises.rs"]
mod promises;
#[path = "../../../tests/core/session/server.rs"]
mod server;
#[path = "../../../tests/core/session/tabs.rs"]
mod tabs;
#[path = "../../../tests/core/session/world.rs"]
mod world;

use claviger::{SessionEffect, SessionEvent};

use crate::fixtures::{NOW, client, sessions};
use crate::oracle::assert_silent;
use crate::split;
use world::{Setting, World};

/// No walk is longer: what may happen by chance alone is used up by then.
const STEPS: usize = 120;

pub fn judge(text: &str) {
    let (setting, rest) = split(text);
    if setting.choose(0, &[false, true]) {
        read_anything(rest);
        return;
    }
    let tabs = setting.choose(1, &[2, 3]);
    let (setting, mut world) = match setting.choose(2, &[0, 1, 2, 3, 4, 5]) {
        0 => first(Setting::shared(), tabs),
        1 => first(Setting::private(), tabs),
        2 => first(Setting::shared().with_frames(), tabs),
        3 => first(Setting::shared().without_locks(), tabs),
        4 => first(Setting::shared().with_late_stores(), tabs),
        _ => {
            let setting = Setting::private();
            let world = World::duplicated(&setting);
            (setting, world)
        }
    };
    let mut path = Vec::new();
    for choice in rest.bytes().take(STEPS) {
        let steps = world.steps(&setting);
        if steps.is_empty() {
            break;
        }
        let step = steps[usize::from(choice) % steps.len()];
        path.push(step);
        if let Err(broken) = world.take(&setting, step) {
            panic!("{broken}, after {path:?}");
        }
    }
    while world
        .settle(&setting)
        .unwrap_or_else(|broken| panic!("{broken}, at rest after {path:?}"))
    {}
    world
        .at_rest(&setting)
        .unwrap_or_else(|broken| panic!("{broken}, at rest after {path:?}"));
}

fn first(setting: Setting, tabs: usize) -> (Setting, World) {
    let world = World::new(&setting, tabs);
    (setting, world)
}

/// A record that anybody may have written, and a tab's own text that is none.
fn read_anything(text: &str) {
    let policy = sessions(&client());
    let (record, tab) = text.split_once('\n').unwrap_or((text, ""));
    let turn = policy.on(record, tab, &SessionEvent::Look, NOW);
    if let Some(set) = &turn.session {
        let printed = format!("{turn:?} {set:?}");
        let refresh_token = set.refresh_token.as_deref().unwrap_or_default();
        assert_silent(&printed, &[set.token.access_token(), refresh_token]);
        let access_token = set.token.access_token();
        assert!(
            crate::oracle::is_access_token(access_token),
            "{access_token} would reach a header"
        );
    }
    // What is kept says the same to the next tab.
    for effect in &turn.effects {
        if let SessionEffect::Keep(kept) = effect {
            let next = policy.on(kept, "", &SessionEvent::Look, NOW);
            let token = |turn: &claviger::SessionTurn| {
                turn.session
                    .as_ref()
                    .map(|set| set.token.access_token().to_owned())
            };
            assert_eq!(
                token(&next),
                token(&turn),
                "{kept} is read as something else"
            );
        }
    }
    assert!(
        policy
            .on("", "", &SessionEvent::Look, NOW)
            .session
            .is_none()
    );
}
