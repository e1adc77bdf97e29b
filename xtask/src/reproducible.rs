//! Whether another folder gives the same package, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::build;
use crate::process;
use crate::progress::step;
use crate::project;
use crate::stamp::read;
use crate::test::package;

/// The command: builds here, too.
pub fn run() -> Result<()> {
    build::run()?;
    let tarball = package::packed(&project::root(), &project::path("target"))?;
    step("the same package from another folder", || check(&tarball))
}

/// Builds the sources of this folder in another one, where nothing was built before, and compares the packages.
pub fn check(tarball: &Path) -> Result<()> {
    let elsewhere = Elsewhere::with_sources()?;
    let root = &elsewhere.0;
    let program = std::env::current_exe().context("This program's own file is gone")?;
    let mut command = project::command(&program.to_string_lossy());
    command
        .current_dir(root)
        .arg("build")
        .env("CARGO_MANIFEST_DIR", root.join("xtask"))
        .env_remove("CARGO_TARGET_DIR");
    process::must(
        command,
        "The sources don't build in another folder; see below. A file that git ignores may be missing there.",
    )?;
    let again = package::packed(root, root)?;
    if read(tarball)? == read(&again)? {
        return Ok(());
    }
    let others = different(&project::path("pkg"), &root.join("pkg"))?;
    bail!(
        "The same sources gave another package in another folder; look for paths, times and orders that are no \
         input in {}.",
        others.join(", ")
    );
}

/// A copy of the sources in a folder of its own, until this is dropped.
struct Elsewhere(PathBuf);

impl Elsewhere {
    fn with_sources() -> Result<Self> {
        // Not below this repository: its settings of cargo would be read a second time.
        let name = format!("claviger-in-another-folder-{}", std::process::id());
        let elsewhere = Self(std::env::temp_dir().join(name));
        let mut command = project::command("git");
        command.args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]);
        let listed = process::read(
            command,
            "git doesn't tell which files are sources; see its words below.",
        )?;
        for name in listed
            .trim_end()
            .split('\0')
            .filter(|name| !name.is_empty())
        {
            let (from, to) = (project::path(name), elsewhere.0.join(name));
            if !from.is_file() {
                continue;
            }
            let folder = to.parent().unwrap_or(&elsewhere.0);
            fs::create_dir_all(folder)
                .and_then(|()| fs::copy(&from, &to))
                .with_context(|| format!("{name} can't be copied to {}", elsewhere.0.display()))?;
        }
        Ok(elsewhere)
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The files of the two folders that are not the same.
fn different(one: &Path, other: &Path) -> Result<Vec<String>> {
    let mut names: Vec<PathBuf> = Vec::new();
    for folder in [one, other] {
        files(folder, folder, &mut names)?;
    }
    names.sort();
    names.dedup();
    names.retain(|name| fs::read(one.join(name)).ok() != fs::read(other.join(name)).ok());
    Ok(names
        .iter()
        .map(|name| name.display().to_string())
        .collect())
}

/// The names of all files of a folder, as seen from the root.
fn files(root: &Path, folder: &Path, names: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?;
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            files(root, &path, names)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            names.push(name.to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_differs_is_named_and_so_is_one_that_is_missing() -> Result<()> {
        let here =
            Elsewhere(std::env::temp_dir().join(format!("claviger-differ-{}", std::process::id())));
        let (one, other) = (here.0.join("one"), here.0.join("other"));
        for folder in [&one, &other] {
            fs::create_dir_all(folder.join("inner"))?;
            fs::write(folder.join("same"), "same")?;
            fs::write(folder.join("inner/same"), "same")?;
        }
        assert_eq!(different(&one, &other)?, Vec::<String>::new());
        fs::write(other.join("inner/same"), "other")?;
        fs::write(one.join("more"), "")?;
        assert_eq!(different(&one, &other)?, ["inner/same", "more"]);
        Ok(())
    }
}
