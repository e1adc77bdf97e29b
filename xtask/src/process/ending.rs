//! The end of this process, which no child outlives: on Ctrl-C, on SIGTERM, and when its parent is gone.

use std::collections::BTreeSet;
use std::os::unix::process::parent_id;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::progress;

/// How long a group may take to end by itself after SIGTERM.
pub(super) const GRACE: Duration = Duration::from_secs(3);
/// How often a wait looks again.
pub(super) const TICK: Duration = Duration::from_millis(20);
/// How soon the parent's death is noticed.
const PARENT_TICK: Duration = Duration::from_millis(200);

/// The exit status of a Rust program that panicked.
const PANICKED: i32 = 101;

/// The groups of the children, each led by the process of this id.
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());
static ENDING: AtomicBool = AtomicBool::new(false);

/// Held while a child starts or is buried.
pub(super) fn groups() -> MutexGuard<'static, BTreeSet<i32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends this process and its children when it is told to end, at a panic, and when its parent is gone: who started it
/// in the background and was killed can't tell it any more. Called once, before anything starts.
pub fn guard() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .context("The signals that end this command can't be listened to")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            exit(128_i32.saturating_add(signal));
        }
    });
    let parent = parent_id();
    thread::spawn(move || {
        while parent_id() == parent {
            thread::sleep(PARENT_TICK);
        }
        exit(1);
    });
    let told = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        told(info);
        // Beside the thread that panics, which may hold what the end waits for.
        thread::spawn(|| exit(PANICKED));
    }));
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
        .filter(|process| process.parent == me && process.is_dead && !groups.contains(&process.id))
        .map(|process| process.id)
        .collect();
    reap(&dead);
}

/// Ends this process, and first every child of it. Who comes second waits for the end.
pub fn exit(code: i32) -> ! {
    if ENDING.swap(true, Ordering::SeqCst) {
        wait_for_the_end();
    }
    progress::clear();
    end_all();
    std::process::exit(code)
}

/// Does not come back when this process is ending: how a child ended then is nobody's news.
pub(super) fn unless_ending() {
    if is_ending() {
        wait_for_the_end();
    }
}

pub(super) fn is_ending() -> bool {
    ENDING.load(Ordering::SeqCst)
}

pub(super) fn wait_for_the_end() -> ! {
    loop {
        thread::park();
    }
}

/// Ends every group, and what was adopted.
fn end_all() {
    let mut leaders = std::mem::take(&mut *groups());
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
