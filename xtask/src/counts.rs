//! How many test cases passed and failed, read from what the test programs themselves report.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::AddAssign;

use serde_json::Value;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    /// How many cases did not run, by the reason.
    pub left_out: BTreeMap<String, u64>,
    pub cases: Cases,
}

/// The names of the cases that ran, and of the modules, files and suites around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    pub passed: BTreeSet<String>,
    pub failed: BTreeSet<String>,
}

impl Cases {
    fn add(&mut self, path: &str, between: &str, has_passed: bool) {
        let names = path.split(between).map(str::to_owned);
        match has_passed {
            true => self.passed.extend(names),
            false => self.failed.extend(names),
        }
    }
}

impl Counts {
    pub fn new(passed: u64, failed: u64) -> Self {
        Self {
            passed,
            failed,
            ..Self::default()
        }
    }

    /// Whether no test ran.
    pub fn is_empty(&self) -> bool {
        self.passed == 0 && self.failed == 0
    }

    pub fn leave_out(&mut self, reason: &str) {
        *self.left_out.entry(reason.to_owned()).or_default() += 1;
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        for (reason, number) in other.left_out {
            *self.left_out.entry(reason).or_default() += number;
        }
        self.cases.passed.extend(other.cases.passed);
        self.cases.failed.extend(other.cases.failed);
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The sum of the `test result:` lines of `cargo test`, one for each test program.
pub fn of_cargo(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in text.lines() {
        if let Some((name, end)) = case(line) {
            match end.strip_prefix("ignored") {
                Some(rest) => counts.leave_out(rest.strip_prefix(", ").unwrap_or(name)),
                None => counts.cases.add(name, "::", end == "ok"),
            }
        }
        let Some((_, numbers)) = line
            .strip_prefix("test result: ")
            .and_then(|line| line.split_once(". "))
        else {
            continue;
        };
        for part in numbers.split("; ") {
            match part.split_once(' ') {
                Some((number, "passed")) => counts.passed += number.parse().unwrap_or(0),
                Some((number, "failed")) => counts.failed += number.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
    counts
}

/// A test's name and how it ended.
fn case(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("test ")?.split_once(" ... ")
}

/// What `cargo test` says beside the cases that passed.
pub fn without_passed(text: &str) -> String {
    text.lines()
        .filter(|line| case(line).is_none_or(|(_, end)| end != "ok"))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// What `test-reporter.mjs` wrote: the counts, and what it says of the cases that failed.
pub fn of_node(lines: &str) -> (Counts, String) {
    let mut counts = Counts::default();
    let mut failures = String::new();
    for case in lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
    {
        let text = |name| case.get(name).and_then(Value::as_str);
        let name = text("name").unwrap_or_default();
        match text("result") {
            Some("passed") => {
                counts.passed += 1;
                counts.cases.add(name, " › ", true);
            }
            Some("skipped") => counts.leave_out(text("reason").unwrap_or(name)),
            // Whatever is not known to have passed has not.
            _ => {
                counts.failed += 1;
                counts.cases.add(name, " › ", false);
                failures.push_str(&format!("✗ {name}\n"));
                for line in text("error").unwrap_or_default().lines() {
                    failures.push_str(&format!("    {line}\n"));
                }
            }
        }
    }
    (counts, failures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_program_of_cargo_counts() {
        let text = "
running 3 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

     Running tests/core/main.rs
test module::test_result ... FAILED
test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s
   Doc-tests claviger
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";
        let Counts {
            passed,
            failed,
            cases,
            ..
        } = of_cargo(text);
        assert_eq!((passed, failed), (9, 2));
        assert_eq!(cases.passed, ["a".to_owned()].into());
        assert_eq!(
            cases.failed,
            ["module".to_owned(), "test_result".to_owned()].into()
        );
    }

    #[test]
    fn what_cargo_ignored_is_told() {
        let text = "test a ... ignored\ntest b - should panic ... ignored, needs an hour\ntest c ... ignored, needs an hour\n\
                    test ignored ... ok\n";
        assert_eq!(
            of_cargo(text).left_out,
            [("a".to_owned(), 1), ("needs an hour".to_owned(), 2)].into()
        );
    }

    #[test]
    fn what_passed_need_not_be_read() {
        let text = "running 2 tests\ntest a ... ok\ntest b ... FAILED\n\ntest result: FAILED.\n";
        assert_eq!(
            without_passed(text),
            "running 2 tests\ntest b ... FAILED\n\ntest result: FAILED.\n"
        );
    }

    #[test]
    fn no_result_is_no_test() {
        assert!(of_cargo("error: could not compile `claviger`\n").is_empty());
        assert!(of_cargo("test result: ").is_empty());
        assert!(of_node("").0.is_empty());
    }

    #[test]
    fn what_node_reports_is_counted_and_told() {
        let lines = r#"
{"result":"passed","name":"a.test.mjs › signs in"}
{"result":"failed","name":"a.test.mjs › signs out","error":"Error: no\n    at line 3"}
{"result":"skipped","name":"a","reason":"Doorkeeper is not installed"}
{"result":"skipped","name":"b","reason":"Doorkeeper is not installed"}
{"result":"skipped","name":"c"}
{"result":"strange"}
"#;
        let (counts, failures) = of_node(lines);
        assert_eq!((counts.passed, counts.failed), (1, 2));
        assert!(counts.cases.passed.contains("signs in"));
        assert!(counts.cases.failed.contains("signs out"));
        assert_eq!(
            counts.left_out,
            [
                ("Doorkeeper is not installed".to_owned(), 2),
                ("c".to_owned(), 1)
            ]
            .into()
        );
        assert_eq!(
            failures,
            "✗ a.test.mjs › signs out\n    Error: no\n        at line 3\n✗ \n"
        );
    }

    #[test]
    fn counts_add_up() {
        let mut counts = Counts::new(0, 1);
        counts.leave_out("a reason");
        let mut more = Counts::new(41, 0);
        more.leave_out("a reason");
        counts += more;
        counts += Counts::new(1, 0);
        assert_eq!(counts.to_string(), "42 passed, 1 failed");
        assert_eq!(counts.left_out, [("a reason".to_owned(), 2)].into());
    }
}
