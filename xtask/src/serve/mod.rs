//! Real authorization servers on loopback: installed when missing, started, described by one JSON
//! line, and ended with everything they started.
//!
//! A server is a program that prints one JSON object with its `name` on standard output when it
//! listens, says what is wrong on standard error, and ends when its standard input ends. The last
//! is what holds, on every system, when this process is killed without a chance to clean up.

pub mod debian;
mod doorkeeper;

use std::fmt;
use std::io::{BufRead, BufReader, PipeWriter, Read};
use std::os::unix::process::parent_id;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::process::{self, Child};
use crate::progress::{say, step};

/// A loaded machine needs some ten seconds for Rails.
const PATIENCE: Duration = Duration::from_secs(60);
const TICK: Duration = Duration::from_millis(200);
/// How much of what a server says is kept for the sentence about its failure.
const WORDS_KEPT: usize = 12;

const SERVERS: &[Kind] = &[doorkeeper::KIND];

/// What is different from server to server.
struct Kind {
    name: &'static str,
    /// The error says why it can't be installed on this machine.
    install: fn() -> Result<(), String>,
    command: fn(&Options) -> Command,
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

#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// There is no server of this name.
    Unknown(String),
    /// It can't be installed on this machine: tests leave it out, and say so.
    Unavailable { name: &'static str, reason: String },
    /// It is installed and did not start: tests fail.
    Failed { name: &'static str, reason: String },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(
                f,
                "there is no server {name}; there is: {}",
                names().join(", ")
            ),
            Self::Unavailable { name, reason } => {
                write!(f, "{name} can't be installed here: {reason}")
            }
            Self::Failed { name, reason } => write!(f, "{name} did not start: {reason}"),
        }
    }
}

impl std::error::Error for Error {}

pub fn names() -> Vec<&'static str> {
    SERVERS.iter().map(|kind| kind.name).collect()
}

/// A running server; dropping it ends it.
pub struct Server {
    name: &'static str,
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
}

/// Installs the server when it is missing, starts it and waits until it listens.
///
/// On Linux the server also ends with the thread that called this, so call it on one that stays.
pub fn start(name: &str, options: &Options) -> Result<Server, Error> {
    let Some(kind) = SERVERS.iter().find(|kind| kind.name == name) else {
        return Err(Error::Unknown(name.to_owned()));
    };
    start_kind(kind, options, PATIENCE)
}

/// `cargo xtask serve NAME`: prints the description and runs until this process is told to end, or
/// its parent is gone.
pub fn run(name: &str, options: &Options) -> anyhow::Result<()> {
    end_with_parent();
    let mut server = start(name, options)?;
    println!("{}", server.describe());
    while !server.child.has_ended() {
        thread::sleep(TICK);
    }
    anyhow::bail!("{} ended by itself: {}", server.name, server.words.said())
}

/// Ends this process and its children when its parent is gone: who started it in the background and
/// was killed can't end it any more.
pub fn end_with_parent() {
    let parent = parent_id();
    thread::spawn(move || {
        while parent_id() == parent {
            thread::sleep(TICK);
        }
        process::exit(1);
    });
}

fn start_kind(kind: &Kind, options: &Options, patience: Duration) -> Result<Server, Error> {
    let name = kind.name;
    (kind.install)().map_err(|reason| Error::Unavailable { name, reason })?;
    let failed = |reason: String| Error::Failed { name, reason };
    for uri in &options.redirect_uris {
        if uri.is_empty() || uri.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(failed(format!(
                "{uri:?} is no redirect URI; it is empty or holds a space"
            )));
        }
    }
    let mut started = Err(failed(String::new()));
    // The step's own error is not used: the typed one says more.
    let _ = step(&format!("start {name}"), || {
        started = launch(name, (kind.command)(options), patience).map_err(failed);
        anyhow::ensure!(started.is_ok());
        Ok(())
    });
    started
}

fn launch(name: &'static str, mut command: Command, patience: Duration) -> Result<Server, String> {
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
        name,
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

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

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
    fn an_unknown_name_lists_the_known_ones() {
        let error = start("keycloak", &Options::default()).err();
        assert_eq!(error, Some(Error::Unknown("keycloak".to_owned())));
        assert_eq!(
            error.map(|error| error.to_string()).unwrap_or_default(),
            "there is no server keycloak; there is: doorkeeper"
        );
    }

    #[test]
    fn what_can_not_be_installed_is_told_from_what_fails() {
        let kind = |install| Kind {
            name: "fake",
            install,
            command: |_| shell("echo broken >&2; exit 1"),
        };
        let start = |kind: Kind| {
            start_kind(&kind, &Options::default(), PATIENCE)
                .err()
                .map(|error| error.to_string())
        };
        assert_eq!(
            start(kind(|| Err("no Debian".to_owned()))).as_deref(),
            Some("fake can't be installed here: no Debian")
        );
        assert_eq!(
            start(kind(|| Ok(()))).as_deref(),
            Some("fake did not start: broken")
        );
    }

    #[test]
    fn a_redirect_uri_with_a_space_would_be_two() {
        let kind = Kind {
            name: "fake",
            install: || Ok(()),
            command: |_| shell("exit 1"),
        };
        for uri in [
            "",
            "http://a/ http://b/",
            "http://a/\nhttp://b/",
            "http://a/\0",
        ] {
            let options = Options {
                redirect_uris: vec![uri.to_owned()],
                ..Options::default()
            };
            let error = start_kind(&kind, &options, PATIENCE)
                .err()
                .map(|error| error.to_string());
            assert_eq!(
                error,
                Some(format!(
                    "fake did not start: {uri:?} is no redirect URI; it is empty or holds a space"
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
