//! The steps that use the package as its users get it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread::Scope;

use anyhow::{Context, Result, bail};

use super::node;
use super::real::{self, Real};
use super::report::Report;
use crate::build;
use crate::chromium;
use crate::demo;
use crate::process;
use crate::project;
use crate::serve;
use crate::servers::{self, Demo};
use crate::size;

/// What the tests read the package's path from, the embedded server's description, and where they listen.
pub const TARBALL: &str = "CLAVIGER_TARBALL";
const DEMO: &str = "CLAVIGER_DEMO";
const REDIRECT_URI: &str = "CLAVIGER_REDIRECT_URI";

const NO_PORT: &str = "No port is free on loopback";

/// The package as npm would publish it.
pub fn pack(report: &Report) -> Option<PathBuf> {
    report.noted_check("size", || Ok(((), format!("\n{}", size::check()?))));
    report.check("npm pack", || {
        let folder = project::path("target");
        let mut command = project::command("npm");
        command
            .current_dir(project::path("pkg"))
            .args(["pack", "--silent", "--pack-destination"])
            .arg(&folder);
        let name = process::read(
            command,
            "The package can't be packed; see npm's words below.",
        )?;
        let name = name.lines().last().unwrap_or_default().trim();
        let tarball = folder.join(name);
        if name.is_empty() || !tarball.is_file() {
            bail!("npm pack made no file; run npm pack in pkg/ to see why.");
        }
        Ok(tarball)
    })
}

pub fn types(report: &Report) {
    report.program("types", || node::tests("types", "types", |_| {}));
}

/// What the tools of npm's world say of the package's form.
pub fn form(report: &Report, tarball: &Path) {
    let tools: [(&str, &[&str], &str); 2] = [
        (
            "publint",
            &["run", "--strict"],
            "publint has something to say about pkg/package.json; see below.",
        ),
        (
            "attw",
            &["--profile", "esm-only"],
            "The types of the package don't fit its files; see below.",
        ),
    ];
    for (name, arguments, otherwise) in tools {
        report.check(name, || {
            let program = project::path("tests/node_modules/.bin").join(name);
            let mut command = project::command(&program.to_string_lossy());
            command
                .current_dir(project::path("tests"))
                .args(arguments)
                .arg(tarball);
            process::must(command, otherwise)
        });
    }
}

pub fn demo_check(report: &Report, servers: &Servers, chromium: &Path) {
    report.check("demo --check", || {
        demo::drive(&servers.demo, chromium, |_| {})
    });
}

pub fn e2e(report: &Report, servers: &Servers, chromium: &Path, tarball: &Path) {
    report.program("e2e", || {
        node::tests("e2e", "e2e", |command| {
            command
                .env(TARBALL, tarball)
                .env(chromium::VARIABLE, chromium)
                .env(DEMO, servers.demo.description().to_string())
                .env("CLAVIGER_RUST_PAGE", servers.page.description().to_string())
                .env(REDIRECT_URI, &servers.redirect_uri);
            for server in &servers.real {
                server.tell(command);
            }
        })
    });
}

/// The servers of the end-to-end tests, for as long as this lives.
pub struct Servers {
    demo: Demo,
    /// The same with the page in Rust.
    page: Demo,
    /// Where the tests listen for a redirect themselves.
    redirect_uri: String,
    /// Where those of the engines do, which run meanwhile.
    engines_redirect_uri: String,
    real: Vec<Real>,
}

impl Servers {
    /// The real ones are installed and started meanwhile.
    pub fn start<'scope>(scope: &'scope Scope<'scope, '_>, report: &'scope Report) -> Result<Self> {
        let [redirect_uri, engines_redirect_uri] =
            free_ports()?.map(|port| format!("http://localhost:{port}/cb"));
        let mut options = servers::options();
        options
            .redirect_uris
            .extend([redirect_uri.clone(), engines_redirect_uri.clone()]);
        // Ports of their own, so that a demo that is running stays as it is.
        (options.app_port, options.server_port) = (0, 0);
        let demo = Demo::start(options)?;
        let mut options = servers::options();
        (options.app_port, options.server_port) = (0, 0);
        options.www = build::page_folder();
        let page = Demo::start(options)?;
        let options = serve::Options {
            port: Some(0),
            redirect_uris: vec![format!("{}/", demo.app), redirect_uri.clone()],
            ..serve::Options::default()
        };
        let real = real::start(scope, report, &options)?;
        Ok(Self {
            demo,
            page,
            redirect_uri,
            engines_redirect_uri,
            real,
        })
    }

    /// What the tests of the engines are told.
    pub fn for_engines(&self) -> [(&'static str, String); 2] {
        [
            (DEMO, self.demo.description().to_string()),
            (REDIRECT_URI, self.engines_redirect_uri.clone()),
        ]
    }
}

/// Two ports that nobody listens on now; the tests will.
fn free_ports() -> Result<[u16; 2]> {
    // Both at once, or they would be the same.
    let listeners = [
        TcpListener::bind(("127.0.0.1", 0)).context(NO_PORT)?,
        TcpListener::bind(("127.0.0.1", 0)).context(NO_PORT)?,
    ];
    let [one, other] = listeners
        .each_ref()
        .map(|listener| listener.local_addr().context(NO_PORT));
    Ok([one?.port(), other?.port()])
}
