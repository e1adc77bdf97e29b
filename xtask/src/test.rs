//! Everything that a change must pass, each step with its seconds, the counts at the end.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::build;
use crate::chromium;
use crate::counts::{self, Counts};
use crate::demo;
use crate::process;
use crate::progress::{noted_step, say};
use crate::project;
use crate::serve::{self, Server};
use crate::servers::{self, Demo};
use crate::size;
use crate::tools;

/// Where the browser tests' own pages receive a redirect.
const TEST_REDIRECT_URI: &str = "https://app.example/cb";

/// Runs the steps; the last line that it prints has the counts.
pub fn run(fast: bool) -> Result<()> {
    let report = Report::default();
    if fast {
        report.format();
        report.lint(NATIVE);
        report.native();
    } else {
        thread::scope(|scope| {
            // cargo uses every core when it compiles; what npm and apt fetch is waited for meanwhile.
            let installed = scope.spawn(|| report.install());
            report.format();
            report.lint(NATIVE);
            report.lint(WASM);
            report.lint(WASM_IMPLICIT);
            report.native();
            let built = report.check("build", build::run).is_some();
            let chromium = installed.join().unwrap_or_default();
            if built {
                report.packed(chromium);
            }
        });
    }
    let counts = report.counts();
    say(&counts.to_string());
    if counts.failed > 0 {
        // The steps above have said everything.
        process::exit(1);
    }
    Ok(())
}

/// Clippy's targets: the code that a machine runs, and the code that a browser runs.
const NATIVE: (&str, &[&str]) = ("clippy (native)", &["--workspace", "--all-targets"]);
const WASM: (&str, &[&str]) = (
    "clippy (wasm)",
    &["--package", "claviger", "--lib", "--target", tools::WASM],
);
const WASM_IMPLICIT: (&str, &[&str]) = (
    "clippy (wasm, implicit)",
    &[
        "--package",
        "claviger",
        "--lib",
        "--target",
        tools::WASM,
        "--no-default-features",
        "--features",
        "implicit",
    ],
);

#[derive(Default)]
struct Report {
    counts: Mutex<Counts>,
}

