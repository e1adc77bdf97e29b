//! Doorkeeper on Rails, from Debian's packages: `servers/doorkeeper/server.rb`.

use std::process::Command;

use super::{Kind, Options, debian};
use crate::project;

pub const KIND: Kind = Kind {
    name: "doorkeeper",
    install,
    command,
};

const PACKAGES: &[&str] = &[
    "ruby-doorkeeper",
    "ruby-doorkeeper-openid-connect",
    "ruby-rails",
    "ruby-sqlite3",
    "puma",
];

/// Debian's Ruby: the one on the PATH may be another, which knows nothing of Debian's packages.
const RUBY: &str = "/usr/bin/ruby";

/// What would lead Debian's Ruby to somebody else's gems.
const STRANGERS: &[&str] = &[
    "BUNDLE_GEMFILE",
    "GEM_HOME",
    "GEM_PATH",
    "RUBYLIB",
    "RUBYOPT",
];

fn install() -> Result<(), String> {
    debian::install(PACKAGES)
}

fn command(options: &Options) -> Command {
    let mut command = Command::new(RUBY);
    for name in STRANGERS {
        command.env_remove(name);
    }
    command.arg(project::path("xtask/servers/doorkeeper/server.rb"));
    if let Some(port) = options.port {
        command.arg("--port").arg(port.to_string());
    }
    // One argument, so that a URI is never taken for an option.
    command.args(
        options
            .redirect_uris
            .iter()
            .map(|uri| format!("--redirect-uri={uri}")),
    );
    if options.cors {
        command.arg("--cors");
    }
    if options.reuse_tokens {
        command.arg("--reuse-tokens");
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(options: &Options) -> Vec<String> {
        let command = command(options);
        command
            .get_args()
            .skip(1)
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn options_become_arguments() {
        assert!(arguments(&Options::default()).is_empty());
        let options = Options {
            port: Some(0),
            redirect_uris: vec![
                "http://localhost:4180/cb".to_owned(),
                "com.example:/cb".to_owned(),
            ],
            cors: true,
            reuse_tokens: true,
        };
        assert_eq!(
            arguments(&options),
            [
                "--port",
                "0",
                "--redirect-uri=http://localhost:4180/cb",
                "--redirect-uri=com.example:/cb",
                "--cors",
                "--reuse-tokens"
            ]
        );
    }

    #[test]
    fn the_program_is_there() {
        let command = command(&Options::default());
        let script = command.get_args().next().map(std::path::Path::new);
        assert!(script.is_some_and(std::path::Path::is_file));
    }
}
