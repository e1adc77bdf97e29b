//! oidc-provider on Node.js, from npm: `servers/oidc-provider/server.mjs`.

use std::process::Command;

use super::complaint::complaint;
use super::kind::{Kind, Options};
use crate::project;
use crate::tools;

pub const KIND: Kind = Kind {
    name: "oidc-provider",
    install,
    command,
};

const FOLDER: &str = "xtask/servers/oidc-provider";

fn install() -> Result<(), String> {
    tools::node()
        .and_then(|()| tools::packages(FOLDER))
        .map_err(|error| reason(&error.to_string()))
}

/// In one line: npm's complaint, or the sentence that comes before whatever else was said.
fn reason(text: &str) -> String {
    const MARK: &str = "npm error ";
    if text.contains(MARK) {
        return format!("npm says: {}", complaint(text, MARK));
    }
    text.lines().next().unwrap_or_default().to_owned()
}

fn command(options: &Options) -> Command {
    let mut command = Command::new("node");
    // What would be loaded before the server, or change it.
    command.env_remove("NODE_OPTIONS").env_remove("DEBUG");
    command.arg(project::path(FOLDER).join("server.mjs"));
    options.listen(&mut command);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line() {
        assert_eq!(
            reason(
                "The packages can't be installed.\nnpm warn old\nnpm error code ENOTFOUND\nnpm error no network\n"
            ),
            "npm says: code ENOTFOUND no network"
        );
        assert_eq!(
            reason("Node.js 20 is needed.\nnode can't be started"),
            "Node.js 20 is needed."
        );
    }
}