impl Report {
    fn counts(&self) -> Counts {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, counts: Counts) {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner) += counts;
    }

    /// A step that is one test case: it passes when the work does.
    fn check<T>(&self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        self.cases(name, || Ok((work()?, Counts::ONE_PASSED, String::new())))
    }

    /// A step that counts its cases; its failure is told at once.
    fn cases<T>(
        &self,
        name: &str,
        work: impl FnOnce() -> Result<(T, Counts, String)>,
    ) -> Option<T> {
        let mut counts = Counts::ONE_FAILED;
        let result = noted_step(name, || {
            let (value, cases, note) = work()?;
            counts = cases;
            Ok((value, note))
        });
        self.add(counts);
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                say(&indented(&format!("{error:#}")));
                None
            }
        }
    }

    /// A step whose program reports several cases; whatever else goes wrong is one more that failed.
    fn program(&self, name: &str, work: impl FnOnce() -> Result<Outcome>) {
        let mut failed = None;
        self.cases(name, || {
            let outcome = work()?;
            let counts = outcome.counts;
            if let Some(problem) = outcome.problem {
                // What passed still counts.
                failed = Some(counts);
                bail!(problem);
            }
            Ok(((), counts, outcome.note))
        });
        if let Some(Counts { passed, failed }) = failed {
            // One failure is counted already.
            self.add(Counts {
                passed,
                failed: failed.saturating_sub(1),
            });
        }
    }

    fn format(&self) {
        self.check("cargo fmt", || {
            let mut command = project::cargo();
            command.args(["fmt", "--all", "--check"]);
            process::must(command, "The Rust code is not formatted; run cargo fmt.")
        });
    }

    fn lint(&self, (name, arguments): (&str, &[&str])) {
        self.check(name, || {
            if arguments.contains(&tools::WASM) {
                tools::wasm_target()?;
            }
            let mut command = project::cargo();
            command
                .args(["clippy", "--quiet"])
                .args(arguments)
                .args(["--", "-D", "warnings"]);
            process::must(command, "Clippy has something to say; see below.")
        });
    }

    fn native(&self) {
        for package in ["claviger", "xtask"] {
            self.program(&format!("cargo test ({package})"), || {
                let mut command = project::cargo();
                command.args(["test", "--package", package, "--no-fail-fast"]);
                let finished = process::run(command)?;
                let counts = counts::of_cargo(&finished.text);
                let text = counts::without_passed(&finished.text);
                Ok(Outcome::new(counts, finished.status.success(), &text))
            });
        }
    }

    /// What the tests need beyond cargo; gives the browser.
    fn install(&self) -> Option<PathBuf> {
        // Not a test case by itself: only a failure counts.
        let prepare = || {
            tools::node()?;
            tools::packages("xtask")?;
            tools::packages("tests")?;
            chromium::path()
        };
        match prepare() {
            Ok(chromium) => Some(chromium),
            Err(error) => {
                self.add(Counts::ONE_FAILED);
                say(&format!("✗ install\n{}", indented(&format!("{error:#}"))));
                None
            }
        }
    }

    /// The steps that use the package as its users get it.
    fn packed(&self, chromium: Option<PathBuf>) {
        self.cases("size", || {
            let table = size::check()?;
            Ok(((), Counts::ONE_PASSED, format!("\n{}", indented(&table))))
        });
        let Some(tarball) = self.check("npm pack", pack) else {
            return;
        };
        self.check("publint", || {
            let mut command = tests_program("publint");
            command.args(["run", "--strict"]).arg(&tarball);
            process::must(
                command,
                "publint has something to say about pkg/package.json; see below.",
            )
        });
        self.check("attw", || {
            let mut command = tests_program("attw");
            command.args(["--profile", "esm-only"]).arg(&tarball);
            process::must(
                command,
                "The types of the package don't fit its files; see below.",
            )
        });
        self.program("types", || node_tests("types", |_| {}));
        let Some(chromium) = chromium else { return };
        let Some(running) = self.check("servers", Servers::start) else {
            return;
        };
        self.program("e2e", || {
            node_tests("e2e", |command| {
                command
                    .env("CLAVIGER_TARBALL", &tarball)
                    .env(chromium::VARIABLE, &chromium)
                    .env("CLAVIGER_DEMO", running.demo.description().to_string());
                match &running.doorkeeper {
                    Ok(server) => command.env("CLAVIGER_DOORKEEPER", server.describe().to_string()),
                    Err(reason) => command.env("CLAVIGER_LEFT_OUT", reason),
                };
            })
        });
        self.check("demo --check", || {
            demo::drive(&running.demo, &chromium, |_| {})
        });
    }
}

/// How a test program ended.
struct Outcome {
    counts: Counts,
    note: String,
    problem: Option<String>,
}

impl Outcome {
    fn new(counts: Counts, succeeded: bool, text: &str) -> Self {
        let problem = if !succeeded || counts.failed > 0 {
            Some(text.trim_end().to_owned())
        } else if counts.is_empty() {
            Some(format!(
                "No test ran, and some should have; look for the files.\n{}",
                text.trim_end()
            ))
        } else {
            None
        };
        Self {
            counts,
            note: format!("{} passed", counts.passed),
            problem,
        }
    }
}

/// The servers of the end-to-end tests, for as long as this lives.
struct Servers {
    demo: Demo,
    /// Or why it is left out.
    doorkeeper: Result<Server, String>,
}

impl Servers {
    fn start() -> Result<Self> {
        let mut options = servers::options();
        options.redirect_uris.push(TEST_REDIRECT_URI.to_owned());
        // Ports of their own, so that a demo that is running stays as it is.
        (options.app_port, options.server_port) = (0, 0);
        let demo = Demo::start(options)?;
        let options = serve::Options {
            port: Some(0),
            redirect_uris: vec![format!("{}/", demo.app), TEST_REDIRECT_URI.to_owned()],
            ..serve::Options::default()
        };
        let doorkeeper = match serve::start("doorkeeper", &options) {
            Ok(server) => Ok(server),
            Err(error @ serve::Error::Unavailable { .. }) => Err(error.to_string()),
            Err(error) => return Err(error.into()),
        };
        Ok(Self { demo, doorkeeper })
    }
}

