//! All interleavings of a few tabs: every order in which logins, renewals, logouts, answers, words, breaks
//! and time can meet, to a stated depth, and what must be true after each step and at rest.
//!
//! The search is our own: a world is a value that has the tabs' own texts, so what is explored is the
//! machine itself and no copy of it, and a walk over values takes less than an actor for each tab would.

use std::collections::{HashMap, HashSet};

use super::world::{Setting, Step, World};

struct Search<'s> {
    setting: &'s Setting,
    /// Worlds that were seen, with the steps that were left there.
    seen: HashMap<u64, usize>,
    /// Worlds from which what comes by itself was seen to end well.
    rested: HashSet<u64>,
    path: Vec<Step>,
}

impl Search<'_> {
    fn walk(&mut self, world: &World, depth: usize) -> Result<(), String> {
        let seen = self.seen.entry(world.key()).or_default();
        if *seen > depth {
            return Ok(());
        }
        *seen = depth + 1;
        self.rest(world)?;
        if depth == 0 {
            return Ok(());
        }
        for step in world.steps(self.setting) {
            let mut next = world.clone();
            self.path.push(step);
            next.take(self.setting, step)?;
            self.walk(&next, depth - 1)?;
            self.path.pop();
        }
        Ok(())
    }

    fn rest(&mut self, world: &World) -> Result<(), String> {
        let mut world = world.clone();
        while self.rested.insert(world.key()) {
            if !world.settle(self.setting)? {
                return world.at_rest(self.setting);
            }
        }
        Ok(())
    }
}

/// Walks over all worlds within so many steps of this one. Fewer steps come first, so that what fails is
/// told by the shortest way to it.
fn explore(setting: &Setting, first: &World, depth: usize) {
    let mut count = 0;
    for depth in 1..=depth {
        let mut search = Search {
            setting,
            seen: HashMap::new(),
            rested: HashSet::new(),
            path: Vec::new(),
        };
        if let Err(broken) = search.walk(first, depth) {
            panic!("{broken}, after {:?}", search.path);
        }
        count = search.seen.len();
        println!("{count} worlds within {depth} steps");
    }
    assert!(count > 10_000, "only {count} worlds");
}

fn tabs_with_one_record(tabs: usize, depth: usize) {
    let setting = Setting::shared();
    explore(&setting, &World::new(&setting, tabs), depth);
}

fn tabs_with_a_record_each(depth: usize) {
    let setting = Setting::private();
    explore(&setting, &World::new(&setting, 2), depth);
}

fn a_duplicated_tab(depth: usize) {
    let setting = Setting::private();
    explore(&setting, &World::duplicated(&setting), depth);
}

fn tabs_that_ask_in_frames(depth: usize) {
    let setting = Setting::shared().with_frames();
    explore(&setting, &World::new(&setting, 2), depth);
}

fn tabs_without_locks(depth: usize) {
    let setting = Setting::shared().without_locks();
    explore(&setting, &World::new(&setting, 2), depth);
}

fn tabs_that_read_late(depth: usize) {
    let setting = Setting::shared().with_late_stores();
    explore(&setting, &World::new(&setting, 2), depth);
}

#[test]
fn rule_m1_m2_m4_m9_two_tabs_with_one_record() {
    tabs_with_one_record(2, 5);
}

#[test]
fn rule_m1_m2_m4_m9_three_tabs_with_one_record() {
    tabs_with_one_record(3, 4);
}

#[test]
fn rule_m1_m2_m4_m9_two_tabs_with_a_record_each() {
    tabs_with_a_record_each(5);
}

#[test]
fn rule_m1_m2_m4_m9_a_duplicated_tab() {
    a_duplicated_tab(5);
}

#[test]
fn rule_m1_m2_m4_m9_two_tabs_that_ask_in_frames() {
    tabs_that_ask_in_frames(5);
}

#[test]
fn rule_m1_m2_m4_m9_two_tabs_without_locks() {
    tabs_without_locks(5);
}

#[test]
fn rule_m1_m2_m4_two_tabs_that_read_late() {
    tabs_that_read_late(5);
}

#[test]
#[ignore = "minutes: cargo test --release --test core -- --ignored six_steps"]
fn six_steps() {
    tabs_with_one_record(2, 6);
    tabs_with_one_record(3, 5);
    tabs_with_a_record_each(6);
    a_duplicated_tab(6);
    tabs_that_ask_in_frames(6);
    tabs_without_locks(6);
    tabs_that_read_late(6);
}
