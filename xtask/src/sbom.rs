//! What the npm package is made of, as a CycloneDX document inside of it.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::process;
use crate::project;
use crate::tools;

/// Beside `package.json`, so that it is published.
const FILE: &str = "pkg/sbom.cdx.json";

/// A crate of the module.
#[derive(Debug, PartialEq)]
struct Part {
    name: String,
    version: String,
    licence: String,
    /// The names of the crates that it is made of in turn.
    uses: Vec<String>,
}

/// Writes the document for the module with these features, which has every crate of the others.
pub fn write(features: &[&str]) -> Result<()> {
    let parts = parts(&tree(features)?)?;
    let lock =
        fs::read_to_string(project::path("Cargo.lock")).context("Cargo.lock can't be read")?;
    let checksums = checksums(&lock);
    let described: Vec<Value> = parts
        .iter()
        .map(|Part { name, version, licence, uses }| {
            let sha256 = checksums.get(&(name.as_str(), version.as_str()));
            json!({ "name": name, "version": version, "licence": licence, "sha256": sha256, "uses": uses })
        })
        .collect();
    let mut command = project::command("node");
    command
        .arg(project::path("xtask/sbom.mjs"))
        .arg(project::path(FILE))
        .arg(json!({ "parts": described, "tools": made_with()? }).to_string());
    process::must(
        command,
        "What the package is made of can't be written; see Node's words below.",
    )
    .map(drop)
}

/// The crates that are linked, a line each with its depth; what runs at build time alone is not among them.
fn tree(features: &[&str]) -> Result<String> {
    let mut command = project::cargo();
    command
        .args(["tree", "--package", "claviger", "--target", tools::WASM])
        .args(features)
        .args(["--edges", "normal,no-proc-macro", "--no-dedupe"])
        .args(["--prefix", "depth", "--format", " {p} {l}"]);
    process::read(
        command,
        "cargo tree doesn't tell what the module is made of; see its words below.",
    )
}

/// Reads lines such as `1 subtle v2.6.1 BSD-3-Clause`; a crate of this repository has its folder in brackets
/// before its licence.
fn parts(tree: &str) -> Result<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    // The crates above the line, from the root.
    let mut above: Vec<String> = Vec::new();
    for line in tree.lines() {
        let part = part(line).with_context(|| format!("cargo tree wrote {line:?}; read it."))?;
        let (depth, part) = part;
        above.truncate(depth);
        if let Some(user) = above.last()
            && let Some(user) = parts.iter_mut().find(|one| one.name == *user)
            && !user.uses.contains(&part.name)
        {
            user.uses.push(part.name.clone());
        }
        above.push(part.name.clone());
        if !parts.iter().any(|one| one.name == part.name) {
            parts.push(part);
        }
    }
    Ok(parts)
}

fn part(line: &str) -> Option<(usize, Part)> {
    let mut words = line.splitn(4, ' ');
    let depth = words.next()?.parse().ok()?;
    let name = words.next()?.to_owned();
    let version = words.next()?.strip_prefix('v')?.to_owned();
    let rest = words.next()?;
    let licence = match rest.split_once(") ") {
        Some((folder, licence)) if folder.starts_with("(/") => licence,
        _ => rest,
    };
    let part = Part {
        name,
        version,
        licence: licence.to_owned(),
        uses: Vec::new(),
    };
    Some((depth, part))
}

/// The checksum of each crate of a registry, by its name and version, as cargo writes them.
fn checksums(lock: &str) -> BTreeMap<(&str, &str), &str> {
    lock.split("[[package]]")
        .filter_map(|entry| {
            let value = |name: &str| {
                let line = entry.lines().find_map(|line| line.strip_prefix(name))?;
                line.strip_prefix(" = \"")?.strip_suffix('"')
            };
            Some(((value("name")?, value("version")?), value("checksum")?))
        })
        .collect()
}

/// The versions of the programs that the package's bytes depend on.
fn made_with() -> Result<Value> {
    let mut rustc = project::command("rustc");
    rustc.arg("--version");
    let version = process::read(
        rustc,
        "rustc doesn't run; install Rust from https://rustup.rs.",
    )?;
    let version = version.split(' ').nth(1).unwrap_or_default();
    let lock = fs::read_to_string(project::path("xtask/package-lock.json"))
        .context("xtask/package-lock.json can't be read")?;
    let lock: Value = serde_json::from_str(&lock).context("xtask/package-lock.json is no JSON")?;
    let npm = |name: &str| lock["packages"][format!("node_modules/{name}")]["version"].clone();
    Ok(json!({ "rustc": version, "binaryen": npm("binaryen"), "esbuild": npm("esbuild") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_those_of_the_tree_each_with_what_it_uses() -> Result<()> {
        let read = parts(
            "0 claviger v0.1.0 (/a folder) MIT OR Apache-2.0\n\
             1 one v1.0.0 MIT\n\
             2 two v2.0.0 (MIT OR Apache-2.0) AND Unicode-3.0\n\
             1 two v2.0.0 (MIT OR Apache-2.0) AND Unicode-3.0\n",
        )?;
        let seen: Vec<_> = read
            .iter()
            .map(|part| {
                (
                    part.name.as_str(),
                    part.licence.as_str(),
                    part.uses.join(" "),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("claviger", "MIT OR Apache-2.0", "one two".to_owned()),
                ("one", "MIT", "two".to_owned()),
                ("two", "(MIT OR Apache-2.0) AND Unicode-3.0", String::new()),
            ]
        );
        assert!(parts("no tree at all").is_err());
        Ok(())
    }

    #[test]
    fn a_crate_of_a_registry_has_a_checksum() -> Result<()> {
        let lock = "version = 4\n\n[[package]]\nname = \"here\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"there\"\nversion = \"1.0.0\"\nsource = \"a registry\"\n\
                    checksum = \"00ff\"\n";
        assert_eq!(
            checksums(lock).into_iter().collect::<Vec<_>>(),
            [(("there", "1.0.0"), "00ff")]
        );
        Ok(())
    }
}
