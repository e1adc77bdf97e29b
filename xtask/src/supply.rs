//! Which crates may be used, as `deny.toml` says, asked of cargo-deny.

use std::path::PathBuf;

use anyhow::Result;

use crate::process;
use crate::progress::step;
use crate::project;
use crate::test::report::Report;
use crate::tools;

const NAME: &str = "cargo-deny";
/// The one that deny.toml was written for.
const VERSION: &str = "0.20.2";
/// Where it is installed when it is missing.
const FOLDER: &str = "target/tools";

/// The command: installs it where it is missing.
pub fn run() -> Result<()> {
    let program = if let Some(program) = installed() {
        program
    } else {
        step("cargo install cargo-deny (minutes)", install)?;
        own()
    };
    step("cargo deny", || check(program))
}

/// The step of a test run: it takes seconds, and building the tool for it takes minutes of both cores.
pub fn test(report: &Report) {
    match installed() {
        Some(program) => {
            report.check("cargo deny", || check(program));
        }
        None => report.leave_out("cargo-deny is missing; cargo xtask supply installs and asks it"),
    }
}

fn own() -> PathBuf {
    project::path(FOLDER).join("bin").join(NAME)
}

fn installed() -> Option<PathBuf> {
    Some(own())
        .filter(|file| file.is_file())
        .or_else(|| tools::on_the_path(&[NAME]).next())
}

/// Its advisories are left out: their database is fetched from a host of its own, which a test must not need.
fn check(program: PathBuf) -> Result<()> {
    let mut command = project::command(&program.to_string_lossy());
    command
        .args([
            "--workspace",
            "--locked",
            "--color",
            "never",
            "--log-level",
            "warn",
        ])
        .args(["check", "-D", "warnings", "licenses", "bans", "sources"]);
    process::must(
        command,
        "A crate is not as deny.toml demands; see cargo-deny's words below.",
    )
    .map(drop)
}

fn install() -> Result<()> {
    let mut command = project::cargo();
    command
        .args(["install", "--locked", "--debug", "--no-default-features"])
        .args(["--version", VERSION, "--root"])
        .arg(project::path(FOLDER))
        .arg(NAME);
    process::must(
        command,
        "cargo-deny can't be installed; see cargo's words below.",
    )
    .map(drop)
}
