//! `cargo xtask bench`: the npm entries beside other clients and a few lines by hand, in headless Chromium.

use anyhow::Result;
use clap::Args;

use crate::build;
use crate::chromium;
use crate::process;
use crate::progress::{say, step};
use crate::project;
use crate::tools;

#[derive(Args)]
pub struct Options {
    /// A round of each, to see that everything works; the page of results stays
    #[arg(long)]
    quick: bool,
    /// Those alone who ask for an ID token; with `--only id-tokens`, which broken ones each of them believes
    #[arg(long)]
    openid: bool,
    /// Some of the measures, by their names in bench/harness/measures.mjs; the page of results stays
    #[arg(long, value_name = "MEASURE,…")]
    only: Option<String>,
    /// Some of the adapters, by their files in bench/adapters/; the page of results stays
    #[arg(long, value_name = "NAME,…")]
    adapters: Option<String>,
}

/// Measures, and writes `target/bench.json`; with all measures and all rounds, `docs/benchmarks.md` with its pictures
/// and `docs/id-tokens.md` too.
pub fn run(options: &Options) -> Result<()> {
    build::run()?;
    tools::packages("bench")?;
    // The browser is found with the packages of the tests.
    tools::packages("tests")?;
    let chromium = chromium::path()?;
    let mut command = project::command("node");
    command
        .arg(project::path("bench/run.mjs"))
        .args(options.quick.then_some("--quick"))
        .args(options.openid.then_some("--openid"))
        .env(chromium::VARIABLE, chromium);
    for (name, list) in [("--only", &options.only), ("--adapters", &options.adapters)] {
        if let Some(list) = list {
            command.args([name, list]);
        }
    }
    step("measure with headless Chromium", || {
        process::each_line(
            command,
            "The benchmark stopped; see below which adapter did not do its job.",
            say,
        )
    })
}
