//! Which script imports which, by its `import` and `export … from` lines: each begins at the start of a line, as the
//! project writes them, so that no parser is needed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use crate::imports::graph::Imports;

/// What the build generates is there after a build alone, and imports nothing of the sources.
const GENERATED_FOLDERS: [&str; 2] = ["wasm", "node_modules"];
const GENERATED_NAMES: [&str; 5] = [
    "claviger:glue",
    "claviger:numbers",
    "claviger:script",
    "claviger:text",
    "claviger:words",
];

pub fn imports(repository: &Path, root: &str) -> Result<Imports> {
    let mut files = BTreeSet::new();
    add_scripts(repository, root, &mut files)?;
    let mut imports = Imports::new();
    for file in &files {
        let text = fs::read_to_string(repository.join(file))
            .with_context(|| format!("{file} can't be read"))?;
        let names = imported(&text).map_err(|line| {
            anyhow!("{file}: write out what `{line}` imports, so that it can be followed")
        })?;
        let mut targets = BTreeSet::new();
        for name in names {
            if GENERATED_NAMES.contains(&name) {
                continue;
            }
            if !name.starts_with('.') {
                bail!(
                    "{file} imports {name}, and what the build puts there can't be followed; import a file"
                );
            }
            let target = beside(file, name);
            if files.contains(&target) {
                targets.insert(target);
            } else if !is_generated(root, &target) {
                bail!("{file} imports {name}, which is not there");
            }
        }
        imports.insert(file.clone(), targets);
    }
    Ok(imports)
}

/// Every script in a folder and in those inside.
fn add_scripts(repository: &Path, folder: &str, files: &mut BTreeSet<String>) -> Result<()> {
    let unread = || format!("{folder}/ can't be read");
    for entry in fs::read_dir(repository.join(folder)).with_context(unread)? {
        let entry = entry.with_context(unread)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if entry.path().is_dir() {
            if !GENERATED_FOLDERS.contains(&name.as_str()) {
                add_scripts(repository, &path, files)?;
            }
        } else if Path::new(&name).extension().is_some_and(|end| end == "js") {
            files.insert(path);
        }
    }
    Ok(())
}

fn is_generated(root: &str, file: &str) -> bool {
    let inside = file.strip_prefix(root).unwrap_or_default();
    GENERATED_FOLDERS
        .iter()
        .any(|folder| inside.starts_with(&format!("/{folder}/")))
}

/// The names that a script imports, or the line in which one is not written out.
fn imported(text: &str) -> Result<Vec<&str>, &str> {
    let mut names = Vec::new();
    let mut statement = None;
    for line in text.lines() {
        let is_comment = |mark| line.trim_start().starts_with(mark);
        if ["//", "/*", "*"].into_iter().any(is_comment) {
            continue;
        }
        if ["import ", "export {", "export *"]
            .into_iter()
            .any(|start| line.starts_with(start))
        {
            statement = line.split(' ').next();
        }
        if let Some(word) = statement {
            let from = line.rsplit_once("from ").map(|(_, name)| name);
            let alone = line.strip_prefix("import ");
            let name = from.and_then(quoted).or_else(|| alone.and_then(quoted));
            names.extend(name);
            if line.ends_with(';') {
                // What a script exports of its own comes from nowhere.
                if name.is_none() && (word == "import" || from.is_some()) {
                    return Err(line);
                }
                statement = None;
            }
        }
        for (at, call) in line.match_indices("import(") {
            let argument = line.get(at + call.len()..).unwrap_or_default();
            names.push(quoted(argument).ok_or(line)?);
        }
    }
    Ok(names)
}

fn quoted(text: &str) -> Option<&str> {
    let mark = text.chars().next().filter(|mark| "'\"".contains(*mark))?;
    text.get(1..)?.split_once(mark).map(|(name, _)| name)
}

/// The path that a relative name means in a file.
fn beside(file: &str, name: &str) -> String {
    let mut path: Vec<&str> = file.split('/').collect();
    path.pop();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => drop(path.pop()),
            part => path.push(part),
        }
    }
    path.join("/")
}
