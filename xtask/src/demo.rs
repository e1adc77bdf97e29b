//! The demo in a browser: for a person, or in headless Chromium as a check.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::thread;

use anyhow::Result;

use crate::build;
use crate::chromium;
use crate::process;
use crate::progress::{say, step};
use crate::project;
use crate::servers::{Demo, Ports};
use crate::tools;

/// `cargo xtask demo`: until Ctrl-C.
pub fn run(ports: &Ports, in_rust: bool) -> Result<()> {
    build::run()?;
    let mut options = ports.options();
    if in_rust {
        options.www = build::page()?;
    }
    let demo = Demo::start(options)?;
    say(&format!(
        "The demo is at {}/; sign in as ada@example.com, password demo. Ctrl-C ends it.",
        demo.app
    ));
    open(&demo.app);
    loop {
        thread::park();
    }
}

/// `cargo xtask demo --check`: signs in with each flow, has wrong ID tokens refused, and says each step.
pub fn check(ports: &Ports) -> Result<()> {
    build::run()?;
    tools::packages("tests")?;
    let chromium = chromium::path()?;
    let demo = Demo::start(ports.options())?;
    step("sign in with headless Chromium", || {
        drive(&demo, &chromium, say)
    })
}

/// Tells each step once it was seen; one that was not is an error.
pub fn drive(demo: &Demo, chromium: &Path, tell: impl FnMut(&str)) -> Result<()> {
    let mut command = project::command("node");
    command
        .arg(project::path("xtask/demo-check.mjs"))
        .env(chromium::VARIABLE, chromium)
        .env("CLAVIGER_DEMO", demo.description().to_string());
    process::each_line(
        command,
        "The demo's sign-in stopped after the last step that was told; see below.",
        tell,
    )
}

/// In the person's browser, where there is one.
fn open(address: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let has_display = cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
    if has_display {
        // The browser is the person's own: it must not end with us, so a shell that ends at once is its parent. Where
        // there is none, the address above is enough.
        let _ = Command::new("sh")
            .args(["-c", r#""$0" "$1" </dev/null >/dev/null 2>&1 &"#])
            .args([program, address])
            .process_group(0)
            .status();
    }
}
