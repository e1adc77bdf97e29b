//! From the crate to a package that `npm pack` can take: cargo, wasm-bindgen, wasm-opt, esbuild.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use wasm_bindgen_cli_support::Bindgen;

use crate::process;
use crate::progress::{noted_step, step};
use crate::project;
use crate::sbom;
use crate::stamp::{Stamp, read};
use crate::tables;
use crate::tools;

/// A module of the package: the crate with some of its features, and what the facade has for them.
struct Variant {
    name: &'static str,
    features: &'static [&'static str],
    /// What makes it smaller, beside the profile's settings: of nine thresholds the one that brotli makes smallest.
    rustflags: &'static [&'static str],
    /// So many groups of the error table's rows are its own.
    groups: usize,
}

const FULL: Variant = Variant {
    name: "claviger",
    features: &["--no-default-features", "--features", "code,package"],
    rustflags: &["-Cllvm-args=-inline-threshold=60"],
    groups: 2,
};
const SMALL: Variant = Variant {
    name: "implicit",
    features: &["--no-default-features", "--features", "implicit,package"],
    rustflags: &["-Cllvm-args=-inline-threshold=90"],
    groups: 1,
};
/// OpenID Connect, which stands beside the full one.
const OPENID: Variant = Variant {
    name: "openid",
    features: &["--no-default-features", "--features", "openid,package"],
    rustflags: &["-Cllvm-args=-inline-threshold=60"],
    groups: 3,
};
const VARIANTS: [&Variant; 3] = [&FULL, &SMALL, &OPENID];

/// An entry that can be imported.
struct Entry {
    name: &'static str,
    variant: &'static Variant,
    /// The file that puts its parts together.
    facade: &'static str,
    /// It has the module as plain JavaScript.
    is_script: bool,
}

const ENTRIES: [Entry; 7] = [
    Entry {
        name: "claviger",
        variant: &FULL,
        facade: "pkg/entries/claviger.js",
        is_script: false,
    },
    Entry {
        name: "implicit",
        variant: &SMALL,
        facade: "pkg/entries/implicit.js",
        is_script: false,
    },
    Entry {
        name: "wasm",
        variant: &FULL,
        facade: "pkg/entries/wasm.js",
        is_script: false,
    },
    Entry {
        name: "no-wasm",
        variant: &FULL,
        facade: "pkg/entries/no-wasm.js",
        is_script: true,
    },
    Entry {
        name: "implicit-no-wasm",
        variant: &SMALL,
        facade: "pkg/entries/implicit-no-wasm.js",
        is_script: true,
    },
    Entry {
        name: "openid",
        variant: &OPENID,
        facade: "pkg/entries/openid.js",
        is_script: false,
    },
    Entry {
        name: "openid-no-wasm",
        variant: &OPENID,
        facade: "pkg/entries/openid-no-wasm.js",
        is_script: true,
    },
];

/// What the streamed form fetches, beside the scripts.
const MODULE: &str = "pkg/wasm/claviger.wasm";

/// What an entry calls the module by, and the same for the module as plain JavaScript.
const GLUE: &str = "glue.js";
const SCRIPT_GLUE: &str = "script-glue.js";
const SCRIPT: &str = "script.js";

/// The module as wasm-bindgen leaves it.
const NAMED: &str = "generated_bg.wasm";

/// The classic scripts, which have no module.
const SCRIPTS: [&str; 2] = ["early", "callback"];

/// The page in Rust, a crate of its own: what a Rust program in a browser looks like.
const PAGE: &str = "page";
/// What it needs beside its module.
const PAGE_FILES: [&str; 2] = ["index.html", "start.js"];

/// The program of each framework in Rust, and what it needs beside its module.
const PROGRAM: &str = "program";
const PROGRAMS: &str = "tests/rust-frameworks";
const PROGRAM_FILES: [&str; 2] = ["index.html", "start.js"];

/// Repeated in the package, because npm packs only what lies inside.
const COPIES: [&str; 3] = ["README.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// What runs in browsers, with cargo's arguments for it: each npm entry, and the page in Rust with the
/// crate as such a program has it.
pub fn in_browsers() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    VARIANTS
        .iter()
        .map(|variant| {
            let package = ["--package", "claviger"];
            (variant.name, [&package, variant.features].concat())
        })
        .chain([(PAGE, vec!["--package", "claviger", "--package", PAGE])])
}

/// The file of an npm entry.
pub fn entry(name: &str) -> PathBuf {
    project::path(&format!("pkg/wasm/{name}.js"))
}

