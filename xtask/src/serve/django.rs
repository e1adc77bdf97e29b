//! django-oauth-toolkit on Django, from `PyPI` in a virtual environment of its own: `servers/django/server.py`.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, ensure};

use super::complaint::complaint;
use super::debian;
use super::kind::{Kind, Options};
use crate::process;
use crate::progress::step;
use crate::project;
use crate::stamp::{self, Stamp};

pub const KIND: Kind = Kind {
    name: "django",
    install,
    command,
};

const REQUIREMENTS: &str = "xtask/servers/django/requirements.txt";

/// The one on the PATH may be a person's own, and lack the modules; the second is Debian's.
const PYTHONS: [&str; 2] = ["python3", "/usr/bin/python3"];

/// Whether a Python is new enough for Django, and can make an environment with pip in it.
const FITS: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";

const NEED: &str = "it needs Python 3.10 or newer with the modules venv and ensurepip";

/// Two installations at once would make one broken environment.
static TURN: Mutex<()> = Mutex::new(());

fn environment() -> PathBuf {
    project::path("target/django")
}

/// The environment's Python, without what would lead it to somebody else's packages.
fn python() -> Command {
    let mut command = Command::new(environment().join("bin/python"));
    command.arg("-I");
    command
}

fn install() -> Result<(), String> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    make_environment().map_err(|error| format!("{error:#}"))
}

fn make_environment() -> Result<()> {
    let requirements = project::path(REQUIREMENTS);
    let stamp = Stamp::new(
        environment().join("stamp"),
        &[&stamp::read(&requirements)?],
        vec![environment().join("pyvenv.cfg")],
    );
    // The environment leans on the system's Python, which may have become another since.
    if stamp.is_fresh() && runs(python(), "import oauth2_provider") {
        return Ok(());
    }
    let base = base()?;
    step("python3 -m venv target/django", || {
        let mut command = Command::new(base);
        command
            .args(["-I", "-m", "venv", "--clear"])
            .arg(environment());
        succeed(command, "Error: ").context("python3 -m venv says")
    })?;
    step(&format!("pip install -r {REQUIREMENTS}"), || {
        let mut command = python();
        // Nothing is compiled: what has no wheel for this machine is said at once.
        command
            .args(["-m", "pip", "install", "--only-binary=:all:", "-r"])
            .arg(&requirements);
        succeed(command, "ERROR: ").context("pip says")
    })?;
    stamp.write()
}

/// A Python that fits, installed where that is possible.
fn base() -> Result<&'static str> {
    let found = || {
        PYTHONS.into_iter().find(|python| {
            let mut command = Command::new(python);
            command.arg("-I");
            runs(command, FITS)
        })
    };
    if let Some(python) = found() {
        return Ok(python);
    }
    debian::install(&["python3-venv"]).map_err(|reason| anyhow!("{NEED} ({reason})"))?;
    found().context(NEED)
}

fn runs(mut python: Command, code: &str) -> bool {
    python.args(["-c", code]);
    process::run(python).is_ok_and(|finished| finished.succeeded)
}

/// The error is what the program complains of, in one line.
fn succeed(command: Command, mark: &str) -> Result<()> {
    let finished = process::run(command)?;
    ensure!(finished.succeeded, complaint(&finished.text, mark));
    Ok(())
}

fn command(options: &Options) -> Command {
    let mut command = python();
    command.arg(project::path("xtask/servers/django/server.py"));
    options.listen(&mut command);
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::shell;

    #[test]
    fn every_requirement_is_pinned() -> Result<()> {
        let requirements = stamp::read(&project::path(REQUIREMENTS))?;
        let text = String::from_utf8(requirements)?;
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let loose: Vec<&str> = lines.filter(|line| !line.contains("==")).collect();
        assert_eq!(loose, [""; 0]);
        Ok(())
    }

    #[test]
    fn a_failure_is_told_in_one_line() {
        let failure = succeed(
            shell("echo Collecting; echo ERROR: no network; echo ERROR: no luck; exit 1"),
            "ERROR: ",
        );
        assert_eq!(
            failure
                .context("pip says")
                .map_err(|error| format!("{error:#}")),
            Err("pip says: no network no luck".to_owned())
        );
    }

    #[test]
    fn a_python_that_is_missing_does_not_run() {
        assert!(!runs(Command::new("claviger-no-such-python"), FITS));
        assert!(!runs(shell("exit 1"), FITS));
    }
}
