//! What the commands need from the machine, installed into the project when it is missing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::process;
use crate::progress::step;
use crate::project;

pub const WASM: &str = "wasm32-unknown-unknown";
const NODE: u32 = 20;

/// Node.js, of the version that the tests need.
pub fn node() -> Result<()> {
    let mut command = project::command("node");
    command.arg("--version");
    let sentence = format!(
        "Node.js {NODE} or newer is needed; install it from https://nodejs.org and run this again."
    );
    let version = process::read(command, &sentence)?;
    match major(&version) {
        Some(NODE..) => Ok(()),
        _ => bail!("{sentence} What is installed says {}.", version.trim()),
    }
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// The files of these names on the PATH, the first name's first.
pub fn on_the_path(names: &[&str]) -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(move |name| {
            folders
                .iter()
                .map(|folder| folder.join(name))
                .collect::<Vec<_>>()
        })
        .filter(|file| file.is_file())
}

/// The standard library for WebAssembly.
pub fn wasm_target() -> Result<()> {
    if has_wasm_target()? {
        return Ok(());
    }
    step(&format!("rustup target add {WASM}"), || {
        let mut command = project::command("rustup");
        command.args(["target", "add", WASM]);
        let sentence =
            format!("The target {WASM} can't be added; add it to your Rust and run this again.");
        process::must(command, &sentence).map(drop)
    })
}

fn has_wasm_target() -> Result<bool> {
    let mut command = project::command("rustc");
    command.args(["--print", "target-libdir", "--target", WASM]);
    let folder = process::read(
        command,
        "rustc doesn't run; install Rust from https://rustup.rs and run this again.",
    )?;
    Ok(Path::new(folder.trim()).is_dir())
}

/// Steps that run side by side need the same packages.
static TURN: Mutex<()> = Mutex::new(());

/// The npm packages of a folder, exactly as its lockfile says.
pub fn packages(folder: &str) -> Result<()> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder_path = project::path(folder);
    let installed = folder_path.join("node_modules/.package-lock.json");
    if let (Some(installed), Some(locked)) = (
        modified(&installed),
        modified(&folder_path.join("package-lock.json")),
    ) && installed >= locked
    {
        return Ok(());
    }
    node()?;
    step(&format!("npm ci ({folder})"), || {
        let mut command = project::command("npm");
        command
            .current_dir(&folder_path)
            .args(["ci", "--no-audit", "--no-fund"]);
        process::must(
            command,
            &format!("The npm packages of {folder}/ can't be installed; see npm's words below."),
        )?;
        // npm keeps the time of an unchanged list; the next run must see that this one looked.
        fs::File::options()
            .append(true)
            .open(&installed)?
            .set_modified(SystemTime::now())?;
        Ok(())
    })
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_reads_what_node_prints() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("20"), None);
        assert_eq!(major(""), None);
    }

    #[test]
    fn a_program_is_found_by_any_of_its_names() {
        let shell = on_the_path(&["claviger-no-such-program", "sh"]).next();
        assert!(shell.is_some_and(|file| file.ends_with("sh")));
        assert!(on_the_path(&["claviger-no-such-program"]).next().is_none());
    }
}
