//! What the last run of each program in Rust found it to weigh, with and without claviger, as docs/frameworks.md tells it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::build;
use crate::measure::{self, Size, thousands};
use crate::project;
use crate::stamp::read;

const DOCUMENT: &str = "docs/frameworks.md";
/// Where the table begins.
const HEAD: &str = "| framework | raw, without | with | more | brotli, without | with | more |\n|---|---|---|---|---|---|---|\n";

/// Measures the folders of both builds, puts their row into the document, and gives what there is to note.
pub fn write(framework: &str, [with, without]: [&Path; 2]) -> Result<String> {
    let row = row(&version(framework)?, weight(with)?, weight(without)?);
    let path = project::path(DOCUMENT);
    let old = fs::read_to_string(&path).with_context(|| format!("{DOCUMENT} can't be read"))?;
    let new = updated(&old, framework, &row)
        .with_context(|| format!("{DOCUMENT} has no table of the programs; put its head back"))?;
    if new != old {
        fs::write(&path, new).with_context(|| format!("{DOCUMENT} can't be written"))?;
    }
    Ok(row)
}

/// What a browser loads of a program, module and scripts.
fn weight(folder: &Path) -> Result<Size> {
    let sizes = measure::of(&build::program_files(folder)?)?;
    let sum = |of: fn(&Size) -> u64| sizes.iter().map(of).sum();
    Ok(Size {
        raw: sum(|size| size.raw),
        gzip: sum(|size| size.gzip),
        brotli: sum(|size| size.brotli),
    })
}

/// The framework's name and version, by the program's lock.
fn version(framework: &str) -> Result<String> {
    let lock = format!("tests/rust-frameworks/{framework}/Cargo.lock");
    let lock = String::from_utf8_lossy(&read(&project::path(&lock))?).into_owned();
    let version = lock
        .split_once(&format!("name = \"{framework}\"\nversion = \""))
        .and_then(|(_, rest)| rest.split('"').next())
        .with_context(|| format!("{framework} is not in the lock of its program"))?;
    Ok(format!("{framework} {version}"))
}

fn row(name: &str, with: Size, without: Size) -> String {
    let three = |with: u64, without: u64| {
        [without, with, with.saturating_sub(without)]
            .map(thousands)
            .join(" | ")
    };
    format!(
        "| {name} | {} | {} |",
        three(with.raw, without.raw),
        three(with.brotli, without.brotli)
    )
}

fn updated(old: &str, framework: &str, row: &str) -> Option<String> {
    let (prose, rest) = old.split_once(HEAD)?;
    let rows = rest
        .split_inclusive('\n')
        .take_while(|it| it.starts_with("| "));
    let end = rows.map(str::len).sum();
    let (rows, after) = rest.split_at_checked(end)?;
    let own = format!("| {framework} ");
    let others = rows.lines().filter(|row| !row.starts_with(&own));
    let mut all: Vec<&str> = others.chain([row]).collect();
    all.sort_unstable();
    Some(format!("{prose}{HEAD}{}\n{after}", all.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::programs::FRAMEWORKS;

    #[test]
    fn a_run_replaces_the_row_of_its_framework_alone() {
        let size = |raw, brotli| Size {
            raw,
            gzip: 0,
            brotli,
        };
        let row = row("b 2", size(12_000, 5_000), size(9_000, 4_000));
        assert_eq!(
            row,
            "| b 2 | 9,000 | 12,000 | 3,000 | 4,000 | 5,000 | 1,000 |"
        );
        let old = format!("Prose.\n\n{HEAD}| a 1 | 1 |\n| b 1 | 2 |\n| c 1 | 3 |\n\nMore.\n");
        let new = format!("Prose.\n\n{HEAD}| a 1 | 1 |\n{row}\n| c 1 | 3 |\n\nMore.\n");
        assert_eq!(updated(&old, "b", &row), Some(new));
        let none = format!("{HEAD}\nMore.\n");
        let first = format!("{HEAD}{row}\n\nMore.\n");
        assert_eq!(updated(&none, "b", &row), Some(first));
        assert_eq!(updated("Prose.\n", "b", &row), None);
    }

    #[test]
    fn the_document_has_a_row_for_the_version_of_each_program() -> Result<()> {
        let text = fs::read_to_string(project::path(DOCUMENT))?;
        for framework in FRAMEWORKS {
            let own = format!("\n| {} | ", version(framework)?);
            assert!(text.contains(&own), "{framework}");
        }
        Ok(())
    }
}
