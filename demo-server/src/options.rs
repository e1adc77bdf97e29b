//! Where the server listens, and what it serves.

use std::path::{Path, PathBuf};

pub struct Options {
    /// The application's port; 0 is any, and one that is taken gives way to a free one.
    pub app_port: u16,
    /// The server's port, likewise.
    pub server_port: u16,
    /// The folder served at the application's `/`.
    pub www: PathBuf,
    /// The folder served at the application's `/pkg/`.
    pub pkg: PathBuf,
    /// Redirect URIs registered for every client, beside the application's `/`. Their origins may
    /// read the API, too.
    pub redirect_uris: Vec<String>,
}

impl Options {
    /// The demo's own ports and folders, given the repository's root.
    pub fn new(root: &Path) -> Self {
        Self {
            app_port: 4180,
            server_port: 4181,
            www: root.join("www"),
            pkg: root.join("pkg"),
            redirect_uris: Vec::new(),
        }
    }
}
