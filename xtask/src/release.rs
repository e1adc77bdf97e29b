//! Whether everything is ready for a release. Making one is a person's doing, by docs/releasing.md.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::build;
use crate::process;
use crate::progress::{noted_step, say, step};
use crate::project;
use crate::test::package;

/// What the crate and the package say of themselves.
struct Manifests {
    /// The crate, as cargo reads it.
    crate_: Value,
    /// `pkg/package.json`.
    package: Value,
    /// The heading of the newest release in `CHANGELOG.md`.
    newest: String,
}

/// Looks at everything, says what is missing, and publishes nothing.
pub fn dry_run() -> Result<()> {
    let manifests = Manifests::read()?;
    let version = manifests.version()?;
    let mut missing: usize = 0;
    let mut look = |name: &str, check: &dyn Fn() -> Result<()>| {
        if let Err(error) = step(name, check) {
            say(&format!("  {error:#}"));
            missing = missing.saturating_add(1);
        }
    };
    look("one version", &|| manifests.have_one_version());
    look("the changelog", &|| manifests.are_dated());
    look("the repository's address", &|| manifests.name_repository());
    look("provenance", &|| manifests.ask_for_provenance());
    look("a commit without a tag", &|| commit(&version));
    look("cargo package", &verified_crate);
    build::run()?;
    look("the bill of materials", &|| bill_of_materials(&version));
    noted_step("npm pack", || {
        let tarball = package::packed(&project::root(), &project::path("target"))?;
        Ok(((), tarball.display().to_string()))
    })?;
    ensure!(
        missing == 0,
        "{missing} of these must be mended before {version} is released; docs/releasing.md has the whole procedure."
    );
    say(&format!(
        "{version} can be released; go on with docs/releasing.md."
    ));
    Ok(())
}

impl Manifests {
    fn read() -> Result<Self> {
        let mut command = project::cargo();
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        let metadata = process::read(command, "cargo can't read Cargo.toml; see below.")?;
        let metadata: Value = serde_json::from_str(&metadata)?;
        let crates = metadata["packages"].as_array().into_iter().flatten();
        let crate_ = crates
            .into_iter()
            .find(|it| it["name"] == "claviger")
            .context("Cargo.toml has no package claviger")?
            .clone();
        let changelog = text("CHANGELOG.md")?;
        let newest = changelog.lines().find_map(|line| line.strip_prefix("## "));
        Ok(Self {
            crate_,
            package: serde_json::from_str(&text("pkg/package.json")?)?,
            newest: newest
                .context("CHANGELOG.md has no release; begin one with ## VERSION - DATE")?
                .to_owned(),
        })
    }

    fn version(&self) -> Result<String> {
        let version = self.crate_["version"].as_str();
        Ok(version.context("Cargo.toml has no version")?.to_owned())
    }

    fn have_one_version(&self) -> Result<()> {
        let version = &self.crate_["version"];
        ensure!(
            self.package["version"] == *version,
            "pkg/package.json has another version than Cargo.toml, {version}; write the same into both."
        );
        let (newest, _) = self.newest.split_once(' ').unwrap_or((&self.newest, ""));
        ensure!(
            *version == newest,
            "CHANGELOG.md begins with {newest}, and Cargo.toml has {version}; begin it with the version to be released."
        );
        Ok(())
    }

    fn are_dated(&self) -> Result<()> {
        let date = self.newest.split(' ').next_back().unwrap_or_default();
        let is_date = date.len() == 10
            && date.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        ensure!(
            is_date,
            "CHANGELOG.md says \"{}\" of this version; write the day of its release there, as 2026-01-31.",
            self.newest
        );
        Ok(())
    }

    /// npm takes a statement of provenance for a package that names its repository alone, and both registries link there.
    fn name_repository(&self) -> Result<()> {
        let Some(address) = self.crate_["repository"].as_str() else {
            bail!(
                "Cargo.toml has no repository; write its address there and, with the same text, into repository.url of pkg/package.json."
            );
        };
        let url = self.package["repository"]["url"].as_str();
        ensure!(
            url.is_some_and(
                |url| url.trim_start_matches("git+").trim_end_matches(".git") == address
            ),
            "repository.url of pkg/package.json is not {address}, which Cargo.toml has; write the same into both."
        );
        Ok(())
    }

    fn ask_for_provenance(&self) -> Result<()> {
        let settings = &self.package["publishConfig"];
        ensure!(
            settings["provenance"] == true && settings["access"] == "public",
            "publishConfig of pkg/package.json does not ask for public access and provenance; put both back."
        );
        Ok(())
    }
}

fn text(path: &str) -> Result<String> {
    fs::read_to_string(project::path(path)).with_context(|| format!("{path} can't be read"))
}

/// What is released is a commit, and a version is released once.
fn commit(version: &str) -> Result<()> {
    let git = |arguments: &[&str]| {
        let mut command = project::command("git");
        command.args(arguments);
        process::read(command, "git can't be asked; see below.")
    };
    ensure!(
        git(&["status", "--porcelain"])?.trim().is_empty(),
        "There are changes that no commit has; commit them, or put them aside."
    );
    let tag = format!("v{version}");
    ensure!(
        git(&["tag", "--list", &tag])?.trim().is_empty(),
        "The tag {tag} is there: this version was released; take the next one."
    );
    Ok(())
}

/// The crate as crates.io would get it, compiled from nothing else.
fn verified_crate() -> Result<()> {
    let mut command = project::cargo();
    // Whether everything is committed is asked above.
    command.args([
        "package",
        "--package",
        "claviger",
        "--locked",
        "--allow-dirty",
    ]);
    process::must(
        command,
        "The crate does not compile from what is published of it; see below, and include in Cargo.toml.",
    )
    .map(drop)
}

fn bill_of_materials(version: &str) -> Result<()> {
    let document: Value = serde_json::from_str(&text("pkg/sbom.cdx.json")?)?;
    ensure!(
        document["metadata"]["component"]["version"] == version,
        "pkg/sbom.cdx.json is of another version than {version}; build again with cargo xtask build."
    );
    Ok(())
}