/// The same for bundlers that build for production: a wrong argument is named, and what it must be is left out.
fn production(name: &str) -> PathBuf {
    entry(&format!("{name}.production"))
}

pub fn run() -> Result<()> {
    tools::node()?;
    tools::wasm_target()?;
    tools::packages("xtask")?;
    let lock = read(&project::path("xtask/package-lock.json"))?;
    let mut modules = Vec::new();
    for variant in VARIANTS {
        let compiled = step(&format!("cargo build ({})", variant.name), || {
            compile("claviger", variant.features, variant.rustflags)
        })?;
        modules.push((variant, compiled));
    }
    // wasm-opt is the slowest part, and uses one core.
    thread::scope(|scope| {
        let running: Vec<_> = modules
            .iter()
            .map(|(variant, compiled)| scope.spawn(|| optimize(variant, compiled, &lock)))
            .collect();
        running.into_iter().try_for_each(|one| {
            one.join()
                .map_err(|_| anyhow!("wasm-bindgen panicked; see above."))?
        })
    })?;
    bundle(&lock)?;
    for name in COPIES {
        let from = project::path(name);
        fs::copy(&from, project::path("pkg").join(name))
            .with_context(|| format!("{name} can't be copied to pkg/"))?;
    }
    sbom::write(FULL.features)
}

/// The module that wasm-bindgen made for an npm entry, its functions still named.
pub fn named(name: &str) -> PathBuf {
    project::path("target/pkg").join(name).join(NAMED)
}

/// The shipped modules of the two variants, and of what lies between, from the smallest to the largest.
pub fn features() -> Result<[(&'static str, PathBuf); 3]> {
    let between = Variant {
        name: "bearer",
        features: &["--no-default-features", "--features", "bearer,package"],
        ..FULL
    };
    let compiled = step("cargo build (bearer)", || {
        compile("claviger", between.features, between.rustflags)
    })?;
    optimize(
        &between,
        &compiled,
        &read(&project::path("xtask/package-lock.json"))?,
    )?;
    let module = |variant| folder(variant).join("module.wasm");
    Ok([
        ("implicit", module(&SMALL)),
        ("implicit, bearer", module(&between)),
        ("implicit, bearer, code", module(&FULL)),
    ])
}

/// For each entry with its module inside, how many bytes of it come from which file.
pub fn facades() -> Result<Vec<(&'static str, Value)>> {
    let inside = || {
        ENTRIES
            .iter()
            .filter(|one| !one.is_script && one.name != "wasm")
    };
    let path = |one: &Entry, extension| {
        project::path("target/explain").join(format!("{}.{extension}", one.name))
    };
    let jobs = inside().map(|one| {
        let mut job = job(one, &path(one, "js"), false);
        if let Some(job) = job.as_object_mut() {
            job.insert("shares".to_owned(), json!(path(one, "json")));
        }
        job
    });
    step("esbuild (explain)", || esbuild(jobs.collect()))?;
    inside()
        .map(|one| {
            let shares = serde_json::from_slice(&read(&path(one, "json"))?)
                .context("xtask/bundle.mjs wrote something else than shares; correct it.")?;
            Ok((one.name, shares))
        })
        .collect()
}

/// Where the page in Rust is served from.
pub fn page_folder() -> PathBuf {
    project::path("target").join(PAGE)
}

/// Builds it, and gives its folder.
pub fn page() -> Result<PathBuf> {
    tools::wasm_target()?;
    let folder = page_folder();
    let compiled = step("cargo build (page)", || compile(PAGE, &[], &[]))?;
    bindgen(PAGE, &compiled, &folder)?;
    for name in PAGE_FILES {
        let from = project::path("examples/page").join(name);
        fs::copy(&from, folder.join(name))
            .with_context(|| format!("{} can't be copied", from.display()))?;
    }
    Ok(folder)
}

/// Builds the program of a framework in Rust, a crate with a lock of its own, with or without claviger, and gives its
/// folder.
pub fn program(framework: &str, signs_in: bool) -> Result<PathBuf> {
    tools::wasm_target()?;
    let name = if signs_in {
        framework.to_owned()
    } else {
        format!("{framework}, without claviger")
    };
    let target = project::path("target/rust-frameworks");
    let manifest = project::path(PROGRAMS).join(framework).join("Cargo.toml");
    let (manifest, built) = (manifest.to_string_lossy(), target.to_string_lossy());
    let mut arguments = vec![
        "--locked",
        "--manifest-path",
        &manifest,
        "--target-dir",
        &built,
    ];
    if !signs_in {
        arguments.push("--no-default-features");
    }
    let compiled = step(&format!("cargo build ({name})"), || {
        compile(PROGRAM, &arguments, &[])
    })?;
    let folder = target.join(name);
    let _ = fs::remove_dir_all(&folder);
    bindgen(PROGRAM, &compiled, &folder)?;
    shrink_program(&folder.join(format!("{PROGRAM}_bg.wasm")))?;
    for name in PROGRAM_FILES {
        let from = project::path(PROGRAMS).join(name);
        fs::copy(&from, folder.join(name))
            .with_context(|| format!("{} can't be copied", from.display()))?;
    }
    Ok(folder)
}

/// As the frameworks' own tools do for a release, with what Rust's target has by default.
fn shrink_program(module: &Path) -> Result<()> {
    let mut command = project::command("node");
    command
        .arg(project::path("xtask/node_modules/binaryen/bin/wasm-opt"))
        .arg(module)
        .args([
            "--enable-bulk-memory",
            "--enable-bulk-memory-opt",
            "--enable-multivalue",
            "--enable-mutable-globals",
            "--enable-nontrapping-float-to-int",
            "--enable-reference-types",
            "--enable-sign-ext",
            "--strip-debug",
            "-Oz",
            "-o",
        ])
        .arg(module);
    process::must(
        command,
        "The program can't be made smaller; see the words of Node and binaryen below.",
    )?;
    Ok(())
}

/// What wasm-bindgen made of such a program: its module, its script, and the scripts that its crates bring along.
pub fn program_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let is_ours = PROGRAM_FILES.iter().any(|name| path.ends_with(name));
        if path.is_dir() {
            files.extend(program_files(&path)?);
        } else if !is_ours {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn compile(package: &str, features: &[&str], rustflags: &[&str]) -> Result<Vec<u8>> {
    let mut command = project::cargo();
    command
        .args([
            "build",
            "--package",
            package,
            "--lib",
            "--release",
            "--target",
            tools::WASM,
        ])
        .arg("--message-format=json-render-diagnostics")
        .args(features)
        .arg("--config")
        .arg(configured(rustflags)?)
        // They would replace those of .cargo/config.toml, and the bytes would depend on the machine.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    let messages = process::read(
        command,
        "The Rust code doesn't compile for WebAssembly; correct what the compiler says below.",
    )?;
    let module = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message.pointer("/target/name") == Some(&json!(package)))
        .filter_map(|message| message.get("filenames")?.as_array().cloned())
        .flatten()
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .find(|file| {
            file.extension()
                .is_some_and(|extension| extension == "wasm")
        })
        .context("cargo made no WebAssembly module; the crate's type must include cdylib.")?;
    // Read at once: the other variant's build replaces the file.
    read(&module)
}

