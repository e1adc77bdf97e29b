//! What children print.

use std::io::{PipeReader, PipeWriter, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// What comes out of a pipe, collected beside the wait for the child.
pub(super) struct Collected {
    bytes: Arc<Mutex<Vec<u8>>>,
    ended: Receiver<()>,
}

impl Collected {
    /// Both output streams of a command that has not started, in their order; its input is closed.
    pub(super) fn of(command: &mut Command) -> Result<Self> {
        let (reader, writer) = pipe()?;
        let other = writer
            .try_clone()
            .context("No pipe could be opened; close some programs and try again")?;
        command.stdin(Stdio::null()).stdout(writer).stderr(other);
        Ok(Self::start(reader))
    }

    /// Standard error alone.
    pub(super) fn errors_of(command: &mut Command) -> Result<Self> {
        let (reader, writer) = pipe()?;
        command.stderr(writer);
        Ok(Self::start(reader))
    }

    fn start(mut reader: PipeReader) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let (done, ended) = mpsc::channel();
        let shared = Arc::clone(&bytes);
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let chunk = buffer.get(..count).unwrap_or_default();
                shared
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend_from_slice(chunk);
            }
            let _ = done.send(());
        });
        Self { bytes, ended }
    }

    /// Everything so far; waits a moment for the rest, and not for a stranger that holds the pipe open.
    pub(super) fn text(&self) -> String {
        let _ = self.ended.recv_timeout(Duration::from_secs(1));
        String::from_utf8_lossy(&self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
            .into_owned()
    }
}

fn pipe() -> Result<(PipeReader, PipeWriter)> {
    std::io::pipe().context("No pipe could be opened; close some programs and try again")
}
