//! The real authorization servers of the tests that use the package.

use std::cell::OnceCell;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::Scope;

use anyhow::{Context, Result};

use super::report::Report;
use crate::project;
use crate::serve::{self, Error, Options};

/// One that is being installed and started; it ends when this is dropped.
pub struct Real {
    name: &'static str,
    told: Receiver<Result<String, String>>,
    /// What was told.
    outcome: OnceCell<Result<String, String>>,
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
    let wanted = serve::names().filter(|name| tests.contains(&variable(name)));
    let start = |name| {
        let (tell, told) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let options = options.clone();
        scope.spawn(move || run(report, name, &options, &tell, &ended));
        Real {
            name,
            told,
            outcome: OnceCell::new(),
            _end: end,
        }
    };
    Ok(wanted.map(start).collect())
}

impl Real {
    /// Tells the tests its description, or why it is left out, as soon as that is known.
    pub fn tell(&self, tests: &mut Command) {
        let outcome = self.outcome.get_or_init(|| {
            let told = self.told.recv();
            told.unwrap_or_else(|_| Err(format!("{} did not start", self.name)))
        });
        let variable = variable(self.name);
        match outcome {
            Ok(description) => tests.env(variable, description),
            Err(reason) => tests.env(format!("{variable}_LEFT_OUT"), reason),
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

/// Where the tests read what a server says of itself.
fn variable(name: &str) -> String {
    format!("CLAVIGER_{}", name.to_uppercase().replace('-', "_"))
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
        assert!(tests.contains(&variable("doorkeeper")));
        assert!(!tests.contains(&variable("no-such-server")));
        Ok(())
    }
}
