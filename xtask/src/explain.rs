//! What the bytes of the npm entries are spent on: crates, features, and files of the facade.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::build;
use crate::measure::{self, thousands};
use crate::project;
use crate::stamp::read;

/// Parts of a whole, each by its name.
type Parts = BTreeMap<String, Vec<u8>>;

/// Three tables, after a build.
pub fn run() -> Result<String> {
    let mut tables = vec![features()?];
    for entry in ["claviger", "implicit"] {
        tables.push(crates(entry)?);
    }
    tables.push(facade()?);
    Ok(tables.join("\n"))
}

/// The module with more and more features, as it is shipped.
fn features() -> Result<String> {
    let mut rows = vec![row(["feature", "raw", "more", "brotli", "more"])];
    let (mut raw, mut brotli) = (0, 0);
    for (name, module) in build::features()? {
        let [size] = measure::of(&[module])?[..] else {
            continue;
        };
        let more = |now: u64, before: u64| i128::from(now) - i128::from(before);
        rows.push(row([
            name,
            &thousands(size.raw),
            &format!("{:+}", more(size.raw, raw)),
            &thousands(size.brotli),
            &format!("{:+}", more(size.brotli, brotli)),
        ]));
        (raw, brotli) = (size.raw, size.brotli);
    }
    Ok(table(&rows))
}

/// The functions by their crates, as wasm-bindgen leaves the module: wasm-opt takes the names away. One that the
/// compiler put into another counts there.
fn crates(entry: &str) -> Result<String> {
    let module = read(&build::named(entry))?;
    let parts = parts(&module)
        .with_context(|| format!("The module of {entry} can't be read; build it again."))?;
    let folder = project::path("target/explain").join(entry);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    let mut files = Vec::new();
    for (name, bytes) in &parts {
        let file = folder.join(format!("{name}.bin"));
        fs::write(&file, bytes).with_context(|| format!("{} can't be written", file.display()))?;
        files.push(file);
    }
    let mut found: Vec<_> = parts.keys().zip(measure::of(&files)?).collect();
    found.sort_by_key(|(_, size)| std::cmp::Reverse(size.raw));
    let head = format!("{entry}, before wasm-opt");
    let rows = found
        .into_iter()
        .map(|(name, size)| row([name, &thousands(size.raw), &thousands(size.brotli)]));
    let head = row([&head, "raw", "brotli, alone"]);
    Ok(table(&[vec![head], rows.collect()].concat()))
}

/// What of each file is in the entries, minified.
fn facade() -> Result<String> {
    let entries = build::facades()?;
    let mut bytes: BTreeMap<String, Vec<Option<u64>>> = BTreeMap::new();
    for (at, (_, document)) in entries.iter().enumerate() {
        for (file, found) in document.as_object().into_iter().flatten() {
            let cells = bytes
                .entry(short(file).to_owned())
                .or_insert_with(|| vec![None; entries.len()]);
            if let Some(cell) = cells.get_mut(at) {
                *cell = found.as_u64().filter(|bytes| *bytes > 0);
            }
        }
    }
    let sum = |at: usize| {
        bytes
            .values()
            .filter_map(|cells| cells.get(at).copied().flatten())
            .sum::<u64>()
    };
    let mut rows: Vec<_> = bytes
        .iter()
        .filter(|(_, cells)| cells.iter().any(Option::is_some))
        .collect();
    rows.sort_by_key(|(_, cells)| std::cmp::Reverse(cells.iter().flatten().max()));
    let cell = |cell: &Option<u64>| cell.map_or_else(|| "-".to_owned(), thousands);
    let rows = rows
        .into_iter()
        .map(|(file, cells)| [vec![file.clone()], cells.iter().map(cell).collect()].concat());
    let names = entries.iter().map(|(name, _)| (*name).to_owned());
    let head = [vec!["JavaScript, raw".to_owned()], names.collect()].concat();
    let sums = (0..entries.len()).map(|at| thousands(sum(at))).collect();
    let end = [vec!["together".to_owned()], sums].concat();
    Ok(table(&[vec![head], rows.collect(), vec![end]].concat()))
}

/// What esbuild calls a file, from the repository's own folders on.
fn short(file: &str) -> &str {
    if file.ends_with("/glue.js") {
        return "glue.js, of wasm-bindgen";
    }
    let own = ["pkg/", "src/"]
        .iter()
        .filter_map(|start| file.rfind(start));
    own.max().and_then(|at| file.get(at..)).unwrap_or(file)
}

/// The bodies of the functions by crate, the data, and the rest of a module.
fn parts(module: &[u8]) -> Result<Parts> {
    let mut parts = Parts::new();
    let mut imported = 0;
    let mut bodies = Vec::new();
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        let (part, range) = match &payload {
            Payload::CodeSectionEntry(body) => {
                bodies.push(body.range());
                continue;
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(sections) = section.as_known() {
                    for section in sections {
                        if let Name::Function(map) = section? {
                            for naming in map {
                                let naming = naming?;
                                names.insert(naming.index, naming.name);
                            }
                        }
                    }
                }
                continue;
            }
            Payload::CodeSectionStart { .. } => continue,
            Payload::DataSection(section) => ("(data)", section.range()),
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports() {
                    if matches!(import?.ty, TypeRef::Func(_)) {
                        imported += 1;
                    }
                }
                ("(types, imports, exports)", section.range())
            }
            other => match other.as_section() {
                Some((_, range)) => ("(types, imports, exports)", range),
                None => continue,
            },
        };
        let bytes = module.get(range).unwrap_or_default();
        parts.entry(part.to_owned()).or_default().extend(bytes);
    }
    for (index, range) in (imported..).zip(bodies) {
        let owner = names.get(&index).map_or("(nameless)", |name| owner(name));
        let bytes = module.get(range).unwrap_or_default();
        parts.entry(owner.to_owned()).or_default().extend(bytes);
    }
    Ok(parts)
}

