//! The real authorization servers of the tests that use the package.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, OnceLock};
use std::thread::Scope;

use anyhow::{Context, Result};

use super::report::Report;
use crate::project;
use crate::serve::{self, Error, Options};

/// One that is being installed and started; it ends when this is dropped.
pub struct Real {
    /// Where the tests read what the server says of itself.
    variable: String,
    /// Several steps may ask at once.
    told: Mutex<Receiver<Result<String, String>>>,
    /// What was told.
    outcome: OnceLock<Result<String, String>>,
    _end: Sender<()>,
}

/// Starts those that a test asks for, side by side.
pub fn start<'scope>(
    scope: &'scope Scope<'scope, '_>,
    report: &'scope Report,
    options: &Options,
) -> Result<Vec<Real>> {
    let mut tests = String::new();
    for folder in ["tests/e2e", "tests/node"] {
        tests.push_str(&text_of(&project::path(folder))?);
    }
    let start = |(variable, name, options): (String, &'static str, Options)| {
        let (tell, told) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        scope.spawn(move || run(report, name, &options, &tell, &ended));
        Real {
            variable,
            told: Mutex::new(told),
            outcome: OnceLock::new(),
            _end: end,
        }
    };
    let wanted = all(options).filter(|(variable, ..)| asks_for(&tests, variable));
    Ok(wanted.map(start).collect())
}

/// Every server as it comes, and Doorkeeper with CORS, too.
fn all(options: &Options) -> impl Iterator<Item = (String, &'static str, Options)> {
    let with_cors = Options {
        cors: true,
        ..options.clone()
    };
    let with_cors = (
        "CLAVIGER_DOORKEEPER_CORS".to_owned(),
        "doorkeeper",
        with_cors,
    );
    let as_it_comes = |name| (variable(name), name, options.clone());
    serve::names().map(as_it_comes).chain([with_cors])
}

impl Real {
    /// Tells the tests its description, or why it is left out, as soon as that is known.
    pub fn tell(&self, tests: &mut Command) {
        let outcome = self.outcome.get_or_init(|| {
            let told = self.told.lock().map(|told| told.recv());
            told.ok()
                .and_then(Result::ok)
                .unwrap_or_else(|| Err("it did not start".to_owned()))
        });
        match outcome {
            Ok(description) => tests.env(&self.variable, description),
            Err(reason) => tests.env(format!("{}_LEFT_OUT", self.variable), reason),
        };
    }
}

/// Stays until it is told to end: the server ends with its thread.
fn run(
    report: &Report,
    name: &'static str,
    options: &Options,
    tell: &Sender<Result<String, String>>,
    ended: &Receiver<()>,
) {
    let started = match serve::start(name, options) {
        Err(error @ Error::Unavailable { .. }) => {
            report.leave_out(&error.to_string());
            let _ = tell.send(Err(error.to_string()));
            return;
        }
        started => report.prepare(name, || Ok(started?)),
    };
    if let Some(server) = started {
        let _ = tell.send(Ok(server.describe().to_string()));
        let _ = ended.recv();
    }
}

/// The variable of a server as it comes.
fn variable(name: &str) -> String {
    format!("CLAVIGER_{}", name.to_uppercase().replace('-', "_"))
}

/// Whether a text names a variable, and not only a longer one that begins with it.
fn asks_for(tests: &str, variable: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut ends = tests
        .match_indices(variable)
        .map(|(at, _)| at + variable.len());
    ends.any(|end| !tests[end..].starts_with(is_part))
}

/// The text of every file below a folder.
fn text_of(folder: &Path) -> Result<String> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?;
    let mut text = String::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            text.push_str(&text_of(&path)?);
        } else {
            text.push_str(&String::from_utf8_lossy(&fs::read(&path)?));
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_has_the_servers_name() {
        assert_eq!(variable("doorkeeper"), "CLAVIGER_DOORKEEPER");
        assert_eq!(variable("oidc-provider"), "CLAVIGER_OIDC_PROVIDER");
    }

    #[test]
    fn a_test_asks_for_a_server_by_its_variable() -> Result<()> {
        let tests = text_of(&project::path("tests/e2e"))?;
        assert!(asks_for(&tests, &variable("doorkeeper")));
        assert!(!asks_for(&tests, &variable("no-such-server")));
        assert!(!asks_for("CLAVIGER_DOORKEEPER_CORS", "CLAVIGER_DOORKEEPER"));
        Ok(())
    }
}
