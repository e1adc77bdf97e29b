//! `cargo xtask bench`: the npm entries beside other clients and a few lines by hand, in headless Chromium.

use anyhow::Result;

use crate::build;
use crate::chromium;
use crate::process;
use crate::progress::{say, step};
use crate::project;
use crate::tools;

/// Measures, and writes `target/bench.json`; unless it is `quick`, `docs/benchmarks.md` with its pictures too.
pub fn run(quick: bool) -> Result<()> {
    build::run()?;
    build::forms()?;
    tools::packages("bench")?;
    // The browser is found with the packages of the tests.
    tools::packages("tests")?;
    let chromium = chromium::path()?;
    let mut command = project::command("node");
    command
        .arg(project::path("bench/run.mjs"))
        .args(quick.then_some("--quick"))
        .env(chromium::VARIABLE, chromium);
    step("measure with headless Chromium", || {
        process::each_line(
            command,
            "The benchmark stopped; see below which adapter did not do its job.",
            say,
        )
    })
}