/// The crate of a function, from its demangled name: the first path in it begins with a crate. A trait's method
/// belongs to the type's crate so, and what is generic to the crate that wrote it.
fn owner(name: &str) -> &str {
    // The hash of a crate stands in brackets, and the length of an array as well.
    let is_of_path = |character: char| character.is_alphanumeric() || "_:[]".contains(character);
    let krate = name
        .split(|character| !is_of_path(character))
        .filter_map(|path| path.split_once("::"))
        .map(|(start, _)| start.split('[').next().unwrap_or(start))
        .find(|start| !start.is_empty());
    match krate {
        // The allocator's symbols, and what the panic run time calls.
        Some("__rustc") => "std",
        Some(krate) => krate,
        None if name.starts_with("__wbindgen") || name.starts_with("__externref") => "wasm_bindgen",
        None if name.starts_with("mem") => "compiler_builtins",
        // A method of a primitive type.
        None if name.starts_with('<') => "core",
        None => "claviger",
    }
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

/// Words to the left, numbers to the right.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(String::len)
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    rows.iter().fold(String::new(), |table, row| {
        let cells = row.iter().zip(&widths).enumerate();
        let line = cells.map(|(at, (cell, width))| {
            if at == 0 {
                format!("{cell:<width$}")
            } else {
                format!("  {cell:>width$}")
            }
        });
        table + &line.collect::<String>() + "\n"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_crate_of_its_first_path() {
        for (name, krate) in [
            (
                "claviger::client::Client::answer::h0a1b2c3d4e5f6071",
                "claviger",
            ),
            (
                "<claviger::package::store::Store as claviger::store::Storage>::remove::h5f4a",
                "claviger",
            ),
            (
                "<&str as core[c5930c85a12de822]::any::Any>::type_id",
                "core",
            ),
            (
                "<T as alloc::string::SpecExtendStr>::spec_extend_into::h45db",
                "alloc",
            ),
            ("alloc[3ca501edff3f0c7c]::raw_vec::handle_error", "alloc"),
            (
                "<alloc::vec::Vec<T,A> as core::ops::drop::Drop>::drop::h86",
                "alloc",
            ),
            (
                "core::ptr::drop_in_place<claviger::token::Token>::hf130",
                "core",
            ),
            ("<[u8]>::starts_with", "core"),
            ("<[u8; 4] as core::cmp::PartialEq>::eq", "core"),
            (
                "<A as core::slice::cmp::SlicePartialEq<B>>::equal_same_length::h04",
                "core",
            ),
            ("__rustc[b7974e8690430dd9]::__rust_alloc", "std"),
            ("__wbindgen_malloc", "wasm_bindgen"),
            ("__externref_table_alloc", "wasm_bindgen"),
            ("memcmp", "compiler_builtins"),
            ("call", "claviger"),
        ] {
            assert_eq!(owner(name), krate, "{name}");
        }
    }

    /// A section of a module, shorter than 128 bytes.
    fn section(id: u8, content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len()).unwrap_or_default();
        [&[id, length], content].concat()
    }

    #[test]
    fn a_module_is_taken_apart_by_the_names_in_it() {
        let module = [
            b"\0asm\x01\0\0\0".to_vec(),
            section(1, b"\x01\x60\0\0"),
            // An imported function comes first in the order of functions.
            section(2, b"\x01\x01m\x01f\0\0"),
            section(3, b"\x03\0\0\0"),
            section(5, b"\x01\0\x01"),
            section(10, b"\x03\x02\0\x0b\x03\0\x01\x0b\x02\0\x0b"),
            section(11, b"\x01\0\x41\0\x0b\x02hi"),
            section(0, b"\x04name\x01\x10\x02\x01\x04a::b\x02\x07core::c"),
        ]
        .concat();
        let parts = parts(&module).unwrap_or_default();
        let lengths: Vec<_> = parts
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.len()))
            .collect();
        assert_eq!(
            lengths,
            [
                ("(data)", 8),
                ("(nameless)", 2),
                ("(types, imports, exports)", 18),
                ("a", 2),
                ("core", 3)
            ]
        );
        assert!(super::parts(b"\0asm").is_err());
    }

    #[test]
    fn a_file_is_named_from_the_repository_on() {
        assert_eq!(short("../somewhere/pkg/client.js"), "pkg/client.js");
        assert_eq!(
            short("target/pkg/implicit/glue.js"),
            "glue.js, of wasm-bindgen"
        );
        let snippet = "target/pkg/implicit/snippets/claviger-79/src/package/page.js";
        assert_eq!(short(snippet), "src/package/page.js");
    }

    #[test]
    fn a_table_is_as_wide_as_its_cells() {
        let rows = [row(["crate", "raw"]), row(["core", "12,345"])];
        assert_eq!(table(&rows), "crate     raw\ncore   12,345\n");
    }
}
