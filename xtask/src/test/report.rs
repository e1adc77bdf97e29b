//! What the steps of a test run came to.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;

use super::claims;
use crate::counts::Counts;
use crate::progress::{say, shown};

/// Shared by the steps that run side by side.
#[derive(Default)]
pub struct Report {
    total: Mutex<Total>,
}

#[derive(Default)]
struct Total {
    counts: Counts,
    /// The steps that failed, in the order of their ends.
    failed: Vec<String>,
}

impl Report {
    fn total(&self) -> MutexGuard<'_, Total> {
        self.total.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A step that is one test case: it passes when the work does.
    pub fn check<T>(&self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        self.noted_check(name, || Ok((work()?, String::new())))
    }

    /// As `check`; the work adds a note to its line.
    pub fn noted_check<T>(
        &self,
        name: &str,
        work: impl FnOnce() -> Result<(T, String)>,
    ) -> Option<T> {
        shown(name, || match work() {
            Ok((value, note)) => {
                self.total().counts += Counts::new(1, 0);
                (Some(value), Ok(note))
            }
            Err(error) => (None, Err(self.failure(name, &error))),
        })
    }

    /// A step that makes the others possible and is no test case: it counts when it fails.
    pub fn prepare<T>(&self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        work()
            .inspect_err(|error| {
                let problem = self.failure(name, error);
                shown(name, || ((), Err(problem)));
            })
            .ok()
    }

    /// A step whose program reports cases of its own.
    pub fn program(&self, name: &str, work: impl FnOnce() -> Result<Outcome>) {
        shown(name, || match work() {
            Ok(outcome) => ((), self.add(name, outcome)),
            Err(error) => ((), Err(self.failure(name, &error))),
        });
    }

    /// Cases that can't run on this machine.
    pub fn leave_out(&self, reason: &str) {
        say(&format!("- left out: {reason}"));
        self.total().counts.leave_out(reason);
    }

    /// A step that can't run because one that it needs failed, and was counted.
    pub fn skip(&self, name: &str, because: &str) {
        say(&format!("- {name:<34} not run: {because}"));
    }

    /// Whether every test ran that a promise names; the last step of a whole run.
    pub fn claims(&self) {
        let cases = self.total().counts.cases.clone();
        self.check("every promise was tried", || claims::tried(&cases));
    }

    /// Says what was left out, what failed and which promises fell with it; the last line has the counts. Gives whether all is well.
    pub fn conclude(&self) -> bool {
        let total = self.total();
        for (reason, number) in &total.counts.left_out {
            say(&format!("left out, {number}: {reason}"));
        }
        if !total.failed.is_empty() {
            match claims::fallen(&total.counts.cases) {
                Ok(lines) => lines.iter().for_each(|line| say(line)),
                Err(error) => say(&format!("{error:#}")),
            }
            say(&format!("failed: {}", total.failed.join(", ")));
        }
        say(&total.counts.to_string());
        total.counts.failed == 0
    }

    fn failure(&self, name: &str, error: &anyhow::Error) -> String {
        let mut total = self.total();
        total.counts += Counts::new(0, 1);
        total.failed.push(name.to_owned());
        format!("{error:#}")
    }

    fn add(&self, name: &str, outcome: Outcome) -> Result<String, String> {
        let Outcome {
            mut counts,
            problem,
        } = outcome;
        let note = counts.to_string();
        let mut total = self.total();
        let end = match problem {
            None => Ok(note),
            Some(problem) => {
                // Whatever else went wrong is one more that failed.
                counts.failed = counts.failed.max(1);
                total.failed.push(name.to_owned());
                Err(format!("{counts}\n{problem}"))
            }
        };
        total.counts += counts;
        end
    }
}

/// How a test program ended.
pub struct Outcome {
    counts: Counts,
    /// What its reader must know when not all is well.
    problem: Option<String>,
}

impl Outcome {
    pub fn new(counts: Counts, succeeded: bool, text: &str) -> Self {
        let problem = if !succeeded || counts.failed > 0 {
            Some(text.trim_end().to_owned())
        } else if counts.is_empty() && counts.left_out.is_empty() {
            Some(format!(
                "No test ran, and some should have; look for the files.\n{}",
                text.trim_end()
            ))
        } else {
            None
        };
        Self { counts, problem }
    }
}

/// What is told of a program that took too long.
pub fn late(limit: Duration) -> String {
    format!(
        "\nIt did not end within {} minutes and was ended; look at what ran last.",
        limit.as_secs() / 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(outcome: Result<Outcome>) -> (u64, u64) {
        let report = Report::default();
        report.program("a program", || outcome);
        let total = report.total();
        assert_eq!(total.failed.len(), usize::from(total.counts.failed > 0));
        (total.counts.passed, total.counts.failed)
    }

    #[test]
    fn cases_add_up() {
        assert_eq!(total(Ok(Outcome::new(Counts::new(2, 0), true, ""))), (2, 0));
        let mixed = Outcome::new(Counts::new(5, 3), false, "words");
        assert_eq!(total(Ok(mixed)), (5, 3));
    }

    #[test]
    fn a_failed_case_fails_whatever_the_program_says_at_its_end() {
        let outcome = Outcome::new(Counts::new(5, 1), true, "words");
        assert_eq!(outcome.problem.as_deref(), Some("words"));
        assert_eq!(total(Ok(outcome)), (5, 1));
    }

    #[test]
    fn no_test_at_all_is_a_failure() {
        assert_eq!(total(Ok(Outcome::new(Counts::new(0, 0), true, ""))), (0, 1));
    }

    #[test]
    fn a_program_that_fails_without_a_failed_case_is_a_failure() {
        let crashed = Outcome::new(Counts::new(2, 0), false, "crashed");
        assert_eq!(total(Ok(crashed)), (2, 1));
        assert_eq!(total(Err(anyhow::anyhow!("not started"))), (0, 1));
    }

    #[test]
    fn a_failed_step_hides_no_other() {
        let report = Report::default();
        assert_eq!(report.check("one", || Ok(1)), Some(1));
        assert_eq!(
            report.check("two", || -> Result<()> { anyhow::bail!("broken") }),
            None
        );
        report.prepare("three", || Ok(()));
        report.prepare("four", || -> Result<()> { anyhow::bail!("broken") });
        assert_eq!(report.check("five", || Ok(5)), Some(5));
        assert!(!report.conclude());
        let total = report.total();
        assert_eq!(total.counts, Counts::new(2, 2));
        assert_eq!(total.failed, ["two", "four"]);
    }
}
