//! The browser of the end-to-end tests: one that is there, else Debian's, else Playwright's own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process;
use crate::progress::{say, step};
use crate::project;
use crate::serve::debian;
use crate::tools;

/// Says which browser to take.
pub const VARIABLE: &str = "CLAVIGER_CHROMIUM";

const PROGRAMS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];
const PLACES: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const SENTENCE: &str = "Chromium can't be installed here; install Chromium or Chrome, or set CLAVIGER_CHROMIUM to its path, and run this again.";

/// The path of a Chromium that runs; `tests/node_modules` must be there.
pub fn path() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os(VARIABLE).map(PathBuf::from) {
        return runs(&chosen).then_some(chosen).with_context(|| {
            format!("{VARIABLE} is set to something that doesn't run; correct it, or unset it.")
        });
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    match debian::install(&["chromium"]) {
        Ok(()) => {
            if let Some(found) = installed() {
                return Ok(found);
            }
        }
        Err(reason) => say(&format!("Debian's Chromium can't be had: {reason}")),
    }
    step("npx playwright-core install chromium", || {
        let mut command = project::command("npx");
        command.current_dir(project::path("tests")).args([
            "--no-install",
            "playwright-core",
            "install",
            "chromium",
        ]);
        process::must(command, SENTENCE).map(drop)
    })?;
    playwrights().context(SENTENCE)
}

fn installed() -> Option<PathBuf> {
    tools::on_the_path(&PROGRAMS)
        .chain(PLACES.map(PathBuf::from))
        .find(|path| runs(path))
        .or_else(playwrights)
}

/// Where Playwright keeps what it downloaded earlier.
fn playwrights() -> Option<PathBuf> {
    let mut command = project::command("node");
    command
        .current_dir(project::path("tests"))
        .args(["-p", "require('playwright-core').chromium.executablePath()"]);
    let path = PathBuf::from(process::read(command, SENTENCE).ok()?.trim());
    runs(&path).then_some(path)
}

/// Some systems have a script of the name that only says how to install it.
fn runs(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    let mut command = project::command(&path.to_string_lossy());
    command.arg("--version");
    process::run(command).is_ok_and(|finished| finished.succeeded)
}
