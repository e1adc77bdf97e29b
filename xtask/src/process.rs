//! Children that never outlive this process: each leads a process group of its own, and the group ends with its
//! handle, on Ctrl-C, on SIGTERM and at a panic; on Linux the kernel ends the child when this process is killed.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long a group may take to end by itself after SIGTERM.
const GRACE: Duration = Duration::from_secs(3);
/// How often a wait looks again.
const TICK: Duration = Duration::from_millis(20);

static GROUPS: Mutex<Groups> = Mutex::new(Groups {
    alive: BTreeSet::new(),
    closed: false,
});

struct Groups {
    alive: BTreeSet<i32>,
    /// Set when this process is ending: nothing new starts.
    closed: bool,
}

fn groups() -> MutexGuard<'static, Groups> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends every child when this process is told to end. Called once, before anything starts.
pub fn guard() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .context("The signals that end this command can't be listened to")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            exit(128_i32.saturating_add(signal));
        }
    });
    Ok(())
}

/// Takes in the descendants whose parents died, so that the end finds them: browsers and servers
/// detach themselves. Called once, before anything starts.
pub fn adopt_orphans() -> Result<()> {
    #[cfg(target_os = "linux")]
    {
        let mut deaths = Signals::new([signal_hook::consts::SIGCHLD])
            .context("The deaths of children can't be listened to")?;
        nix::sys::prctl::set_child_subreaper(true).context("Orphans can't be taken in")?;
        thread::spawn(move || {
            for _ in deaths.forever() {
                reap_adopted();
            }
        });
    }
    Ok(())
}

/// Buries the adopted dead: what asks whether they live must see that they don't.
#[cfg(target_os = "linux")]
fn reap_adopted() {
    // Whoever started one of the group leaders waits for it; the lock keeps new ones from starting.
    let groups = groups();
    let me = std::process::id().cast_signed();
    let dead = processes()
        .into_iter()
        .filter(|process| {
            process.parent == me && process.is_dead && !groups.alive.contains(&process.id)
        })
        .map(|process| process.id)
        .collect();
    reap(&dead);
}

/// Ends this process, and first every child of it.
pub fn exit(code: i32) -> ! {
    end_all();
    std::process::exit(code)
}

/// Ends every group, and what was adopted.
pub fn end_all() {
    let alive = {
        let mut groups = groups();
        groups.closed = true;
        std::mem::take(&mut groups.alive)
    };
    let mut leaders: BTreeSet<i32> = alive;
    leaders.extend(descendants());
    end(&leaders);
    // What was orphaned by the deaths above has been adopted by now.
    end(&descendants());
}

/// SIGTERM, a little patience, SIGKILL; `ids` lead groups, or are single processes in a group of somebody else's.
fn end(ids: &BTreeSet<i32>) {
    let send = |signal: Option<Signal>| -> bool {
        ids.iter().fold(false, |some, &id| {
            let there = killpg(Pid::from_raw(id), signal).is_ok()
                || nix::sys::signal::kill(Pid::from_raw(id), signal).is_ok();
            some || there
        })
    };
    if !send(Some(Signal::SIGTERM)) {
        return;
    }
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline {
        reap(ids);
        if !send(None) {
            return;
        }
        thread::sleep(TICK);
    }
    send(Some(Signal::SIGKILL));
    reap(ids);
}

/// A process that ended stays in the table until its parent asks.
fn reap(ids: &BTreeSet<i32>) {
    for &id in ids {
        let _ = waitpid(Pid::from_raw(id), Some(WaitPidFlag::WNOHANG));
    }
}

#[cfg(target_os = "linux")]
struct Process {
    id: i32,
    parent: i32,
    is_dead: bool,
}

#[cfg(target_os = "linux")]
fn processes() -> Vec<Process> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten();
    entries
        .filter_map(|entry| process(entry.ok()?.file_name().to_str()?.parse().ok()?))
        .collect()
}

