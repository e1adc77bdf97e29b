//! A program of each framework in Rust, as tests/rust-frameworks/ has them: it signs in in Chromium, and what claviger
//! adds to it is measured.

use std::path::Path;

use super::node;
use super::package::TARBALL;
use super::program_bytes;
use super::report::Report;
use crate::build;
use crate::chromium;

/// Each is asked for by its name, because it takes minutes to compile.
pub const FRAMEWORKS: [&str; 3] = ["yew", "leptos", "dioxus"];

const FILE: &str = "rust-frameworks/programs.test.mjs";

pub fn test(report: &Report, framework: &str, chromium: &Path, tarball: &Path) {
    let builds = report.check(&format!("build ({framework})"), || {
        Ok([
            build::program(framework, true)?,
            build::program(framework, false)?,
        ])
    });
    let Some([with, without]) = builds else {
        return;
    };
    report.program(framework, || {
        node::run(
            &format!("matrix-{framework}"),
            &[FILE.to_owned()],
            |command| {
                command
                    .env(chromium::VARIABLE, chromium)
                    .env(TARBALL, tarball)
                    .env("CLAVIGER_PROGRAM", &with);
            },
        )
    });
    report.noted_check(&format!("bytes ({framework})"), || {
        Ok(((), program_bytes::write(framework, [&with, &without])?))
    });
}
