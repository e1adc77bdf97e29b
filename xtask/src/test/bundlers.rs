//! The packed package in a fresh project of a bundler or runtime, as tests/matrix/ has them.

use std::path::Path;

use anyhow::{Result, bail};

use super::node;
use super::package::TARBALL;
use super::report::{Outcome, Report};
use crate::chromium;

const FOLDER: &str = "matrix";
const SUFFIX: &str = ".test.mjs";

/// Those that are done in seconds.
const QUICK: [&str; 4] = ["webpack", "rollup", "vite", "esbuild"];

/// The names of all.
fn all() -> Result<Vec<String>> {
    let files = node::files(FOLDER)?;
    Ok(files.iter().filter_map(|file| name(file)).collect())
}

fn name(file: &str) -> Option<String> {
    let (_, name) = file.rsplit_once('/')?;
    Some(name.strip_suffix(SUFFIX)?.to_owned())
}

/// These alone, or all where there are none.
pub fn select(names: Vec<String>) -> Result<Vec<String>> {
    let all = all()?;
    if names.is_empty() {
        return Ok(all);
    }
    if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
        bail!(
            "There is no {unknown} in tests/matrix/; there are {}.",
            all.join(", ")
        );
    }
    Ok(names)
}

/// The step of a test run.
pub fn test_quick(report: &Report, chromium: &Path, tarball: &Path) {
    report.program("bundlers", || test("bundlers", &QUICK, chromium, tarball));
}

/// The name is that of the file where the runner reports.
pub fn test(name: &str, tools: &[&str], chromium: &Path, tarball: &Path) -> Result<Outcome> {
    let files: Vec<String> = tools
        .iter()
        .map(|tool| format!("{FOLDER}/{tool}{SUFFIX}"))
        .collect();
    node::run(name, &files, |command| {
        command
            .env(chromium::VARIABLE, chromium)
            .env(TARBALL, tarball);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_named_by_its_file() {
        assert_eq!(name("matrix/vite.test.mjs").as_deref(), Some("vite"));
        assert_eq!(name("matrix/vite.mjs"), None);
    }

    #[test]
    fn the_quick_ones_are_among_all_and_no_other_name_is_taken() {
        let quick: Vec<String> = QUICK.map(str::to_owned).into();
        assert_eq!(select(quick.clone()).ok(), Some(quick));
        assert!(select(Vec::new()).is_ok_and(|all| all.len() > QUICK.len()));
        assert!(select(vec!["make".to_owned()]).is_err());
    }
}
