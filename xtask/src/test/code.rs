//! The steps that look at the code: formatting, imports, lints, native tests.

use std::time::Duration;

use super::report::{self, Outcome, Report};
use crate::build;
use crate::counts;
use crate::imports;
use crate::process;
use crate::project;
use crate::tools;

/// The features that native programs alone have.
const NATIVE: &str = "claviger/verify";
/// For one package, compiling included.
const LIMIT: Duration = Duration::from_secs(30 * 60);

pub fn format(report: &Report) {
    report.check("cargo fmt", || {
        let mut command = project::cargo();
        command.args(["fmt", "--all", "--check", "--", "--color=never"]);
        process::must(command, "The Rust code is not formatted; run cargo fmt.")
    });
}

/// Of each part of the sources on its own, so that the line tells which.
pub fn imports(report: &Report) {
    for root in imports::ROOTS {
        report.noted_check(&format!("imports ({})", root.path), || {
            Ok(((), root.check()?))
        });
    }
}

pub fn lint_native(report: &Report) {
    lint(
        report,
        "clippy (native)",
        &["--workspace", "--all-targets", "--features", NATIVE],
    );
}

/// The code that a browser runs, with the features of each build of it.
pub fn lint_wasm(report: &Report) {
    if report.prepare("wasm target", tools::wasm_target).is_none() {
        report.skip("clippy (wasm)", "its target is missing");
        return;
    }
    for (name, arguments) in build::in_browsers() {
        lint(
            report,
            &format!("clippy (wasm, {name})"),
            &[&["--lib", "--target", tools::WASM], arguments.as_slice()].concat(),
        );
    }
}

fn lint(report: &Report, name: &str, arguments: &[&str]) {
    report.check(name, || {
        let mut command = project::cargo();
        command
            .args(["clippy", "--quiet", "--keep-going"])
            .args(arguments)
            .args(["--", "-D", "warnings"]);
        process::must(command, "Clippy has something to say; see below.")
    });
}

pub fn native_tests(report: &Report) {
    for (package, features) in [("claviger", NATIVE), ("demo-server", ""), ("xtask", "")] {
        report.program(&format!("cargo test ({package})"), || {
            let mut command = project::cargo();
            command.args(["test", "--package", package, "--no-fail-fast"]);
            command.args(["--features", features]);
            let finished = process::run_within(command, LIMIT)?;
            let mut text = counts::without_passed(&finished.text);
            if finished.was_late {
                text.push_str(&report::late(LIMIT));
            }
            let counts = counts::of_cargo(&finished.text);
            Ok(Outcome::new(counts, finished.succeeded, &text))
        });
    }
}
