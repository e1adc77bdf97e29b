//! `docs/claims.md` has a row for each promise of the documents, and names the tests that prove it.

mod promises;
mod table;

use std::collections::BTreeSet;
use std::path::Path;

use crate::documents::{FOLDERS, literal, texts};
use crate::fixtures::check_all;
use promises::{OTHERS, promises};
use table::claims;

const CLAIMS: &str = include_str!("../../docs/claims.md");

/// The name of every test that is always run.
fn names() -> BTreeSet<String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let (mut names, mut left_out) = (BTreeSet::new(), BTreeSet::new());
    for text in texts(&tests.join("core"), "rs") {
        names.extend(functions(&text));
    }
    for text in FOLDERS
        .iter()
        .chain(&["types"])
        .flat_map(|folder| texts(&tests.join(folder), "mjs"))
    {
        for call in ["test(", "describe("] {
            for arguments in text.split(call).skip(1) {
                match title(arguments.trim_start()) {
                    Some((title, true)) => left_out.insert(title),
                    Some((title, false)) => names.insert(title),
                    None => false,
                };
            }
        }
    }
    &names - &left_out
}

/// The functions with `#[test]`, and without `#[ignore]`.
fn functions(text: &str) -> Vec<String> {
    let mut attributes = String::new();
    let mut functions = Vec::new();
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("#[") {
            attributes.push_str(line);
            continue;
        }
        if let Some((name, _)) = line.strip_prefix("fn ").and_then(|it| it.split_once('('))
            && attributes.contains("#[test]")
            && !attributes.contains("#[ignore")
        {
            functions.push(name.to_owned());
        }
        attributes.clear();
    }
    functions
}

/// The literal that a call begins with, and whether its options can leave the test out.
fn title(arguments: &str) -> Option<(String, bool)> {
    let mut characters = arguments.chars();
    let quote = characters
        .next()
        .filter(|it| ['\'', '"', '`'].contains(it))?;
    let (title, rest) = literal(characters.as_str(), quote);
    let options = rest.split("=>").next()?;
    let is_left_out = ["skip", "todo", "only"]
        .iter()
        .any(|word| options.contains(word));
    Some((title, is_left_out))
}

#[test]
fn every_promise_has_one_row_and_every_row_is_a_promise() {
    let (promises, others) = promises();
    let promises: BTreeSet<_> = promises.into_iter().collect();
    assert!(promises.len() > 140, "only {}", promises.len());
    check_all(OTHERS, |text| {
        let is_there = others.iter().any(|other| other.text == *text);
        is_there
            .then_some(())
            .ok_or_else(|| format!("nowhere: {text}"))
    });
    let mut rows = BTreeSet::new();
    check_all(claims(CLAIMS), |claim| {
        let is_promise = promises.iter().any(|promise| {
            (promise.source, &*promise.place, &*promise.text)
                == (claim.source, claim.place, claim.promise)
        });
        is_promise.then_some(()).ok_or_else(|| {
            format!(
                "no promise of {}: | {} | {}",
                claim.source, claim.place, claim.promise
            )
        })
    });
    for claim in claims(CLAIMS) {
        let row = (claim.source, claim.place, claim.promise);
        assert!(rows.insert(row), "twice: {row:?}");
    }
    check_all(promises.iter(), |promise| {
        let row = (promise.source, &*promise.place, &*promise.text);
        rows.contains(&row)
            .then_some(())
            .ok_or_else(|| format!("no row for {}: | {} | {} | |", row.0, row.1, row.2))
    });
}

#[test]
fn every_row_names_tests_that_exist_and_are_always_run() {
    let names = names();
    assert!(names.len() > 700, "only {} tests", names.len());
    check_all(claims(CLAIMS), |claim| {
        if claim.tests.is_empty() {
            return Err(format!("no test: {}", claim.promise));
        }
        claim
            .tests
            .iter()
            .find(|name| !names.contains(**name))
            .map_or(Ok(()), |name| {
                Err(format!("no such test, or one that may be left out: {name}"))
            })
    });
}
