//! The other engines of browsers: a part of the end-to-end tests in each.

use std::path::{Path, PathBuf};

use super::node;
use super::package::TARBALL;
use super::report::Report;
use crate::chromium;
use crate::serve::debian::{self, Error};
use crate::tools;

/// How an engine is had.
struct Kind {
    name: &'static str,
    /// Where the tests read the path of its first program.
    variable: &'static str,
    /// What it needs on the PATH: one of each line.
    programs: &'static [&'static [&'static str]],
    packages: &'static [&'static str],
}

const OTHERS: [Kind; 2] = [
    Kind {
        name: "firefox",
        variable: "CLAVIGER_FIREFOX",
        programs: &[&["firefox-esr", "firefox"]],
        packages: &["firefox-esr"],
    },
    Kind {
        name: "webkit",
        variable: "CLAVIGER_WEBKIT",
        programs: &[&["WebKitWebDriver"], &["Xvfb"]],
        packages: &["webkit2gtk-driver", "xvfb"],
    },
];

impl Kind {
    fn installed(&self) -> Option<PathBuf> {
        let programs: Option<Vec<PathBuf>> = self
            .programs
            .iter()
            .map(|names| tools::on_the_path(names).next())
            .collect();
        programs?.into_iter().next()
    }

    /// In words, for who installs it.
    fn needs(&self) -> String {
        let names: Vec<String> = self
            .programs
            .iter()
            .map(|names| names.join(" or "))
            .collect();
        names.join(" and ")
    }

    /// The path of its first program.
    fn install(&self) -> Result<PathBuf, Error> {
        if let Some(program) = self.installed() {
            return Ok(program);
        }
        debian::install(self.packages)?;
        self.installed()
            .ok_or_else(|| Error::Failed("what was installed is not on the PATH".to_owned()))
    }
}

/// An engine that is there.
pub struct Engine {
    name: &'static str,
    variable: &'static str,
    program: PathBuf,
}

impl Engine {
    pub fn chromium(program: PathBuf) -> Self {
        Self {
            name: "chromium",
            variable: chromium::VARIABLE,
            program,
        }
    }
}

/// Those beside Chromium. One that this machine can't have is left out; one that it could have, and that did not come,
/// is a failure, or a run would pass without it.
pub fn install(report: &Report) -> Vec<Engine> {
    let found = OTHERS.iter().filter_map(|kind| {
        let program = match kind.install() {
            Ok(program) => program,
            Err(Error::Unavailable(reason)) => {
                report.leave_out(&format!(
                    "{}, which needs {} on the PATH: {reason}",
                    kind.name,
                    kind.needs()
                ));
                return None;
            }
            Err(error) => report.prepare(kind.name, || Err(error.into()))?,
        };
        Some(Engine {
            name: kind.name,
            variable: kind.variable,
            program,
        })
    });
    found.collect()
}

/// One after the other: they listen at the same redirect URI.
pub fn test(
    report: &Report,
    engines: &[Engine],
    servers: &[(&'static str, String)],
    tarball: &Path,
) {
    for engine in engines {
        let name = format!("engines ({})", engine.name);
        report.program(&name, || {
            node::tests(&format!("engines-{}", engine.name), "engines", |command| {
                command
                    .env("CLAVIGER_ENGINE", engine.name)
                    .env(engine.variable, &engine.program)
                    .env(TARBALL, tarball)
                    .envs(servers.iter().map(|(name, value)| (name, value)));
            })
        });
    }
}
