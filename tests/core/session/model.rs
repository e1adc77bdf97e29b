//! All interleavings of a few tabs: every order in which logins, renewals, logouts, answers, messages and
//! time can meet, to a stated depth, and what must be true after each step.
//!
//! The search is our own, sixty lines: a breadth-first walk over worlds that are values. A world has the
//! tabs' own texts, so what is explored is the machine itself and no copy of it.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::world::{Step, World};

/// Walks over all worlds within so many steps of this one; gives how many there are.
fn explore(first: World, depth: usize) -> usize {
    let mut seen = HashSet::from([key(&first)]);
    let mut next = VecDeque::from([(first, Vec::<Step>::new())]);
    let mut by_depth = BTreeMap::<usize, usize>::new();
    while let Some((world, path)) = next.pop_front() {
        *by_depth.entry(path.len()).or_default() += 1;
        if let Err(broken) = world.rest() {
            panic!("{broken}\nafter {path:?} and rest");
        }
        if path.len() == depth {
            continue;
        }
        for step in world.steps() {
            let mut world = world.clone();
            let mut path = path.clone();
            path.push(step);
            if let Err(broken) = world.take(step) {
                panic!("{broken}\nafter {path:?}");
            }
            if seen.insert(key(&world)) {
                next.push_back((world, path));
            }
        }
    }
    println!("{} worlds within {depth} steps: {by_depth:?}", seen.len());
    seen.len()
}

fn key(world: &World) -> u64 {
    let mut hasher = DefaultHasher::new();
    world.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn rule_m1_m2_m4_m9_two_tabs_with_one_record() {
    assert!(explore(World::shared(2), 4) > 1_000);
}

#[test]
fn rule_m1_m2_m4_m9_two_tabs_with_a_record_each() {
    assert!(explore(World::private(2), 4) > 1_000);
}

#[test]
fn rule_m1_m2_m4_m9_a_duplicated_tab() {
    assert!(explore(World::duplicated(), 4) > 1_000);
}

#[test]
fn rule_m1_m2_m4_m9_three_tabs_with_one_record() {
    assert!(explore(World::shared(3), 3) > 1_000);
}

#[test]
fn rule_m1_m2_m4_m9_two_tabs_that_ask_in_frames() {
    assert!(explore(World::framed(2), 4) > 1_000);
}

#[test]
#[ignore = "minutes: cargo test --release --test core -- --ignored six_steps"]
fn six_steps() {
    explore(World::shared(2), 6);
    explore(World::private(2), 6);
    explore(World::duplicated(), 6);
    explore(World::framed(2), 6);
    explore(World::shared(3), 5);
}
