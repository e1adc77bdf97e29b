//! What holds for every input, and not just for those that somebody thought of.

mod allowlist;
mod login;
mod token;

use claviger::Url;
use proptest::prelude::*;

pub(super) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        // A failing input is printed whole, and nothing is written beside the tests.
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

pub(super) fn parsed(text: &str) -> Option<Url> {
    Url::parse(text).ok()
}
