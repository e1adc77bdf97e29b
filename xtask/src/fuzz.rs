//! Inputs that nobody thought of, for the targets of `fuzz/`: built with libFuzzer's counters, run one by one.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::counts::Counts;
use crate::process;
use crate::progress::{noted_step, step};
use crate::project;
use crate::test::report::{Outcome, Report};

/// What cargo-fuzz sets for a run without sanitizers, which the core, being safe Rust, has no use for.
const COUNTERS: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];
/// Longer inputs find nothing more, and are slow.
const MAX_BYTES: usize = 4_096;
/// For one input.
const TIMEOUT_SECONDS: u64 = 10;
/// All targets together, in a test run.
const TEST_SECONDS: u64 = 60;

/// The command: one target or all, each for so long.
pub fn run(target: Option<&str>, seconds: u64) -> Result<()> {
    let all = targets()?;
    let chosen: Vec<&String> = all
        .iter()
        .filter(|name| target.is_none_or(|target| target == *name))
        .collect();
    ensure!(
        !chosen.is_empty(),
        "There is no such target; there are {}.",
        all.join(", ")
    );
    let folder = step("cargo build (fuzz)", build)?;
    for name in chosen {
        noted_step(&format!("fuzz {name}"), || {
            Ok(((), one(&folder, name, seconds)?))
        })?;
    }
    Ok(())
}

/// The step of a test run: a case for each target.
pub fn test(report: &Report) {
    report.program("fuzz", || {
        let folder = build()?;
        let targets = targets()?;
        let seconds = TEST_SECONDS / targets.len().max(1) as u64;
        let (mut counts, mut findings) = (Counts::default(), String::new());
        for name in targets {
            match one(&folder, &name, seconds) {
                Ok(_) => counts += Counts::new(1, 0),
                Err(finding) => {
                    counts += Counts::new(0, 1);
                    findings.push_str(&format!("{finding:#}\n"));
                }
            }
        }
        Ok(Outcome::new(counts, findings.is_empty(), &findings))
    });
}

/// The names of the files in `fuzz/fuzz_targets/`.
fn targets() -> Result<Vec<String>> {
    let path = project::path("fuzz/fuzz_targets");
    let entries =
        fs::read_dir(&path).with_context(|| format!("{} can't be read", path.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// Builds all of them, and gives the folder of the programs.
fn build() -> Result<PathBuf> {
    let mut rustc = project::command("rustc");
    rustc.args(["--print", "host-tuple"]);
    let host = process::read(
        rustc,
        "rustc doesn't run; install Rust from https://rustup.rs.",
    )?;
    let folder = project::path("target/fuzz");
    let mut command = project::cargo();
    command
        .args([
            "build",
            "--release",
            "--locked",
            "--manifest-path",
            "fuzz/Cargo.toml",
        ])
        // With a target the counters are not in what runs at build time.
        .args(["--target", host.trim(), "--target-dir"])
        .arg(&folder)
        .env("CARGO_ENCODED_RUSTFLAGS", COUNTERS.join("\u{1f}"))
        .env_remove("RUSTFLAGS");
    process::must(
        command,
        "The targets of fuzz/ don't build; it takes a C++ compiler, too. See cargo's words below.",
    )?;
    Ok(folder.join(host.trim()).join("release"))
}

/// Runs a target, and gives its executions and edges; an input that breaks its sentence is kept in a file.
fn one(programs: &Path, name: &str, seconds: u64) -> Result<String> {
    let corpus = project::path("target/fuzz/corpus").join(name);
    let findings = project::path("target/fuzz/findings");
    for folder in [&corpus, &findings] {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} can't be made", folder.display()))?;
    }
    let mut command = project::command(&programs.join(name).to_string_lossy());
    command
        .arg(&corpus)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={MAX_BYTES}"))
        .arg(format!("-timeout={TIMEOUT_SECONDS}"))
        .arg(format!("-artifact_prefix={}/{name}-", findings.display()))
        .arg("-print_final_stats=1")
        .env("CLAVIGER_FUZZ_SEEDS", &corpus);
    let limit = Duration::from_secs(seconds.saturating_mul(2).saturating_add(120));
    let finished = process::run_within(command, limit)?;
    if !finished.succeeded {
        bail!(
            "The target {name} has found an input that breaks its sentence; it is in {}, and can be given to \
             the program {} again.\n{}",
            findings.display(),
            programs.join(name).display(),
            tail(&finished.text)
        );
    }
    Ok(statistics(&finished.text))
}

/// What libFuzzer says of a run at its end.
fn statistics(text: &str) -> String {
    let executions = text
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
        .unwrap_or("?")
        .trim();
    let edges = text
        .lines()
        .rev()
        .find_map(|line| line.split_once("cov: ")?.1.split(' ').next())
        .unwrap_or("?");
    format!("{executions} executions, {edges} edges")
}

/// The end of what was printed, where the finding stands.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.len().saturating_sub(40);
    lines.get(start..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statistics_are_those_of_the_runs_end() {
        let text = "#2 INITED cov: 10 ft: 11 corp: 1/1b\n#9 DONE   cov: 12 ft: 13\n\
                    stat::number_of_executed_units: 9\nstat::average_exec_per_sec: 1\n";
        assert_eq!(statistics(text), "9 executions, 12 edges");
    }
}
