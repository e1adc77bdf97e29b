//! Where the sources leave the language's guarantees.

use std::path::Path;

use crate::documents::texts;

/// The one that shares its memory with JavaScript.
const MEMORY: &str = include_str!("../../src/package/memory.rs");

#[test]
fn the_code_is_safe_rust_but_for_one_file() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let is_unsafe = |text: &String| {
        let mut words = text
            .lines()
            .filter(is_code)
            .flat_map(|line| line.split(|it: char| !it.is_ascii_alphanumeric() && it != '_'));
        words.any(|word| word == "unsafe")
    };
    let found: Vec<String> = texts(&sources, "rs")
        .into_iter()
        .filter(is_unsafe)
        .collect();
    assert_eq!(found, [MEMORY]);
}
