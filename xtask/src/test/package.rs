//! The steps that use the package as its users get it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
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
const CODE_REDIRECT_URI: &str = "CLAVIGER_CODE_REDIRECT_URI";

const NO_PORT: &str = "No port is free on loopback";

pub fn size(report: &Report) {
    report.noted_check("size", || Ok(((), format!("\n{}", size::check()?))));
}

/// The package as npm would publish it.
pub fn pack(report: &Report) -> Option<PathBuf> {
    report.check("npm pack", || {
        packed(&project::root(), &project::path("target"))
    })
}

/// The same, of the repository in `root`, as a file of `folder`.
pub fn packed(root: &Path, folder: &Path) -> Result<PathBuf> {
    let mut command = project::command("npm");
    command
        .current_dir(root.join("pkg"))
        .args(["pack", "--silent", "--pack-destination"])
        .arg(folder);
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
            // The module's own file is no script, and has no types.
            &[
                "--profile",
                "esm-only",
                "--exclude-entrypoints",
                "claviger.wasm",
                "--",
            ],
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

/// In Node, where there is no page: the files that have `part` in their names.
pub fn node(report: &Report, servers: &Servers, tarball: &Path, part: &str) {
    files(report, "node", part, |command| {
        servers.tell(command, tarball)
    });
}

/// In Chromium: the files that have `part` in their names.
pub fn e2e(report: &Report, servers: &Servers, chromium: &Path, tarball: &Path, part: &str) {
    files(report, "e2e", part, |command| {
        servers.tell(command, tarball);
        command
            .env(chromium::VARIABLE, chromium)
            .env(DEMO, servers.demo.description().to_string())
            .env("CLAVIGER_RUST_PAGE", servers.page.description().to_string());
    });
}

fn files(report: &Report, folder: &str, part: &str, environment: impl FnOnce(&mut Command)) {
    let files = report.prepare(folder, || node::files(folder));
    let mut files = files.unwrap_or_default();
    files.retain(|file| file.contains(part));
    if !files.is_empty() {
        report.program(folder, || node::run(folder, &files, environment));
    }
}

/// The servers of the end-to-end tests, for as long as this lives.
pub struct Servers {
    demo: Demo,
    /// The same with the page in Rust.
    page: Demo,
    /// Where the tests listen for a redirect themselves: one for each file that does, because files run side by side.
    redirect_uris: [String; 6],
    real: Vec<Real>,
}

impl Servers {
    /// The real ones are installed and started meanwhile.
    pub fn start<'scope>(scope: &'scope Scope<'scope, '_>, report: &'scope Report) -> Result<Self> {
        let [first, code, engines, engines_code, windows, openid] = free_ports()?;
        let at_localhost = |port| format!("http://localhost:{port}/cb");
        let redirect_uris = [
            at_localhost(first),
            at_localhost(code),
            at_localhost(engines),
            at_localhost(engines_code),
            // The site of the servers, whose cookies come along in a frame of the same site alone.
            format!("http://127.0.0.1:{windows}/callback"),
            format!("http://127.0.0.1:{openid}/cb"),
        ];
        let mut options = servers::options();
        options.redirect_uris.extend(redirect_uris.clone());
        // Ports of their own, so that a demo that is running stays as it is.
        (options.app_port, options.server_port) = (0, 0);
        let demo = Demo::start(options)?;
        let mut options = servers::options();
        (options.app_port, options.server_port) = (0, 0);
        options.www = build::page_folder();
        let page = Demo::start(options)?;
        let options = serve::Options {
            port: Some(0),
            redirect_uris: [vec![format!("{}/", demo.app)], redirect_uris.to_vec()].concat(),
            ..serve::Options::default()
        };
        let real = real::start(scope, report, &options)?;
        Ok(Self {
            demo,
            page,
            redirect_uris,
            real,
        })
    }

    /// What the tests of the engines are told.
    pub fn for_engines(&self) -> [(&'static str, String); 3] {
        [
            (DEMO, self.demo.description().to_string()),
            (REDIRECT_URI, self.redirect_uris[2].clone()),
            (CODE_REDIRECT_URI, self.redirect_uris[3].clone()),
        ]
    }

    /// What both kinds of tests need to know.
    fn tell(&self, tests: &mut Command, tarball: &Path) {
        tests
            .env(TARBALL, tarball)
            .env(REDIRECT_URI, &self.redirect_uris[0])
            .env(CODE_REDIRECT_URI, &self.redirect_uris[1])
            .env("CLAVIGER_WINDOWS_REDIRECT_URI", &self.redirect_uris[4])
            .env("CLAVIGER_OPENID_REDIRECT_URI", &self.redirect_uris[5]);
        for server in &self.real {
            server.tell(tests);
        }
    }
}

/// Ports that nobody listens on now; the tests will. They are below those that a system gives to whoever asks for any (from
/// 32,768 on, where it is Linux), of which each test file takes some meanwhile.
fn free_ports() -> Result<[u16; 6]> {
    let own = u16::try_from(std::process::id() % 11_000).unwrap_or_default();
    let mut listeners = (20_000_u16.saturating_add(own)..32_768)
        .filter_map(|port| TcpListener::bind(("127.0.0.1", port)).ok());
    // All at once, or they would be the same.
    let listeners = [(); 6].map(|()| listeners.next());
    let mut ports = [0; 6];
    for (port, listener) in ports.iter_mut().zip(&listeners) {
        let listener = listener.as_ref().context(NO_PORT)?;
        *port = listener.local_addr().context(NO_PORT)?.port();
    }
    Ok(ports)
}