/// Flags as a setting of cargo's, among them those that take the folders of this machine out of the
/// module: whatever tells where a panic happened holds them.
fn configured(rustflags: &[&str]) -> Result<String> {
    let mut folders = Vec::new();
    if let Some(home) = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))
    {
        let registries = fs::read_dir(home.join("registry/src"))
            .into_iter()
            .flatten();
        folders.extend(registries.filter_map(|entry| Some(entry.ok()?.path())));
    }
    // In one order, or cargo would compile anew.
    folders.sort();
    let mut command = project::command("rustc");
    command.args(["--print", "sysroot"]);
    let sysroot = process::read(
        command,
        "rustc doesn't run; install Rust from https://rustup.rs.",
    )?;
    folders.push(Path::new(sysroot.trim()).join("lib/rustlib/src/rust"));
    let flags: Vec<String> = folders
        .iter()
        .map(|folder| format!("--remap-path-prefix={}=", folder.display()))
        .chain(rustflags.iter().map(|flag| (*flag).to_owned()))
        .collect();
    Ok(format!("target.{}.rustflags={}", tools::WASM, json!(flags)))
}

fn folder(variant: &Variant) -> PathBuf {
    project::path("target/pkg").join(variant.name)
}

fn optimize(variant: &Variant, compiled: &[u8], lock: &[u8]) -> Result<()> {
    let folder = folder(variant);
    fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    let outputs = [GLUE, "module.wasm", SCRIPT_GLUE, SCRIPT].map(|name| folder.join(name));
    let module = folder.join("module.wasm");
    // The version of wasm-bindgen stands in the module.
    let scripts = ["xtask/shrink.mjs", "xtask/no-wasm.mjs"].map(|name| read(&project::path(name)));
    let [shrink, no_wasm] = scripts;
    let inputs = [compiled, lock, &shrink?, &no_wasm?];
    let stamp = Stamp::new(folder.join("module.stamp"), &inputs, outputs.to_vec());
    if stamp.is_fresh() {
        return Ok(());
    }
    noted_step(
        &format!("wasm-bindgen, wasm-opt ({})", variant.name),
        || {
            bindgen("generated", compiled, &folder)?;
            let mut command = project::command("node");
            command
                .arg(project::path("xtask/shrink.mjs"))
                .args([&folder.join("generated.js"), &folder.join(NAMED)])
                .args(&outputs);
            process::must(
                command,
                "The module can't be made smaller; see the words of Node and binaryen below.",
            )?;
            let note = format!("{} -> {} bytes", compiled.len(), read(&module)?.len());
            Ok(((), note))
        },
    )?;
    stamp.write()
}

