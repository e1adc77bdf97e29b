//! Doorkeeper on Rails, from Debian's packages: `servers/doorkeeper/server.rb`.

use std::process::Command;

use super::debian;
use super::kind::{Kind, Options};
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
    debian::install(PACKAGES).map_err(|error| error.to_string())
}

fn command(options: &Options) -> Command {
    let mut command = Command::new(RUBY);
    for name in STRANGERS {
        command.env_remove(name);
    }
    command.arg(project::path("xtask/servers/doorkeeper/server.rb"));
    options.listen(&mut command);
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
    use crate::serve::tests::arguments;

    #[test]
    fn options_become_arguments() {
        assert!(arguments(KIND, &Options::default()).is_empty());
        let options = Options {
            port: Some(0),
            cors: true,
            reuse_tokens: true,
            ..Options::default()
        };
        assert_eq!(
            arguments(KIND, &options),
            ["--port=0", "--cors", "--reuse-tokens"]
        );
    }
}
