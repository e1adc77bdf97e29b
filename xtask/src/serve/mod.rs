//! Real authorization servers on loopback: installed when missing, started, described by one JSON
//! line, and ended with everything they started.
//!
//! A server is a program that prints one JSON object with its `name` on standard output when it
//! listens, says what is wrong on standard error, and ends when its standard input ends. The last
//! is what holds, on every system, when this process is killed without a chance to clean up.

mod complaint;
pub mod debian;
mod django;
mod doorkeeper;
mod kind;
mod launch;
mod oidc_provider;

use std::fmt;
use std::time::Duration;

use crate::progress::shown;
use kind::Kind;
use launch::{Server, launch};

pub use kind::Options;

/// A loaded machine needs some ten seconds for Rails.
const PATIENCE: Duration = Duration::from_secs(60);

const SERVERS: &[Kind] = &[doorkeeper::KIND, django::KIND, oidc_provider::KIND];

#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// There is no server of this name.
    Unknown(String),
    /// It can't be installed on this machine: tests leave it out, and say so.
    Unavailable { name: &'static str, reason: String },
    /// It is installed and did not start: tests fail.
    Failed { name: &'static str, reason: String },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(
                f,
                "there is no server {name}; there are: demo, {}",
                names().collect::<Vec<_>>().join(", ")
            ),
            Self::Unavailable { name, reason } => {
                write!(f, "{name} can't be installed here: {reason}")
            }
            Self::Failed { name, reason } => write!(f, "{name} did not start: {reason}"),
        }
    }
}

impl std::error::Error for Error {}

pub fn names() -> impl Iterator<Item = &'static str> {
    SERVERS.iter().map(|kind| kind.name)
}

/// Installs the server when it is missing, starts it and waits until it listens.
///
/// On Linux the server also ends with the thread that called this, so call it on one that stays.
pub fn start(name: &str, options: &Options) -> Result<Server, Error> {
    let Some(kind) = SERVERS.iter().find(|kind| kind.name == name) else {
        return Err(Error::Unknown(name.to_owned()));
    };
    start_kind(kind, options, PATIENCE)
}

/// `cargo xtask serve NAME`: prints the description and runs until this process is told to end, or
/// its parent is gone.
pub fn run(name: &str, options: &Options) -> anyhow::Result<()> {
    let server = start(name, options)?;
    println!("{}", server.describe());
    anyhow::bail!("{name} ended by itself: {}", server.words_at_its_end())
}

fn start_kind(kind: &Kind, options: &Options, patience: Duration) -> Result<Server, Error> {
    let name = kind.name;
    (kind.install)().map_err(|reason| Error::Unavailable { name, reason })?;
    let failed = |reason: String| Error::Failed { name, reason };
    for uri in &options.redirect_uris {
        if uri.is_empty() || uri.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(failed(format!(
                "{uri:?} is no redirect URI; it is empty or holds a space"
            )));
        }
    }
    shown(&format!("start {name}"), || {
        match launch(name, (kind.command)(options), patience) {
            Ok(server) => (Ok(server), Ok(String::new())),
            // Who gets the error tells it.
            Err(reason) => (Err(failed(reason)), Err(String::new())),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::shell;

    /// What the server's program is given, without itself.
    pub(super) fn arguments(kind: Kind, options: &Options) -> Vec<String> {
        let command = (kind.command)(options);
        let arguments = command
            .get_args()
            .map(|argument| argument.to_string_lossy());
        let script = |argument: &str| std::path::Path::new(argument).is_file();
        let mut own = arguments.skip_while(|argument| !script(argument));
        assert!(own.next().is_some(), "{} has no program", kind.name);
        own.map(Into::into).collect()
    }

    #[test]
    fn every_server_understands_a_port_and_redirect_uris() {
        let options = Options {
            port: Some(0),
            redirect_uris: vec![
                "http://localhost:4180/cb".to_owned(),
                "com.example:/cb".to_owned(),
            ],
            ..Options::default()
        };
        for &kind in SERVERS {
            assert!(arguments(kind, &Options::default()).is_empty());
            assert_eq!(
                arguments(kind, &options),
                [
                    "--port=0",
                    "--redirect-uri=http://localhost:4180/cb",
                    "--redirect-uri=com.example:/cb"
                ]
            );
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let error = start("keycloak", &Options::default()).err();
        assert_eq!(error, Some(Error::Unknown("keycloak".to_owned())));
        assert_eq!(
            error.map(|error| error.to_string()).unwrap_or_default(),
            "there is no server keycloak; there are: demo, doorkeeper, django, oidc-provider"
        );
    }

    #[test]
    fn what_can_not_be_installed_is_told_from_what_fails() {
        let kind = |install| Kind {
            name: "fake",
            install,
            command: |_| shell("echo broken >&2; exit 1"),
        };
        let start = |kind: Kind| {
            start_kind(&kind, &Options::default(), PATIENCE)
                .err()
                .map(|error| error.to_string())
        };
        assert_eq!(
            start(kind(|| Err("no Debian".to_owned()))).as_deref(),
            Some("fake can't be installed here: no Debian")
        );
        assert_eq!(
            start(kind(|| Ok(()))).as_deref(),
            Some("fake did not start: broken")
        );
    }

    #[test]
    fn a_redirect_uri_with_a_space_would_be_two() {
        let kind = Kind {
            name: "fake",
            install: || Ok(()),
            command: |_| shell("exit 1"),
        };
        for uri in [
            "",
            "http://a/ http://b/",
            "http://a/\nhttp://b/",
            "http://a/\0",
        ] {
            let options = Options {
                redirect_uris: vec![uri.to_owned()],
                ..Options::default()
            };
            let error = start_kind(&kind, &options, PATIENCE)
                .err()
                .map(|error| error.to_string());
            assert_eq!(
                error,
                Some(format!(
                    "fake did not start: {uri:?} is no redirect URI; it is empty or holds a space"
                ))
            );
        }
    }
}
