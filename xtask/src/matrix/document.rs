//! `docs/bundlers.md`: what the last run of each tool came to, and what the tool needs for it.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use super::table::Table;
use crate::project;
use crate::stamp::read;

const DOCUMENT: &str = "docs/bundlers.md";
/// Where the table begins; everything above is written by hand.
const HEAD: &str = "| tool, script | needs |";

/// Puts a tool's rows into the document, in the place of those of its last run.
pub fn write(tool: &str, table: &Table) -> Result<()> {
    let path = project::path(DOCUMENT);
    let old = fs::read_to_string(&path).with_context(|| format!("{DOCUMENT} can't be read"))?;
    let new = updated(&old, tool, &rows(&package(tool)?, table), table);
    if new != old {
        fs::write(&path, new).with_context(|| format!("{DOCUMENT} can't be written"))?;
    }
    Ok(())
}

/// The package.json of a tool's project.
fn package(tool: &str) -> Result<Value> {
    let text = read(&project::path(&format!("tests/matrix/{tool}/package.json")))?;
    serde_json::from_slice(&text).with_context(|| format!("{tool}'s package.json is no JSON"))
}

fn rows(package: &Value, table: &Table) -> Vec<String> {
    let rows = table.rows().into_iter().map(|row| {
        let (tool, script) = row.rsplit_once(", ").unwrap_or((row, ""));
        let needs = package
            .pointer("/matrix/needs")
            .and_then(|it| it.get(script));
        let mut needs = needs
            .and_then(Value::as_str)
            .unwrap_or("nothing")
            .to_owned();
        for reason in table.reasons(row) {
            needs.push_str(&format!("; left out here: {reason}"));
        }
        let marks = table
            .entries()
            .into_iter()
            .map(|entry| table.mark(row, entry));
        let marks: Vec<&str> = marks.collect();
        format!("| {tool}, `{script}` | {needs} | {} |", marks.join(" | "))
    });
    rows.collect()
}

fn updated(old: &str, tool: &str, rows: &[String], table: &Table) -> String {
    let (prose, others) = old.split_once(HEAD).unwrap_or((old, ""));
    let others = others
        .lines()
        .skip(2)
        .filter(|row| tool_of(row) != Some(tool));
    let mut all: Vec<&str> = others.chain(rows.iter().map(String::as_str)).collect();
    all.sort_unstable();
    let entries: Vec<String> = table
        .entries()
        .iter()
        .map(|it| format!(" `{it}` |"))
        .collect();
    let line = "|---".repeat(entries.len().saturating_add(2));
    format!(
        "{prose}{HEAD}{}\n{line}|\n{}\n",
        entries.concat(),
        all.join("\n")
    )
}

/// The folder's name, with which a row begins.
fn tool_of(row: &str) -> Option<&str> {
    row.strip_prefix("| ")?.split(' ').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_replaces_the_rows_of_its_tool_alone() {
        let old = "Prose.\n\n| tool, script | needs | `claviger` |\n|---|---|---|\n\
            | a 1, `build` | nothing | ✓ |\n| b 1, `build` | nothing | ✓ |\n| b 1, `old` | nothing | ✓ |\n";
        let mut table = Table::default();
        table.add(r#"{"result":"failed","name":"matrix/b.test.mjs › b 2, build › claviger"}"#);
        table.add(r#"{"result":"skipped","name":"matrix/b.test.mjs › b 2, test › claviger","reason":"no Node"}"#);
        let package = serde_json::json!({ "matrix": { "needs": { "build": "a flag" } } });
        assert_eq!(
            updated(old, "b", &rows(&package, &table), &table),
            "Prose.\n\n| tool, script | needs | `claviger` |\n|---|---|---|\n\
            | a 1, `build` | nothing | ✓ |\n| b 2, `build` | a flag | ✗ |\n\
            | b 2, `test` | nothing; left out here: no Node | – |\n"
        );
    }

    #[test]
    fn each_row_of_the_document_is_of_a_script_that_is_there_and_passed() {
        let text = fs::read_to_string(project::path(DOCUMENT)).unwrap_or_default();
        let rows: Vec<&str> = text
            .lines()
            .filter(|row| row.contains(" | "))
            .skip(1)
            .collect();
        assert!(rows.len() > 10);
        for row in rows {
            let tool = tool_of(row).unwrap_or_default();
            let package = package(tool).unwrap_or_default();
            let scripts = package.get("scripts").and_then(Value::as_object);
            let script = row.split('`').nth(1).unwrap_or_default();
            let is_there = scripts.is_none_or(|all| all.contains_key(script));
            assert!(package.is_object() && is_there, "{row}");
            assert!(!row.contains('✗') && !row.contains('?'), "{row}");
        }
    }
}
