//! The authorization servers that a command needs while it runs.

use std::thread;

use anyhow::{Context, Result};
use demo_server::Options;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::project;

/// Where the embedded server listens; a port that is taken is replaced by a free one, 0 is any.
#[derive(clap::Args)]
pub struct Ports {
    /// The page's port [default: 4180]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// The authorization server's port [default: 4181]
    #[arg(long, value_name = "PORT")]
    server_port: Option<u16>,
}

impl Ports {
    pub fn options(&self) -> Options {
        let mut options = options();
        options.app_port = self.port.unwrap_or(options.app_port);
        options.server_port = self.server_port.unwrap_or(options.server_port);
        options
    }
}

/// The embedded server, with the run time that it answers on; it ends when this is dropped.
pub struct Demo {
    pub app: String,
    pub server: String,
    running: Option<demo_server::Running>,
    runtime: Runtime,
}

impl Demo {
    pub fn start(options: Options) -> Result<Self> {
        let runtime = Runtime::new()
            .context("No threads could be started; close some programs and try again")?;
        let running = runtime
            .block_on(demo_server::start(options))
            .context("The embedded server can't listen on loopback")?;
        let (app, server) = (running.app_origin.clone(), running.server_origin.clone());
        Ok(Self {
            app,
            server,
            running: Some(running),
            runtime,
        })
    }

    /// As `serve demo` prints it.
    pub fn description(&self) -> Value {
        let metadata = demo_server::metadata(&self.server);
        json!({
            "name": "demo",
            "app": self.app,
            "server": self.server,
            "issuer": metadata["issuer"],
            "authorization_endpoint": metadata["authorization_endpoint"],
            "token_endpoint": metadata["token_endpoint"],
            "revocation_endpoint": metadata["revocation_endpoint"],
        })
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.shutdown());
        }
    }
}

/// The demo's own ports and folders.
pub fn options() -> Options {
    Options::new(&project::root())
}

/// `cargo xtask serve demo`: until this process is told to end, or its parent is gone.
pub fn serve_demo(port: Option<u16>, redirect_uris: Vec<String>) -> Result<()> {
    let mut options = Ports {
        port,
        server_port: port.map(next),
    }
    .options();
    options.redirect_uris = redirect_uris;
    let demo = Demo::start(options)?;
    println!("{}", demo.description());
    loop {
        thread::park();
    }
}

/// The server listens beside the page; any port stays any port.
fn next(port: u16) -> u16 {
    if port == 0 {
        0
    } else {
        port.checked_add(1).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_the_demos_unless_chosen() {
        let options = Ports {
            port: None,
            server_port: None,
        }
        .options();
        assert_eq!((options.app_port, options.server_port), (4180, 4181));
        let options = Ports {
            port: Some(8000),
            server_port: Some(0),
        }
        .options();
        assert_eq!((options.app_port, options.server_port), (8000, 0));
    }

    #[test]
    fn the_server_listens_beside_the_page() {
        assert_eq!([0, 4180, u16::MAX].map(next), [0, 4181, 0]);
    }

    #[test]
    fn a_port_that_is_taken_is_replaced() -> Result<()> {
        let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
        let port = taken.local_addr()?.port();
        let demo = Demo::start(
            Ports {
                port: Some(port),
                server_port: Some(port),
            }
            .options(),
        )?;
        assert!(!demo.app.ends_with(&format!(":{port}")));
        assert!(!demo.server.ends_with(&format!(":{port}")));
        assert_ne!(demo.app.rsplit(':').next(), demo.server.rsplit(':').next());
        Ok(())
    }
}
