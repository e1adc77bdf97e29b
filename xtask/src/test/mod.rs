//! Everything that a change must pass: steps with their seconds, side by side where they are independent, and the
//! counts at the end.

pub mod bundlers;
mod claims;
mod code;
mod engines;
pub mod node;
pub mod package;
mod program_bytes;
pub mod programs;
mod real;
pub mod report;

use std::iter;
use std::path::PathBuf;
use std::thread::{self, Scope};

use crate::build;
use crate::chromium;
use crate::fuzz;
use crate::process;
use crate::reproducible;
use crate::supply;
use crate::tools;
use engines::Engine;
use package::Servers;
use report::Report;

/// Which steps to run.
pub enum Which {
    All,
    /// Those that need no browser.
    Fast,
    /// The files of tests/node and tests/e2e that have this in their names.
    Files(String),
}

/// Runs the steps; the last line that it prints has the counts.
pub fn run(which: &Which) {
    let report = Report::default();
    match which {
        Which::All => {
            thread::scope(|scope| everything(scope, &report));
            report.claims();
        }
        Which::Fast => {
            code::format(&report);
            code::imports(&report);
            supply::test(&report);
            code::lint_native(&report);
            code::native_tests(&report);
        }
        Which::Files(name) => thread::scope(|scope| some_files(scope, &report, name)),
    }
    if !report.conclude() {
        // The steps have said everything.
        process::exit(1);
    }
}

/// Some files of the packed package's tests, with all that they need.
fn some_files<'scope>(scope: &'scope Scope<'scope, '_>, report: &'scope Report, name: &str) {
    let chromium = install(report);
    let servers = report.prepare("servers", || Servers::start(scope, report));
    if report.check("build", build::run).is_none() {
        return;
    }
    let (Some(chromium), Some(servers), Some(tarball)) = (chromium, servers, package::pack(report))
    else {
        return;
    };
    report.check("build (page)", build::page);
    package::node(report, &servers, &tarball, name);
    package::e2e(report, &servers, &chromium, &tarball, name);
}

/// What npm and apt fetch is waited for while cargo compiles; once the package is built, the browser's steps run
/// beside the compiler's.
fn everything<'scope>(scope: &'scope Scope<'scope, '_>, report: &'scope Report) {
    let browser = scope.spawn(|| install(report));
    let engines = scope.spawn(|| engines::install(report));
    let servers = report.prepare("servers", || Servers::start(scope, report));
    code::format(report);
    code::imports(report);
    supply::test(report);
    let tarball = if report.check("build", build::run).is_some() {
        package::size(report);
        package::pack(report)
    } else {
        report.skip("size, npm pack", "there is no build");
        None
    };
    let packed = tarball.clone();
    let seen = scope.spawn(move || {
        let (Some(chromium), Some(servers), Some(tarball)) =
            (browser.join().ok().flatten(), servers, packed)
        else {
            report.skip(
                "demo --check, node, e2e, bundlers, engines",
                "something that they need failed",
            );
            return;
        };
        let others = report.prepare("engines", || {
            engines
                .join()
                .map_err(|_| anyhow::anyhow!("Their installation ended too early; see above."))
        });
        let engines: Vec<Engine> = iter::once(Engine::chromium(chromium.clone()))
            .chain(others.into_iter().flatten())
            .collect();
        let described = servers.for_engines();
        thread::scope(|scope| {
            // The end-to-end tests take longest: nothing else waits for them, and they for nothing that they can do without.
            scope.spawn(|| {
                engines::test(report, &engines, &described, &tarball);
                package::node(report, &servers, &tarball, "");
                bundlers::test_quick(report, &chromium, &tarball);
            });
            report.check("build (page)", build::page);
            package::demo_check(report, &servers, &chromium);
            package::e2e(report, &servers, &chromium, &tarball, "");
        });
    });
    code::lint_native(report);
    code::lint_wasm(report);
    code::native_tests(report);
    fuzz::test(report);
    package::types(report);
    if let Some(tarball) = &tarball {
        package::form(report, tarball);
        report.check("the same package elsewhere", || {
            reproducible::check(tarball)
        });
    } else {
        report.skip(
            "publint, attw, the same package elsewhere",
            "there is no tarball",
        );
    }
    // A panic of the browser's steps must not look like success.
    report.prepare("browser", || {
        seen.join()
            .map_err(|_| anyhow::anyhow!("The steps in the browser ended too early; see above."))
    });
}

/// What the tests need beyond cargo; gives the browser.
pub fn install(report: &Report) -> Option<PathBuf> {
    report.prepare("install", || {
        tools::node()?;
        tools::packages("xtask")?;
        tools::packages("tests")?;
        chromium::path()
    })
}