fn bindgen(name: &str, compiled: &[u8], folder: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(folder.join("snippets"));
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(name, compiled.to_vec())
        .web(true)
        .and_then(|bindgen| {
            bindgen
                // The entries have their module inside.
                .omit_default_module_path(![PAGE, PROGRAM].contains(&name))
                .typescript(false)
                .remove_producers_section(true)
                .generate(folder)
        })
        .context("wasm-bindgen failed; its version in xtask/Cargo.toml and that of wasm-bindgen in Cargo.lock must be the same")
}

fn bundle(lock: &[u8]) -> Result<()> {
    let mut jobs: Vec<Value> = ENTRIES
        .iter()
        .flat_map(|one| {
            [
                job(one, &entry(one.name), false),
                job(one, &production(one.name), true),
            ]
        })
        .collect();
    let mut inputs = vec![
        lock.to_vec(),
        tables::scripts(OPENID.groups, false)
            .to_string()
            .into_bytes(),
    ];
    for script in ["xtask/bundle.mjs", "xtask/module-text.mjs"] {
        inputs.push(read(&project::path(script))?);
    }
    for variant in VARIANTS {
        let folder = folder(variant);
        inputs.push(read(&folder.join("module.wasm"))?);
        inputs.extend(scripts(&folder)?);
    }
    for name in SCRIPTS {
        let facade = project::path(&format!("pkg/entries/{name}.js"));
        jobs.push(
            json!({ "entry": facade, "out": entry(name), "tables": tables::scripts(FULL.groups, false) }),
        );
    }
    inputs.extend(scripts(&project::path("pkg"))?);

    let module = project::path(MODULE);
    let outputs = ENTRIES
        .iter()
        .flat_map(|one| [entry(one.name), production(one.name)])
        .chain(SCRIPTS.map(entry))
        .chain([module.clone()])
        .collect();
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let stamp = Stamp::new(project::path("target/pkg/bundle.stamp"), &inputs, outputs);
    if stamp.is_fresh() {
        return Ok(());
    }
    step("esbuild", || esbuild(jobs))?;
    let streamed = folder(&FULL).join("module.wasm");
    fs::copy(&streamed, &module).with_context(|| format!("{MODULE} can't be written"))?;
    stamp.write()
}

fn job(one: &Entry, out: &Path, is_production: bool) -> Value {
    let folder = folder(one.variant);
    json!({
        "entry": project::path(one.facade),
        "out": out,
        "glue": folder.join(if one.is_script { SCRIPT_GLUE } else { GLUE }),
        "wasm": folder.join("module.wasm"),
        "script": folder.join(SCRIPT),
        "tables": tables::scripts(one.variant.groups, is_production),
        "production": is_production,
    })
}

fn esbuild(jobs: Vec<Value>) -> Result<()> {
    // The texts of all entries together are longer than an argument may be.
    let path = project::path("target/bundle.json");
    fs::write(&path, Value::Array(jobs).to_string())
        .with_context(|| format!("{} can't be written", path.display()))?;
    let mut command = project::command("node");
    command.arg(project::path("xtask/bundle.mjs")).arg(path);
    process::must(
        command,
        "The JavaScript can't be bundled; see esbuild's words below.",
    )
    .map(drop)
}

/// Every script below a folder with its name, in a fixed order; what is generated last is none of its inputs.
fn scripts(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let mut found = Vec::new();
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if path != project::path("pkg/wasm") {
                found.extend(scripts(&path)?);
            }
        } else if path.extension().is_some_and(|extension| extension == "js") {
            found.push([path.to_string_lossy().as_bytes(), &read(&path)?].concat());
        }
    }
    Ok(found)
}
