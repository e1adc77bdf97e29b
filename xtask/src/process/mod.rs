//! Children that never outlive this process: each leads a process group of its own, and the group ends with its
//! handle, on Ctrl-C, on SIGTERM and at a panic; on Linux the kernel ends the child when this process is killed.

mod ending;
mod output;

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, anyhow};
#[cfg(target_os = "linux")]
use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use ending::{GRACE, TICK, groups, is_ending, unless_ending, wait_for_the_end};
pub use ending::{adopt_orphans, exit, guard};
use output::Collected;

/// A running child with its group; dropping it ends the group.
pub struct Child {
    inner: std::process::Child,
    group: i32,
}

impl Child {
    pub fn start(mut command: Command) -> Result<Self> {
        command.process_group(0);
        #[cfg(target_os = "linux")]
        {
            let parent = nix::unistd::getpid();
            let bound = move || {
                nix::sys::prctl::set_pdeathsig(Signal::SIGTERM)?;
                // The parent may have died before the line above.
                if nix::unistd::getppid() == parent {
                    Ok(())
                } else {
                    Err(Errno::ESRCH.into())
                }
            };
            #[allow(
                unsafe_code,
                reason = "between fork and exec only system calls are made, which is what is asked for"
            )]
            // SAFETY: prctl and getppid are async-signal-safe, and nothing is allocated.
            unsafe {
                command.pre_exec(bound);
            }
        }
        // The end waits for this lock: it finds the child in the list, or the child never starts.
        let mut groups = groups();
        if is_ending() {
            drop(groups);
            wait_for_the_end();
        }
        let inner = command.spawn().with_context(|| {
            format!(
                "{} can't be started; install it, or put it on the PATH",
                command.get_program().to_string_lossy()
            )
        })?;
        let group = inner.id().cast_signed();
        groups.insert(group);
        Ok(Self { inner, group })
    }

    pub fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.inner.wait();
        unless_ending();
        status.context("A child was lost")
    }

    /// None when it is still running after `limit`.
    fn wait_within(&mut self, limit: Duration) -> Result<Option<ExitStatus>> {
        let start = Instant::now();
        while !self.has_ended() {
            if start.elapsed() > limit {
                return Ok(None);
            }
            thread::sleep(TICK);
        }
        self.wait().map(Some)
    }

    pub fn has_ended(&mut self) -> bool {
        let has_ended = !matches!(self.inner.try_wait(), Ok(None));
        if has_ended {
            unless_ending();
        }
        has_ended
    }

    pub fn stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.inner.stdout.take()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Gone from the list only when it is gone: a signal in between must still find it.
        end_child(&mut self.inner, self.group);
        groups().remove(&self.group);
        unless_ending();
    }
}

fn end_child(child: &mut std::process::Child, group: i32) {
    let group = Pid::from_raw(group);
    let deadline = Instant::now() + GRACE;
    let mut signal = Signal::SIGTERM;
    // ESRCH: the group has no member any more.
    while killpg(group, signal).is_ok() {
        let _ = child.try_wait();
        if killpg(group, None).is_err() {
            break;
        }
        if Instant::now() > deadline {
            if signal == Signal::SIGKILL {
                break;
            }
            signal = Signal::SIGKILL;
        }
        thread::sleep(TICK);
    }
    let _ = child.wait();
}

/// How a child ended, and what it printed, both streams in their order.
pub struct Finished {
    pub succeeded: bool,
    /// It did not end in its time, and was ended.
    pub was_late: bool,
    pub text: String,
}

/// Runs to the end without showing anything.
pub fn run(command: Command) -> Result<Finished> {
    run_within(command, Duration::MAX)
}

/// As `run`, and no longer than `limit`.
pub fn run_within(mut command: Command, limit: Duration) -> Result<Finished> {
    let output = Collected::of(&mut command)?;
    let mut child = Child::start(command)?;
    let status = child.wait_within(limit)?;
    drop(child);
    Ok(Finished {
        succeeded: status.is_some_and(|status| status.success()),
        was_late: status.is_none(),
        text: output.text(),
    })
}

/// Runs to the end; a failure is an error that shows what was printed.
pub fn must(command: Command, otherwise: &str) -> Result<String> {
    let finished = run(command).map_err(|error| failure(otherwise, &error.to_string()))?;
    if !finished.succeeded {
        return Err(failure(otherwise, &finished.text));
    }
    Ok(finished.text)
}

/// Runs to the end and gives standard output alone; standard error is shown only at failure.
pub fn read(command: Command, otherwise: &str) -> Result<String> {
    let mut text = String::new();
    each_line(command, otherwise, |line| {
        text.push_str(line);
        text.push('\n');
    })?;
    Ok(text)
}

/// As `read`, a line at a time as it comes.
pub fn each_line(mut command: Command, otherwise: &str, mut take: impl FnMut(&str)) -> Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let errors = Collected::errors_of(&mut command)?;
    let mut child =
        Child::start(command).map_err(|error| failure(otherwise, &error.to_string()))?;
    if let Some(stdout) = child.stdout() {
        for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
            take(String::from_utf8_lossy(&line).trim_end_matches('\r'));
        }
    }
    let status = child.wait()?;
    drop(child);
    if !status.success() {
        return Err(failure(otherwise, &errors.text()));
    }
    Ok(())
}

fn failure(otherwise: &str, words: &str) -> Error {
    anyhow!("{otherwise}\n{}", words.trim_end())
}

/// What tests run.
#[cfg(test)]
pub fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_streams_keep_their_order() -> Result<()> {
        let finished = run(shell("echo one; echo two >&2; echo three"))?;
        assert_eq!(finished.text, "one\ntwo\nthree\n");
        assert!(finished.succeeded && !finished.was_late);
        Ok(())
    }

    #[test]
    fn a_failure_tells_what_was_printed() {
        let told = |result: Result<String>| result.err().map(|error| error.to_string());
        let script = "echo one; echo two >&2; exit 3";
        assert_eq!(
            told(must(shell(script), "It failed.")).as_deref(),
            Some("It failed.\none\ntwo")
        );
        assert_eq!(
            told(read(shell(script), "It failed.")).as_deref(),
            Some("It failed.\ntwo")
        );
    }

    #[test]
    fn standard_error_is_no_data() -> Result<()> {
        let script = "echo one; echo two >&2; printf 'three\\r\\n'";
        assert_eq!(read(shell(script), "")?, "one\nthree\n");
        Ok(())
    }

    #[test]
    fn who_is_late_is_ended_with_its_group() -> Result<()> {
        let start = Instant::now();
        let finished = run_within(
            shell("echo begun; sleep 1000 & sleep 1000"),
            Duration::from_millis(500),
        )?;
        assert!(finished.was_late && !finished.succeeded);
        assert_eq!(finished.text, "begun\n");
        assert!(start.elapsed() < Duration::from_secs(60));
        Ok(())
    }

    #[test]
    fn a_program_that_is_missing_is_named() {
        let error = must(Command::new("claviger-no-such-program"), "It is needed.").err();
        assert_eq!(
            error.map(|error| error.to_string()).as_deref(),
            Some(
                "It is needed.\nclaviger-no-such-program can't be started; install it, or put it on the PATH"
            )
        );
    }
}
