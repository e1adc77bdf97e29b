//! How many test cases passed and failed, read from what the test programs themselves report.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;

use serde_json::Value;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl Counts {
    pub const ONE_PASSED: Self = Self {
        passed: 1,
        failed: 0,
    };
    pub const ONE_FAILED: Self = Self {
        passed: 0,
        failed: 1,
    };

    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
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

/// What `cargo test` says beside the cases that passed.
pub fn without_passed(text: &str) -> String {
    let is_passed = |line: &str| line.starts_with("test ") && line.ends_with("... ok");
    text.lines()
        .filter(|line| !is_passed(line))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// What `test-reporter.mjs` wrote: the counts, and the reasons for which cases were left out, with their number.
pub fn of_node(lines: &str) -> (Counts, BTreeMap<String, u64>) {
    let mut counts = Counts::default();
    let mut left_out = BTreeMap::new();
    for case in lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
    {
        match case.get("result").and_then(Value::as_str) {
            Some("passed") => counts.passed += 1,
            Some("skipped") => {
                let reason = case
                    .get("reason")
                    .or(case.get("name"))
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                *left_out.entry(reason.to_owned()).or_default() += 1;
            }
            // Whatever is not known to have passed has not.
            _ => counts.failed += 1,
        }
    }
    (counts, left_out)
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

     Running tests/vectors.rs
test test_result ... FAILED
test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s
   Doc-tests claviger
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";
        assert_eq!(
            of_cargo(text),
            Counts {
                passed: 9,
                failed: 2
            }
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
    fn what_node_left_out_is_told_by_its_reason() {
        let lines = r#"
{"result":"passed","name":"signs in"}
{"result":"failed","name":"signs out"}
{"result":"skipped","name":"a","reason":"Doorkeeper is not installed"}
{"result":"skipped","name":"b","reason":"Doorkeeper is not installed"}
{"result":"skipped","name":"c"}
{"result":"strange"}
"#;
        let (counts, left_out) = of_node(lines);
        assert_eq!(
            counts,
            Counts {
                passed: 1,
                failed: 2
            }
        );
        assert_eq!(
            left_out,
            [
                ("Doorkeeper is not installed".to_owned(), 2),
                ("c".to_owned(), 1)
            ]
            .into()
        );
    }

    #[test]
    fn the_last_line_reads_so() {
        let mut counts = Counts::ONE_FAILED;
        counts += Counts {
            passed: 41,
            failed: 0,
        };
        counts += Counts::ONE_PASSED;
        assert_eq!(counts.to_string(), "42 passed, 1 failed");
    }
}
