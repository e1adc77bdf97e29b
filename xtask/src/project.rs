//! Where things lie in the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's root, absolute.
pub fn root() -> PathBuf {
    // cargo sets the variable for what it runs; the program started by hand remembers where it was built.
    let xtask =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let xtask = PathBuf::from(xtask);
    xtask
        .parent()
        .map_or_else(|| xtask.clone(), Path::to_path_buf)
}

pub fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// A command that runs in the repository's root.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs this program.
pub fn cargo() -> Command {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = command(&program);
    // What it prints is read, and counted.
    command.env("CARGO_TERM_COLOR", "never");
    // Set by `cargo run` for this program; build scripts of others must not see them.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}
