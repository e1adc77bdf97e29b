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
    shown(name, || match work() {
        Ok((value, note)) => (Ok(value), Ok(note)),
        // Who gets the error tells it.
        Err(error) => (Err(error), Err(String::new())),
    })
}

/// Shows a step while it runs; at its end its line with the note, or its line and below it what is wrong.
pub fn shown<T>(name: &str, work: impl FnOnce() -> (T, Result<String, String>)) -> T {
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
    let (value, end) = work();
    running().steps.retain(|step| step.id != id);
    let seconds = start.elapsed().as_secs_f64();
    say(&match end {
        Ok(note) => {
            let line = format!("✓ {name:<34} {seconds:6.1} s  {note}");
            line.trim_end().to_owned()
        }
        Err(problem) => {
            let lines = format!("✗ {name:<34} {seconds:6.1} s\n{}", indented(&problem));
            lines.trim_end().to_owned()
        }
    });
    value
}

/// Set off from the lines of the steps.
pub fn indented(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_indented() {
        assert_eq!(indented("one\n\n  two\n"), "  one\n  \n    two");
        assert_eq!(indented(""), "");
    }

    #[test]
    fn a_step_gives_what_its_work_gives() {
        assert_eq!(step("a step", || Ok(7)).ok(), Some(7));
        let failed: Result<()> = step("a step", || anyhow::bail!("broken"));
        assert_eq!(
            failed.err().map(|error| error.to_string()).as_deref(),
            Some("broken")
        );
    }
}
