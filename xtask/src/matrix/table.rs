//! What the runs of the tools came to, a row for each script of a tool.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

/// A row for each script of a tool, a column for each entry.
#[derive(Default)]
pub struct Table {
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
    pub fn add(&mut self, lines: &str) {
        let cases = lines
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        self.cells.extend(cases.filter_map(|case| cell(&case)));
    }

    pub fn entries(&self) -> BTreeSet<&str> {
        let entries = self.cells.iter().filter_map(|cell| cell.entry.as_deref());
        entries.collect()
    }

    /// In the order in which they ran.
    pub fn rows(&self) -> Vec<&str> {
        let mut rows: Vec<&str> = Vec::new();
        for cell in &self.cells {
            if !rows.contains(&cell.row.as_str()) {
                rows.push(&cell.row);
            }
        }
        rows
    }

    pub fn mark(&self, row: &str, entry: &str) -> &'static str {
        let cell = self
            .cells
            .iter()
            .find(|cell| cell.row == row && cell.entry.as_deref() == Some(entry));
        cell.map_or("?", |cell| cell.mark)
    }

    /// Why something of the row was left out.
    pub fn reasons(&self, row: &str) -> BTreeSet<&str> {
        let cells = self.cells.iter().filter(|cell| cell.row == row);
        cells.filter_map(|cell| cell.reason.as_deref()).collect()
    }

    fn row(&self, row: &str, entries: &BTreeSet<&str>, width: usize) -> String {
        let mut text = format!("{row:<width$}");
        for entry in entries {
            let (mark, width) = (self.mark(row, entry), entry.len());
            text.push_str(&format!("  {mark:<width$}"));
        }
        for reason in self.reasons(row) {
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

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (entries, rows) = (self.entries(), self.rows());
        let width = rows
            .iter()
            .map(|row| row.chars().count())
            .max()
            .unwrap_or_default();
        write!(f, "{:<width$}", "")?;
        for entry in &entries {
            write!(f, "  {entry}")?;
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
