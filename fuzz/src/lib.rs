//! What is true of every input: each target has a `judge` that panics where it is not.
//!
//! An input is text: its first line chooses the setting, the rest is what came from outside. What the core
//! says is compared with somebody else's code: `url`, `form_urlencoded` and `serde_json`.

#![forbid(unsafe_code)]

pub mod callback;
pub mod challenge;
#[allow(dead_code, reason = "the tests of the core have more of it in use")]
#[path = "../../tests/core/fixtures.rs"]
mod fixtures;
pub mod id_token;
pub mod key_set;
pub mod metadata;
mod oracle;
pub mod record;
pub mod resource;
pub mod seeds;
pub mod session;
pub mod token_response;

/// The setting, a number for each of its characters, and what came from outside.
fn split(text: &str) -> (Setting<'_>, &str) {
    let (setting, rest) = text.split_once('\n').unwrap_or(("", text));
    (Setting(setting.as_bytes()), rest)
}

/// Choices, by their position; what is not said is the first.
#[derive(Clone, Copy)]
struct Setting<'a>(&'a [u8]);

impl Setting<'_> {
    fn choose<T: Copy>(self, at: usize, choices: &[T]) -> T {
        let digit = self.0.get(at).map_or(0, |digit| usize::from(digit % 16));
        choices[digit % choices.len()]
    }
}
