//! What files cost over the wire.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;
use crate::project;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub raw: u64,
    pub gzip: u64,
    pub brotli: u64,
}

/// What each file is over the wire.
pub fn of(files: &[PathBuf]) -> Result<Vec<Size>> {
    let mut command = project::command("node");
    command.arg(project::path("xtask/measure.mjs")).args(files);
    let text = process::read(
        command,
        "The package can't be measured; run cargo xtask build.",
    )?;
    parse(&text, files.len())
        .context("xtask/measure.mjs printed something else than sizes; correct it.")
}

fn parse(text: &str, count: usize) -> Option<Vec<Size>> {
    let sizes = serde_json::from_str::<Value>(text).ok()?;
    let sizes = sizes.as_array()?;
    let number = |size: &Value, name| size.get(name)?.as_u64();
    let sizes: Vec<Size> = sizes
        .iter()
        .map(|size| {
            Some(Size {
                raw: number(size, "raw")?,
                gzip: number(size, "gzip")?,
                brotli: number(size, "brotli")?,
            })
        })
        .collect::<Option<_>>()?;
    (sizes.len() == count).then_some(sizes)
}

pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_is_read_strictly() {
        let one = r#"{"raw":1,"gzip":2,"brotli":3}"#;
        let size = Size {
            raw: 1,
            gzip: 2,
            brotli: 3,
        };
        let two = format!("[{one},{one}]");
        assert_eq!(parse(&two, 2), Some(vec![size; 2]));
        assert_eq!(parse(&format!("[{one}]"), 2), None);
        assert_eq!(parse(&two.replacen("gzip", "zip", 1), 2), None);
        assert_eq!(parse("[]", 2), None);
        assert_eq!(parse("oops", 2), None);
    }
}
