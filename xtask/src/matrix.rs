//! `cargo xtask matrix`: the packed package with each bundler and runtime, by each entry, and a table of the outcomes.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Result;
use serde_json::Value;

use crate::build;
use crate::process;
use crate::progress::say;
use crate::test::report::Report;
use crate::test::{self, bundlers, node, package};

/// The tools of these names, or all.
pub fn run(names: Vec<String>) -> Result<()> {
    let tools = bundlers::select(names)?;
    let report = Report::default();
    if let Some(chromium) = test::install(&report)
        && report.check("build", build::run).is_some()
        && let Some(tarball) = package::pack(&report)
    {
        let mut table = Table::default();
        for tool in tools {
            let name = format!("matrix-{tool}");
            report.program(&tool, || {
                bundlers::test(&name, &[&tool], &chromium, &tarball)
            });
            table.add(&fs::read_to_string(node::reported(&name)).unwrap_or_default());
        }
        say(&table.to_string());
    }
    if !report.conclude() {
        // The steps have said everything.
        process::exit(1);
    }
    Ok(())
}

/// A row for each script of a tool, a column for each entry.
#[derive(Default)]
struct Table {
    cells: Vec<Cell>,
}

struct Cell {
    row: String,
    /// None for what went wrong outside of the row's tests.
    entry: Option<String>,
    mark: &'static str,
    /// Why it was left out.
    reason: Option<String>,
}

impl Table {
    /// What `test-reporter.mjs` wrote of a tool.
    fn add(&mut self, lines: &str) {
        let cases = lines
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        self.cells.extend(cases.filter_map(|case| cell(&case)));
    }

    fn row(&self, row: &str, entries: &BTreeSet<&str>, width: usize) -> String {
        let cells: Vec<&Cell> = self.cells.iter().filter(|cell| cell.row == row).collect();
        let mut text = format!("{row:<width$}");
        for entry in entries {
            let cell = cells
                .iter()
                .find(|cell| cell.entry.as_deref() == Some(entry));
            let (mark, width) = (cell.map_or("?", |cell| cell.mark), entry.len());
            text.push_str(&format!("  {mark:<width$}"));
        }
        let reasons: BTreeSet<&str> = cells
            .iter()
            .filter_map(|cell| cell.reason.as_deref())
            .collect();
        for reason in reasons {
            text.push_str(&format!("  left out: {reason}"));
        }
        text.trim_end().to_owned()
    }
}

fn cell(case: &Value) -> Option<Cell> {
    let text = |name| case.get(name).and_then(Value::as_str);
    let parts: Vec<&str> = text("name")?.split(" › ").collect();
    let (row, entry) = match parts.as_slice() {
        [_file, row, entry] => (*row, Some((*entry).to_owned())),
        [row, ..] => (*row, None),
        [] => return None,
    };
    let (mark, reason) = match text("result") {
        Some("passed") => ("✓", None),
        Some("skipped") => (
            "–",
            Some(text("reason").unwrap_or("no reason was given").to_owned()),
        ),
        _ => ("✗", None),
    };
    Some(Cell {
        row: row.to_owned(),
        entry,
        mark,
        reason,
    })
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let entries: BTreeSet<&str> = self
            .cells
            .iter()
            .filter_map(|cell| cell.entry.as_deref())
            .collect();
        let width = self
            .cells
            .iter()
            .map(|cell| cell.row.chars().count())
            .max()
            .unwrap_or_default();
        write!(f, "{:<width$}", "")?;
        for entry in &entries {
            write!(f, "  {entry}")?;
        }
        let mut rows: Vec<&str> = Vec::new();
        for cell in &self.cells {
            if !rows.contains(&cell.row.as_str()) {
                rows.push(&cell.row);
            }
        }
        for row in rows {
            write!(f, "\n{}", self.row(row, &entries, width))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_its_mark_and_what_did_not_report_is_seen() {
        let mut table = Table::default();
        table.add(
            r#"
{"result":"passed","name":"matrix/vite.test.mjs › vite 8, build › claviger"}
{"result":"failed","name":"matrix/vite.test.mjs › vite 8, build › claviger/wasm","error":"no"}
"#,
        );
        table.add(r#"{"result":"skipped","name":"matrix/bun.test.mjs › bun 1, test › claviger","reason":"no such machine"}"#);
        table.add(
            r#"{"result":"failed","name":"matrix/next.test.mjs","error":"It reported no test."}"#,
        );
        let lines = [
            "                      claviger  claviger/wasm",
            "vite 8, build         ✓         ✗",
            "bun 1, test           –         ?              left out: no such machine",
            "matrix/next.test.mjs  ?         ?",
        ];
        assert_eq!(table.to_string(), lines.join("\n"));
    }
}
