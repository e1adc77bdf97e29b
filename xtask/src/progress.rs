//! What is going on, a line per step with its seconds; a step that takes longer than a second shows while it runs.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

/// A step shows after this time, and again after each `REMIND` where lines can't be redrawn.
const SHOW: Duration = Duration::from_secs(1);
const REMIND: Duration = Duration::from_secs(30);

/// Where lines go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sink {
    Stdout,
    /// For commands whose standard output is data.
    Stderr,
}

static SINK: OnceLock<Sink> = OnceLock::new();
static RUNNING: Mutex<Running> = Mutex::new(Running {
    steps: Vec::new(),
    drawn: false,
    next: 0,
});

struct Running {
    steps: Vec<Step>,
    /// Whether the terminal's last line is the transient one.
    drawn: bool,
    next: u64,
}

struct Step {
    id: u64,
    name: String,
    start: Instant,
    shown: Option<Instant>,
}

fn running() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Chosen once, before the first line.
pub fn to(sink: Sink) {
    let _ = SINK.set(sink);
}

fn is_terminal() -> bool {
    match SINK.get() {
        Some(Sink::Stderr) => std::io::stderr().is_terminal(),
        _ => std::io::stdout().is_terminal(),
    }
}

fn write(text: &str) {
    if cfg!(test) {
        // The lines of a test's own steps would look like steps of the run.
        return;
    }
    // A closed pipe must not end the work.
    let _ = match SINK.get() {
        Some(Sink::Stderr) => std::io::stderr().lock().write_all(text.as_bytes()),
        _ => {
            let mut out = std::io::stdout().lock();
            out.write_all(text.as_bytes()).and_then(|()| out.flush())
        }
    };
}

impl Running {
    fn clear(&mut self) {
        if std::mem::take(&mut self.drawn) {
            write("\r\x1b[2K");
        }
    }

    fn tick(&mut self) {
        if is_terminal() {
            let names: Vec<String> = self
                .steps
                .iter()
                .filter(|step| step.start.elapsed() > SHOW)
                .map(|step| format!("{} {} s", step.name, step.start.elapsed().as_secs()))
                .collect();
            self.clear();
            if !names.is_empty() {
                let line: String = names.join(", ").chars().take(100).collect();
                write(&format!("… {line}"));
                self.drawn = true;
            }
            return;
        }
        for step in &mut self.steps {
            let due = match step.shown {
                None => step.start.elapsed() > SHOW,
                Some(last) => last.elapsed() > REMIND,
            };
            if due {
                let first = step.shown.replace(Instant::now()).is_none();
                let since = if first {
                    String::new()
                } else {
                    format!(" {} s", step.start.elapsed().as_secs())
                };
                write(&format!("… {}{since}\n", step.name));
            }
        }
    }
}

/// A line that stays.
pub fn say(text: &str) {
    let mut running = running();
    running.clear();
    write(&format!("{text}\n"));
}

/// Takes back the transient line, for somebody else's words.
pub fn clear() {
    running().clear();
}

/// Runs a step, and says how long it took and how it ended.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    noted_step(name, || Ok((work()?, String::new())))
}

/// As `step`; the work adds a note to its line.
pub fn noted_step<T>(name: &str, work: impl FnOnce() -> Result<(T, String)>) -> Result<T> {
    watch();
    let start = Instant::now();
    let id = {
        let mut running = running();
        running.next = running.next.wrapping_add(1);
        let id = running.next;
        running.steps.push(Step {
            id,
            name: name.to_owned(),
            start,
            shown: None,
        });
        id
    };
    let result = work();
    running().steps.retain(|step| step.id != id);
    let seconds = start.elapsed().as_secs_f64();
    match &result {
        Ok((_, note)) if note.is_empty() => say(&format!("✓ {name:<34} {seconds:6.1} s")),
        Ok((_, note)) => say(&format!("✓ {name:<34} {seconds:6.1} s  {note}")),
        Err(_) => say(&format!("✗ {name:<34} {seconds:6.1} s")),
    }
    result.map(|(value, _)| value)
}

fn watch() {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| {
        thread::spawn(|| {
            loop {
                thread::sleep(Duration::from_millis(200));
                running().tick();
            }
        });
    });
}