#[cfg(target_os = "linux")]
fn process(id: i32) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name in brackets may hold spaces and brackets itself.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace();
    let is_dead = fields.next()? == "Z";
    Some(Process {
        id,
        parent: fields.next()?.parse().ok()?,
        is_dead,
    })
}

/// Every living process below this one.
#[cfg(target_os = "linux")]
fn descendants() -> BTreeSet<i32> {
    let processes = processes();
    let mut found = BTreeSet::new();
    let mut newest = BTreeSet::from([std::process::id().cast_signed()]);
    while !newest.is_empty() {
        newest = processes
            .iter()
            .filter(|process| newest.contains(&process.parent) && !process.is_dead)
            .map(|process| process.id)
            .filter(|id| !found.contains(id))
            .collect();
        found.extend(&newest);
    }
    found
}

#[cfg(not(target_os = "linux"))]
fn descendants() -> BTreeSet<i32> {
    BTreeSet::new()
}

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
        let mut groups = groups();
        if groups.closed {
            bail!("The command is ending; start it again.");
        }
        let inner = command.spawn().with_context(|| {
            format!(
                "{} can't be started; install it, or put it on the PATH",
                command.get_program().to_string_lossy()
            )
        })?;
        let group = inner.id().cast_signed();
        groups.alive.insert(group);
        Ok(Self { inner, group })
    }

    pub fn wait(&mut self) -> Result<ExitStatus> {
        self.inner.wait().context("A child was lost")
    }

    pub fn has_ended(&mut self) -> bool {
        !matches!(self.inner.try_wait(), Ok(None))
    }

    pub fn stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.inner.stdout.take()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Gone from the list only when it is gone: a signal in between must still find it.
        end_child(&mut self.inner, self.group);
        groups().alive.remove(&self.group);
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

/// What a finished child printed, both streams in their order.
pub struct Finished {
    pub status: ExitStatus,
    pub text: String,
}

/// Runs to the end without showing anything.
pub fn run(mut command: Command) -> Result<Finished> {
    let output = Collected::of(&mut command)?;
    let mut child = Child::start(command)?;
    let status = child.wait()?;
    drop(child);
    Ok(Finished {
        status,
        text: output.text(),
    })
}

/// Runs to the end; a failure is an error that shows what was printed.
pub fn must(command: Command, otherwise: &str) -> Result<String> {
    let finished = run(command)?;
    if !finished.status.success() {
        bail!("{otherwise}\n{}", finished.text.trim_end());
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
    let (reader, writer) = pipe()?;
    command
        .stdin(Stdio::null())
        .stderr(writer)
        .stdout(Stdio::piped());
    let errors = Collected::start(reader);
    let mut child = Child::start(command)?;
    if let Some(stdout) = child.stdout() {
        for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
            take(String::from_utf8_lossy(&line).trim_end_matches('\r'));
        }
    }
    let status = child.wait()?;
    drop(child);
    if !status.success() {
        bail!("{otherwise}\n{}", errors.text().trim_end());
    }
    Ok(())
}

fn pipe() -> Result<(PipeReader, PipeWriter)> {
    std::io::pipe().context("No pipe could be opened; close some programs and try again")
}

/// What comes out of a pipe, collected beside the wait for the child.
pub struct Collected {
    bytes: Arc<Mutex<Vec<u8>>>,
    ended: Receiver<()>,
}

impl Collected {
    /// Both output streams of a command that has not started; its input is closed.
    pub fn of(command: &mut Command) -> Result<Self> {
        let (reader, writer) = pipe()?;
        let other = writer
            .try_clone()
            .context("No pipe could be opened; close some programs and try again")?;
        command.stdin(Stdio::null()).stdout(writer).stderr(other);
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
    pub fn text(&self) -> String {
        let _ = self.ended.recv_timeout(Duration::from_secs(1));
        String::from_utf8_lossy(&self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
            .into_owned()
    }
}
