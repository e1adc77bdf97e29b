//! `docs/rules.md` and `docs/attacks.md` name the tests that prove them, and tests cite no other number.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::fixtures::check_all;

const DOCUMENTS: [&str; 2] = [
    include_str!("../../docs/rules.md"),
    include_str!("../../docs/attacks.md"),
];
const VECTORS: &str = include_str!("../vectors/callbacks.expanded.json");
/// Where tests in JavaScript are.
pub(crate) const FOLDERS: [&str; 3] = ["e2e", "engines", "node"];

/// A row of a table: its number, and the tests that it names.
struct Row<'a> {
    number: &'a str,
    tests: Vec<&'a str>,
}

/// The rows that begin with a number, `P7` of a rule or `07` of an attack.
fn rows(document: &str) -> impl Iterator<Item = Row<'_>> {
    document.lines().filter_map(|line| {
        let cells: Vec<_> = line.strip_prefix("| ")?.split(" | ").collect();
        let number = cells.first().filter(|cell| is_number(cell))?;
        // What stands between two backticks.
        let tests = cells.last()?.split('`').skip(1).step_by(2).collect();
        Some(Row { number, tests })
    })
}

fn is_number(text: &str) -> bool {
    let (digits, is_whole) = match text.strip_prefix(['A', 'S', 'P', 'F', 'T', 'M', 'I']) {
        Some(digits) => (digits, matches!(digits.len(), 1 | 2)),
        None => (text, text.len() == 2),
    };
    is_whole && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The name of every test that cites rules or attacks, with their numbers.
fn citations() -> BTreeMap<String, BTreeSet<String>> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut citations = BTreeMap::new();
    for text in texts(&tests.join("core"), "rs") {
        for line in text.lines() {
            let function = line.trim_start().strip_prefix("fn ");
            let name = function.and_then(|it| it.split_once('(')).map(|it| it.0);
            citations.extend(name.and_then(|it| Some((it.into(), numbers_of_function(it)?))));
        }
    }
    for folder in FOLDERS {
        for text in texts(&tests.join(folder), "mjs") {
            for title in titles(&text) {
                citations.extend(numbers_of_title(&title).map(|numbers| (title, numbers)));
            }
        }
    }
    citations
}

/// The text of every file below a folder whose name has that end.
pub(crate) fn texts(folder: &Path, extension: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    let texts = paths.iter().flat_map(|path| {
        if path.is_dir() {
            texts(path, extension)
        } else if path.extension().is_some_and(|it| it == extension) {
            vec![fs::read_to_string(path).unwrap()]
        } else {
            vec![]
        }
    });
    texts.collect()
}

/// `rule_f4_f5_…` has `F4` and `F5`, `attack_10_39_…` has `10` and `39`.
fn numbers_of_function(name: &str) -> Option<BTreeSet<String>> {
    let kinds = ["rule_", "attack_"];
    let words = kinds.iter().find_map(|kind| name.strip_prefix(kind))?;
    let words = words.split('_').map(str::to_uppercase);
    Some(words.take_while(|word| is_number(word)).collect())
}

/// Every literal that begins as the title of a test that cites something.
fn titles(text: &str) -> Vec<String> {
    let mut titles = Vec::new();
    for quote in ['\'', '"', '`'] {
        for kind in ["rule", "attack"] {
            let start = format!("{quote}{kind}");
            let rests = text.split(&start).skip(1);
            titles.extend(rests.map(|rest| format!("{kind}{}", literal(rest, quote).0)));
        }
    }
    titles
}

/// What stands before the quote that ends it, and what behind.
pub(crate) fn literal(text: &str, quote: char) -> (String, &str) {
    let mut literal = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => literal.extend(characters.next()),
            end if end == quote => break,
            other => literal.push(other),
        }
    }
    (literal, characters.as_str())
}

/// `rules F3, F4: …` has `F3` and `F4`, `rule F6, attack 45: …` has `F6` and `45`.
fn numbers_of_title(title: &str) -> Option<BTreeSet<String>> {
    let kinds = ["rule ", "rules ", "attack ", "attacks "];
    let (start, _) = title.split_once(": ")?;
    let is_citation = kinds.iter().any(|kind| start.starts_with(kind));
    let numbers = start
        .split(", ")
        .filter_map(|word| word.split(' ').next_back());
    // A number that a template fills in comes from the vectors.
    let numbers = numbers.filter(|number| !number.starts_with("${"));
    let numbers: BTreeSet<String> = numbers.map(String::from).collect();
    (is_citation && !numbers.is_empty()).then_some(numbers)
}

#[test]
fn every_row_names_tests_that_exist_and_cite_it() {
    let citations = citations();
    check_all(DOCUMENTS.iter().flat_map(|it| rows(it)), |row| {
        let Row { number, tests } = row;
        if tests.is_empty() {
            return Err(format!("{number} names no test"));
        }
        tests
            .iter()
            .try_for_each(|test| match citations.get(*test) {
                Some(numbers) if numbers.contains(*number) => Ok(()),
                Some(_) => Err(format!("{number} names a test of another number: {test}")),
                None => Err(format!("{number} names a test that does not exist: {test}")),
            })
    });
}

#[test]
fn every_number_that_a_test_cites_has_one_row() {
    let mut known = BTreeSet::new();
    for row in DOCUMENTS.iter().flat_map(|it| rows(it)) {
        assert!(known.insert(row.number), "{} twice", row.number);
    }
    let citations = citations();
    assert!(citations.len() > 250, "only {} tests", citations.len());
    check_all(citations, |(name, numbers)| {
        let unknown = numbers.iter().find(|it| !known.contains(it.as_str()));
        match unknown {
            Some(number) => Err(format!("{number} has no row: {name}")),
            None if numbers.is_empty() => Err(format!("no number: {name}")),
            None => Ok(()),
        }
    });
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let rules = vectors["cases"].as_array().unwrap().iter();
    check_all(rules.filter_map(|case| case["rule"].as_str()), |rule| {
        let is_known = known.contains(rule);
        is_known
            .then_some(())
            .ok_or_else(|| format!("{rule} has no row"))
    });
}
