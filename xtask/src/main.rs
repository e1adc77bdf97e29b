//! `cargo xtask`: everything that a developer or a release does, with nothing installed globally.

#[cfg(not(unix))]
compile_error!("cargo xtask runs on Linux and macOS; on Windows run it in WSL.");

mod bench;
mod build;
mod chromium;
mod counts;
mod demo;
mod explain;
mod fuzz;
mod imports;
mod matrix;
mod measure;
mod process;
mod progress;
mod project;
mod release;
mod reproducible;
mod sbom;
mod serve;
mod servers;
mod size;
mod stamp;
mod supply;
mod tables;
mod test;
mod tools;

use anyhow::{Result, ensure};
use clap::{Args, Parser, Subcommand};

use crate::progress::Sink;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Builds, shows, measures and tests Claviger",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Shows the demo in your browser, until Ctrl-C
    Demo {
        /// Signs in with headless Chromium instead, and says each step
        #[arg(long)]
        check: bool,
        /// The page in Rust instead, the one of examples/page
        #[arg(long, conflicts_with = "check")]
        rust: bool,
        #[command(flatten)]
        ports: servers::Ports,
    },
    /// Runs every check and test; the last line has the counts
    Test {
        /// Formatting, imports, lints and native tests alone
        #[arg(long)]
        fast: bool,
        /// Only the test files of tests/node and tests/e2e whose names have this in them
        #[arg(long, value_name = "NAME", conflicts_with = "fast")]
        only: Option<String>,
    },
    /// Builds the npm package in pkg/
    Build,
    /// Builds, and measures the npm entries against their ceilings
    Size {
        /// Tells what each feature, crate and file of the facade costs, too
        #[arg(long)]
        explain: bool,
    },
    /// Builds, and measures the npm entries beside other clients, in headless Chromium
    Bench(bench::Options),
    /// Builds, and signs in with the packed package in a project of each bundler and runtime
    Matrix {
        /// These alone, by the names of their folders in tests/matrix/ or tests/rust-frameworks/
        tools: Vec<String>,
    },
    /// Tries inputs that nobody thought of on the targets of fuzz/, one after the other
    Fuzz {
        /// This one alone, by the name of its file in fuzz/fuzz_targets/
        target: Option<String>,
        /// For each target
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Asks cargo-deny for the licences, versions and sources of all crates, and installs it where it is missing
    Supply,
    /// Looks whether everything is ready for a release, and publishes nothing
    Release {
        /// Has to be said, because making a release is a person's doing: see docs/releasing.md
        #[arg(long, required = true)]
        dry_run: bool,
    },
    /// Builds the sources of this folder anew in another, and compares the packages byte for byte
    Reproducible,
    /// Runs an authorization server on loopback until Ctrl-C, and prints what it is as one JSON line
    Serve(Serve),
}

#[derive(Args)]
struct Serve {
    /// demo, doorkeeper, django, or oidc-provider
    name: String,
    /// Where it listens; a port that is taken is replaced by a free one, 0 is any
    #[arg(long)]
    port: Option<u16>,
    /// Registered for every client; may be given several times
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// doorkeeper: CORS at the protocol's own endpoints too
    #[arg(long)]
    cors: bool,
    /// doorkeeper: a second login gets the token of the first
    #[arg(long)]
    reuse_tokens: bool,
}

fn main() {
    let arguments = Arguments::parse();
    let result = process::guard().and_then(|()| run(arguments.command));
    if let Err(error) = &result {
        progress::clear();
        eprintln!("error: {error:#}");
    }
    process::exit(i32::from(result.is_err()));
}

fn run(command: Command) -> Result<()> {
    progress::to(if matches!(command, Command::Serve(_)) {
        Sink::Stderr
    } else {
        Sink::Stdout
    });
    match command {
        Command::Demo {
            check: false,
            rust,
            ports,
        } => demo::run(&ports, rust),
        Command::Demo {
            check: true, ports, ..
        } => {
            process::adopt_orphans()?;
            demo::check(&ports)
        }
        Command::Test { fast, only } => {
            process::adopt_orphans()?;
            test::run(&match only {
                Some(name) => test::Which::Files(name),
                None if fast => test::Which::Fast,
                None => test::Which::All,
            });
            Ok(())
        }
        Command::Build => build::run(),
        Command::Size { explain } => size::run(explain),
        Command::Bench(options) => {
            process::adopt_orphans()?;
            bench::run(&options)
        }
        Command::Matrix { tools } => {
            process::adopt_orphans()?;
            matrix::run(tools)
        }
        Command::Fuzz { target, seconds } => fuzz::run(target.as_deref(), seconds),
        Command::Supply => supply::run(),
        Command::Release { dry_run: _ } => release::dry_run(),
        Command::Reproducible => reproducible::run(),
        Command::Serve(options) => {
            process::adopt_orphans()?;
            serve_until_told(options)
        }
    }
}

fn serve_until_told(options: Serve) -> Result<()> {
    let Serve {
        name,
        port,
        redirect_uri,
        cors,
        reuse_tokens,
    } = options;
    ensure!(
        name == "doorkeeper" || (!cors && !reuse_tokens),
        "--cors and --reuse-tokens are doorkeeper's; leave them out for {name}."
    );
    if name == "demo" {
        return servers::serve_demo(port, redirect_uri);
    }
    serve::run(
        &name,
        &serve::Options {
            port,
            redirect_uris: redirect_uri,
            cors,
            reuse_tokens,
        },
    )
}
