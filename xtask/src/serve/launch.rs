//! A server as a child process: from its start to its description, and what it says meanwhile.

use std::io::{BufRead, BufReader, PipeWriter, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::process::Child;
use crate::progress::say;

/// How often a wait looks again.
const TICK: Duration = Duration::from_millis(200);
/// How much of what a server says is kept for the sentence about its failure.
const WORDS_KEPT: usize = 12;

/// A running server; dropping it ends it.
pub struct Server {
    child: Child,
    /// The server ends when this end of its standard input is closed.
    _lifeline: PipeWriter,
    words: Words,
    description: Value,
}

impl Server {
    /// What it said when it was ready: `name`, `origin`, endpoints, clients, user.
    pub fn describe(&self) -> &Value {
        &self.description
    }

    /// Waits until it ends by itself, and gives what it said last.
    pub fn words_at_its_end(mut self) -> String {
        while !self.child.has_ended() {
            thread::sleep(TICK);
        }
        self.words.said()
    }
}

/// Waits until it listens; the error is what it said instead.
pub(super) fn launch(
    name: &'static str,
    mut command: Command,
    patience: Duration,
) -> Result<Server, String> {
    let no_pipe = |error: std::io::Error| format!("no pipe could be opened: {error}");
    let (input, lifeline) = std::io::pipe().map_err(no_pipe)?;
    let (errors, error_writer) = std::io::pipe().map_err(no_pipe)?;
    command
        .stdin(input)
        .stdout(Stdio::piped())
        .stderr(error_writer);
    let mut child = Child::start(command).map_err(|error| format!("{error:#}"))?;
    let words = Words::of(name, errors);
    let Some(stdout) = child.stdout() else {
        return Err("its standard output is missing".to_owned());
    };
    let lines = lines_of(stdout);

    let deadline = Instant::now() + patience;
    let line = loop {
        match lines.recv_timeout(TICK) {
            Ok(line) => break line,
            Err(RecvTimeoutError::Disconnected) => {
                drop(child);
                return Err(words.said());
            }
            Err(RecvTimeoutError::Timeout) if Instant::now() > deadline => {
                drop(child);
                return Err(format!(
                    "it was not ready after {} s; {}",
                    patience.as_secs(),
                    words.said()
                ));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    };
    let description = description(name, &line)?;
    words.forward();
    Ok(Server {
        child,
        _lifeline: lifeline,
        words,
        description,
    })
}

/// The line with which a server says that it is ready.
fn description(name: &str, line: &str) -> Result<Value, String> {
    let strange = || format!("it printed something else than its description: {line}");
    let value: Value = serde_json::from_str(line).map_err(|_| strange())?;
    if value.get("name").and_then(Value::as_str) != Some(name) {
        return Err(strange());
    }
    Ok(value)
}

/// Reads to the end whatever happens, so that the writer never blocks.
fn lines_of(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            // Nobody listens any more after the first line.
            let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
        }
    });
    lines
}

/// What a server says on standard error: kept until it is ready, then shown.
struct Words {
    heard: Arc<Mutex<Heard>>,
    ended: Receiver<()>,
}

#[derive(Default)]
struct Heard {
    kept: Vec<String>,
    forward: bool,
}

fn lock(heard: &Mutex<Heard>) -> MutexGuard<'_, Heard> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Words {
    fn of(name: &'static str, stream: impl Read + Send + 'static) -> Self {
        let heard = Arc::new(Mutex::new(Heard::default()));
        let (done, ended) = mpsc::channel();
        let shared = Arc::clone(&heard);
        thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).trim_end().to_owned();
                if line.is_empty() {
                    continue;
                }
                let mut heard = lock(&shared);
                if heard.forward {
                    say(&format!("{name}: {line}"));
                }
                // Ruby says at the top of a stack trace what happened, Python at its end.
                if heard.kept.len() >= WORDS_KEPT {
                    heard.kept.remove(WORDS_KEPT / 2);
                }
                heard.kept.push(line);
            }
            let _ = done.send(());
        });
        Self { heard, ended }
    }

    /// From now on what it says is shown at once.
    fn forward(&self) {
        lock(&self.heard).forward = true;
    }

    /// What a server that ended has said.
    fn said(&self) -> String {
        let _ = self.ended.recv_timeout(Duration::from_secs(1));
        let heard = lock(&self.heard);
        if heard.kept.is_empty() {
            return "it said nothing".to_owned();
        }
        heard.kept.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::shell;

    fn launched(script: &str) -> Result<Server, String> {
        launch("fake", shell(script), Duration::from_secs(20))
    }

    fn reason(script: &str) -> String {
        launched(script).err().unwrap_or_default()
    }

    #[test]
    fn the_line_must_be_the_servers_own() {
        assert!(
            description(
                "doorkeeper",
                r#"{"name":"doorkeeper","origin":"http://127.0.0.1:1"}"#
            )
            .is_ok()
        );
        for line in [
            "",
            "=> Booting",
            r#"{"name":"django"}"#,
            r#"{"origin":"x"}"#,
            r#"["doorkeeper"]"#,
        ] {
            assert_eq!(
                description("doorkeeper", line),
                Err(format!(
                    "it printed something else than its description: {line}"
                ))
            );
        }
    }

    #[test]
    fn its_words_explain_an_early_end() {
        assert_eq!(
            reason("echo port taken >&2; echo >&2; echo give up >&2; exit 3"),
            "port taken\ngive up"
        );
        assert_eq!(reason("exit 0"), "it said nothing");
        let long = reason("for i in $(seq 100); do echo $i >&2; done");
        assert_eq!(long.lines().count(), WORDS_KEPT);
        assert_eq!(long.lines().next(), Some("1"));
        assert_eq!(long.lines().last(), Some("100"));
    }

    #[test]
    fn patience_ends() {
        let result = launch(
            "fake",
            shell("echo loading >&2; sleep 100"),
            Duration::from_secs(1),
        );
        assert_eq!(
            result.err().as_deref(),
            Some("it was not ready after 1 s; loading")
        );
    }

    #[test]
    fn a_dropped_child_takes_its_group_with_it() {
        let script = r#"sleep 1000 & echo '{"name":"fake"}'; wait"#;
        let Ok(server) = launched(script) else {
            panic!("the fake server starts")
        };
        let Server { child, words, .. } = server;
        // Both processes hold standard error open; it ends with the last of them.
        assert_eq!(words.ended.try_recv(), Err(mpsc::TryRecvError::Empty));
        drop(child);
        assert_eq!(words.ended.recv_timeout(Duration::from_secs(5)), Ok(()));
    }

    #[test]
    fn a_server_sees_the_end_of_its_input() {
        let script = r#"trap '' TERM; echo '{"name":"fake"}'; cat; exit 0"#;
        let Ok(server) = launched(script) else {
            panic!("the fake server starts")
        };
        let Server {
            mut child,
            _lifeline,
            ..
        } = server;
        assert!(!child.has_ended());
        drop(_lifeline);
        let deadline = Instant::now() + Duration::from_secs(5);
        while !child.has_ended() && Instant::now() < deadline {
            thread::sleep(TICK);
        }
        assert!(child.has_ended());
    }
}
