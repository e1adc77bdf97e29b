//! `cargo xtask matrix`: the packed package with each bundler and runtime, by each entry, and a table of the outcomes,
//! which docs/bundlers.md keeps; and the crate in a program of a framework in Rust, where that is named.

mod document;
mod table;

use std::fs;

use anyhow::Result;

use crate::build;
use crate::process;
use crate::progress::say;
use crate::test::programs::FRAMEWORKS;
use crate::test::report::Report;
use crate::test::{self, bundlers, node, package, programs};
use table::Table;

/// The tools of these names, or all bundlers and runtimes.
pub fn run(names: Vec<String>) -> Result<()> {
    let (programs, names): (Vec<String>, Vec<String>) = names
        .into_iter()
        .partition(|name| FRAMEWORKS.contains(&name.as_str()));
    let tools = if names.is_empty() && !programs.is_empty() {
        Vec::new()
    } else {
        bundlers::select(names)?
    };
    let report = Report::default();
    if let Some(chromium) = test::install(&report)
        && report.check("build", build::run).is_some()
        && let Some(tarball) = package::pack(&report)
    {
        for framework in programs {
            programs::test(&report, &framework, &chromium, &tarball);
        }
        let mut table = Table::default();
        for tool in tools {
            let name = format!("matrix-{tool}");
            report.program(&tool, || {
                bundlers::test(&name, &[&tool], &chromium, &tarball)
            });
            let reported = fs::read_to_string(node::reported(&name)).unwrap_or_default();
            table.add(&reported);
            let mut own = Table::default();
            own.add(&reported);
            report.check("docs/bundlers.md", || document::write(&tool, &own));
        }
        if !table.rows().is_empty() {
            say(&table.to_string());
        }
    }
    if !report.conclude() {
        // The steps have said everything.
        process::exit(1);
    }
    Ok(())
}