/// The package as npm would publish it.
fn pack() -> Result<PathBuf> {
    let folder = project::path("target");
    let mut command = project::command("npm");
    command
        .current_dir(project::path("pkg"))
        .args(["pack", "--silent", "--pack-destination"])
        .arg(&folder);
    let name = process::read(
        command,
        "The package can't be packed; see npm's words below.",
    )?;
    let name = name.lines().last().unwrap_or_default().trim();
    let tarball = folder.join(name);
    if name.is_empty() || !tarball.is_file() {
        bail!("npm pack made no file; run npm pack in pkg/ to see why.");
    }
    Ok(tarball)
}

/// A program of an npm package of tests/.
fn tests_program(name: &str) -> Command {
    let program = project::path("tests/node_modules/.bin").join(name);
    let mut command = project::command(&program.to_string_lossy());
    command.current_dir(project::path("tests"));
    command
}

/// `node --test` over the test files of a folder of tests/.
fn node_tests(folder: &str, environment: impl FnOnce(&mut Command)) -> Result<Outcome> {
    let files = test_files(folder)?;
    let counted = project::path("target").join(format!("{folder}.jsonl"));
    let mut command = project::command("node");
    command
        .current_dir(project::path("tests"))
        .args([
            "--test",
            "--test-reporter=spec",
            "--test-reporter-destination=stdout",
        ])
        .arg("--test-reporter")
        .arg(project::path("xtask/test-reporter.mjs"))
        .arg("--test-reporter-destination")
        .arg(&counted)
        .args(&files)
        .env("NO_COLOR", "1");
    environment(&mut command);
    let _ = fs::remove_file(&counted);
    let finished = process::run(command)?;
    let lines = fs::read_to_string(&counted).unwrap_or_default();
    let (counts, left_out) = counts::of_node(&lines);
    let mut outcome = Outcome::new(counts, finished.status.success(), &finished.text);
    outcome.note.push_str(&told(&left_out));
    Ok(outcome)
}

fn test_files(folder: &str) -> Result<Vec<String>> {
    let path = project::path("tests").join(folder);
    let mut files: Vec<String> = fs::read_dir(&path)
        .with_context(|| format!("{} can't be read", path.display()))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.mjs"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    files.sort();
    if files.is_empty() {
        // Given no file, node would look for tests everywhere.
        bail!("There is no test in tests/{folder}/; its files end in .test.mjs.");
    }
    Ok(files)
}

fn told(left_out: &BTreeMap<String, u64>) -> String {
    left_out
        .iter()
        .map(|(reason, number)| format!("\n  left out, {number}: {reason}"))
        .collect()
}

fn indented(text: &str) -> String {
    text.trim_end()
        .lines()
        .map(|line| format!("  {line}\n"))
        .collect::<String>()
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Counts = Counts {
        passed: 0,
        failed: 0,
    };
    const SOME: Counts = Counts {
        passed: 2,
        failed: 0,
    };

    fn total(outcome: Result<Outcome>) -> Counts {
        let report = Report::default();
        report.program("a program", || outcome);
        report.counts()
    }

    #[test]
    fn cases_add_up() {
        assert_eq!(total(Ok(Outcome::new(SOME, true, ""))), SOME);
        let mixed = Counts {
            passed: 5,
            failed: 3,
        };
        assert_eq!(total(Ok(Outcome::new(mixed, false, "words"))), mixed);
    }

    #[test]
    fn no_test_at_all_is_a_failure() {
        assert_eq!(total(Ok(Outcome::new(NONE, true, ""))), Counts::ONE_FAILED);
    }

    #[test]
    fn a_program_that_fails_without_a_failed_case_is_a_failure() {
        assert_eq!(
            total(Ok(Outcome::new(SOME, false, "crashed"))),
            Counts {
                passed: 2,
                failed: 1
            }
        );
        assert_eq!(
            total(Err(anyhow::anyhow!("not started"))),
            Counts::ONE_FAILED
        );
    }

    #[test]
    fn what_was_left_out_is_told() {
        let left_out = [("Doorkeeper can't be installed here".to_owned(), 7)].into();
        assert_eq!(
            told(&left_out),
            "\n  left out, 7: Doorkeeper can't be installed here"
        );
        assert_eq!(told(&BTreeMap::new()), "");
    }
}
