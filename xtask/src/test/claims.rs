//! Which promises of `docs/claims.md` fell with the tests that failed, and which were not tried.

#[path = "../../../tests/core/claims/table.rs"]
mod table;

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};

use crate::counts::Cases;
use crate::project;
use table::claims;

fn document() -> Result<String> {
    let path = project::path("docs/claims.md");
    fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))
}

/// A line for each promise of which a test failed.
pub fn fallen(cases: &Cases) -> Result<Vec<String>> {
    Ok(fallen_of(&document()?, &cases.failed))
}

fn fallen_of(document: &str, failed: &BTreeSet<String>) -> Vec<String> {
    let lines = claims(document).into_iter().filter_map(|claim| {
        let test = claim.tests.iter().find(|name| is_among(name, failed))?;
        Some(format!(
            "a promise fell: {}, {}: {}\n    by the test: {test}",
            claim.source, claim.place, claim.promise
        ))
    });
    lines.collect()
}

/// Fails where a test that a promise names has not been run.
pub fn tried(cases: &Cases) -> Result<()> {
    let missing: Vec<String> = missing_of(&document()?, cases).into_iter().collect();
    ensure!(
        missing.is_empty(),
        "Tests of docs/claims.md did not run; look why, or name others:\n{}",
        missing.join("\n")
    );
    Ok(())
}

fn missing_of(document: &str, cases: &Cases) -> BTreeSet<String> {
    let claims = claims(document);
    let names = claims.iter().flat_map(|claim| &claim.tests);
    names
        .filter(|name| !is_among(name, &cases.passed) && !is_among(name, &cases.failed))
        .map(|name| (*name).to_owned())
        .collect()
}

fn is_among(name: &str, ran: &BTreeSet<String>) -> bool {
    ran.contains(name) || (name.contains("${") && ran.iter().any(|ran| fits(name, ran)))
}

/// Whether a name is a template's: what stands in `${…}` is any text.
fn fits(template: &str, name: &str) -> bool {
    let mut pieces = template.split("${");
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut last = "";
    for piece in pieces {
        last = piece.split_once('}').map_or("", |(_, text)| text);
        let Some((_, behind)) = rest.split_once(last) else {
            return false;
        };
        rest = behind;
    }
    // What the last piece was found before may hold it again.
    last.is_empty() || rest.is_empty() || rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "## SECURITY.md\n\n| where | promise | proved by |\n|---|---|---|\n\
        | Guessing | No state is guessed. | `rule_a5`, `rule A5: ${entry}: bits` |\n\
        | Exposure | Nothing is shown. | `leaks` |\n";

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_promise_falls_with_any_of_its_tests() {
        let fallen = |failed: &[&str]| fallen_of(TABLE, &names(failed));
        assert!(fallen(&["rule_a", "rule A5: x: other"]).is_empty());
        for failed in ["rule_a5", "rule A5: claviger: bits"] {
            let lines = fallen(&[failed]);
            assert_eq!(lines.len(), 1);
            assert!(lines.iter().all(|line| {
                line.starts_with("a promise fell: SECURITY.md, Guessing: No state is guessed.")
            }));
        }
        assert_eq!(fallen(&["rule_a5", "leaks"]).len(), 2);
    }

    #[test]
    fn a_test_that_failed_has_run_and_one_of_which_nothing_is_known_has_not() {
        let mut cases = Cases {
            passed: names(&["rule_a5", "leaks"]),
            failed: names(&["rule A5: x: bits"]),
        };
        assert!(missing_of(TABLE, &cases).is_empty());
        cases.failed.clear();
        assert_eq!(
            missing_of(TABLE, &cases),
            names(&["rule A5: ${entry}: bits"])
        );
    }

    #[test]
    fn a_template_fits_what_it_makes() {
        assert!(fits("a ${b} c", "a x c"));
        assert!(fits("${a} c ${b}", "x c y"));
        assert!(fits("${a} c", "x c c"));
        assert!(!fits("${a} c", "x c d"));
        assert!(!fits("a ${b}", "b a x"));
    }

    #[test]
    fn the_table_is_there() {
        assert!(document().is_ok_and(|text| claims(&text).len() > 100));
    }
}
