//! What each npm entry costs over the wire, against the ceilings.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::build;
use crate::explain;
use crate::measure::{self, Size, thousands};
use crate::progress::say;
use crate::project;

struct Entry {
    name: &'static str,
    file: &'static str,
    /// For brotli; an entry without one is shown and not judged.
    ceiling: Option<u64>,
}

const ENTRIES: [Entry; 11] = [
    Entry {
        name: "claviger",
        file: "claviger",
        ceiling: Some(43_600),
    },
    Entry {
        name: "claviger/implicit",
        file: "implicit",
        ceiling: Some(15_700),
    },
    Entry {
        name: "claviger/openid",
        file: "openid",
        ceiling: Some(21_700),
    },
    Entry {
        name: "claviger/no-wasm",
        file: "no-wasm",
        ceiling: Some(53_400),
    },
    Entry {
        name: "claviger/implicit/no-wasm",
        file: "implicit-no-wasm",
        ceiling: Some(18_600),
    },
    Entry {
        name: "claviger/openid/no-wasm",
        file: "openid-no-wasm",
        ceiling: Some(25_900),
    },
    Entry {
        name: "claviger, production",
        file: "claviger.production",
        ceiling: Some(42_600),
    },
    Entry {
        name: "claviger/implicit, production",
        file: "implicit.production",
        ceiling: Some(15_300),
    },
    Entry {
        name: "claviger/openid, production",
        file: "openid.production",
        ceiling: Some(20_700),
    },
    Entry {
        name: "claviger/early",
        file: "early",
        ceiling: None,
    },
    Entry {
        name: "claviger/callback",
        file: "callback",
        ceiling: None,
    },
];

/// Builds, measures, prints and writes `target/size.json`.
pub fn run(explain: bool) -> Result<()> {
    build::run()?;
    if explain {
        say(&explain::run()?);
    }
    check().map(|table| say(table.trim_end()))
}

/// Measures what was built; an entry above its ceiling is an error that shows the table.
pub fn check() -> Result<String> {
    let sizes = measure()?;
    let file = project::path("target/size.json");
    fs::write(&file, format!("{:#}\n", document(&sizes)))
        .with_context(|| format!("{} can't be written", file.display()))?;
    let table = table(&sizes);
    match above(&sizes) {
        None => Ok(table),
        Some(name) => {
            bail!(
                "{name} is above its ceiling; find what made it larger, or raise the ceiling with a reason.\n{table}"
            )
        }
    }
}

fn measure() -> Result<Vec<(&'static Entry, Size)>> {
    let files: Vec<PathBuf> = ENTRIES
        .iter()
        .map(|entry| build::entry(entry.file))
        .collect();
    Ok(ENTRIES.iter().zip(measure::of(&files)?).collect())
}

/// The entries that have a ceiling.
fn document(sizes: &[(&Entry, Size)]) -> Value {
    let judged = sizes.iter().filter(|(entry, _)| entry.ceiling.is_some());
    Value::Object(Map::from_iter(judged.map(|(entry, size)| {
        (
            entry.name.to_owned(),
            json!({ "raw": size.raw, "gzip": size.gzip, "brotli": size.brotli }),
        )
    })))
}

fn above(sizes: &[(&'static Entry, Size)]) -> Option<&'static str> {
    let (entry, _) = sizes
        .iter()
        .find(|(entry, size)| entry.ceiling.is_some_and(|ceiling| size.brotli > ceiling))?;
    Some(entry.name)
}

fn table(sizes: &[(&Entry, Size)]) -> String {
    let head = format!(
        "{:<30} {:>8} {:>8} {:>8} {:>8}\n",
        "entry", "raw", "gzip", "brotli", "ceiling"
    );
    sizes.iter().fold(head, |table, (entry, size)| {
        let ceiling = entry.ceiling.map_or_else(|| "-".to_owned(), thousands);
        let [raw, gzip, brotli] = [size.raw, size.gzip, size.brotli].map(thousands);
        format!(
            "{table}{:<30} {raw:>8} {gzip:>8} {brotli:>8} {ceiling:>8}\n",
            entry.name
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Entry = Entry {
        name: "claviger",
        file: "claviger",
        ceiling: Some(37_500),
    };
    const OTHER: Entry = Entry {
        name: "claviger/implicit",
        file: "implicit",
        ceiling: Some(12_900),
    };
    const SHOWN: Entry = Entry {
        name: "claviger/early",
        file: "early",
        ceiling: None,
    };

    fn sizes(one: u64, other: u64) -> Vec<(&'static Entry, Size)> {
        [(&ONE, one), (&OTHER, other), (&SHOWN, 300)]
            .map(|(entry, brotli)| {
                let size = Size {
                    raw: brotli * 2,
                    gzip: brotli + 1,
                    brotli,
                };
                (entry, size)
            })
            .into()
    }

    #[test]
    fn an_entry_may_reach_its_ceiling_and_not_pass_it() {
        assert_eq!(above(&sizes(37_500, 12_900)), None);
        assert_eq!(above(&sizes(37_501, 12_900)), Some("claviger"));
        assert_eq!(above(&sizes(37_500, 12_901)), Some("claviger/implicit"));
    }

    #[test]
    fn the_table_is_aligned() {
        assert_eq!(
            table(&sizes(30_000, 9_999)),
            "entry                               raw     gzip   brotli  ceiling\n\
             claviger                         60,000   30,001   30,000   37,500\n\
             claviger/implicit                19,998   10,000    9,999   12,900\n\
             claviger/early                      600      301      300        -\n"
        );
    }

    #[test]
    fn the_document_holds_the_entries_with_a_ceiling() {
        assert_eq!(
            document(&sizes(40_000, 9_999)),
            json!({
                "claviger": { "raw": 80_000, "gzip": 40_001, "brotli": 40_000 },
                "claviger/implicit": { "raw": 19_998, "gzip": 10_000, "brotli": 9_999 },
            })
        );
    }
}
