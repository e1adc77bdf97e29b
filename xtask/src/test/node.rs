//! `node --test` over test files of tests/.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::report::{self, Outcome};
use crate::counts;
use crate::process;
use crate::project;

/// For one file, or one test of it where Node looks at each.
const FILE_LIMIT: Duration = Duration::from_secs(8 * 60);
/// For all of them.
const LIMIT: Duration = Duration::from_secs(40 * 60);

/// All files of a folder of tests/.
pub fn tests(name: &str, folder: &str, environment: impl FnOnce(&mut Command)) -> Result<Outcome> {
    run(name, &files(folder)?, environment)
}

/// Some files; the name is that of the file where the runner reports.
pub fn run(
    name: &str,
    files: &[String],
    environment: impl FnOnce(&mut Command),
) -> Result<Outcome> {
    let report = reported(name);
    fs::create_dir_all(project::path("target"))?;
    // One of an earlier run would be counted again.
    let _ = fs::remove_file(&report);
    let mut command = project::command("node");
    command
        .current_dir(project::path("tests"))
        .arg("--test")
        .arg(format!("--test-timeout={}", FILE_LIMIT.as_millis()))
        // By itself Node leaves one core to itself, which the tests of a page leave idle while they wait.
        .arg(format!(
            "--test-concurrency={}",
            thread::available_parallelism().map_or(1, usize::from)
        ))
        .arg("--test-reporter")
        .arg(project::path("xtask/test-reporter.mjs"))
        .arg("--test-reporter-destination")
        .arg(&report)
        .args(files)
        .env("NO_COLOR", "1");
    environment(&mut command);
    let finished = process::run_within(command, LIMIT)?;
    let (counts, mut text) = counts::of_node(&fs::read_to_string(&report).unwrap_or_default());
    text.push_str(&finished.text);
    if finished.was_late {
        text.push_str(&report::late(LIMIT));
    }
    Ok(Outcome::new(counts, finished.succeeded, &text))
}

/// Where the runner reports.
pub fn reported(name: &str) -> PathBuf {
    project::path("target").join(format!("{name}.jsonl"))
}

/// The test files of a folder of tests/, from there.
pub fn files(folder: &str) -> Result<Vec<String>> {
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
