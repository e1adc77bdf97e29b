//! What a server is to be started with, and how each kind of server is.

use std::process::Command;

/// What is different from server to server.
#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    /// The error says why it can't be installed on this machine.
    pub install: fn() -> Result<(), String>,
    pub command: fn(&Options) -> Command,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A taken port is replaced by a free one. None: the server's own.
    pub port: Option<u16>,
    /// Registered for every client, beside the demo's.
    pub redirect_uris: Vec<String>,
    /// CORS at the endpoints of the protocol too, on a server that comes without.
    pub cors: bool,
    /// A second login gets the token of the first.
    pub reuse_tokens: bool,
}

impl Options {
    /// What every server understands. One argument each, so that a URI is never taken for an option.
    pub fn listen(&self, command: &mut Command) {
        if let Some(port) = self.port {
            command.arg(format!("--port={port}"));
        }
        let uris = self.redirect_uris.iter();
        command.args(uris.map(|uri| format!("--redirect-uri={uri}")));
    }
}
